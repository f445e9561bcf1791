"""Fifty and the last seats of a bus, round after round; then a line whose offers end, are taken and let go at once.

Beside the product stands one that counts the seats and then writes. ``presence`` holds the day itself.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import uuid4

from django.db import OperationalError, transaction
from django.utils import timezone

THREADS, ROUNDS = 50, 40
PATIENCE = 20
APART = 3
"""Hours from one round's day to the next: nobody is in two places at one time, so they lie apart."""


@dataclass
class Outcome:
    """What became of those who came, and what is wrong afterwards."""

    rounds: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    again: int = 0
    oversold: int = 0
    """Rounds in which more people have a seat than there are."""
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.rounds} rounds in {self.seconds:.0f} s, {dict(sorted(self.answers.items()))}, {self.again} asked to"
            f" press again, {self.oversold} rounds oversold, {len(self.faults)} faults"
        )


@dataclass
class Crowd:
    """Fifty with phones, and where their trips begin."""

    here: Any
    people: list[Any]
    days: int = 0

    def post(self, capacity: int, **changes: Any) -> Any:
        """The one post of a new trip, at a time that no other round has."""
        from tests.volunteers.things import published

        self.days += 1
        return published(self.here, capacity=capacity, starts=48 + APART * self.days, **changes)[1]


def gather() -> Crowd:
    from tests.cast import build
    from tests.volunteers.things import comer

    return Crowd(build().chengxiang, [comer() for _n in range(THREADS)])


def rush(crowd: Crowd, seed: int, rounds: int) -> Outcome:
    """Everybody at once through the service: alone for the last seat, and in parties for the last five."""
    from volunteers.services.party import Party
    from volunteers.services.signing import sign_up

    random, outcome, began = Random(seed), Outcome(), time.monotonic()
    for number in range(rounds):
        alone = number % 2 == 0
        post = crowd.post(1 if alone else 5, together=3)
        sizes = [1 if alone else random.randint(1, 3) for _n in range(THREADS)]

        def one(n: int, post: Any = post, sizes: list[int] = sizes) -> str:
            party, key = Party(companions=sizes[n] - 1), uuid4()
            return str(
                _pressing(outcome, lambda: sign_up(post=post.pk, by=crowd.people[n], client_key=key, party=party)).state
            )

        _note(outcome, post, _at_once(one, THREADS))
    outcome.seconds = time.monotonic() - began
    return outcome


def line(crowd: Crowd, seed: int, rounds: int) -> Outcome:
    """One seat, eight who wait: it is let go, offered, taken, let lapse by two sweepers and wanted by newcomers, all at
    the moment at which the offer ends."""
    from tests.volunteers.things import joined
    from volunteers.models import SignUp, SignUpEvent
    from volunteers.services import signing
    from volunteers.states import SignUpState, SignUpVerb

    random, outcome, began = Random(seed), Outcome(), time.monotonic()
    for _n in range(rounds):
        post = crowd.post(1)
        rows = [joined(post, person) for person in crowd.people[:9]]
        signing.cancel(pk=rows[0].pk, by=rows[0].person)
        for turn in range(4):
            offered = SignUp.objects.select_related("person").filter(post=post, state=SignUpState.OFFERED).first()
            if offered is None:
                break
            ends = timezone.now() + timedelta(milliseconds=300)
            SignUp.objects.filter(pk=offered.pk).update(answer_by=ends)
            new = crowd.people[9 + 3 * turn : 12 + 3 * turn]
            waits = SignUp.objects.in_line().select_related("person").filter(post=post).first()
            acts = _acts(post, offered, waits, new, outcome, ends - timedelta(milliseconds=random.randint(0, 150)))
            random.shuffle(acts)
            _note(outcome, post, _at_once(lambda n, acts=acts: acts[n](), len(acts)))
        lapsed = SignUpEvent.objects.filter(signup__post=post, verb=SignUpVerb.LAPSE)
        outcome.answers["lapsed"] += lapsed.count()
    outcome.faults += [f"nobody's offer was {how}" for how in ("accepted", "lapsed") if not outcome.answers[how]]
    outcome.seconds = time.monotonic() - began
    return outcome


def _acts(
    post: Any, offered: Any, waits: Any, new: list[Any], outcome: Outcome, press: datetime
) -> list[Callable[[], str]]:
    """Two taps that accept at ``press``, two sweepers, whoever is next in the line leaves, three come."""
    from tests.cast import fresh
    from volunteers.services import signing

    def accept() -> str:
        while timezone.now() < press:
            pass  # so near to the end that either may be first
        _pressing(outcome, lambda: signing.accept(pk=offered.pk, by=fresh(offered.person)))
        return "accepted"

    def leave() -> str:
        _pressing(outcome, lambda: signing.cancel(pk=waits.pk, by=fresh(waits.person)))
        return "left"

    def come(by: Any) -> str:
        return str(signing.sign_up(post=post.pk, by=by, client_key=uuid4()).state)

    newcomers = [lambda by=by: _pressing(outcome, lambda: come(by)) for by in new]
    sweepers = 2 * [lambda: _pressing(outcome, lambda: _sweep(offered.pk))]
    return [accept, accept, *sweepers, *([leave] if waits else []), *newcomers]


def _sweep(signup: int) -> str:
    """As the clock does it, with what is still to be done of that offer."""
    from deadlines.models import Due
    from volunteers.models import SignUp
    from volunteers.services.clock import lapse_offers
    from volunteers.services.dues import LAPSE

    while SignUp.objects.filter(pk=signup, answer_by__gt=timezone.now()).exists():
        pass  # the clock does not strike before
    with transaction.atomic():
        lapse_offers(list(Due.objects.filter(subject=f"signup:{signup}", kind=LAPSE).order_by("-pk")[:1]))
    return "swept"


def naive(crowd: Crowd, rounds: int) -> Outcome:
    """Counting who has a seat, and then writing; no statement that decides, no row that is held."""
    from volunteers.models import SignUp
    from volunteers.states import SEATED, SignUpState

    outcome, began = Outcome(), time.monotonic()
    for _n in range(rounds):
        post = crowd.post(1)
        slot = post.slot
        said = {"during": (slot.starts, slot.ends), "street_code": slot.activity.street_code}

        def one(n: int, post: Any = post, said: dict[str, Any] = said) -> str:
            with transaction.atomic():
                if SignUp.objects.filter(post=post, state__in=SEATED).count() >= post.capacity:
                    return "refused"
                state, by = SignUpState.CONFIRMED, crowd.people[n]
                SignUp.objects.create(post=post, person=by, by=by, client_key=uuid4(), state=state, **said)
            return "confirmed"

        results = _at_once(one, THREADS)
        outcome.rounds += 1
        outcome.answers.update(str(result) for result in results)
        outcome.oversold += SignUp.objects.filter(post=post, state__in=SEATED).count() > post.capacity
    outcome.seconds = time.monotonic() - began
    return outcome


def _at_once(work: Callable[[int], Any], threads: int) -> list[Any]:
    from tests.cast import at_once

    return at_once(work, threads)


def _pressing(outcome: Outcome, act: Callable[[], Any]) -> Any:
    """``act``, again where one is told 正在忙，请稍后再试."""
    from alliance.lib.errors import Busy
    from alliance.lib.http import as_domain_error

    for _press in range(PATIENCE):
        try:
            return act()
        except OperationalError as error:
            if not isinstance(as_domain_error(error), Busy):
                raise
            outcome.again += 1
    raise Busy


def _note(outcome: Outcome, post: Any, results: list[Any]) -> None:
    """What was answered; then the tables: seats taken and given are the same, and nobody waits who would fit."""
    from alliance.lib.errors import DomainError
    from volunteers.models import Post, SignUp
    from volunteers.states import SEATED, SignUpState

    outcome.rounds += 1
    for result in results:
        refused = isinstance(result, DomainError)
        outcome.answers["refused" if refused else str(result)[:40]] += 1
        if isinstance(result, Exception) and not refused:
            outcome.faults.append(repr(result)[:300])
    now, rows = Post.objects.get(pk=post.pk), list(SignUp.objects.filter(post=post).order_by("pk"))
    given = sum(row.seats for row in rows if row.state in SEATED)
    outcome.oversold += given > now.capacity
    if now.taken != given or given > now.capacity:
        outcome.faults.append(f"post {post.pk}: {now.capacity} seats, {now.taken} taken, {given} given")
    waiting = [row.seats for row in rows if row.state == SignUpState.WAITING]
    if waiting and min(waiting) <= now.capacity - given:
        outcome.faults.append(f"post {post.pk}: {now.capacity - given} seats are free and {min(waiting)} wait")
    outcome.faults += [fault for row in rows for fault in _history(row)]


def _history(row: Any) -> list[str]:
    """Every step of ``row`` began where the one before ended: none was decided on what was no longer so. And an offer,
    as long as it stands, has one due that ends it."""
    from deadlines.models import Due
    from volunteers.states import SignUpState

    faults, stands = [], ""
    for event in row.events.order_by("pk"):
        if event.source != stands:
            faults.append(f"sign-up {row.pk}: {event.verb} from {event.source!r}, where it was {stands!r}")
        stands = event.target
    if stands != row.state:
        faults.append(f"sign-up {row.pk} is {row.state}, its history ends with {stands!r}")
    dues = Due.objects.undone().filter(subject=f"signup:{row.pk}").count()
    # a sweep by hand leaves the due it was called for to the engine, which is not at work here
    if row.state == SignUpState.OFFERED and dues == 0:
        faults.append(f"sign-up {row.pk}: an offer without an end")
    return faults


def prove_seats(seed: int) -> tuple[bool, list[str]]:
    """Seats, the line, the day, killed confirmations; then what counts before it writes and gives before it marks."""
    from tests.bench.stage import stage

    rounds = int(os.environ.get("ROUNDS") or ROUNDS)
    with stage(0, seed):
        from tests.prove import presence  # it reads models, which stand only now

        crowd = gather()
        product = {
            "fifty and the last seats": rush(crowd, seed, rounds),
            "offers that end": line(crowd, seed, rounds),
            "at the door": presence.door(crowd, rounds=max(1, rounds // 8)),
            "killed while hours are confirmed": presence.every_moment(crowd.here, presence.product),
        }
        controls = {
            "counting and then writing": naive(crowd, max(3, rounds // 8)).oversold,
            "points before the mark, killed": presence.every_moment(crowd.here, presence.naive).doubled,
        }
    for name, outcome in product.items():
        print(f"seats  {name}: {outcome}", flush=True)
    lines = [f"- {name}: {outcome}" for name, outcome in product.items()]
    faults = [fault for outcome in product.values() for fault in outcome.faults]
    for name, harm in controls.items():
        print(f"seats  control, {name}: {harm} times", flush=True)
        lines.append(f"- control, {name}: {harm} times more was given than there was")
        if not harm:
            faults.append(f"{name}: it gave nothing too much, so this run proves nothing")
    return not faults, [*lines, *(f"- fault: {fault}" for fault in faults[:50])]
