"""The cast in one transaction per test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cast import Cast


@pytest.fixture
def cast(db: None) -> Cast:
    # Imported here: pytest may read this file before Django is set up.
    from tests.cast import build

    return build()
