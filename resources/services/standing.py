"""Who may not book for a while, and when a street turns to 战时: decisions of people, with a reason and an end."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken
from audit.services import record
from audit.states import Action
from members.models import MemberUnit
from people.models import Area, User
from resources import messages
from resources.models import Booking, Mode, Pause
from resources.permissions import approves, commands
from resources.services.offering import said
from resources.services.people import tell_paused
from resources.states import BookingState

MISSED, WITHIN_DAYS, USUAL_DAYS, MOST_DAYS = 3, 90, 30, 365


def missed(*, street: str, unit: int | None = None, person: int | None = None) -> int:
    """How often 爽约 in the last 90 days: three are a reason to think of a pause."""
    since = timezone.now() - timedelta(days=WITHIN_DAYS)
    rows = Booking.objects.filter(street_code=street, state=BookingState.NO_SHOW, starts__gte=since)
    return rows.filter(unit=unit, person=person).count()


def may_pause(by: User, *, street: str, unit: int | None = None, person: int | None = None) -> bool:
    """Whether ``by`` may decide that the unit or the person books nothing for a while: only after 爽约."""
    if unit is None and person is None:
        return False
    return approves(by, street) and missed(street=street, unit=unit, person=person) > 0


@transaction.atomic
def pause_booking(
    *,
    street: Area,
    by: User,
    why: str,
    unit: MemberUnit | None = None,
    person: User | None = None,
    until: date | None = None,
) -> Pause:
    """暂停预约 until before ``until`` (30 days), and tell them. What is booked stands.

    Raises ``NotAllowed`` (as ``may_pause``), ``Invalid``, ``RuleBroken`` (paused already).
    """
    who = {"unit": unit.pk if unit else None, "person": person.pk if person else None}
    if not may_pause(by, street=street.pk, **who):
        raise NotAllowed(_("约了没来过的，街道审批的人才可以暂停。"))
    today = timezone.localdate()
    last = until or today + timedelta(days=USUAL_DAYS)
    if not today < last <= today + timedelta(days=MOST_DAYS):
        raise Invalid({"until": [_("请选一年以内的一天。")]})
    text = said(why, _("请写一句为什么，对方看得到。"))
    street = Area.objects.locked(street.pk)  # two who decide at once
    if Pause.objects.in_force().filter(street=street, unit=unit, person=person).exists():
        raise RuleBroken(_("已经暂停了。"))
    pause = Pause(street=street, unit=unit, person=person, starts_on=today, until=last, why=text, by=by)
    pause.save(force_insert=True)
    tell_paused(pause, messages.BookingPaused)
    return pause


@transaction.atomic
def lift_pause(*, pk: int, by: User) -> Pause:
    """提前恢复, and tell them. Raises ``NotFound``, ``NotAllowed``, ``RuleBroken`` (over already)."""
    pause: Pause = Pause.objects.visible_to(by).locked(pk)
    if not approves(by, pause.street_code):
        raise NotAllowed
    if pause.lifted_at is not None or pause.until <= timezone.localdate():
        raise RuleBroken(_("已经恢复了。"))
    pause.lifted_at = timezone.now()
    pause.save(update_fields=["lifted_at"])
    tell_paused(pause, messages.BookingResumed)
    return pause


@transaction.atomic
def set_mode(*, street: str, by: User, emergency: bool, why: str, version: int | None) -> Mode:
    """转入战时, or back to 平时. Audited.

    Raises ``NotFound``, ``NotAllowed``, ``Invalid``, ``Conflict``, ``RuleBroken`` (it is so already).
    """
    area = Area.objects.served().filter(pk=street).first()
    if area is None:
        raise NotFound
    if not commands(by, area.pk):
        raise NotAllowed
    text = said(why, _("请写一句为什么。"))
    Mode.objects.get_or_create(street=area)
    mode = Mode.objects.select_for_update(of=("self",), no_key=True).get(street=area)
    if version is not None and version != mode.version:
        raise Conflict
    if mode.emergency == emergency:
        raise RuleBroken(_("已经是这样了。"))
    mode.emergency, mode.why, mode.by, mode.since = emergency, text, by, timezone.now()
    mode.version += 1
    mode.save()
    record(Action.MODE_CHANGED, actor=by, subject=f"mode:{area.pk}", area_code=area.pk, reason=text)
    return mode
