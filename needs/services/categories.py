"""The categories staff sort needs into: one list for the whole installation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, NotAllowed
from alliance.lib.text import clean
from audit.services import home_area, record
from audit.states import Action
from needs.models import Category
from needs.permissions import category_abilities
from people.models import User
from resources.models import ResourceKind

FIELDS = ("name", "name_en", "order", "is_active")


@transaction.atomic
def save_category(
    *,
    by: User,
    name: str,
    name_en: str = "",
    order: int = 100,
    is_active: bool = True,
    kinds: Iterable[ResourceKind] | None = None,
    pk: int | None = None,
) -> Category:
    """Change the category ``pk``, or add one. ``kinds`` of resources are looked for first where a need is of it; None
    leaves them as they are. What changed is in the audit log.

    Raises ``NotAllowed`` (no system administrator of a district or wider), ``NotFound``, ``Invalid``.
    """
    if "change" not in category_abilities(by):
        raise NotAllowed
    category = Category.objects.locked(pk) if pk else Category()
    before = {field: getattr(category, field) for field in FIELDS}
    category.name, category.name_en, category.order, category.is_active = clean(name), clean(name_en), order, is_active
    changes: dict[str, Any] = {field: [before[field], getattr(category, field)] for field in FIELDS}
    changes = {field: pair for field, pair in changes.items() if pair[0] != pair[1]}
    if changes or not pk:
        _save(category, None if not pk else sorted(changes))
    if kinds is not None:
        changes |= _set_kinds(category, kinds)
    if changes or not pk:
        record(
            Action.CATEGORY_CHANGED,
            actor=by,
            subject=f"category:{category.pk}",
            area_code=home_area(by),
            params=changes,
        )
    return category


def _set_kinds(category: Category, kinds: Iterable[ResourceKind]) -> dict[str, list[list[str]]]:
    """What kinds there were and are now, by key, if that is not the same."""
    before = sorted(category.kinds.values_list("key", flat=True))
    wanted = [kind for kind in kinds if kind.parent_id is not None]
    now = sorted(kind.key for kind in wanted)
    if before == now:
        return {}
    category.kinds.set(wanted)
    return {"kinds": [before, now]}


def _save(category: Category, fields: list[str] | None) -> None:
    try:
        category.full_clean()
        with transaction.atomic():
            category.save(update_fields=fields)
    except ValidationError as error:
        raise Invalid(error.message_dict) from error
    except IntegrityError as error:
        raise Invalid({"name": [_("已有这个类别。")]}) from error
