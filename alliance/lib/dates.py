"""How a moment is written for people who work here: the same on every page."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.dateformat import format as written
from django.utils.translation import gettext as _


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
    return f"{written(day, _('n月j日') if day.year == today.year else _('Y年n月j日'))} {clock}"
