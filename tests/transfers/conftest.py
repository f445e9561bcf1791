"""The twins, and an alliance in 城厢."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.cast import Cast, build

if TYPE_CHECKING:
    from members.models import Alliance


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """Committed, since a worker has transactions of its own."""
    return build()


@pytest.fixture
def alliance(cast: Cast) -> Alliance:
    from members.models import Alliance

    return Alliance.objects.create(area=cast.chengxiang.street, name="平常心党建联盟", founded_on=date(2020, 7, 1))
