"""The table of steps, on a small workflow of its own."""

from __future__ import annotations

import pytest

from alliance.lib.errors import Conflict
from alliance.lib.workflow import Transition, Workflow, WorkflowModel
from needs.models import Need


def _step(verb: str, source: str, target: str, *actors: str) -> Transition:
    return Transition(verb, source, target, frozenset(actors), verb)


DOOR = Workflow(
    initial="closed",
    final=["gone"],
    transitions=[
        _step("open", "closed", "open", "guest", "host"),
        _step("close", "open", "closed", "host"),
        _step("knock", "closed", "closed", "guest"),
        _step("remove", "open", "gone", "host"),
        _step("paint", "forgotten", "closed", "host"),
    ],
)


def test_a_step_is_found_by_state_and_verb_only() -> None:
    step = DOOR.find("closed", "open")
    assert step is not None and step.target == "open"
    assert DOOR.find("open", "open") is None
    assert DOOR.find("nowhere", "open") is None


def test_what_one_may_do_depends_on_the_state_and_on_who_one_is() -> None:
    assert DOOR.verbs("closed", ["guest"]) == {"open", "knock"}
    assert DOOR.verbs("open", ["guest"]) == frozenset()
    assert DOOR.verbs("open", ["guest", "host"]) == {"close", "remove"}
    assert DOOR.verbs("closed", []) == frozenset()


def test_reachable_states_are_those_some_row_can_come_to() -> None:
    assert DOOR.reachable() == {"closed", "open", "gone"}
    assert DOOR.reachable("gone") == {"gone"}
    assert DOOR.reachable("forgotten") == {"forgotten", "closed", "open", "gone"}


def test_a_form_opened_before_somebody_elses_change_is_refused() -> None:
    need = Need(version=3)
    assert need.require_version(3) is need
    assert need.require_version(None) is need
    for stale in (2, 4, 0):
        with pytest.raises(Conflict):
            need.require_version(stale)


def test_a_workflow_model_that_does_not_say_how_its_events_are_written_is_a_fault() -> None:
    class Silent(WorkflowModel):
        class Meta:
            abstract = True
            app_label = "needs"

    with pytest.raises(TypeError, match="Silent must say"):
        Silent.write_event(Silent.__new__(Silent), verb="x", actor=None, source="", target="", note="")
