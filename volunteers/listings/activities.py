"""Activities of one's streets: what, when next, how many come, whose turn it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Min, OuterRef, Q, Subquery, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext_lazy

from alliance.lib.dates import day_of, iso, minute, moment
from alliance.lib.listing import Cell, Column, Facet, Listing, Rows, Tab, by_column, choices, equals, register
from alliance.lib.search import named
from members.listings.common import PLACE
from volunteers.models import Activity, Post
from volunteers.permissions.activities import activity_abilities
from volunteers.presenting.activities import host_of
from volunteers.states import ActivityKind, ActivityState

NEWEST = ("-proposed_at", "-id")
TONES = {
    ActivityState.DRAFT: "",
    ActivityState.PENDING: "work",
    ActivityState.PUBLISHED: "work",
    ActivityState.DONE: "done",
    ActivityState.CALLED_OFF: "off",
}


def rows(user: Any) -> Rows:
    """Of the streets one works in, with the next day and how many seats are taken of how many."""
    posts = Post.objects.filter(slot__activity=OuterRef("pk"), is_open=True).order_by().values("slot__activity")
    ahead = Q(slots__ends__gt=timezone.now(), slots__called_off_at__isnull=True)
    return (
        Activity.objects.kept_by(user)
        .select_related("area", "unit")
        .annotate(
            next_at=Min("slots__starts", filter=ahead),
            taken=Subquery(posts.annotate(n=Sum("taken")).values("n")),
            places=Subquery(posts.annotate(n=Sum("capacity")).values("n")),
        )
    )


def _in_state(state: str) -> Callable[[Rows, Any], Rows]:
    return lambda found, _user: found.filter(state=state)


def state_of(one: Activity) -> Cell:
    """The state."""
    return Cell(text=one.get_state_display(), tone=TONES[ActivityState(one.state)])


def _seats(one: Any) -> str:
    return f"{one.taken or 0}/{one.places}" if one.places else ""


ACTIVITIES = register(
    Listing(
        key="volunteers.activities",
        title=pgettext_lazy("plural", "活动"),
        url_name="admin:volunteers_activity_changelist",
        row_url=lambda one: reverse("admin:volunteers_activity_change", args=[one.pk]),
        may_view=lambda user: "view" in activity_abilities(user),
        rows=rows,
        order=NEWEST,
        order_label=gettext_lazy("新的在前"),
        tabs=(
            Tab(key="all", label=gettext_lazy("全部"), narrow=lambda found, _user: found),
            *(Tab(key=state.value, label=state.label, narrow=_in_state(state)) for state in ActivityState),
        ),
        columns=(
            Column(
                key="title",
                label=pgettext_lazy("plural", "活动"),
                cell=lambda one: Cell(text=one.title, code=one.number, small=one.place),
                value=lambda one: one.title,
                order=("title", "id"),
            ),
            Column(key="number", label=gettext_lazy("编号"), cell=lambda one: one.number, page=False),
            Column(key="kind", label=gettext_lazy("类别"), cell=lambda one: one.get_kind_display()),
            Column(key="who", label=gettext_lazy("主办"), cell=host_of),
            Column(
                key="next",
                label=gettext_lazy("最近一场"),
                cell=lambda one: moment(one.next_at) if one.next_at else "",
                value=lambda one: minute(one.next_at),
            ),
            Column(key="seats", label=gettext_lazy("已报/名额"), cell=_seats),
            Column(key="place", label=gettext_lazy("在哪里"), cell=lambda one: one.area.name, shown=False),
            Column(
                key="since",
                label=gettext_lazy("起草时间"),
                cell=lambda one: day_of(one.proposed_at),
                value=lambda one: iso(one.proposed_at),
                shown=False,
            ),
            Column(key="state", label=gettext_lazy("状态"), cell=state_of, value=lambda one: one.get_state_display()),
        ),
        facets=(
            Facet(
                key="kind",
                label=gettext_lazy("类别"),
                any_label=gettext_lazy("类别：不限"),
                options=choices(ActivityKind.choices),
                narrow=equals("kind"),
                counts=by_column("kind"),
                main=True,
            ),
            PLACE,
        ),
        search=named,
        search_hint=gettext_lazy("名称、编号、地点"),
        empty_title=gettext_lazy("还没有活动"),
        empty_text=gettext_lazy("发一个活动，居民手机上就能报名。"),
    )
)
