"""Figures of the ledger for whoever watches the installation from outside."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily

from points.models import LedgerCheck


def metrics() -> Iterator[GaugeMetricFamily]:
    """What the last check of the ledger found, and how long ago that was; nothing before the first one."""
    last = LedgerCheck.objects.order_by("-at", "-pk").first()
    problems = GaugeMetricFamily("tongxin_ledger_problems", "What did not fit in the points ledger at its last check")
    age = GaugeMetricFamily("tongxin_ledger_check_age_seconds", "Seconds since the points ledger was last checked")
    if last is not None:
        problems.add_metric([], len(last.problems))
        age.add_metric([], (timezone.now() - last.at).total_seconds())
    yield from (problems, age)
