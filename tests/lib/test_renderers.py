"""JSON as other systems read it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from alliance.lib.renderers import OrjsonRenderer


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (datetime(2026, 11, 30, 16, 0, tzinfo=UTC), b'"2026-12-01T00:00:00+08:00"'),
        (date(2026, 11, 30), b'"2026-11-30"'),
        (time(9, 30), b'"09:30:00"'),
        ({"until": datetime(2026, 11, 30, 16, 0, tzinfo=UTC)}, b'{"until":"2026-12-01T00:00:00+08:00"}'),
        (None, b""),
    ],
)
def test_moments_are_written_in_our_own_zone_wherever_they_were_read(value: Any, written: bytes) -> None:
    assert OrjsonRenderer().render(value) == written
