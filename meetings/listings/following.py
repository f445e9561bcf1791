"""What goes on between meetings: topics that wait, and what was resolved until it is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext_lazy

from alliance.lib.dates import day_of, iso, moment
from alliance.lib.listing import Cell, Column, Listing, Rows, Tab, register
from meetings.models import ActionItem, Topic
from meetings.permissions import action_abilities, topic_abilities
from meetings.presenting import words
from meetings.states import ActionState, TopicState
from members.listings.common import PLACE

SOONEST = ("due_on", "id")
WHERE = Column(key="place", label=gettext_lazy("在哪里"), cell=lambda one: one.area.name, shown=False)


def _in_state(state: str) -> Callable[[Rows, Any], Rows]:
    return lambda found, _user: found.filter(state=state)


TOPICS = register(
    Listing(
        key="meetings.topics",
        title=pgettext_lazy("plural", "议题"),
        url_name="admin:meetings_topic_changelist",
        row_url=lambda one: reverse("admin:meetings_topic_change", args=[one.pk]),
        may_view=lambda user: "view" in topic_abilities(user),
        rows=lambda user: Topic.objects.kept_by(user).select_related("area", "unit", "raised_by", "meeting"),
        order=("-raised_at", "-id"),
        order_label=gettext_lazy("新的在前"),
        tabs=(
            *(Tab(key=state.value, label=state.label, narrow=_in_state(state)) for state in TopicState),
            Tab(key="all", label=gettext_lazy("全部"), narrow=lambda found, _user: found),
        ),
        columns=(
            Column(
                key="title",
                label=gettext_lazy("议题"),
                cell=lambda one: Cell(text=one.title, code=one.origin_label),
                value=lambda one: one.title,
                order=("title", "id"),
            ),
            Column(key="raiser", label=gettext_lazy("谁提的"), cell=words.raiser_of),
            Column(
                key="since",
                label=gettext_lazy("提出时间"),
                cell=lambda one: day_of(one.raised_at),
                value=lambda one: iso(one.raised_at),
                order=("raised_at", "id"),
            ),
            Column(
                key="meeting",
                label=gettext_lazy("哪次会"),
                cell=lambda one: (
                    Cell(text=one.meeting.title, small=moment(one.meeting.starts)) if one.meeting else Cell(text="")
                ),
                value=lambda one: one.meeting.title if one.meeting else "",
            ),
            WHERE,
            Column(
                key="state",
                label=gettext_lazy("状态"),
                cell=words.topic_state,
                value=lambda one: one.get_state_display(),
            ),
        ),
        facets=(PLACE,),
        search=lambda found, term: found.filter(title__icontains=term),
        search_hint=gettext_lazy("议题里的词"),
        empty_title=gettext_lazy("没有议题"),
        empty_text=gettext_lazy("诉求可以转议事，单位和同事也可以提；下次会自己列进议程。"),
    )
)


def _due(one: Any) -> Cell:
    return Cell(text=day_of(one.due_on), small=words.postponed(one))


ACTIONS = register(
    Listing(
        key="meetings.actions",
        look="dated",
        title=pgettext_lazy("plural", "行动项"),
        url_name="admin:meetings_actionitem_changelist",
        row_url=lambda one: reverse("admin:meetings_actionitem_change", args=[one.pk]),
        may_view=lambda user: "view" in action_abilities(user),
        rows=lambda user: ActionItem.objects.kept_by(user).select_related("area", "unit", "office", "meeting"),
        order=SOONEST,
        order_label=gettext_lazy("先到期的在前"),
        tabs=(
            Tab(key="open", label=gettext_lazy("未完成"), narrow=_in_state(ActionState.OPEN)),
            Tab(
                key="late",
                label=gettext_lazy("过了期限"),
                narrow=lambda found, _user: found.filter(state=ActionState.OPEN, due_on__lt=timezone.localdate()),
                tone="late",
            ),
            Tab(key="done", label=gettext_lazy("已销号"), narrow=_in_state(ActionState.DONE), order=("-due_on", "-id")),
            Tab(key="all", label=gettext_lazy("全部"), narrow=lambda found, _user: found),
        ),
        columns=(
            Column(
                key="what",
                label=gettext_lazy("事项"),
                cell=lambda one: Cell(text=one.what, small=one.said),
                value=lambda one: one.what,
                order=("what", "id"),
            ),
            Column(key="doer", label=gettext_lazy("责任单位"), cell=words.doer_of),
            Column(key="due", label=gettext_lazy("期限"), cell=_due, value=lambda one: iso(one.due_on), order=SOONEST),
            Column(
                key="meeting",
                label=gettext_lazy("哪次会"),
                cell=lambda one: Cell(text=one.meeting.title, small=one.meeting.number),
                value=lambda one: one.meeting.title,
            ),
            Column(key="said", label=gettext_lazy("办理情况"), cell=lambda one: one.said, page=False),
            Column(
                key="done",
                label=gettext_lazy("销号日期"),
                cell=lambda one: day_of(one.done_on),
                value=lambda one: iso(one.done_on),
                shown=False,
            ),
            WHERE,
            Column(
                key="state",
                label=gettext_lazy("状态"),
                cell=words.action_state,
                value=lambda one: one.get_state_display(),
            ),
        ),
        facets=(PLACE,),
        search=lambda found, term: found.filter(what__icontains=term),
        search_hint=gettext_lazy("事项里的词"),
        empty_title=gettext_lazy("没有行动项"),
        empty_text=gettext_lazy("会上商定的事，转成行动项，有单位、有期限，办好了销号。"),
    )
)
