"""What falls due of a day: reminders, the line's end, the day's end; of a seat that was offered, the answer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from deadlines.models import Due
from deadlines.services.dues import NewDue, add_dues, drop_dues, end_dues
from deadlines.states import DueState, Reason
from volunteers.models import Activity, SignUp, Slot

DAY_BEFORE, TWO_HOURS = timedelta(days=1), timedelta(hours=2)
REMIND_DAY, REMIND_SOON = "volunteers.tomorrow", "volunteers.soon"
CLOSE, END, LAPSE = "volunteers.close", "volunteers.end", "volunteers.lapse"


def plan_slots(slots: Iterable[Slot], activity: Activity) -> None:
    """What falls due of ``slots``, once ``activity`` is published."""
    now, area = timezone.now(), activity.area_id
    add_dues(
        NewDue(kind, subject_of(slot), when, f"{kind}:{slot.pk}", label=activity.title, area_code=area)
        for slot in slots
        for kind, when in _moments(slot)
        if when > now
    )


def _moments(slot: Slot) -> tuple[tuple[str, datetime], ...]:
    return (
        (REMIND_DAY, slot.starts - DAY_BEFORE),
        (REMIND_SOON, slot.starts - TWO_HOURS),
        (CLOSE, slot.starts),
        (END, slot.ends),
    )


def drop_slots(slots: Iterable[Slot]) -> None:
    """Nothing of them falls due any more."""
    subjects = [subject_of(slot) for slot in slots]
    end_dues(Due.objects.undone().filter(subject__in=subjects), DueState.CANCELLED, Reason.STOPPED)


def plan_answer(signup: SignUp, activity: Activity) -> None:
    """The seat is kept until ``answer_by``."""
    key = f"{LAPSE}:{signup.pk}:{signup.version}"
    add_dues(
        [
            NewDue(
                LAPSE,
                f"signup:{signup.pk}",
                signup.answer_by,
                key,
                label=activity.title,
                area_code=activity.area_id,
                params={"version": signup.version},
            )
        ]
    )


def drop_answer(signup: SignUp) -> None:
    drop_dues(subject=f"signup:{signup.pk}")


def subject_of(slot: Slot) -> str:
    """The day as the subject of dues."""
    return f"slot:{slot.pk}"
