"""Figures for whoever watches the installation from outside, read at the moment they are asked for.

Every statement reads partial indexes that hold undone or failed rows alone: what has been done costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Min, Q
from django.db.models.functions import Now
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily

from deadlines.kinds import due_kinds, stage_kinds
from deadlines.models import Due, Stage
from deadlines.services.heartbeat import PULSE, seconds_since
from deadlines.services.sweep import HEARTBEAT
from deadlines.states import DueState


def metrics() -> Iterator[GaugeMetricFamily]:
    """Dues, running limits, the age of the last sweep and of the workers' last sign of life."""
    yield from _dues()
    yield from _stages()
    yield _age("tongxin_sweep_age_seconds", "Seconds since the reminders' sweep last ran to its end", HEARTBEAT)
    yield _age("tongxin_pulse_age_seconds", "Seconds since a worker last said that it works", PULSE)


def _age(name: str, words: str, beat: str) -> GaugeMetricFamily:
    age = GaugeMetricFamily(name, words)
    seconds = seconds_since(beat)
    if seconds is not None:  # a new installation has no age, rather than one of zero
        age.add_metric([], seconds)
    return age


def _dues() -> Iterator[GaugeMetricFamily]:
    dues = GaugeMetricFamily("tongxin_dues", "What falls due, by state and kind", labels=["state", "kind"])
    counted = {(DueState.WAITING.value, kind.name): 0 for kind in due_kinds()}
    # Two questions: one for both would fit neither index.
    for rows in (Due.objects.undone(), Due.objects.gone_wrong()):
        for state, kind, count in rows.order_by().values_list("state", "kind").annotate(Count("pk")):
            counted[state, kind] = count
    for (state, kind), count in sorted(counted.items()):
        dues.add_metric([state, kind], count)
    yield dues
    first = Due.objects.undone().filter(due_at__lte=Now()).aggregate(first=Min("due_at"))["first"]
    oldest = GaugeMetricFamily("tongxin_due_oldest_undone_seconds", "For how long the oldest undone due has been due")
    oldest.add_metric([], max(0.0, (timezone.now() - first).total_seconds()) if first else 0.0)
    yield oldest


def _stages() -> Iterator[GaugeMetricFamily]:
    running = GaugeMetricFamily("tongxin_stages_running", "Time limits that run, by kind", labels=["kind"])
    late = GaugeMetricFamily("tongxin_stages_late", "Running time limits past their end, by kind", labels=["kind"])
    is_late = Q(due_at__lt=Now(), paused_at__isnull=True)
    rows = Stage.objects.running().order_by().values_list("kind")
    found = {kind: (all_, past) for kind, all_, past in rows.annotate(Count("pk"), past=Count("pk", filter=is_late))}
    for kind in sorted({one.name for one in stage_kinds()} | found.keys()):
        count, past = found.get(kind, (0, 0))
        running.add_metric([kind], count)
        late.add_metric([kind], past)
    yield from (running, late)
