"""When regular work last ran to its end: what a dead man's switch asks."""

from __future__ import annotations

from django.db import connection
from django.db.models import DurationField, ExpressionWrapper, F
from django.db.models.functions import Now

from deadlines.models import Heartbeat

SILENT_AFTER = 300
"""Seconds without a sweep after which reminders count as standing still; one is due every minute."""

_BEAT = """
    INSERT INTO deadlines_heartbeat (name, at) VALUES (%s, statement_timestamp())
    ON CONFLICT (name) DO UPDATE SET at = GREATEST(deadlines_heartbeat.at, excluded.at)
"""


def beat(name: str) -> None:
    """``name`` has just run to its end. One statement; the database's clock."""
    with connection.cursor() as cursor:
        cursor.execute(_BEAT, [name])


def seconds_since(name: str) -> int | None:
    """Seconds since ``name`` last ran; None if it never did."""
    age = ExpressionWrapper(Now() - F("at"), output_field=DurationField())
    found = Heartbeat.objects.filter(pk=name).annotate(age=age).values_list("age", flat=True).first()
    return None if found is None else max(0, int(found.total_seconds()))


def is_silent(name: str) -> bool:
    """Whether ``name`` has not run for longer than it may; not so where it never ran (a new installation)."""
    age = seconds_since(name)
    return age is not None and age > SILENT_AFTER
