"""Every step of staff × everybody × every situation: what the table does not give is refused and changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from alliance.lib.errors import DomainError, NotAllowed, NotFound, RuleBroken
from needs.models import Extension, Need
from needs.permissions import abilities
from needs.states import Office, Party, State, Verb
from people.models import User
from people.states import Role
from tests.cast import ROLES, Cast, fresh
from tests.needs.test_states import IS, STEPS
from tests.needs.ways import STAFF_STEPS, WAYS, Way, now, traces
from tests.resources.things import resource_in

pytestmark = pytest.mark.django_db

PEOPLE = {name: Role(role) for name, (_place, role) in ROLES.items()}
STRANGERS = {"neighbour", "system_admin", "security_admin", "audit_admin"}


def _parties(role: Role, way: Way, holds: bool) -> set[Party]:
    found = IS[role][list(Office.values).index(way.office)]
    return found | {Party.HOLDER} if holds and Party.HANDLER in found else found


def _may(role: Role, way: Way, verb: Verb, holds: bool) -> bool:
    step = STEPS[way.state].get(verb)
    if step is None or step[1] not in _parties(role, way, holds):
        return False
    if verb == Verb.RESUME:
        return way.waiting
    return not (way.waiting and verb in (Verb.ASK, Verb.EXTEND, Verb.GRANT))


def _arranged(cast: Cast, need: Need, verb: Verb) -> None:
    """What the step needs: a request for more time by somebody who is not among those tried out, a thing to propose."""
    if verb in (Verb.GRANT, Verb.REFUSE):
        asker = User.objects.create(username="asker", name="申请人")
        day = need.reply_by or timezone.localdate()
        later = day + timedelta(days=3)
        Extension.objects.create(need=need, asked_by=asker, before=day, until=later, reason="等配件")
    if verb == Verb.PROPOSE:
        resource_in(cast.chengxiang)


def _refused(need: Need, by: User, step: Callable[[Need, User], Any]) -> DomainError | None:
    """What ``step`` raised: whatever it had written by then stands. None if it was taken (and undone again)."""
    before = transaction.savepoint()
    try:
        step(need, by)
    except DomainError as error:
        transaction.savepoint_commit(before)
        return error
    transaction.savepoint_rollback(before)
    return None


def _is_right(error: DomainError | None, name: str, may: bool) -> bool:
    if name in STRANGERS:
        return isinstance(error, NotFound)
    if may:
        return error is None
    return isinstance(error, NotAllowed | RuleBroken) and len(str(error.message)) > 6


def _wrong(cast: Cast, need: Need, way: Way, verb: Verb) -> Iterator[str]:
    """What is not as it should be when everybody of both streets tries ``verb``; nothing is left of the tries."""
    around, step = transaction.savepoint(), STAFF_STEPS[verb]
    _arranged(cast, need, verb)
    before = traces(need)
    for name, role in PEOPLE.items():
        by, twin = fresh(getattr(cast.chengxiang, name)), fresh(getattr(cast.xiasha, name))
        error = _refused(need, by, step)
        if not _is_right(error, name, _may(role, way, verb, need.holder_id == by.pk)):
            yield f"{verb} by {name}: {error!r}"
        if not isinstance(error := _refused(need, twin, step), NotFound):
            yield f"{verb} by {name} of the other street: {error!r}"
    if traces(need) != before:
        yield f"{verb} was refused, and still something changed"
    transaction.savepoint_rollback(around)


@pytest.mark.parametrize("place", WAYS)
def test_only_those_of_the_table_take_a_step_others_are_told_why_not_the_other_street_knows_nothing(
    cast: Cast, place: str
) -> None:
    way = WAYS[place]
    need = now(way.go(cast))
    assert (need.state, need.office, bool(need.waiting_since)) == (way.state, way.office, way.waiting)
    wrong = [each for verb in STAFF_STEPS for each in _wrong(cast, need, way, verb)]
    assert not wrong, "\n".join(wrong)


def test_the_control_something_left_behind_by_a_refused_step_is_seen(cast: Cast) -> None:
    def careless(need: Need, by: User) -> None:
        Need.objects.filter(pk=need.pk).update(title="改过的")
        raise NotAllowed

    need = now(WAYS["pending"].go(cast))
    before = traces(need)
    assert isinstance(_refused(need, cast.chengxiang.worker, careless), NotAllowed)
    assert traces(need) != before


@pytest.mark.parametrize("place", WAYS)
def test_buttons_are_offered_to_exactly_those_who_may(cast: Cast, place: str) -> None:
    way = WAYS[place]
    need = now(way.go(cast))
    for name, role in PEOPLE.items():
        by = fresh(getattr(cast.chengxiang, name))
        shown = abilities(by, need) & set(STAFF_STEPS)
        here = name not in STRANGERS
        wanted = {verb for verb in STAFF_STEPS if here and _may(role, way, verb, need.holder_id == by.pk)}
        if way.waiting and {Party.SUPERIOR} & _parties(role, way, False) and here:
            wanted.add(Verb.GRANT)  # whether there is something to grant is the request's own business
        assert shown == wanted, name


def test_every_step_of_staff_is_tried_out_here() -> None:
    staff = {Party.HANDLER, Party.AT_COMMUNITY, Party.AT_STREET, Party.HOLDER, Party.SUPERIOR, Party.LEADER}
    steps = {
        verb
        for steps in STEPS.values()
        for verb, (_target, party) in steps.items()
        if party in staff | {Party.COLLEAGUE}
    }
    assert steps - {Verb.WISH} == set(STAFF_STEPS)


def test_the_control_without_the_table_would_let_an_onlooker_through(cast: Cast) -> None:
    """A step taken past ``locked_need`` is what these tests would miss; ``move_to`` alone does not know who asks."""
    need = now(WAYS["in_hand"].go(cast))
    need.move_to(Verb.REPLY, actor=cast.chengxiang.grid_part, note="不该答复的人")
    assert now(need).state == State.IN_PROGRESS and need.events.filter(actor=cast.chengxiang.grid_part).exists()
