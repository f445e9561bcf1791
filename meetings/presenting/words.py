"""Meetings in words: when, how they come again, how they stand."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from alliance.lib.dates import day_of, moment
from alliance.lib.listing import Cell
from meetings.models import ActionItem, Meeting, Series, Topic
from meetings.services.rules import every_of
from meetings.states import ActionState, MeetingState, SeriesState, TopicState

EVERY = {
    "week": gettext_lazy("每周"),
    "fortnight": gettext_lazy("每两周"),
    "month": gettext_lazy("每月，同一天"),
    "month_weekday": gettext_lazy("每月，同一个星期几"),
    "quarter": gettext_lazy("每季，同一天"),
    "quarter_weekday": gettext_lazy("每季，同一个星期几"),
    "half": gettext_lazy("每半年"),
    "year": gettext_lazy("每年"),
}
MEETING_TONES = {
    MeetingState.DRAFT: "",
    MeetingState.CALLED: "work",
    MeetingState.HELD: "ask",
    MeetingState.MINUTED: "ask",
    MeetingState.SENT: "done",
    MeetingState.CALLED_OFF: "off",
}
TOPIC_TONES = {
    TopicState.WAITING: "",
    TopicState.LISTED: "work",
    TopicState.ANSWERED: "done",
    TopicState.WITHDRAWN: "off",
}


def when(row: Meeting) -> str:
    """今天 14:00–15:30."""
    return f"{moment(row.starts)}–{timezone.localtime(row.ends):%H:%M}"


def plainly(row: Meeting) -> str:
    """As ``when``, with the day named whatever today is: for paper and for what is pasted elsewhere."""
    local = timezone.localtime(row.starts)
    return f"{day_of(row.starts)} {weekday(local)} {local:%H:%M}–{timezone.localtime(row.ends):%H:%M}"


def weekday(day: date | datetime) -> str:
    names = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))
    return names[day.weekday()]


def host_of(row: Meeting | Series) -> str:
    """Who calls it together: the unit, else the office."""
    return str(row.unit) if row.unit else row.area.name


def again(row: Series) -> str:
    """每季，共8次; a rule in other words as it is."""
    found = every_of(row.rule, timezone.localdate(row.starts))
    if found is None:
        return row.rule
    every, times = found
    said = ngettext("%(every)s，共%(n)d次", "%(every)s，共%(n)d次", times)
    return said % {"every": EVERY[every], "n": times}


def meeting_state(row: Meeting) -> Cell:
    return Cell(text=row.get_state_display(), tone=MEETING_TONES[MeetingState(row.state)])


def series_state(row: Series) -> Cell:
    return Cell(text=row.get_state_display(), tone="work" if row.state == SeriesState.RUNNING else "off")


def topic_state(row: Topic) -> Cell:
    return Cell(text=row.get_state_display(), tone=TOPIC_TONES[TopicState(row.state)])


def raiser_of(row: Topic) -> str:
    """The unit, else the colleague."""
    return str(row.unit) if row.unit else row.raised_by.name


def doer_of(row: ActionItem) -> str:
    return str(row.unit) if row.unit else str(row.office)


def late_by(row: ActionItem) -> int:
    """Days since it should have been done; 0: in time, or done."""
    days = (timezone.localdate() - row.due_on).days
    return max(days, 0) if row.state == ActionState.OPEN else 0


def action_state(row: ActionItem) -> Cell:
    late = late_by(row)
    flags: tuple[Any, ...] = ()
    if late:
        flags = ((ngettext("过了%(n)d天", "过了%(n)d天", late) % {"n": late}, "late"),)
    elif row.state == ActionState.OPEN and row.said:
        flags = ((_("等您看"), "warn"),)
    return Cell(text=row.get_state_display(), tone="done" if row.state == ActionState.DONE else "work", flags=flags)


def postponed(row: ActionItem) -> str:
    """原定11月10日, where it is another day by now."""
    return _("原定%(day)s") % {"day": day_of(row.first_due_on)} if row.first_due_on != row.due_on else ""
