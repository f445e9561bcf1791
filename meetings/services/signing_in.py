"""签到 of oneself, with the code on the wall. Locks: the meeting, then the invitee (docs/locking.md)."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, NotAllowed, NotFound, RuleBroken
from alliance.lib.rotating import Rotating
from alliance.lib.text import clean
from claims.querysets import seated_units
from meetings.models import Invitee, Meeting
from meetings.services.inviting import one_of
from meetings.services.presence import BEFORE
from meetings.states import How, MeetingState, MeetingVerb
from members.permissions import keeps_place
from people.models import User
from people.services.limits import take, untake

CODES = Rotating("meetings.sign-in")
RULE, TRIES, TRIES_SECONDS = "meetings.sign-in", 20, 600
"""So many wrong codes in so many seconds, for each person and meeting."""


def codes_now(meeting: int, by: User) -> tuple[Meeting, str, str, int]:
    """The meeting, the picture's code, the six digits, and for how many seconds they stay.

    Raises ``NotFound``; ``NotAllowed`` (only whoever keeps the meeting shows them); ``RuleBroken`` (not now).
    """
    row = _seen(meeting, by)
    if not keeps_place(by, row.area_id):
        raise NotAllowed
    _require_now(row)
    return (row, *CODES.now(row.pk, timezone.now()))


def own_invitees(meeting: Meeting, by: User) -> list[Invitee]:
    """For whom ``by`` signs in: themselves, units they speak for, offices they keep."""
    rows = Invitee.objects.asked().filter(meeting=meeting).select_related("unit", "office", "user").order_by("pk")
    mine = rows.filter(Q(unit__in=seated_units(by)) | Q(user_id=by.pk) | Q(office__isnull=False))
    found = [row for row in mine if row.office_id is None or keeps_place(by, row.office_id)]
    return sorted(found, key=lambda row: (row.unit_id is None, row.pk))


def sign_in(*, meeting: int, by: User, code: str, invitee: int | None = None) -> Invitee:
    """签到, with the code of this half minute; again it finds the first. ``invitee``: for which of several.

    Raises ``NotFound`` (not invited), ``RuleBroken`` (too early, over, called off), ``Invalid`` on ``code``,
    ``TooMany``. Not for use inside a transaction: wrong codes stay counted.
    """
    row = _seen(meeting, by)
    mine = own_invitees(row, by)
    chosen = next((one for one in mine if invitee in (None, one.pk)), None)
    if chosen is None:
        raise RuleBroken(_("名单上没有您，请找现场的工作人员登记。"))
    if chosen.present_at is not None:
        return chosen
    _require_now(row)
    _require_code(row, by, code)
    with transaction.atomic():
        held: Meeting = Meeting.objects.visible_to(by).select_related("area").locked(row.pk)
        _require_now(held)
        found = one_of(held, chosen.pk)
        if found.present_at is None:
            found.present_at, found.how = timezone.now(), How.CODE
            found.save(update_fields=["present_at", "how"])
            held.note(MeetingVerb.PRESENT, actor=by, params={"present": [found.pk], "how": How.CODE})
        return found


def _seen(pk: int, by: User) -> Meeting:
    row = Meeting.objects.visible_to(by).select_related("area", "unit").filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def _require_now(row: Meeting) -> None:
    """Until it ends, from an hour before."""
    now = timezone.now()
    if row.state not in (MeetingState.CALLED, MeetingState.HELD):
        raise RuleBroken(_("现在是“%(state)s”，不能签到。") % {"state": row.get_state_display()})
    if now < row.starts - BEFORE:
        raise RuleBroken(_("还没到签到的时候，开始前一小时可以签到。"))
    if now > row.ends:
        raise RuleBroken(_("会已经结束了。来过的，请找召集的人补登记。"))


def _require_code(row: Meeting, by: User, typed: str) -> None:
    """Counted before it is known whether it fits: otherwise many tries at once would all find the count at nothing."""
    subject = f"{by.pk}:{row.pk}"
    take(RULE, subject, limit=TRIES, seconds=TRIES_SECONDS)
    if not CODES.fits(row.pk, clean(typed)[:64], timezone.now()):
        raise Invalid({"code": [_("码不对，或者过期了。请看现场屏幕上的新码再试。")]})
    untake(RULE, subject, seconds=TRIES_SECONDS)
