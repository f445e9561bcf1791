"""The table of a need's steps: no trap, nothing unreachable, and exactly these people may do exactly this."""

from __future__ import annotations

import pytest

from needs.models import Need
from needs.states import RESIDENT, WORKFLOW, State, Verb
from people.states import Role

STEPS = {
    (State.PENDING, Verb.ACCEPT): State.IN_PROGRESS,
    (State.PENDING, Verb.NOTE): State.PENDING,
    (State.PENDING, Verb.SUPPLEMENT): State.PENDING,
    (State.PENDING, Verb.URGE): State.PENDING,
    (State.PENDING, Verb.WITHDRAW): State.WITHDRAWN,
    (State.IN_PROGRESS, Verb.REPLY): State.IN_PROGRESS,
    (State.IN_PROGRESS, Verb.NOTE): State.IN_PROGRESS,
    (State.IN_PROGRESS, Verb.SUPPLEMENT): State.IN_PROGRESS,
    (State.IN_PROGRESS, Verb.URGE): State.IN_PROGRESS,
    (State.IN_PROGRESS, Verb.WITHDRAW): State.WITHDRAWN,
}
HANDLE = {Verb.ACCEPT, Verb.REPLY, Verb.NOTE}
MAY = {
    Role.GRID_LEAD: HANDLE,
    Role.GRID_FULL: HANDLE,
    Role.GRID_PART: set(),
    Role.COMMUNITY_STAFF: HANDLE,
    Role.COMMUNITY_SECRETARY: HANDLE,
    Role.STREET_STAFF: HANDLE,
    Role.SECTION_HEAD: HANDLE,
    Role.PARTY_OFFICE: HANDLE,
    Role.LEADER: set(),
    Role.SYSTEM_ADMIN: set(),
    Role.SECURITY_ADMIN: set(),
    Role.AUDIT_ADMIN: set(),
    RESIDENT: {Verb.SUPPLEMENT, Verb.URGE, Verb.WITHDRAW},
}


def test_the_table_is_this_one_and_no_other() -> None:
    assert {(step.source, step.verb): step.target for step in WORKFLOW.transitions} == STEPS
    assert len(WORKFLOW.transitions) == len(STEPS)


def test_every_state_can_be_reached_and_none_is_a_trap() -> None:
    assert WORKFLOW.reachable() == set(State.values)
    for state in State.values:
        assert state in WORKFLOW.final or WORKFLOW.reachable(state) & WORKFLOW.final


def test_out_of_a_final_state_nothing_leads() -> None:
    for state in WORKFLOW.final:
        assert not [step for step in WORKFLOW.transitions if step.source == state]


def test_every_role_is_in_the_table_of_these_tests() -> None:
    assert set(MAY) == {*Role.values, RESIDENT}


@pytest.mark.parametrize("party", MAY)
@pytest.mark.parametrize("state", State.values)
def test_who_may_do_what_in_which_state(party: str, state: str) -> None:
    possible = {verb for source, verb in STEPS if source == state}
    assert WORKFLOW.verbs(state, [party]) == MAY[party] & possible


def test_a_reply_does_not_close_the_need() -> None:
    step = WORKFLOW.find(State.IN_PROGRESS, Verb.REPLY)
    assert step is not None and step.target == State.IN_PROGRESS


def test_every_step_has_a_word_for_its_button() -> None:
    assert all(2 <= len(str(step.label)) <= 4 for step in WORKFLOW.transitions)


def test_state_is_nobodys_to_type() -> None:
    for name in ("state", "version", "created_at", "client_key", "tracking_code", "link_token", "search"):
        assert not Need._meta.get_field(name).editable, name
