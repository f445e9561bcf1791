"""The cast, a world in which every address has something to show, and what came of visiting all of them."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.cast import Cast
    from tests.consistency.site import World
    from tests.consistency.walk import Seen

PARTS = 4


@pytest.fixture
def cast(db: None) -> Cast:
    # Imported here: pytest may read this file before Django is set up.
    from tests.cast import build

    return build()


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The world, built once for a module in a transaction around those of its tests."""
    from django.db import transaction

    from tests.cast import build
    from tests.consistency.site import build_world

    with django_db_blocker.unblock():
        around = transaction.atomic()
        around._from_testcase = True  # as the transaction around a test: what has to be outermost may be inside
        around.__enter__()
        try:
            yield build_world(build())
        finally:
            transaction.set_rollback(True)
            around.__exit__(None, None, None)


@pytest.fixture
def world(built: World, db: None) -> World:
    """As it was built, whatever the test before did to it."""
    return deepcopy(built)


@pytest.fixture(scope="session")
def walked() -> dict[int, list[Seen]]:
    """The parts of the site that have been walked already."""
    return {}


@pytest.fixture(params=range(PARTS), ids=[f"part{part}" for part in range(PARTS)])
def seen(request: pytest.FixtureRequest, walked: dict[int, list[Seen]], world: World) -> list[Seen]:
    """What came of visiting one part of the addresses: tests of a part are run by one worker (``tests.spread``)."""
    from tests.consistency.walk import walk

    part = request.param
    if part not in walked:
        walked[part] = walk(world, part, PARTS)
    return walked[part]
