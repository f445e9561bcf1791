"""Meetings of one's streets, and the series they come from."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from alliance.lib.dates import minute, moment
from alliance.lib.listing import Cell, Column, Facet, Listing, Rows, Tab, by_column, choices, equals, register
from alliance.lib.search import named
from meetings.models import Meeting, Series
from meetings.permissions import meeting_abilities, series_abilities
from meetings.presenting import words
from meetings.states import AHEAD, OVER, Coming, MeetingKind, MeetingState, SeriesState
from members.listings.common import PLACE

SOONEST, NEWEST = ("starts", "id"), ("-starts", "-id")


def rows(user: Any) -> Rows:
    """Of the streets one works in, with how many are invited, come and were there."""
    on = Q(invitees__dropped_at__isnull=True)
    return (
        Meeting.objects.kept_by(user)
        .select_related("area", "unit", "series")
        .annotate(
            asked=Count("invitees", filter=on),
            comes=Count("invitees", filter=on & Q(invitees__answer__in=[Coming.COMES, Coming.STAND_IN])),
            there=Count("invitees", filter=on & Q(invitees__present_at__isnull=False)),
        )
    )


def _who(one: Any) -> str:
    """来几方，or, afterwards, 到几方."""
    if not one.asked:
        return _("还没请人")
    if one.state in AHEAD:
        return _("请%(asked)d方，来%(n)d方") % {"asked": one.asked, "n": one.comes}
    return _("请%(asked)d方，到%(n)d方") % {"asked": one.asked, "n": one.there}


def _kind(one: Any) -> Cell:
    return Cell(text=one.get_kind_display(), small=_("例会") if one.series_id else "")


KIND = Facet(
    key="kind",
    label=gettext_lazy("类别"),
    any_label=gettext_lazy("类别：不限"),
    options=choices(MeetingKind.choices),
    narrow=equals("kind"),
    counts=by_column("kind"),
    main=True,
)
WHAT = Column(
    key="title",
    label=pgettext_lazy("plural", "会议"),
    cell=lambda one: Cell(text=one.title, code=one.number, small=one.place),
    value=lambda one: one.title,
    order=("title", "id"),
)
WHO = Column(key="host", label=gettext_lazy("召集"), cell=words.host_of)
WHERE = Column(key="place", label=gettext_lazy("在哪里"), cell=lambda one: one.area.name, shown=False)

MEETINGS = register(
    Listing(
        key="meetings.meetings",
        title=pgettext_lazy("plural", "会议"),
        url_name="admin:meetings_meeting_changelist",
        row_url=lambda one: reverse("admin:meetings_meeting_change", args=[one.pk]),
        may_view=lambda user: "view" in meeting_abilities(user),
        rows=rows,
        order=NEWEST,
        order_label=gettext_lazy("新的在前"),
        tabs=(
            Tab(
                key="ahead",
                label=gettext_lazy("待开"),
                narrow=lambda found, _user: found.filter(state__in=AHEAD),
                order=SOONEST,
            ),
            Tab(
                key="to_minute",
                label=gettext_lazy("待纪要"),
                narrow=lambda found, _user: found.filter(state__in=OVER),
                tone="warn",
            ),
            Tab(
                key="sent",
                label=gettext_lazy("已归档"),
                narrow=lambda found, _user: found.filter(state=MeetingState.SENT),
            ),
            Tab(
                key="off",
                label=gettext_lazy("已取消"),
                narrow=lambda found, _user: found.filter(state=MeetingState.CALLED_OFF),
            ),
            Tab(key="all", label=gettext_lazy("全部"), narrow=lambda found, _user: found),
        ),
        columns=(
            WHAT,
            Column(key="number", label=gettext_lazy("编号"), cell=lambda one: one.number, page=False),
            Column(key="kind", label=gettext_lazy("类别"), cell=_kind, value=lambda one: one.get_kind_display()),
            WHO,
            Column(
                key="when",
                label=gettext_lazy("什么时候"),
                cell=words.when,
                value=lambda one: minute(one.starts),
                order=SOONEST,
            ),
            Column(key="who", label=gettext_lazy("参会"), cell=_who),
            WHERE,
            Column(
                key="state",
                label=gettext_lazy("状态"),
                cell=words.meeting_state,
                value=lambda one: one.get_state_display(),
            ),
        ),
        facets=(KIND, PLACE),
        search=named,
        search_hint=gettext_lazy("名称、编号、地点"),
        empty_title=gettext_lazy("还没有会议"),
        empty_text=gettext_lazy("设立例会，一个季度的会自己排好；也可以单独加一次。"),
    )
)


def series_rows(user: Any) -> Rows:
    """With the next meeting of each."""
    ahead = Q(meetings__state__in=AHEAD, meetings__ends__gt=timezone.now())
    found = Series.objects.visible_to(user).select_related("area", "unit")
    return found.annotate(next_at=Min("meetings__starts", filter=ahead))


SERIES = register(
    Listing(
        key="meetings.series",
        title=pgettext_lazy("plural", "例会"),
        url_name="admin:meetings_series_changelist",
        row_url=lambda one: reverse("admin:meetings_series_change", args=[one.pk]),
        may_view=lambda user: "view" in series_abilities(user),
        rows=series_rows,
        order=("-id",),
        order_label=gettext_lazy("新的在前"),
        tabs=(
            Tab(
                key="running",
                label=gettext_lazy("进行中"),
                narrow=lambda found, _user: found.filter(state=SeriesState.RUNNING),
            ),
            Tab(
                key="ended",
                label=gettext_lazy("已停"),
                narrow=lambda found, _user: found.filter(state=SeriesState.ENDED),
            ),
            Tab(key="all", label=gettext_lazy("全部"), narrow=lambda found, _user: found),
        ),
        columns=(
            Column(
                key="title",
                label=pgettext_lazy("plural", "例会"),
                cell=lambda one: Cell(text=one.title, small=one.place),
                value=lambda one: one.title,
                order=("title", "id"),
            ),
            Column(key="kind", label=gettext_lazy("类别"), cell=lambda one: one.get_kind_display()),
            Column(key="again", label=gettext_lazy("怎么重复"), cell=words.again),
            WHO,
            Column(
                key="next",
                label=gettext_lazy("下一次"),
                cell=lambda one: moment(one.next_at) if one.next_at else "",
                value=lambda one: minute(one.next_at),
            ),
            WHERE,
            Column(
                key="state",
                label=gettext_lazy("状态"),
                cell=words.series_state,
                value=lambda one: one.get_state_display(),
            ),
        ),
        facets=(KIND, PLACE),
        search=lambda found, term: found.filter(title__icontains=term),
        search_hint=gettext_lazy("名称"),
        empty_title=gettext_lazy("还没有例会"),
        empty_text=gettext_lazy("小组会、联席会议、协商会每季一次，交流会每年一次：设立一次，往后自己排。"),
    )
)
