"""Kinds of bodies and the roles in them: one list for all streets."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, NotAllowed, RuleBroken
from alliance.lib.text import clean
from audit.services import home_area, record
from audit.states import Action
from members.models import BodyKind, BodySeat
from members.permissions import body_kind_abilities
from members.services.checked import save_checked
from people.models import User

NAME_TAKEN = _("已有这个类型。")


@transaction.atomic
def save_body_kind(
    *,
    by: User,
    name: str,
    roles: Sequence[str],
    single_roles: Sequence[str] = (),
    axis: str = "",
    position: int = 100,
    is_active: bool = True,
    pk: int | None = None,
) -> BodyKind:
    """Change the kind ``pk``, or add one. Whoever sits in a role now counts by the new rule.

    Raises ``NotAllowed`` (no system administrator of a district or wider), ``NotFound``, ``RuleBroken`` (another axis
    for bodies that stand), ``Invalid`` (a role that somebody holds taken out, a role of one that two hold, name taken).
    """
    if "change" not in body_kind_abilities(by):
        raise NotAllowed
    kind = BodyKind.objects.locked(pk) if pk else BodyKind()
    if pk and axis != kind.axis and kind.bodies.exists():
        raise RuleBroken(_("已有这类机构，不能再改它在矩阵里的位置。"))
    before = _said(kind) if pk else {}
    kind.name, kind.axis, kind.position, kind.is_active = clean(name), axis, position, is_active
    kind.roles, kind.single_roles = _names(roles), _names(single_roles)
    if pk:
        _check_held(kind)
        save_checked(kind, raced=NAME_TAKEN)
        _apply_single(kind)
    else:
        kind.key = f"own-{BodyKind.objects.count() + 1}"
        save_checked(kind, raced=NAME_TAKEN)
    changes = {field: [before.get(field), value] for field, value in _said(kind).items() if before.get(field) != value}
    if changes:
        subject = f"body-kind:{kind.pk}"
        record(Action.REGISTER_CHANGED, actor=by, subject=subject, area_code=home_area(by), params=changes)
    return kind


def _said(kind: BodyKind) -> dict[str, object]:
    fields = ("name", "axis", "roles", "single_roles", "position", "is_active")
    return {field: getattr(kind, field) for field in fields}


def _names(names: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(name for name in map(clean, names) if name))


def _check_held(kind: BodyKind) -> None:
    held = BodySeat.objects.unended().filter(body__kind=kind).exclude(role__in=kind.roles)
    missing = sorted(set(held.values_list("role", flat=True)))
    if missing:
        named = str(_("、")).join(missing)
        raise Invalid({"roles": [_("还有人担任：%(roles)s，先结束任期再去掉。") % {"roles": named}]})


def _apply_single(kind: BodyKind) -> None:
    seats = BodySeat.objects.unended().filter(body__kind=kind)
    try:
        with transaction.atomic():
            seats.exclude(role__in=kind.single_roles).filter(is_single=True).update(is_single=False)
            seats.filter(role__in=kind.single_roles, is_single=False).update(is_single=True)
    except IntegrityError as error:
        raise Invalid({"single_roles": [_("有的机构里这个角色现在有两位，请先结束一位的任期。")]}) from error
