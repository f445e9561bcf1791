"""Whoever was registered by a guardian grows up: from fourteen on nothing of the guardian is kept.

Source of the rule: PIPL 31 (a guardian agrees for those below 14) and 19 (no longer than the purpose asks for).
"""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from volunteers.models import Volunteer
from volunteers.services.registering import NO_GUARDIAN
from volunteers.states.people import CHILD, VolunteerVerb

BATCH = 200


def forget_guardians() -> int:
    """Empty month of birth and guardian of all who are fourteen by now; returns how many. What the guardian agreed to
    be shown is shown no more: from now on that is for oneself to say.

    In batches of 200, each its own transaction; rows somebody holds are left for the next time. Running it twice
    changes nothing more.
    """
    done = 0
    while batch := _forget_some():
        done += batch
    return done


def born_before(today: date) -> date:
    """Whoever was born in an earlier month than this is fourteen: the birthday counts from the end of its month."""
    return date(today.year - CHILD, today.month, 1)


@transaction.atomic
def _forget_some() -> int:
    rows = Volunteer.objects.filter(born__lt=born_before(timezone.localdate())).order_by("pk")
    held = list(rows.select_for_update(of=("self",), no_key=True, skip_locked=True)[:BATCH])
    for row in held:
        row.move_to(VolunteerVerb.GROW, actor=None, changes={**NO_GUARDIAN, "shows": False, "reports_hours": False})
    return len(held)
