"""What falls due of a day: reminders, the line's end, the day's end; of a seat that was offered, the answer."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from deadlines.services.dues import NewDue, add_dues, drop_dues
from volunteers.models import Activity, SignUp, Slot

DAY_BEFORE, TWO_HOURS = timedelta(days=1), timedelta(hours=2)
REMIND_DAY, REMIND_SOON = "volunteers.tomorrow", "volunteers.soon"
CLOSE, END, LAPSE = "volunteers.close", "volunteers.end", "volunteers.lapse"


def plan_slot(slot: Slot, activity: Activity) -> None:
    """What falls due of ``slot``, once ``activity`` is published."""
    now = timezone.now()
    every = (
        (REMIND_DAY, slot.starts - DAY_BEFORE),
        (REMIND_SOON, slot.starts - TWO_HOURS),
        (CLOSE, slot.starts),
        (END, slot.ends),
    )
    add_dues(
        NewDue(kind, subject_of(slot), when, f"{kind}:{slot.pk}", label=activity.title, area_code=activity.area_id)
        for kind, when in every
        if when > now
    )


def drop_slot(slot: Slot) -> None:
    """Nothing of it falls due any more."""
    drop_dues(subject=subject_of(slot))


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
