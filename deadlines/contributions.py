"""What deadlines add to the pages below the site."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from alliance.lib.registry import contribute
from deadlines.defaults import load_calendar_defaults, load_ladder_defaults
from deadlines.permissions import calendar_abilities
from deadlines.services.calendar import unknown_years
from deadlines.views.calendar import unknown_text, year_url


def unknown_calendar(request: HttpRequest) -> dict[str, Any] | None:
    """For those who keep the calendar: the years that nobody has written down."""
    if "change" not in calendar_abilities(request.user):
        return None
    years = unknown_years()
    lines = [{"text": unknown_text(year), "url": year_url(year)} for year in years]
    return {"title": _("工作日历要录入"), "lines": lines} if lines else None


contribute("workbench.panels", unknown_calendar, order=10)
contribute("defaults", load_calendar_defaults, order=15)
contribute("defaults", load_ladder_defaults, order=90)  # after every app has declared its stages
