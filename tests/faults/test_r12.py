"""R12 in short: kills meet requests under way, and nothing that was acknowledged is lost, doubled or incomplete."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from tests.prove import r12
from tests.prove.stack import HARMS, ProofStack

pytestmark = [
    pytest.mark.infra,
    pytest.mark.xdist_group("faults"),
    pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through /proc"),
]
SEED = 20261121


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProofStack]:
    running = ProofStack(tmp_path_factory.mktemp("faults") / "var")
    try:
        running.start()
        yield running
    finally:
        running.remove()


def test_what_was_acknowledged_survives_kills_of_web_and_database(stack: ProofStack) -> None:
    outcome = r12.run(stack, count=200, harms=r12.SHORT_HARMS, seed=SEED)
    print(outcome)
    assert outcome.clean, [*outcome.lost, *outcome.faults]
    assert all(post.number for post in outcome.posts)


def test_every_process_killed_one_after_another_loses_nothing(stack: ProofStack) -> None:
    outcome = r12.run(stack, count=100, harms=list(HARMS), seed=SEED + 1)
    print(outcome)
    assert outcome.clean, [*outcome.lost, *outcome.faults]


DAMAGES = [
    "DELETE FROM people_consent WHERE id = (SELECT max(id) FROM people_consent)",
    """DELETE FROM notifications_message
       WHERE id = (SELECT max(id) FROM notifications_message WHERE channel = 'sms')""",
    """DELETE FROM notifications_message
       WHERE id = (SELECT max(id) FROM notifications_message WHERE channel = 'inapp')""",
    """DELETE FROM needs_needevent
       WHERE id = (SELECT max(id) FROM needs_needevent WHERE verb = 'submit')""",
    "UPDATE needs_need SET words = words || '。' WHERE id = (SELECT max(id) FROM needs_need)",
    "UPDATE needs_need SET number = number || '9' WHERE id = (SELECT max(id) FROM needs_need)",
    "UPDATE people_numbersequence SET value = value + 1",
]


@pytest.mark.parametrize("number", range(len(DAMAGES)))
def test_the_comparison_sees_every_kind_of_damage(stack: ProofStack, number: int) -> None:
    outcome = r12.run(stack, count=8, harms=[], seed=SEED + 10 + number)
    before = {*outcome.lost, *outcome.faults}
    stack.change(DAMAGES[number])
    after = r12.look(stack, outcome)
    assert {*after.lost, *after.faults} - before


def test_the_proof_has_teeth(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A server that acknowledges before the commit loses nothing in peace, and needs under the same kills."""
    naive = ProofStack(tmp_path_factory.mktemp("naive") / "var", DJANGO_SETTINGS_MODULE="tests.prove.naive_settings")
    try:
        naive.start()
        in_peace = r12.run(naive, count=40, harms=[], seed=SEED)
        outcome = r12.run(naive, count=80, harms=r12.SHORT_HARMS, seed=SEED + 1)
    finally:
        naive.remove()
    print(in_peace, outcome, sep="\n")
    assert not in_peace.lost
    assert outcome.lost
