"""The cast."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from people.models import User
    from tests.cast import Cast


@pytest.fixture
def cast(db: None) -> Cast:
    # Imported here: pytest may read this file before Django is set up.
    from tests.cast import build

    return build()


@pytest.fixture
def ladder(db: None) -> Iterator[None]:
    """Two stages of the tests' own: five working days with the usual ladder, two working hours with one rung."""
    from deadlines import kinds
    from deadlines.defaults import load_ladder_defaults
    from tests.deadlines.things import HOURS, REPLY

    stages, dues = dict(kinds._stages), dict(kinds._kinds)
    kinds.register_stage(REPLY)
    kinds.register_stage(HOURS)
    load_ladder_defaults()
    yield
    for registry, before in ((kinds._stages, stages), (kinds._kinds, dues)):
        registry.clear()
        registry.update(before)  # type: ignore[attr-defined]


@pytest.fixture
def keeper(cast: Cast) -> User:
    """A system administrator of the district."""
    from people.models import Area, RoleGrant
    from tests.cast import fresh

    admin = cast.chengxiang.system_admin
    RoleGrant.objects.filter(user=admin).update(area=Area.objects.get(pk="330109"))
    return fresh(admin)
