"""What deadlines add to the pages below the site."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from alliance.lib.registry import contribute
from deadlines import presenting
from deadlines.defaults import load_calendar_defaults, load_ladder_defaults
from deadlines.metrics import metrics
from deadlines.permissions import calendar_abilities, due_abilities
from deadlines.services.calendar import unknown_years
from deadlines.services.heartbeat import seconds_since, too_long
from deadlines.services.sweep import HEARTBEAT
from deadlines.views import acts, board, limits
from deadlines.views.calendar import unknown_text, year_url
from people.models import User

BANNER = "deadlines.silence"
BANNER_SECONDS = 30


def unknown_calendar(request: HttpRequest) -> dict[str, Any] | None:
    """For those who keep the calendar: the years that nobody has written down."""
    if "change" not in calendar_abilities(request.user):
        return None
    years = unknown_years()
    lines = [{"text": unknown_text(year), "url": year_url(year)} for year in years]
    return {"title": _("工作日历要录入"), "lines": lines} if lines else None


def workbench_urls(site: AdminSite) -> list[URLPattern]:
    """``admin:due_board`` and its actions; ``admin:due_limits``."""
    wrap = site.admin_view
    return [
        path("due/", wrap(board.board), name="due_board"),
        path("due/retry/", wrap(acts.retry_all), name="due_retry_all"),
        path("due/seen/", wrap(acts.seen_all), name="due_seen_all"),
        path("due/<int:pk>/retry/", wrap(acts.retry), name="due_retry"),
        path("due/<int:pk>/cancel/", wrap(acts.cancel), name="due_cancel"),
        path("due/message/<int:pk>/retry/", wrap(acts.message_retry), name="due_message_retry"),
        path("due/message/<int:pk>/cancel/", wrap(acts.message_cancel), name="due_message_cancel"),
        path("due/limits/", wrap(limits.limits), name="due_limits"),
        path("due/limits/<str:kind>/", wrap(limits.limit), name="due_limit"),
    ]


def nav(request: HttpRequest) -> dict[str, Any] | None:
    """What is due, the limits, and the calendar they are counted by."""
    if not isinstance(request.user, User) or "view" not in due_abilities(request.user):
        return None
    here, due, limit = request.path, reverse("admin:due_board"), reverse("admin:due_limits")
    items = [
        {"label": _("到期"), "url": due, "current": here.startswith(due) and not here.startswith(limit)},
        {"label": _("时限设置"), "url": limit, "current": here.startswith(limit), "rare": True},
    ]
    if "view" in calendar_abilities(request.user):
        pages = ((_("工作日历"), "workday"), (_("上班时间"), "workperiod"))
        urls = [(label, reverse(f"admin:deadlines_{name}_changelist")) for label, name in pages]
        items += [{"label": label, "url": url, "current": here.startswith(url), "rare": True} for label, url in urls]
    return {"key": "work", "title": _("期限"), "items": items}


def silence(request: HttpRequest) -> dict[str, Any]:
    """The banner on every page of the workbench while reminders stand still: what it says."""
    age = cache.get(BANNER)
    if age is None:
        age = seconds_since(HEARTBEAT) or 0
        cache.set(BANNER, age, BANNER_SECONDS)
    return {"silence": presenting.silence_words(age) if too_long(age) else ""}


contribute("workbench.urls", workbench_urls)
contribute("workbench.nav", nav, order=20)
contribute("workbench.context", silence)
contribute("metrics", metrics)
contribute("workbench.panels", unknown_calendar, order=10)
contribute("defaults", load_calendar_defaults, order=15)
contribute("defaults", load_ladder_defaults, order=90)  # after every app has declared its stages
