"""The cast, and a world in which every address has something to show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cast import Cast
    from tests.consistency.site import World


@pytest.fixture
def cast(db: None) -> Cast:
    # Imported here: pytest may read this file before Django is set up.
    from tests.cast import build

    return build()


@pytest.fixture
def world(cast: Cast) -> World:
    from tests.consistency.site import build_world

    return build_world(cast)
