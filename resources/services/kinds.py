"""Kinds of resources, in two levels: one list for all streets, kept without a programmer."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, NotAllowed, RuleBroken
from alliance.lib.text import clean, fold
from audit.services import home_area, record
from audit.states import Action
from people.models import User
from resources.models import ResourceKind
from resources.models.kind import SAID_LENGTH
from resources.permissions import kind_abilities

MOST_SAID = 40
FIELDS = ("name", "name_en", "parent_id", "form", "advantage", "pool", "said", "position", "is_active")


@transaction.atomic
def save_kind(
    *,
    by: User,
    name: str,
    name_en: str = "",
    parent: ResourceKind | None = None,
    form: str = "",
    advantage: str = "",
    pool: str = "",
    said: Iterable[str] | None = None,
    position: int = 100,
    is_active: bool = True,
    pk: int | None = None,
) -> ResourceKind:
    """Change the kind ``pk``, or add one. Without ``parent`` it is a heading. ``said``: words of ordinary speech
    that ask for it; None leaves them. What changed is in the audit log.

    Raises ``NotAllowed`` (no system administrator of a district or wider), ``NotFound``, ``Invalid``, ``RuleBroken``
    (another use for a kind of which there are resources; a heading with kinds below it becomes none).
    """
    if "change" not in kind_abilities(by):
        raise NotAllowed
    kind = ResourceKind.objects.locked(pk) if pk else ResourceKind(key=f"own-{uuid4().hex[:12]}")
    before = {field: getattr(kind, field) for field in FIELDS} if pk else {}
    if parent is not None and parent.parent_id is not None:
        raise Invalid({"parent": [_("只有两级：上一级请选大类。")]})
    if pk:
        _check(kind, parent, form)
    kind.name, kind.name_en, kind.parent, kind.form = clean(name), clean(name_en), parent, form
    kind.advantage, kind.pool, kind.position, kind.is_active = advantage, pool, position, is_active
    if said is not None:
        kind.said = _phrases(said)
    _save(kind)
    now = {field: getattr(kind, field) for field in FIELDS}
    changes = {field: [before.get(field), value] for field, value in now.items() if before.get(field) != value}
    if changes:
        subject = f"resource-kind:{kind.pk}"
        record(Action.CATEGORY_CHANGED, actor=by, subject=subject, area_code=home_area(by), params=changes)
    return kind


def _phrases(said: Iterable[str]) -> list[str]:
    """Folded as what is searched for them. Raises ``Invalid``: a single character stands in everything."""
    found = list(dict.fromkeys(word for one in said if (word := fold(one).replace(" ", ""))))
    if len(found) > MOST_SAID or any(not 2 <= len(word) <= SAID_LENGTH for word in found):
        raise Invalid({"said": [_("每个2到20字，最多40个。")]})
    return found


def _check(kind: ResourceKind, parent: ResourceKind | None, form: str) -> None:
    if kind.form != form and kind.resources.exists():
        raise RuleBroken(_("已经有这种资源，不能再改“怎么用”。请另建一个种类。"))
    if parent is not None and kind.children.exists():
        raise RuleBroken(_("下面还有小类，不能把它归到别的大类里。"))


def _save(kind: ResourceKind) -> None:
    try:
        kind.full_clean()
        with transaction.atomic():
            kind.save()
    except ValidationError as error:
        found = error.message_dict
        raise Invalid({("" if name == "__all__" else name): texts for name, texts in found.items()}) from error
    except IntegrityError as error:
        raise Invalid({"name": [_("已有这个种类。")]}) from error
