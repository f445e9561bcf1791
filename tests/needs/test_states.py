"""The table of a need's steps: no trap, nothing unreachable, and exactly these people may do exactly this."""

from __future__ import annotations

import pytest

from needs.models import Need
from needs.states import WORKFLOW, Office, Party, State, Verb, parties
from people.states import Role

P, W, A = State.PENDING, State.IN_PROGRESS, State.TO_ANSWER
STEPS: dict[State, dict[Verb, tuple[State, Party]]] = {
    P: {
        Verb.TALKED: (P, Party.CLOCK),
        Verb.ACCEPT: (W, Party.HANDLER),
        Verb.ASSIGN: (W, Party.HANDLER),
        Verb.ERRAND: (W, Party.HANDLER),
        Verb.WISH: (W, Party.HANDLER),
        Verb.ESCALATE: (P, Party.AT_COMMUNITY),
        Verb.SEND_BACK: (P, Party.AT_STREET),
        Verb.DECLINE: (State.NOT_ACCEPTED, Party.HANDLER),
        Verb.NOTE: (P, Party.COLLEAGUE),
        Verb.PROPOSE: (P, Party.HANDLER),
        Verb.SUPPLEMENT: (P, Party.RESIDENT),
        Verb.URGE: (P, Party.RESIDENT),
        Verb.WITHDRAW: (State.WITHDRAWN, Party.RESIDENT),
        Verb.CALL_BACK: (P, Party.LEADER),
        Verb.SETTLE: (State.CLOSED, Party.LEADER),
    },
    W: {
        Verb.TALKED: (W, Party.CLOCK),
        Verb.ASSIGN: (W, Party.HANDLER),
        Verb.ERRAND: (W, Party.HANDLER),
        Verb.WISH: (W, Party.HANDLER),
        Verb.REPLY: (W, Party.HANDLER),
        Verb.ASK: (W, Party.HANDLER),
        Verb.RESUME: (W, Party.HANDLER),
        Verb.EXTEND: (W, Party.HANDLER),
        Verb.GRANT: (W, Party.SUPERIOR),
        Verb.REFUSE: (W, Party.SUPERIOR),
        Verb.WILL_HELP: (W, Party.UNIT),
        Verb.REPORT: (W, Party.UNIT),
        Verb.HAND_BACK: (W, Party.UNIT),
        Verb.NOTE: (W, Party.COLLEAGUE),
        Verb.PROPOSE: (W, Party.HANDLER),
        Verb.SUPPLEMENT: (W, Party.RESIDENT),
        Verb.URGE: (W, Party.RESIDENT),
        Verb.ESCALATE: (P, Party.AT_COMMUNITY),
        Verb.SEND_BACK: (P, Party.AT_STREET),
        Verb.RETURN: (P, Party.HOLDER),
        Verb.FINISH: (A, Party.HANDLER),
        Verb.WITHDRAW: (State.WITHDRAWN, Party.RESIDENT),
    },
    A: {
        Verb.TALKED: (A, Party.CLOCK),
        Verb.NOTE: (A, Party.COLLEAGUE),
        Verb.CLOSE: (State.CLOSED, Party.RESIDENT),
        Verb.LAPSE: (State.CLOSED, Party.CLOCK),
        Verb.REOPEN: (P, Party.RESIDENT),
    },
    State.CLOSED: {},
    State.NOT_ACCEPTED: {},
    State.WITHDRAWN: {},
}
AT_COMMUNITY = {Party.COLLEAGUE, Party.HANDLER, Party.AT_COMMUNITY}
AT_STREET = {Party.COLLEAGUE, Party.HANDLER, Party.AT_STREET}
NOBODY: set[Party] = set()
LOOKS_ON = {Party.COLLEAGUE}
IS: dict[Role, tuple[set[Party], set[Party], set[Party]]] = {
    Role.GRID_LEAD: (AT_COMMUNITY, LOOKS_ON, LOOKS_ON),
    Role.GRID_FULL: (AT_COMMUNITY, LOOKS_ON, LOOKS_ON),
    Role.GRID_PART: (NOBODY, NOBODY, NOBODY),
    Role.COMMUNITY_STAFF: (AT_COMMUNITY, LOOKS_ON, LOOKS_ON),
    Role.COMMUNITY_SECRETARY: (AT_COMMUNITY | {Party.SUPERIOR}, LOOKS_ON, LOOKS_ON),
    Role.STREET_STAFF: (AT_COMMUNITY, AT_STREET, LOOKS_ON),
    Role.SECTION_HEAD: (AT_COMMUNITY | {Party.SUPERIOR}, AT_STREET | {Party.SUPERIOR}, LOOKS_ON),
    Role.PARTY_OFFICE: (AT_COMMUNITY | {Party.SUPERIOR}, AT_STREET | {Party.SUPERIOR}, LOOKS_ON),
    Role.LEADER: (NOBODY, NOBODY, {Party.LEADER}),
    Role.SYSTEM_ADMIN: (NOBODY, NOBODY, NOBODY),
    Role.SECURITY_ADMIN: (NOBODY, NOBODY, NOBODY),
    Role.AUDIT_ADMIN: (NOBODY, NOBODY, NOBODY),
}
"""What a role is to a need at the community, at the street, at the leader's; holding it adds the holder's steps."""


def test_the_table_is_this_one_and_no_other() -> None:
    found = {(step.source, step.verb): (step.target, step.actors) for step in WORKFLOW.transitions}
    wanted = {
        (source, verb): (target, frozenset({party}))
        for source, steps in STEPS.items()
        for verb, (target, party) in steps.items()
    }
    assert found == wanted
    assert len(WORKFLOW.transitions) == len(wanted), "a step is there twice"


def test_every_state_can_be_reached_and_none_is_a_trap() -> None:
    assert WORKFLOW.reachable() == set(State.values)
    for state in State.values:
        assert state in WORKFLOW.final or WORKFLOW.reachable(state) & WORKFLOW.final


def test_out_of_a_final_state_nothing_leads() -> None:
    for state in WORKFLOW.final:
        assert not [step for step in WORKFLOW.transitions if step.source == state]


def test_every_role_is_in_the_table_of_these_tests() -> None:
    assert set(IS) == set(Role.values)


@pytest.mark.parametrize("holds", [False, True])
@pytest.mark.parametrize("role", IS)
@pytest.mark.parametrize("office", Office.values)
def test_who_is_what_to_a_need_where_it_lies(role: Role, office: str, holds: bool) -> None:
    wanted = IS[role][list(Office.values).index(office)]
    if holds and Party.HANDLER in wanted:
        wanted = wanted | {Party.HOLDER}
    assert parties([role], office, holds=holds) == wanted


@pytest.mark.parametrize("role", IS)
@pytest.mark.parametrize("office", Office.values)
def test_where_there_is_no_leader_the_street_stands_in(role: Role, office: str) -> None:
    wanted = IS[role][list(Office.values).index(office)]
    if office == Office.LEADER:
        wanted = {Party.COLLEAGUE, Party.LEADER} if role in (Role.SECTION_HEAD, Role.PARTY_OFFICE) else wanted
        wanted = wanted - {Party.LEADER} if role == Role.LEADER else wanted
    assert parties([role], office, leaders_there=False) == wanted


@pytest.mark.parametrize("party", Party.values)
@pytest.mark.parametrize("state", State.values)
def test_who_may_do_what_in_which_state(party: str, state: str) -> None:
    wanted = {verb for verb, (_target, actor) in STEPS[State(state)].items() if actor == party}
    assert WORKFLOW.verbs(state, [party]) == wanted


def test_a_reply_does_not_close_the_need() -> None:
    step = WORKFLOW.find(State.IN_PROGRESS, Verb.REPLY)
    assert step is not None and step.target == State.IN_PROGRESS


def test_every_step_has_a_word_for_its_button() -> None:
    assert all(2 <= len(str(step.label)) <= 4 for step in WORKFLOW.transitions)


def test_state_is_nobodys_to_type() -> None:
    for name in ("state", "version", "created_at", "client_key", "tracking_code", "link_token", "search", "office"):
        assert not Need._meta.get_field(name).editable, name
