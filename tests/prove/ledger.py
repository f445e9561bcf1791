"""R2: the ledger beside a model of it in plain Python. After every step both say the same, or the run has failed.

The model knows nothing of tables: people have lots by their last day, days have a limit, things are counted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from alliance.lib.errors import Conflict, DomainError, RuleBroken
from alliance.lib.prepared import Prepared
from deadlines.models import Due
from deadlines.states import DueState
from people.models import User
from points.codes import code_of
from points.models import Account, Lot, Redemption, Reward, Transfer
from points.services import picking_up, posting, redeeming
from points.services.awarding import award
from points.services.clock import EXPIRE
from points.services.ending import end_points
from points.services.folding import fold
from points.services.picking_up import Counter, cancel_redemption, write_off
from points.services.redeeming import LAPSE, redeem
from points.services.reversing import reverse_award
from points.services.verifying import compare
from points.states import Kind
from tests.prove.ledger_model import Exchange, Given, Person

PEOPLE, STEPS, DAY_MOST = 3, 100, 200
_numbers = count(1)


class LedgerMachine(RuleBasedStateMachine):
    """Everything that moves points, in any order, with replays."""

    here: Any = None
    """The street; set before the run."""
    redeem = staticmethod(redeem)
    steps = 0

    def __init__(self) -> None:
        super().__init__()
        here, number = type(self).here, next(_numbers)
        self.people = [
            Person(User.objects.create(username=f"m{number}-{n}-{uuid4().hex[:6]}", name="演示", password="!"))
            for n in range(PEOPLE)
        ]
        self.keys = [person.user.pk for person in self.people]
        said = {"area": here.home, "sort": "goods", "by": here.worker}
        self.things = [
            Reward.objects.create(client_key=uuid4(), name="理发", price=150, **said),
            Reward.objects.create(client_key=uuid4(), name="雨伞", price=70, left=4, per_quarter=2, **said),
        ]
        self.left: list[int | None] = [None, 4]
        self.given: list[Given] = []
        self.made: list[Exchange] = []

    @initialize()
    def begin(self) -> None:
        for who in range(PEOPLE):
            self.give(who=who, amount=200, ago=0, again=False, more=0)

    @rule(
        who=st.integers(0, PEOPLE - 1),
        amount=st.integers(1, 260),
        ago=st.sampled_from([0, 0, 1, 2, 400, 800]),
        again=st.booleans(),
        more=st.sampled_from([0, 0, 0, 5]),
    )
    def give(self, who: int, amount: int, ago: int, again: bool, more: int) -> None:
        type(self).steps += 1
        if again and self.given:
            return self._replay(self.given[amount % len(self.given)], more)
        person, day, key = self.people[who], timezone.localdate() - timedelta(days=ago), uuid4()
        expected = min(amount, DAY_MOST - person.days.get(day, 0))
        source = f"model:{key}"
        made = award(
            person=person.user,
            area_code=type(self).here.home.pk,
            source=source,
            amount=amount,
            label="跑腿",
            day=day,
            client_key=key,
        )
        assert made is not None and made.amount == expected, (made, expected)
        person.days[day] = person.days.get(day, 0) + expected
        if expected:
            person.lots[day.year + 1] = person.lots.get(day.year + 1, 0) + expected
        self.given.append(Given(key, source, who, amount, day, expected, made.pk))
        return None

    def _replay(self, old: Given, more: int) -> None:
        said: dict[str, Any] = {"person": self.people[old.who].user, "area_code": type(self).here.home.pk}
        said |= {"source": old.source, "label": "跑腿", "day": old.day, "client_key": old.key}
        try:
            found = award(amount=old.asked + more, **said)
        except Conflict:
            assert more
        else:
            assert not more and found is not None and found.pk == old.pk

    @rule(who=st.integers(0, PEOPLE - 1), thing=st.integers(0, 1), again=st.booleans())
    def exchange(self, who: int, thing: int, again: bool) -> None:
        type(self).steps += 1
        person, reward = self.people[who], self.things[thing]
        if again and self.made:
            old = self.made[-1]
            found = type(self).redeem(
                reward=self.things[old.thing].pk,
                by=self.people[old.who].user,
                price=self.things[old.thing].price,
                client_key=old.key,
            )
            assert found.pk == old.pk
            return
        mine = [one for one in self.made if (one.who, one.thing) == (who, thing) and one.state != "void"]
        possible = person.balance >= reward.price and self.left[thing] != 0 and not (thing == 1 and len(mine) >= 2)
        key = uuid4()
        try:
            made = type(self).redeem(reward=reward.pk, by=person.user, price=reward.price, client_key=key)
        except RuleBroken:
            assert not possible
            return
        assert possible, "it should have been refused"
        self._take(thing, -1)
        self.made.append(Exchange(key, who, thing, person.spend(reward.price), made.pk))

    def _take(self, thing: int, change: int) -> None:
        left = self.left[thing]
        if left is not None:
            self.left[thing] = left + change

    @rule(which=st.integers(0, 50), way=st.sampled_from(["write off", "cancel", "call off", "lapse"]))
    def end(self, which: int, way: str) -> None:
        if not self.made:
            return
        one, here = self.made[which % len(self.made)], type(self).here
        if way == "write off" and one.state == "void":
            return  # guesses at a counter are counted, which is another test's business
        type(self).steps += 1
        try:
            if way == "write off":
                write_off(code=code_of(one.key), by=here.worker, counter=Counter(area=here.home))
            elif way == "lapse":
                self._lapse(one)
            else:
                by = self.people[one.who].user if way == "cancel" else here.worker
                cancel_redemption(pk=one.pk, by=by, why="没有货")
        except DomainError:
            assert one.state != "held"
            return
        if one.state == "held":
            one.state = "done" if way == "write off" else "void"
            if one.state == "void":
                self._take(one.thing, 1)
                for year, part in one.used.items():
                    self.people[one.who].lots[year] += part

    def _lapse(self, one: Exchange) -> None:
        Redemption.objects.filter(pk=one.pk, state="held").update(until=timezone.localdate() - timedelta(days=1))
        _run([f"redemption:{one.pk}"] if one.state == "held" else [], LAPSE, picking_up.lapse)

    @rule(which=st.integers(0, 200))
    def reverse(self, which: int) -> None:
        if not self.given:
            return
        type(self).steps += 1
        one = self.given[which % len(self.given)]
        person = self.people[one.who]
        possible = one.amount > 0 and not one.taken_back and person.balance >= one.amount
        try:
            reverse_award(pk=one.pk, by=type(self).here.clerk, why="记错了")
        except RuleBroken:
            assert not possible and not one.taken_back
            return
        assert possible or one.taken_back
        if not one.taken_back:
            one.taken_back = True
            person.spend(one.amount, first=one.day.year + 1)
            person.days[one.day] -= one.amount

    @rule(who=st.integers(0, PEOPLE - 1))
    def expire(self, who: int) -> None:
        person, today = self.people[who], timezone.localdate()
        old = Lot.objects.filter(account__person=person.user, expires_on__lt=today, rest__gt=0)
        if not old:
            return
        type(self).steps += 1
        for _night in ("said", "ended"):
            _run([f"lot:{pk}" for pk in old.values_list("pk", flat=True)], EXPIRE, end_points)
            old.update(announced_at=timezone.now() - timedelta(days=40))
        for year in person.lots:
            if date(year, 12, 31) < today:
                person.lots[year] = 0

    @rule()
    def folded(self) -> None:
        type(self).steps += 1
        fold()

    @invariant()
    def same(self) -> None:
        """Balances and lots are what the model says."""
        rows = Account.objects.filter(person__in=self.keys)
        balances: dict[int | None, int] = {}
        lots: dict[int | None, dict[int, int]] = {}
        for who, balance, last_day, rest in rows.values_list("person", "balance", "lots__expires_on", "lots__rest"):
            balances[who] = balance
            if rest:
                lots.setdefault(who, {})[last_day.year] = rest
        for person in self.people:
            assert lots.get(person.user.pk, {}) == {year: rest for year, rest in person.lots.items() if rest}
            assert balances.get(person.user.pk, 0) == person.balance

    def teardown(self) -> None:
        """What the check compares, what is left of the things, and that all together is nothing."""
        assert compare()[1] == []
        assert [Reward.objects.get(pk=thing.pk).left for thing in self.things] == self.left
        street = type(self).here.street.pk
        own = sum(Account.objects.filter(kind=Kind.PERSON, street=street).values_list("balance", flat=True))
        if Transfer.objects.exists():
            assert own + sum(posting.shared_balances(street).values()) == 0


def _run(subjects: list[str], kind: str, handle: Callable[[Sequence[Due]], object]) -> None:
    """The dues of all ``subjects``, which are on the list, are dealt with, as the sweep would in the night."""
    dues = list(Due.objects.undone().filter(kind=kind, subject__in=subjects).order_by("pk"))
    assert {due.subject for due in dues} == set(subjects), "something that ends is on no list"
    with transaction.atomic():
        handle(dues)
        Due.objects.filter(pk__in=[due.pk for due in dues]).update(state=DueState.DONE, ended_at=timezone.now())


def run(here: Any, *, operations: int, number: int, machine: type[LedgerMachine] = LedgerMachine) -> int:
    """At least so many steps; returns how many. Raises ``AssertionError`` where the two differ."""
    machine.here, machine.steps = here, 0
    quiet = [
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.filter_too_much,
        HealthCheck.large_base_example,
    ]
    told = settings(
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=quiet,
        print_blob=False,
    )
    while machine.steps < operations:  # an example may be shorter, so that what is left is asked for again
        left = settings(told, max_examples=-(-(operations - machine.steps) // STEPS))
        run_state_machine_as_test(seed(number + machine.steps)(machine), settings=left)
    return machine.steps


class Newest(LedgerMachine):
    """The control: points come out of the newest lot; a set of books that balances and is wrong."""


def _newest_statement() -> Prepared:
    wrong = redeeming._REDEEM
    for right in ("ORDER BY expires_on, id", "ORDER BY lot.expires_on, lot.id"):
        assert right in wrong
        wrong = wrong.replace(right, right.replace("expires_on,", "expires_on DESC,"))
    return Prepared("points_redeem_newest_first", wrong, redeeming._TYPES)


NEWEST_FIRST = _newest_statement()


def newest_first(**said: Any) -> Redemption:
    """As ``redeem``, with the order of the lots the other way round."""
    right = redeeming._STATEMENT
    redeeming._STATEMENT = NEWEST_FIRST
    try:
        return redeem(**said)
    finally:
        redeeming._STATEMENT = right


Newest.redeem = staticmethod(newest_first)  # type: ignore[assignment]
