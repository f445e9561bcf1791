"""Who was there: by the list, or from the sheet of paper; by the code: ``signing_in``.

Locks: the meeting, then its invitees by key (docs/locking.md).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, NotFound, RuleBroken
from meetings.models import Invitee, Meeting
from meetings.services.held import hold
from meetings.services.inviting import one_of
from meetings.states import How, MeetingVerb
from people.models import User

BEFORE = timedelta(hours=1)
"""From when on people sign in."""


@transaction.atomic
def note_present(*, meeting: int, by: User, invitees: Collection[int], how: str = How.LIST) -> int:
    """签到, for several at once; whoever is noted already stays as noted. Returns how many are new.

    Raises as ``hold``; ``NotFound`` (somebody who was not invited), ``RuleBroken`` (too early), ``Invalid``.
    """
    row = hold(Meeting, meeting, by, MeetingVerb.PRESENT, None)
    if how not in (How.LIST, How.PAPER):
        raise Invalid({"how": [_("请选一项。")]})
    if timezone.now() < row.starts - BEFORE:
        raise RuleBroken(_("还没到签到的时候，开始前一小时可以签到。"))
    wanted = set(invitees)
    rows = Invitee.objects.asked().filter(meeting=row, pk__in=wanted).order_by("pk")
    found = list(rows.select_for_update(of=("self",), no_key=True))
    if len(found) != len(wanted):
        raise NotFound
    new = [one.pk for one in found if one.present_at is None]
    Invitee.objects.filter(pk__in=new).update(present_at=timezone.now(), how=how)
    if new:
        row.note(MeetingVerb.PRESENT, actor=by, params={"present": new, "how": how})
    return len(new)


@transaction.atomic
def take_back_present(*, meeting: int, by: User, invitee: int) -> Invitee:
    """撤回签到, noted by mistake. Raises as ``note_present``."""
    row = hold(Meeting, meeting, by, MeetingVerb.PRESENT, None)
    found = one_of(row, invitee)
    if found.present_at is not None:
        found.present_at, found.how = None, ""
        found.save(update_fields=["present_at", "how"])
        row.note(MeetingVerb.PRESENT, actor=by, params={"absent": [found.pk]})
    return found
