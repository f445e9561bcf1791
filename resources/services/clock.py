"""What falls due of bookings: nobody answered, and tomorrow it begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deadlines.kinds import DueKind
from deadlines.models import Due
from deadlines.states import DueState, Reason
from resources import messages
from resources.models import Booking
from resources.services.booking import BEFORE, LAPSE
from resources.services.people import tell_bookers
from resources.services.steps import lapse
from resources.states import BookingState


def _held(dues: Sequence[Due]) -> dict[int, Booking]:
    keys = {_key(due) for due in dues}
    rows = Booking.objects.filter(pk__in=keys).select_related("resource").order_by("pk")
    return {row.pk: row for row in rows.select_for_update(of=("self",), no_key=True)}


def _key(due: Due) -> int:
    return int(due.subject.partition(":")[2])


def lapse_unanswered(dues: Sequence[Due]) -> Mapping[int, tuple[DueState, str]]:
    """The time has come and nobody said yes: it is void, and whoever asked is told."""
    found = _held(dues)
    waiting = {pk: row for pk, row in found.items() if row.state == BookingState.ASKED and _too_late(row)}
    for row in waiting.values():
        lapse(row)
    return _stopped(dues, waiting)


def _too_late(row: Booking) -> bool:
    return min(row.answer_by or row.starts, row.starts) <= timezone.now()


def remind(dues: Sequence[Due]) -> Mapping[int, tuple[DueState, str]]:
    """A day before: when, where, and that one may still cancel."""
    found = _held(dues)
    ready = {pk: row for pk, row in found.items() if row.state == BookingState.BOOKED and row.starts > timezone.now()}
    for row in ready.values():
        tell_bookers(row, messages.BookingTomorrow)
    return _stopped(dues, ready)


def _stopped(dues: Sequence[Due], done: Mapping[int, object]) -> Mapping[int, tuple[DueState, str]]:
    return {due.pk: (DueState.CANCELLED, Reason.STOPPED) for due in dues if _key(due) not in done}


KINDS = (
    DueKind(LAPSE, label=_("预约没人答复"), handle=lapse_unanswered, grace=timedelta(days=3650)),
    DueKind(BEFORE, label=_("提醒明天的预约"), handle=remind, grace=timedelta(hours=20)),
)
