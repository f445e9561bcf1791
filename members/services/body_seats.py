"""Who sits in a body as what, between which dates. Audited as liaisons' seats are; what has been stays."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, NotAllowed, NotFound, RuleBroken
from alliance.lib.text import clean
from audit.states import Action
from members.models import Body, BodySeat, MemberUnit
from members.permissions import keeps_body
from members.services.bodies import held_body, record_body_seat
from members.services.checked import require_sensible, save_checked
from people.models import RoleGrant, User
from people.querysets import STREET_LENGTH
from people.states import ADMIN_ROLES, SignIn

TAKEN = _("这个角色这段时间已有人担任，请先给原来的填上结束日期。")


@transaction.atomic
def add_body_seat(
    *,
    pk: int,
    by: User | None,
    role: str,
    unit: MemberUnit | None = None,
    user: User | None = None,
    name: str = "",
    title: str = "",
    is_public: bool = False,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> BodySeat:
    """A unit, a colleague of the street or somebody by ``name`` sits in the body ``pk`` as ``role``.

    From ``starts_on`` (today) until before ``ends_on``. ``by=None`` is the installation. Raises ``NotFound`` (the body,
    or a unit one does not see), ``NotAllowed``, ``RuleBroken`` (the body has ended), ``Invalid`` (no such role, nobody,
    somebody who does not work in the street, a role that only one may hold and another holds in that time).
    """
    body = held_body(pk, by) if by else Body.objects.select_related("kind").get(pk=pk)
    if body.ended_on is not None:
        raise RuleBroken(_("这个机构已经撤销了。"))
    if by is not None and unit is not None and not MemberUnit.objects.visible_to(by).filter(pk=unit.pk).exists():
        raise NotFound
    if user is not None and not colleagues(body).filter(pk=user.pk).exists():
        raise Invalid({"user": [_("这个人不在这个街道工作。请选单位或写姓名。")]})
    require_sensible(starts_on=starts_on, ends_on=ends_on)
    if role not in body.kind.roles:
        raise Invalid({"role": [_("这类机构没有这个角色。")]})
    seat = BodySeat(body=body, role=role, unit=unit, user=user, name=clean(name), title=clean(title))
    seat.is_single, seat.is_public = role in body.kind.single_roles, is_public
    seat.starts_on, seat.ends_on = starts_on or timezone.localdate(), ends_on
    save_checked(seat, raced=TAKEN)
    record_body_seat(Action.GRANT, seat, by)
    return seat


@transaction.atomic
def end_body_seat(*, pk: int, by: User, on: date | None = None) -> BodySeat:
    """``on`` (today) is the first day without the seat; the day it began means it was never held.

    Raises ``NotFound``, ``NotAllowed``, ``RuleBroken`` (already ended), ``Invalid`` (before it began).
    """
    seat = BodySeat.objects.visible_to(by).select_related("body__kind", "body__alliance").locked(pk)
    if not keeps_body(by, seat.body):
        raise NotAllowed
    today = timezone.localdate()
    if seat.ends_on is not None and seat.ends_on <= today:
        raise RuleBroken(_("这个任职已经结束了。"))
    day = on or today
    if day < seat.starts_on:
        raise Invalid({"ends_on": [_("结束日期不能早于开始日期。")]})
    seat.ends_on = day
    save_checked(seat, raced=TAKEN)
    record_body_seat(Action.GRANT_ENDED, seat, by)
    return seat


def colleagues(body: Body) -> QuerySet[User]:
    """Who may sit in ``body`` with an account: staff with a role in its street, or around it, today."""
    street = body.area_id[:STREET_LENGTH]
    around = [street[:length] for length in (2, 4, 6, STREET_LENGTH)]
    grants = RoleGrant.objects.active().exclude(role__in=ADMIN_ROLES)
    inside = grants.filter(Q(area__code__startswith=street) | Q(area__code__in=around))
    working = User.objects.filter(is_active=True, sign_in=SignIn.PASSWORD)
    found: QuerySet[User] = working.filter(pk__in=inside.values("user")).order_by("name", "id")
    return found
