"""R11, the short form: files as no office sends them; each guard is taken away once, and something has to break."""

from __future__ import annotations

import os
import random

import pytest

from tests.cast import Cast, build
from tests.prove import r11
from tests.prove.mutants import BOOK_HARMS


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return build()


SEED = int(os.environ.get("SEED") or random.randrange(10**6))
COUNT = 60


def test_whatever_is_sent_is_answered_and_imported_once(cast: Cast) -> None:
    print(f"seed {SEED}")
    outcome = r11.run(cast.chengxiang.clerk, cast.chengxiang.street, seed=SEED, count=COUNT, most_imported=8)
    # Memory is the whole test run's here, not this page's; the long form has a process of its own.
    faults = [fault for fault in outcome.faults if not fault.endswith(" MB")]
    assert not faults and outcome.added_again == 0, f"seed {SEED}: {faults}"
    assert outcome.accepted > 5 and outcome.added > 0, f"seed {SEED}: {outcome}"
    assert {answer.partition(":")[0] for answer in outcome.answers} >= set(BOOK_HARMS)


def test_a_reader_that_trusts_the_file_fails() -> None:
    failed, kinds = r11.trusting(SEED, len(BOOK_HARMS))
    assert failed >= 3, f"seed {SEED}: {kinds}"


def test_an_importer_that_does_not_ask_adds_everything_again(cast: Cast) -> None:
    """With files known to hold good rows: those of any seed may happen to be one line, and that one wrong."""
    assert r11.forgetful(cast.chengxiang.clerk, cast.chengxiang.street, seed=7, count=1) > 0
