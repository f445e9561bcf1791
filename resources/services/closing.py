"""Closed days: added with a look at who had booked, taken away again."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, NotFound, RuleBroken
from alliance.lib.text import clean
from people.models import User
from resources.models import Booking, Closure, Resource
from resources.services.calling_off import call_off_all, used_on, waiting
from resources.services.offering import hold
from resources.states import ResourceVerb

MOST_DAYS, FARTHEST = 366, 5 * 366


def booked_between(resource: Resource, starts_on: date, ends_on: date) -> list[Booking]:
    """Live bookings between two days that closing would call off, the earliest first."""
    return list(waiting(resource).filter(used_on(starts_on, ends_on)).order_by("starts", "pk"))


@transaction.atomic
def close_days(
    *, pk: int, by: User, version: int | None, starts_on: date, ends_on: date, why: str, call_off: bool = False
) -> tuple[Closure, int]:
    """关闭几天, both included; gives the closure and how many bookings were called off.

    Raises as ``offering.hold``; ``Invalid``; ``RuleBroken`` while there are bookings and ``call_off`` is not set.
    """
    row = hold(pk, by, ResourceVerb.CLOSE_DAYS, version)
    if ends_on < starts_on or (ends_on - starts_on).days > MOST_DAYS:
        raise Invalid({"ends_on": [_("最后一天不能早于第一天，最多一年。")]})
    if starts_on > timezone.localdate() + timedelta(days=FARTHEST):
        raise Invalid({"starts_on": [_("请选五年以内的一天。")]})
    if ends_on < timezone.localdate():
        raise Invalid({"ends_on": [_("这几天已经过了。")]})
    text = " ".join(clean(why).split())[:60]
    booked = booked_between(row, starts_on, ends_on)
    if booked and not call_off:
        raise RuleBroken(_("这几天已有%(n)d个预约。要关闭，请勾选“收回这些预约并告诉对方”。") % {"n": len(booked)})
    row.move_to(ResourceVerb.CLOSE_DAYS, actor=by, note=text)
    closure = Closure.objects.create(resource=row, starts_on=starts_on, ends_on=ends_on, why=text, by=by)
    number = call_off_all(row, by=by, why=text, starts_on=starts_on, ends_on=ends_on) if booked else 0
    return closure, number


@transaction.atomic
def open_again(*, pk: int, closure: int, by: User, version: int | None) -> Resource:
    """The closure is taken away. Raises as ``offering.hold``; ``NotFound``; ``RuleBroken`` (of the whole station)."""
    row = hold(pk, by, ResourceVerb.CLOSE_DAYS, version)
    if not row.closures.filter(pk=closure).delete()[0]:
        if row.within is not None and row.within.closures.filter(pk=closure).exists():
            raise RuleBroken(_("这几天“%(name)s”整个关门，请到那里恢复。") % {"name": row.within.name})
        raise NotFound
    row.move_to(ResourceVerb.CLOSE_DAYS, actor=by)
    return row
