"""两张清单: the rounds, how far each unit is, and every line that was sent."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy

from alliance.lib.dates import day_of, iso
from alliance.lib.listing import Cell, Column, Facet, Listing, Options, Rows, Tab, by_column, choices, equals, register
from alliance.lib.search import named
from members.listings.common import alliances
from members.models import MemberUnit
from members.states import UnitKind
from needs.models import ListLine, ListRound, UnitLists
from needs.permissions import line_abilities, lists_abilities, round_abilities
from needs.services.list_units import Tally, tallies
from needs.states.lists import LineState, ListSide, ListsState, RoundState

HOW_FAR = {ListsState.EMPTY: "", ListsState.DRAFT: "work", ListsState.SENT: "done"}
TONES = {LineState.SENT: "", LineState.TAKEN: "done", LineState.NOT_TAKEN: "off", LineState.TAKEN_BACK: "off"}


def _in(state: str, column: str = "state") -> Any:
    return lambda found, _user: found.filter(**{column: state})


def _every(found: Rows, _user: Any) -> Rows:
    return found


def _rounds(user: Any) -> Options:
    rows = ListRound.objects.visible_to(user).select_related("alliance").order_by("-year", "-id")
    return [(str(row.pk), f"{row.title} · {row.alliance}") for row in rows]


def _count(rounds: list[Any], _user: Any) -> None:
    found = tallies(rounds)
    for row in rounds:
        row.tally = found[row.pk]


def _tally(row: Any) -> Tally:
    found: Tally = row.tally
    return found


def _number(key: str, label: Any, *, shown: bool = True) -> Column:
    return Column(key=key, label=label, cell=lambda row: str(getattr(_tally(row), key)), number=True, shown=shown)


ROUNDS = register(
    Listing(
        key="needs.rounds",
        title=pgettext_lazy("plural", "两张清单"),
        url_name="admin:needs_listround_changelist",
        row_url=lambda row: reverse("admin:needs_listround_change", args=[row.pk]),
        may_view=lambda user: "view" in round_abilities(user),
        rows=lambda user: ListRound.objects.visible_to(user).select_related("alliance"),
        prepare=_count,
        order=("-last_day", "-id"),
        tabs=(
            Tab(key="open", label=RoundState.OPEN.label, narrow=_in(RoundState.OPEN)),
            Tab(key="closed", label=RoundState.CLOSED.label, narrow=_in(RoundState.CLOSED)),
            Tab(key="all", label=gettext_lazy("全部"), narrow=_every),
        ),
        columns=(
            Column(
                key="title",
                label=gettext_lazy("名称"),
                cell=lambda row: Cell(text=row.title, small=row.alliance.name),
                value=lambda row: row.title,
            ),
            Column(key="alliance", label=gettext_lazy("联盟"), cell=lambda row: row.alliance.name, page=False),
            Column(
                key="last_day",
                label=gettext_lazy("最晚哪天填"),
                cell=lambda row: day_of(row.last_day),
                value=lambda row: iso(row.last_day),
                order=("-last_day", "-id"),
            ),
            _number("units", gettext_lazy("单位数")),
            _number("sent", gettext_lazy("已交")),
            _number("missing", gettext_lazy("没交")),
            _number("gives", gettext_lazy("服务清单")),
            _number("needs", gettext_lazy("需求清单")),
            _number("waiting", gettext_lazy("等采纳")),
        ),
        facets=(
            Facet(
                key="alliance",
                label=gettext_lazy("联盟"),
                any_label=gettext_lazy("全部联盟"),
                options=alliances,
                narrow=equals("alliance"),
                main=True,
            ),
        ),
        empty_title=gettext_lazy("还没有开始过"),
        empty_text=gettext_lazy("一年一次，请各单位写能出什么力、需要什么。"),
    )
)


def _round_facet(path: str) -> Facet:
    return Facet(
        key="round",
        label=gettext_lazy("哪一轮"),
        any_label=gettext_lazy("全部轮次"),
        options=_rounds,
        narrow=equals(path),
        main=True,
    )


def _kind_facet(path: str) -> Facet:
    return Facet(
        key="kind",
        label=gettext_lazy("单位类型"),
        any_label=gettext_lazy("全部类型"),
        options=choices(UnitKind.choices),
        narrow=equals(path),
        main=True,
    )


LISTS = register(
    Listing(
        key="needs.unit_lists",
        title=pgettext_lazy("plural", "填报情况"),
        url_name="admin:needs_unitlists_changelist",
        row_url=lambda one: reverse("admin:needs_listround_change", args=[one.round_id]),
        may_view=lambda user: "view" in lists_abilities(user),
        rows=lambda user: (
            UnitLists.objects.visible_to(user)
            .filter(unit__merged_into__isnull=True)
            .select_related("unit__area", "round__alliance")
        ),
        order=("unit__sorted_as", "unit_id", "id"),
        tabs=(
            Tab(
                key="missing",
                label=gettext_lazy("没交"),
                narrow=lambda found, _user: found.exclude(state=ListsState.SENT),
                tone="late",
            ),
            Tab(key="sent", label=gettext_lazy("已交"), narrow=_in(ListsState.SENT)),
            Tab(key="all", label=gettext_lazy("全部"), narrow=_every),
        ),
        columns=(
            Column(
                key="unit",
                label=gettext_lazy("单位"),
                cell=lambda one: Cell(text=str(one.unit), small=one.unit.area.name),
                value=lambda one: one.unit.name,
            ),
            Column(key="round", label=gettext_lazy("哪一轮"), cell=lambda one: one.round.title),
            Column(
                key="state",
                label=gettext_lazy("填到哪里"),
                cell=lambda one: Cell(text=one.get_state_display(), tone=HOW_FAR[ListsState(one.state)]),
            ),
            Column(
                key="sent",
                label=gettext_lazy("提交时间"),
                cell=lambda one: day_of(one.sent_at),
                value=lambda one: iso(one.sent_at),
                order=("sent_at", "id"),
            ),
        ),
        facets=(_round_facet("round"), _kind_facet("unit__kind")),
        search=partial(named, through=("unit",)),
        search_hint=gettext_lazy("单位、拼音首字母"),
        empty_title=gettext_lazy("这里没有单位"),
        empty_text=gettext_lazy("开始填报以后，哪家交了、哪家没交，都在这里。"),
    )
)


def _line_state(line: ListLine) -> Cell:
    if line.resource is not None:
        return Cell(text=line.resource.get_state_display(), small=line.resource.number)
    number = line.need.number if line.need else ""
    return Cell(text=line.get_state_display(), tone=TONES[LineState(line.state)], small=number)


def _line_url(line: ListLine) -> str:
    if line.resource_id:
        return reverse("admin:resources_resource_change", args=[line.resource_id])
    return reverse("admin:needs_listline_change", args=[line.pk])


WAITING = Q(side=ListSide.NEED, state=LineState.SENT)

LINES = register(
    Listing(
        key="needs.list_lines",
        title=pgettext_lazy("plural", "清单条目"),
        url_name="admin:needs_listline_changelist",
        row_url=_line_url,
        may_view=lambda user: "view" in line_abilities(user),
        rows=lambda user: ListLine.objects.visible_to(user).select_related(
            "lists__unit__area", "lists__round", "kind", "resource", "need"
        ),
        order=("-sent_at", "-id"),
        tabs=(
            Tab(key="waiting", label=gettext_lazy("等采纳"), narrow=lambda found, _user: found.filter(WAITING)),
            Tab(key="needs", label=ListSide.NEED.label, narrow=_in(ListSide.NEED, "side")),
            Tab(key="gives", label=ListSide.GIVE.label, narrow=_in(ListSide.GIVE, "side")),
            Tab(key="all", label=gettext_lazy("全部"), narrow=_every),
        ),
        columns=(
            Column(
                key="what",
                label=gettext_lazy("是什么"),
                cell=lambda line: Cell(text=line.what, small=line.get_side_display()),
                value=lambda line: line.what,
            ),
            Column(key="side", label=gettext_lazy("哪张清单"), cell=lambda line: line.get_side_display(), page=False),
            Column(
                key="unit",
                label=gettext_lazy("单位"),
                cell=lambda line: Cell(text=str(line.lists.unit), small=line.lists.unit.area.name),
                value=lambda line: line.lists.unit.name,
            ),
            Column(key="kind", label=gettext_lazy("种类"), cell=lambda line: line.kind.label if line.kind else ""),
            Column(
                key="amount",
                label=gettext_lazy("多少"),
                cell=lambda line: "" if line.amount is None else str(line.amount),
                number=True,
            ),
            Column(key="whom", label=gettext_lazy("给谁的"), cell=lambda line: line.whom),
            Column(key="when", label=gettext_lazy("什么时候"), cell=lambda line: line.on_when),
            Column(
                key="sent",
                label=gettext_lazy("提交时间"),
                cell=lambda line: day_of(line.sent_at),
                value=lambda line: iso(line.sent_at),
                order=("-sent_at", "-id"),
                shown=False,
            ),
            Column(
                key="state",
                label=gettext_lazy("状态"),
                cell=_line_state,
                value=lambda line: " ".join(part for part in (_line_state(line).text, _line_state(line).small) if part),
            ),
            Column(key="why", label=gettext_lazy("为什么没有采纳"), cell=lambda line: line.left_why, shown=False),
        ),
        facets=(
            _round_facet("lists__round"),
            _kind_facet("lists__unit__kind"),
            Facet(
                key="state",
                label=gettext_lazy("状态"),
                any_label=gettext_lazy("状态：不限"),
                options=choices([(s.value, s.label) for s in LineState if s != LineState.DRAFT]),
                narrow=equals("state"),
                counts=by_column("state"),
            ),
        ),
        search=lambda found, words: found.filter(
            Q(what__icontains=words) | Q(lists__unit__in=_units_called(words)) | Q(whom__icontains=words)
        ),
        search_hint=gettext_lazy("是什么、给谁的、单位"),
        empty_title=gettext_lazy("这里现在没有"),
        empty_text=gettext_lazy("单位提交了，会自己排在这里。"),
    )
)


def _units_called(words: str) -> Rows:
    return named(MemberUnit.objects.all(), words).values("pk")
