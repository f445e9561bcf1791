"""What is asked by machines that watch the site: is it there, and how is it doing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.db.utils import Error as DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import Metric
from prometheus_client.registry import Collector

from alliance.lib.registry import contributions
from deadlines.services.heartbeat import seconds_since, too_long
from deadlines.services.sweep import HEARTBEAT

SHORTEST_TOKEN = 32


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Whether the site can serve: 200 with ``ok``; 503 only without a database.

    ``reminders``: ``ok``, ``silent`` (the sweep stands still; ``status`` is then ``degraded``, but pages are served)
    or ``new`` (never swept yet).
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        age = seconds_since(HEARTBEAT)
    except DatabaseError:
        return JsonResponse({"status": "down", "database": "unreachable"}, status=503)
    reminders = "new" if age is None else "silent" if too_long(age) else "ok"
    answer: dict[str, Any] = {
        "status": "degraded" if reminders == "silent" else "ok",
        "database": "ok",
        "reminders": reminders,
        "sweep_age_seconds": age,
    }
    return JsonResponse(answer)


class Contributed(Collector):
    """The apps' figures, read while they are written out."""

    def collect(self) -> Iterator[Metric]:
        for add in contributions("metrics"):
            yield from add()


@login_not_required
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures in Prometheus' text format, for whoever brings the token; for all others there is no such page."""
    if not _may_read(request.headers.get("Authorization", "")):
        raise Http404
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Contributed())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may_read(header: str) -> bool:
    token = settings.METRICS_TOKEN
    return len(token) >= SHORTEST_TOKEN and constant_time_compare(header, f"Bearer {token}")
