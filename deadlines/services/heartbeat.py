"""When regular work last ran to its end: what a dead man's switch asks."""

from __future__ import annotations

from django.db import connection
from django.db.models import DurationField, ExpressionWrapper, F
from django.db.models.functions import Now

from deadlines.models import Heartbeat

PULSE = "pulse"
"""Under which name it is kept that workers hear."""
SILENT_AFTER = 300
"""Seconds without a sweep after which reminders count as standing still; one is due every minute."""
AHEAD = -60
"""A beat further ahead than this is from before the clock was put back, and says nothing of now."""

_BEAT = """
    INSERT INTO deadlines_heartbeat (name, at) VALUES (%s, statement_timestamp())
    ON CONFLICT (name) DO UPDATE SET at = excluded.at
"""


def beat(name: str) -> None:
    """``name`` has just run to its end. One statement; the database's clock."""
    with connection.cursor() as cursor:
        cursor.execute(_BEAT, [name])


def seconds_since(name: str) -> int | None:
    """Seconds since ``name`` last ran; None if it never did, negative if the clock was put back since."""
    age = ExpressionWrapper(Now() - F("at"), output_field=DurationField())
    found = Heartbeat.objects.filter(pk=name).annotate(age=age).values_list("age", flat=True).first()
    return None if found is None else int(found.total_seconds())


def too_long(age: int | None) -> bool:
    """Whether a beat of so many seconds ago is silence; not so where there never was one (a new installation)."""
    return age is not None and not AHEAD <= age <= SILENT_AFTER
