"""Figures of the public home. Every figure carries its definition; a median of fewer than five is not shown."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Count, F, Func, Q
from django.db.models.fields import DurationField
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from needs.models import Need
from needs.states import State

MINIMUM = 5
CACHE_SECONDS = 60


class Median(Func):
    """``percentile_cont(0.5)`` of a duration."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()
    contains_aggregate = True


def _counts() -> dict[str, Any]:
    first = timezone.localtime().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    month = Need.objects.filter(created_at__gte=first)
    found: dict[str, Any] = month.aggregate(
        received=Count("id"),
        replied=Count("id", filter=Q(first_reply_at__isnull=False)),
        working=Count("id", filter=Q(state=State.IN_PROGRESS)),
    )
    waits = month.filter(accepted_at__isnull=False)
    found["median"] = waits.aggregate(m=Median(F("accepted_at") - F("created_at")))["m"]
    found["accepted"] = waits.count()
    return found


def _rounded(wait: timedelta | None) -> tuple[int | None, str]:
    """A length of time as people say it: 40 minutes, 3 hours."""
    if wait is None:
        return None, ""
    minutes = wait.total_seconds() / 60
    if minutes < 55:
        return max(round(minutes / 10) * 10, 10), _("分钟")
    hours = round(minutes / 60)
    return hours, ngettext("小时", "小时", hours)


def monthly_figures() -> list[dict[str, Any]]:
    """Received, answered, in hand, median time to acceptance of this month; refreshed once a minute."""
    found: dict[str, Any] = cache.get_or_set("monthly-figures", _counts, CACHE_SECONDS) or {}
    wait, unit = _rounded(found["median"])
    enough = found["accepted"] >= MINIMUM
    return [
        {
            "label": _("收到"),
            "value": found["received"],
            "unit": ngettext("件", "件", found["received"]),
            "definition": _("本月1日起收到的诉求"),
        },
        {
            "label": _("已答复"),
            "value": found["replied"],
            "unit": ngettext("件", "件", found["replied"]),
            "definition": _("还没答复的有%(n)d件") % {"n": found["received"] - found["replied"]},
        },
        {
            "label": _("正在办"),
            "value": found["working"],
            "unit": ngettext("件", "件", found["working"]),
            "definition": _("其中已受理、还没办完的"),
        },
        {
            "label": _("一般多久有人接手"),
            "value": wait if enough else None,
            "unit": unit,
            "about": True,
            "definition": _("一半的事比这更快；不足%(n)d件不算") % {"n": MINIMUM},
        },
    ]
