"""Every step of staff × everybody × every situation: what the table does not give is refused and changes nothing."""

from __future__ import annotations

from datetime import timedelta

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

pytestmark = pytest.mark.django_db

PEOPLE = {name: Role(role) for name, (_place, role) in ROLES.items()}
STRANGERS = {"neighbour", "system_admin", "security_admin", "audit_admin"}


class _Undone(Exception):
    """The step was possible; what it did is taken back for the next one."""


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


def _asked(need: Need, verb: Verb) -> None:
    """A request for more time by somebody who is not among those tried out."""
    if verb in (Verb.GRANT, Verb.REFUSE):
        asker = User.objects.create(username="asker", name="申请人")
        day = need.reply_by or timezone.localdate()
        later = day + timedelta(days=3)
        Extension.objects.create(need=need, asked_by=asker, before=day, until=later, reason="等配件")


def _refused(need: Need, verb: Verb, by: User) -> DomainError | None:
    """What the step ``verb`` raised; None if it was taken (and undone again)."""
    try:
        with transaction.atomic():
            STAFF_STEPS[verb](need, by)
            raise _Undone
    except _Undone:
        return None
    except DomainError as error:
        return error


@pytest.mark.parametrize("verb", STAFF_STEPS)
@pytest.mark.parametrize("place", WAYS)
def test_only_those_of_the_table_take_the_step_and_everybody_else_is_told_why_not(
    cast: Cast, place: str, verb: Verb
) -> None:
    way = WAYS[place]
    need = now(way.go(cast))
    assert (need.state, need.office, bool(need.waiting_since)) == (way.state, way.office, way.waiting)
    _asked(need, verb)
    before, wrong = traces(need), []
    for name, role in PEOPLE.items():
        by = fresh(getattr(cast.chengxiang, name))
        error = _refused(need, verb, by)
        if name in STRANGERS:
            right = isinstance(error, NotFound)
        elif _may(role, way, verb, need.holder_id == by.pk):
            right = error is None
        else:
            right = isinstance(error, NotAllowed | RuleBroken) and len(str(error.message)) > 6
        if not right:
            wrong.append(f"{name}: {error!r}")
        assert traces(need) == before, f"{name} was refused, and still something changed"
    assert not wrong


@pytest.mark.parametrize("verb", STAFF_STEPS)
def test_for_the_other_street_there_is_no_such_need(cast: Cast, verb: Verb) -> None:
    for way in WAYS.values():
        need = now(way.go(cast))
        Extension.objects.all().delete()
        User.objects.filter(username="asker").delete()
        _asked(need, verb)
        before = traces(need)
        for name in PEOPLE:
            assert isinstance(_refused(need, verb, fresh(getattr(cast.xiasha, name))), NotFound), name
        assert traces(need) == before


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
