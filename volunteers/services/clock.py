"""What falls due of activities: reminders, a seat nobody confirmed, the end of the line, the end of the day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deadlines.kinds import DueKind
from deadlines.models import Due
from deadlines.states import DueState, Reason
from notifications.messages import MessageClass
from volunteers.messages import activities as messages
from volunteers.models import SignUp, Slot
from volunteers.services import seats
from volunteers.services.closing import close_days, hold_days
from volunteers.services.dues import CLOSE, END, LAPSE, REMIND_DAY, REMIND_SOON
from volunteers.services.signing import close, lapse
from volunteers.services.telling import tell_comers
from volunteers.states import SignUpState

Ended = Mapping[int, tuple[DueState, str]]
STOPPED = (DueState.CANCELLED, Reason.STOPPED)


def _key(due: Due) -> int:
    return int(due.subject.partition(":")[2])


def _remind(dues: Sequence[Due], kind: type[MessageClass], turn: str) -> Ended:
    keys = [_key(due) for due in dues]
    rows = Slot.objects.ahead().filter(pk__in=keys, starts__gt=timezone.now()).select_related("activity")
    found = {slot.pk: slot for slot in rows}
    for slot in found.values():
        coming = SignUp.objects.filter(post__slot=slot, state=SignUpState.CONFIRMED).select_related("person")
        tell_comers(slot, kind, [row.person for row in coming], turn=turn)
    return {due.pk: STOPPED for due in dues if _key(due) not in found}


def remind_day(dues: Sequence[Due]) -> Ended:
    """A day before: when, where, and that one may still cancel."""
    return _remind(dues, messages.ActivityTomorrow, "tomorrow")


def remind_soon(dues: Sequence[Due]) -> Ended:
    """Two hours before."""
    return _remind(dues, messages.ActivitySoon, "soon")


def lapse_offers(dues: Sequence[Due]) -> Ended:
    """Nobody confirmed: the seats go to the next in the line."""
    ended: dict[int, tuple[DueState, str]] = {}
    posts = dict(SignUp.objects.filter(pk__in=[_key(due) for due in dues]).values_list("pk", "post_id"))
    for due in sorted(dues, key=lambda one: (posts.get(_key(one), 0), _key(one))):
        if _key(due) not in posts:
            ended[due.pk] = STOPPED
            continue
        post = seats.held_post(posts[_key(due)])
        row: SignUp = SignUp.objects.select_related("person").locked(_key(due))
        row.post = post
        if row.state != SignUpState.OFFERED or row.answer_by is None or row.answer_by > timezone.now():
            ended[due.pk] = STOPPED
        else:
            lapse(row)
    return ended


def close_lines(dues: Sequence[Due]) -> Ended:
    """It begins: whoever still waits is told, kindly."""
    for due in sorted(dues, key=_key):
        waiting = SignUp.objects.filter(
            post__slot=_key(due), state__in=[SignUpState.WAITING, SignUpState.OFFERED]
        ).order_by("post_id", "pk")
        for pk, post in list(waiting.values_list("pk", "post_id")):
            held = seats.held_post(post)
            row: SignUp = SignUp.objects.select_related("person").locked(pk)
            row.post = held
            if row.state == SignUpState.WAITING:
                close(row)
            elif row.state == SignUpState.OFFERED:
                lapse(row)
    return {}


def end_days(dues: Sequence[Due]) -> Ended:
    """The day is over: whoever did not sign out left at the end; after the last day the activity is over."""
    close_days(hold_days(_key(due) for due in dues))
    return {}


KINDS = (
    DueKind(REMIND_DAY, label=_("提醒明天的活动"), handle=remind_day, grace=timedelta(hours=20)),
    DueKind(REMIND_SOON, label=_("提醒马上开始的活动"), handle=remind_soon, grace=timedelta(hours=1)),
    DueKind(LAPSE, label=_("候补没有确认"), handle=lapse_offers, grace=timedelta(days=3650)),
    DueKind(CLOSE, label=_("候补结束"), handle=close_lines, grace=timedelta(days=3650)),
    DueKind(END, label=_("活动场次结束"), handle=end_days, grace=timedelta(days=3650)),
)
