"""How a moment and a day are written for people who work here: the same on every page."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.dateformat import format as written
from django.utils.translation import gettext as _
from django.utils.translation import override


def moment(when: datetime) -> str:
    """今天 08:30, 昨天 08:30, 明天 08:30, else 11月23日 08:30; another year is named."""
    day, clock = timezone.localdate(when), f"{timezone.localtime(when):%H:%M}"
    today = timezone.localdate()
    if day == today:
        return _("今天 %(clock)s") % {"clock": clock}
    if day == today + timedelta(days=1):
        return _("明天 %(clock)s") % {"clock": clock}
    if day == today - timedelta(days=1):
        return _("昨天 %(clock)s") % {"clock": clock}
    return f"{day_of(day)} {clock}"


def day_of(when: date | datetime | None) -> str:
    """11月23日; another year is named, 2025年11月23日. Nothing without one."""
    if when is None:
        return ""
    day = timezone.localdate(when) if isinstance(when, datetime) else when
    return written(day, _("n月j日") if day.year == timezone.localdate().year else _("Y年n月j日"))


def kept_day(when: date | datetime | None) -> str:
    """As ``day_of``, in the language in which messages are kept; whoever reads one finds it in their own."""
    with override(settings.LANGUAGE_CODE):
        return day_of(when)


def kept_moment(when: datetime) -> str:
    """As ``kept_day``, with the time."""
    return f"{kept_day(when)} {timezone.localtime(when):%H:%M}"


def minute(when: datetime | None) -> str:
    """2026-11-23 14:00, for a file, which is read on another day too: never 今天. Nothing without one."""
    return f"{timezone.localtime(when):%Y-%m-%d %H:%M}" if when else ""


def iso(when: date | datetime | None) -> str:
    """2026-11-23, as files and tables have it. Nothing without one."""
    if when is None:
        return ""
    return (timezone.localdate(when) if isinstance(when, datetime) else when).isoformat()
