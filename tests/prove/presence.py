"""The day itself: codes sent again and too late, and a process killed at every moment of confirming hours.

Whoever came has one presence, one line of hours and its points once, however often somebody died over it and somebody
else began anew. Beside it one that gives the points, commits, and marks it as done only then.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.db import connection, transaction
from django.utils import timezone

PEOPLE, TAPS = 10, 5
POINTS = 30
"""Tenths of a point for the three hours of each."""


@dataclass
class Door:
    """What came of codes at the door."""

    taps: int = 0
    refused: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.taps} taps with the code of the moment in {self.seconds:.0f} s, {self.refused} of another day,"
            f" moment or person refused, {len(self.faults)} faults"
        )


@dataclass
class Moments:
    """How many moments of a run there are, and what dying at each of them left."""

    moments: int = 0
    doubled: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"killed at each of {self.moments} moments and begun anew by two at once, {self.seconds:.0f} s,"
            f" {self.doubled} doubled, {len(self.faults)} faults"
        )


def door(crowd: Any, *, rounds: int) -> Door:
    """Ten come and tap five times each, all at once; then old codes, those of another day, and after the end."""
    from tests.cast import at_once, fresh
    from tests.volunteers.things import begun, joined
    from volunteers.models import Attendance
    from volunteers.services.attending import check_in
    from volunteers.states import SignUpVerb

    outcome, began = Door(), time.monotonic()
    for number in range(rounds):
        post = crowd.post(PEOPLE)
        rows = [joined(post, person) for person in crowd.people[:PEOPLE]]
        slot = begun(post, hours_ago=0.1)
        _late(outcome, slot, rows[0].person, crowd.people[-1])
        _path, digits = _now(slot)
        found = at_once(
            lambda n, rows=rows, slot=slot, digits=digits: check_in(
                slot=slot.pk, by=fresh(rows[n % PEOPLE].person), code=digits
            ),
            PEOPLE * TAPS,
        )
        outcome.taps += len(found)
        outcome.faults += [repr(one)[:300] for one in found if not isinstance(one, Attendance)]
        for row in rows:
            events = row.events.filter(verb=SignUpVerb.CHECK_IN).count()
            presences = Attendance.objects.filter(signup=row).count()
            if (events, presences) != (1, 1):
                outcome.faults.append(f"sign-up {row.pk}: noted {events} times, {presences} presences")
        slot = begun(post, hours_ago=3.1)
        again = check_in(slot=slot.pk, by=fresh(rows[0].person), code="000000")
        if again.pk != rows[0].attendance.pk:
            outcome.faults.append(f"sign-up {rows[0].pk}: a replay found another presence")
        begun(post, hours_ago=24 * 400 + 4 * number)  # the next round's day is at another time
    outcome.seconds = time.monotonic() - began
    return outcome


def _now(slot: Any) -> tuple[str, str]:
    """The picture's code and the digits of this half minute."""
    from volunteers import codes

    step = codes.step_of(timezone.now())
    return codes.code(slot.pk, step), codes.digits(slot.pk, step)


def _late(outcome: Door, slot: Any, who: Any, stranger: Any) -> None:
    """What is shown no more, of another day, of an hour ahead; and the right code of whoever did not sign up."""
    from alliance.lib.errors import DomainError
    from volunteers import codes
    from volunteers.services.attending import check_in

    step = codes.step_of(timezone.now())
    a_day, an_hour = 24 * 3600 // codes.STEP, 3600 // codes.STEP
    wrong = [codes.code(slot.pk, step - back) for back in (3, a_day, -an_hour)]
    wrong += [codes.digits(slot.pk, step - back) for back in (5, a_day, -an_hour)] + [codes.code(slot.pk + 1, step)]
    for by, code in [*((who, one) for one in wrong), (stranger, codes.code(slot.pk, step))]:
        try:
            check_in(slot=slot.pk, by=by, code=code)
            outcome.faults.append(f"slot {slot.pk}: let in with {code}, {by.pk}")
        except DomainError:
            outcome.refused += 1


@dataclass(frozen=True)
class Day:
    """A day that is over, with those who were there; and two who may confirm it."""

    slot: Any
    people: list[int]
    first: Any
    second: Any


def _day(here: Any) -> Day:
    from tests.volunteers.test_attending import duty, helper
    from tests.volunteers.things import begun, joined
    from volunteers.services import noting

    post = duty(here)
    rows = [joined(post, helper(here)) for _n in range(2)]
    slot = begun(post, hours_ago=3.2, lasted=3)
    noting.note_present(slot=slot.pk, by=here.worker, signups=[row.pk for row in rows], paper=True)
    return Day(slot, [row.person_id for row in rows], here.secretary, here.clerk)


def product(slot: int, by: Any) -> None:
    from volunteers.services.hours import confirm_day

    confirm_day(slot=slot, by=by)


def naive(slot: int, by: Any) -> None:
    """Points first, and the mark in a transaction of its own: what is not marked is done again."""
    from points.models import Rule
    from points.services.awarding import award_and_tell
    from volunteers.models import Attendance

    for row in Attendance.objects.filter(signup__post__slot=slot, confirmed_at__isnull=True).order_by("pk"):
        day = row.signup.post.slot
        on = timezone.localdate(day.starts)
        with transaction.atomic():
            award_and_tell(
                person=row.person,
                area_code=day.activity.area_id,
                source=f"naive:{uuid4()}",
                amount=POINTS,
                label=day.activity.title,
                day=on,
                by=by,
                rule=Rule.objects.on(on).get(),
            )
        row.confirmed_by, row.confirmed_at, row.in_time = by, timezone.now(), True
        row.save(update_fields=["confirmed_by", "confirmed_at", "in_time"])


def every_moment(here: Any, confirm: Callable[[int, Any], None]) -> Moments:
    """``confirm`` of a day of two, killed before its first step, its second … until it survives. After each death two
    others confirm the same day at once."""
    outcome, began = Moments(), time.monotonic()
    while True:
        day = _day(here)
        died = _killed(lambda day=day: confirm(day.slot.pk, day.first), outcome.moments + 1)
        if not died:
            break
        outcome.moments += 1
        _anew(day, confirm, outcome)
    outcome.seconds = time.monotonic() - began
    return outcome


def _anew(day: Day, confirm: Callable[[int, Any], None], outcome: Moments) -> None:
    from django.db.models import Sum

    from points.models import Transfer
    from tests.cast import at_once
    from volunteers.models import Hours

    # one alone for what is meant to fail: it would double even without a death
    others = [day.first, day.second] if confirm is product else [day.first]
    found = at_once(lambda n: confirm(day.slot.pk, others[n]), len(others))
    outcome.faults += [repr(one)[:300] for one in found if isinstance(one, Exception)]
    for person in day.people:
        lines = list(Hours.objects.filter(person=person).values_list("minutes", flat=True))
        given = Transfer.objects.filter(account__person=person).aggregate(n=Sum("amount"))["n"] or 0
        outcome.doubled += given > POINTS
        if confirm is product and (lines, given) != ([180], POINTS):
            outcome.faults.append(f"moment {outcome.moments}: hours {lines}, {given} tenths of points")


def _killed(act: Callable[[], None], moment: int) -> bool:
    """``act`` in a process of its own that ends itself before step ``moment``; whether it did."""
    from tests.prove.lab.dying import die_before_step

    connection.close()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            connection.ensure_connection()
            die_before_step(moment)
            act()
            code = 0
        finally:
            os._exit(code)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    assert code in (0, -9), f"the process ended with {code}"
    return code == -9
