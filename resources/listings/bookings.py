"""预约: who has what when, in one's streets. A resident is not named in a list."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext_lazy

from alliance.lib.listing import Cell, Column, Facet, Listing, Rows, Tab, register
from alliance.lib.search import words_of
from members.listings.common import places
from resources.models import Booking
from resources.permissions import resource_abilities
from resources.presenting import facts, hands, times
from resources.states import LIVE, Appeal, BookingState

NEWEST = ("-starts", "-id")
TONES = {
    BookingState.ASKED: "",
    BookingState.BOOKED: "work",
    BookingState.USED: "done",
    BookingState.CANCELLED: "off",
    BookingState.REFUSED: "off",
    BookingState.NO_SHOW: "off",
}


def rows(user: Any) -> Rows:
    """Bookings of the streets one works in."""
    return Booking.objects.kept_by(user).select_related(
        "resource__kind", "resource__area", "resource__unit", "unit", "office"
    )


def _what(one: Booking) -> Cell:
    return Cell(text=one.resource.name, code=one.number, small=one.purpose)


def state_cell(one: Booking) -> Cell:
    marks = {Appeal.ASKED: ((str(Appeal.ASKED.label), "warn"),)}
    label = facts.booking_badge(one)["label"]
    waits = hands.hand_of(one, hands.giver_for_staff(one), "").line if one.state == BookingState.ASKED else ""
    return Cell(text=label, small=waits, tone=TONES[BookingState(one.state)], flags=marks.get(Appeal(one.appeal), ()))


def _coming(found: Rows, _user: Any) -> Rows:
    return found.filter(state__in=LIVE, ends__gte=timezone.now())


def _not_back(found: Rows, _user: Any) -> Rows:
    """Over by the clock, and nobody has said how it was."""
    return found.filter(state=BookingState.BOOKED, ends__lt=timezone.now())


def _search(found: Rows, term: str) -> Rows:
    for word in words_of(term):
        found = found.filter(
            Q(number__iendswith=word) | Q(purpose__icontains=word) | Q(resource__search_text__contains=word)
        )
    return found


def _by_place(found: Rows) -> dict[str, int]:
    counted = found.order_by().values_list("resource__area").annotate(n=Count("pk"))
    return {str(code): number for code, number in counted}


BOOKINGS = register(
    Listing(
        key="resources.bookings",
        title=pgettext_lazy("plural", "预约"),
        url_name="admin:resources_booking_changelist",
        row_url=lambda one: reverse("admin:resources_booking_change", args=[one.pk]),
        may_view=lambda user: "view" in resource_abilities(user),
        rows=rows,
        order=NEWEST,
        order_label=gettext_lazy("晚的在前"),
        tabs=(
            Tab(key="coming", label=gettext_lazy("没用完的"), narrow=_coming),
            Tab(
                key="asked",
                label=gettext_lazy("等答复"),
                narrow=lambda found, _user: found.filter(state=BookingState.ASKED),
                order=("answer_by", "id"),
            ),
            Tab(key="over", label=gettext_lazy("过了时间没登记"), narrow=_not_back, tone="late"),
            Tab(
                key="missed",
                label=gettext_lazy("爽约"),
                narrow=lambda found, _user: found.filter(state=BookingState.NO_SHOW),
            ),
            Tab(
                key="appeal",
                label=gettext_lazy("说明情况等答复"),
                narrow=lambda found, _user: found.filter(appeal=Appeal.ASKED),
            ),
            Tab(key="all", label=gettext_lazy("全部"), narrow=lambda found, _user: found),
        ),
        columns=(
            Column(key="what", label=gettext_lazy("预约了什么"), cell=_what, value=lambda one: one.resource.name),
            Column(key="number", label=gettext_lazy("编号"), cell=lambda one: one.number, page=False),
            Column(key="purpose", label=gettext_lazy("做什么用"), cell=lambda one: one.purpose, page=False),
            Column(
                key="when",
                label=gettext_lazy("什么时候"),
                cell=lambda one: times.between(one.starts, one.ends),
                value=lambda one: _iso(one),
                order=NEWEST,
            ),
            Column(key="who", label=gettext_lazy("谁约的"), cell=facts.booker_of),
            Column(
                key="giver",
                label=gettext_lazy("谁提供"),
                cell=lambda one: str(one.resource.unit) if one.resource.unit else one.resource.area.name,
            ),
            Column(
                key="people",
                label=gettext_lazy("几个人"),
                cell=lambda one: str(one.people or ""),
                value=lambda one: one.people,
                number=True,
            ),
            Column(
                key="quantity",
                label=gettext_lazy("几件"),
                cell=lambda one: str(one.quantity),
                value=lambda one: one.quantity,
                number=True,
                shown=False,
            ),
            Column(key="state", label=gettext_lazy("状态"), cell=state_cell, value=lambda one: one.get_state_display()),
        ),
        facets=(
            Facet(
                key="place",
                label=gettext_lazy("在哪里"),
                any_label=gettext_lazy("全部社区"),
                options=places,
                narrow=lambda found, code: found.filter(resource__area__code__startswith=code),
                counts=_by_place,
                main=True,
            ),
        ),
        search=_search,
        search_hint=gettext_lazy("编号、用途、场地名"),
        empty_title=gettext_lazy("没有这样的预约"),
        empty_text=gettext_lazy("单位和居民约了，会排在这里。"),
    )
)


def _iso(one: Booking) -> str:
    first, last = timezone.localtime(one.starts), timezone.localtime(one.ends)
    return f"{first:%Y-%m-%d %H:%M}–{last:%Y-%m-%d %H:%M}"
