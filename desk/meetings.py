"""会议 at a desk: what one is asked to and has answered, what was resolved for the unit to do, what the unit raised."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import DateTimeField, F, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alliance.lib.dates import day_of, moment
from alliance.lib.errors import NotFound
from claims.querysets import seated_units
from meetings.models import ActionItem, Invitee, Meeting, Topic
from meetings.presenting import words
from meetings.states import ActionState, Coming, MeetingState, TopicState
from members.models import Liaison, MemberUnit
from people.models import User

MOST = 60
TONES = {Coming.OPEN: "warn", Coming.COMES: "ok", Coming.STAND_IN: "ok", Coming.STAYS_AWAY: ""}
TOPICS = {TopicState.WAITING: "info", TopicState.LISTED: "info", TopicState.ANSWERED: "ok", TopicState.WITHDRAWN: ""}


def invited(user: User, unit: MemberUnit | None) -> QuerySet[Invitee]:
    """The unit's part in meetings that were called, and one's own; without a unit one's own alone."""
    rows = Invitee.objects.asked().filter(meeting__called_at__isnull=False)
    mine = Q(user_id=user.pk) | (Q(unit=unit) if unit is not None else Q())
    return rows.filter(mine).select_related("meeting__area", "meeting__unit", "unit", "user")


def to_answer(unit: MemberUnit) -> QuerySet[Invitee]:
    """What waits for a word of the unit: 来, 请人代, 不来."""
    open_ = Invitee.objects.asked().filter(unit=unit, answer=Coming.OPEN, meeting__state=MeetingState.CALLED)
    rows = open_.filter(meeting__starts__gt=timezone.now()).select_related("meeting__area", "meeting__unit", "unit")
    return rows.order_by("meeting__starts", "pk")


def in_hand(unit: MemberUnit) -> QuerySet[ActionItem]:
    """What was resolved for the unit to do, the soonest first."""
    rows = ActionItem.objects.open().filter(unit=unit).select_related("meeting", "area")
    return rows.order_by("due_on", "pk")


def invitation(user: User, pk: int, here: Liaison | None) -> Invitee:
    """For whom one reads the meeting ``pk``: the unit at hand first, then another of one's own, then oneself.

    Raises ``NotFound``.
    """
    rows = Invitee.objects.asked().filter(meeting__called_at__isnull=False, meeting=pk)
    mine = rows.filter(Q(unit__in=seated_units(user)) | Q(user_id=user.pk))
    found = list(mine.select_related("meeting__area", "meeting__unit", "unit", "user").order_by("pk"))
    first = here.unit_id if here is not None else 0
    order = sorted(found, key=lambda one: (one.unit_id != first, one.unit_id is None))
    if not order:
        raise NotFound
    return order[0]


def own_action(user: User, pk: int) -> ActionItem:
    """An action item of a unit one speaks for. Raises ``NotFound``."""
    rows = ActionItem.objects.filter(unit__in=seated_units(user)).select_related("meeting", "area", "unit")
    found: ActionItem | None = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def waiting(unit: MemberUnit) -> list[dict[str, Any]]:
    """On the desk's first page: invitations without an answer, and what was resolved for the unit and not reported on,
    the soonest first; one query. See ``together.waiting``."""
    names = ("kind", "key", "what", "about", "at")
    asked = to_answer(unit).annotate(
        kind=Value("meeting"),
        key=F("meeting_id"),
        what=F("meeting__title"),
        about=F("meeting__place"),
        at=F("meeting__starts"),
    )
    mine = (
        in_hand(unit)
        .filter(said="")
        .annotate(kind=Value("action"), key=F("pk"), about=F("meeting__title"), at=Cast("due_on", DateTimeField()))
    )
    both = asked.order_by().values_list(*names).union(mine.order_by().values_list(*names), all=True)
    return [_waits(*row) for row in both.order_by("at", "key")[:MOST]]


def _waits(kind: str, key: int, what: str, about: str, at: datetime) -> dict[str, Any]:
    if kind == "meeting":
        said = {
            "title": _("%(name)s：来不来") % {"name": what},
            "small": _("请您参加，%(when)s，%(place)s") % {"when": moment(at), "place": about},
            "by": "",
        }
    else:
        said = {
            "title": what,
            "small": _("会上商定请您单位办：%(name)s") % {"name": about},
            "by": _("约在%(day)s前") % {"day": day_of(at)},
        }
    return {**said, "door": "desk:meetings", "url": reverse(f"desk:{kind}", args=[key])}


def meeting_row(one: Invitee) -> dict[str, Any]:
    """One line of the list, see ``_rows.html``."""
    row = one.meeting
    return {
        "title": row.title,
        "about": [row.place, words.host_of(row), "" if one.unit_id else _("请的是您本人")],
        "badge": badge(one),
        "until": moment(row.starts),
        "url": reverse("desk:meeting", args=[row.pk]),
    }


def badge(one: Invitee) -> dict[str, str]:
    """How it stands, for whoever is invited."""
    row = one.meeting
    if row.state == MeetingState.CALLED_OFF:
        return {"tone": "", "label": _("取消了")}
    if row.state == MeetingState.SENT:
        return {"tone": "info", "label": _("有纪要")}
    if row.state == MeetingState.CALLED and row.starts > timezone.now():
        return {"tone": TONES[Coming(one.answer)], "label": said(one)}
    return {"tone": "ok" if one.present_at else "", "label": _("到了") if one.present_at else _("开过了")}


def said(one: Invitee) -> str:
    """来, 办公室小张代, 不来; 等您答复."""
    if one.answer == Coming.OPEN:
        return _("等您答复")
    if one.answer == Coming.STAND_IN:
        return _("%(name)s代") % {"name": one.stand_in}
    return str(one.get_answer_display())


def action_row(one: ActionItem) -> dict[str, Any]:
    """Kindly: nothing of a guest's is late."""
    days = (one.due_on - timezone.localdate()).days
    left = ngettext("还有%(n)d天", "还有%(n)d天", days) % {"n": days} if days > 0 else ""
    return {
        "title": one.what,
        "about": [one.meeting.title, words.postponed(one)],
        "badge": action_badge(one),
        "until": _("约在%(day)s前") % {"day": day_of(one.due_on)},
        "left": left,
        "url": reverse("desk:action", args=[one.pk]),
    }


def action_badge(one: ActionItem) -> dict[str, str]:
    if one.state == ActionState.DONE:
        return {"tone": "ok", "label": str(one.get_state_display())}
    if one.said:
        return {"tone": "info", "label": _("等街道社区看")}
    past = one.due_on < timezone.localdate()
    return {"tone": "warn", "label": _("日子过了") if past else _("请您单位办")}


def topic_row(one: Topic) -> dict[str, Any]:
    return {
        "row": one,
        "tone": TOPICS[TopicState(one.state)],
        "label": one.get_state_display(),
        "when": _("%(name)s，%(when)s") % {"name": one.meeting.title, "when": moment(one.meeting.starts)}
        if one.meeting
        else "",
        "may_withdraw": one.state == TopicState.WAITING,
    }


def topics_of(unit: MemberUnit) -> list[dict[str, Any]]:
    """What the unit raised, the newest first."""
    rows = Topic.objects.filter(unit=unit).select_related("meeting").order_by("-raised_at", "-pk")[:MOST]
    return [topic_row(one) for one in rows]


def past_and_coming(user: User, unit: MemberUnit | None) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Meetings to come, the soonest first, and those that were, the newest first."""
    rows = invited(user, unit)
    ahead = Q(meeting__state=MeetingState.CALLED, meeting__ends__gt=timezone.now())
    coming = rows.filter(ahead).order_by("meeting__starts", "pk")[:MOST]
    past = rows.exclude(ahead).order_by("-meeting__starts", "-pk")[:MOST]
    return [meeting_row(one) for one in coming], [meeting_row(one) for one in past]


def agenda_of(row: Meeting, *, sent: bool) -> list[dict[str, str]]:
    """What is talked about; what came of it once it was sent."""
    return [{"title": one.title, "result": one.result if sent else ""} for one in row.agenda.all()]
