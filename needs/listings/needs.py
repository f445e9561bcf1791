"""诉求."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from alliance.lib.dates import day_of, iso
from alliance.lib.keyset import Stretch
from alliance.lib.listing import Cell, Column, Facet, Listing, Options, Rows, Tab, choices, equals, register
from alliance.lib.search import matching
from needs import presenting, selectors
from needs.listings.common import CELL, COMMUNITY, hands, in_file_only, named_by, page_of, presented, said_at
from needs.models import Category, Need
from needs.permissions import abilities
from needs.states import Origin


def _rows(user: Any) -> Rows:
    return Need.objects.visible_to(user).select_related(*presenting.LIST_FIELDS)


def _prepare(needs: list[Any], user: Any) -> None:
    for need, row in zip(needs, presenting.rows(needs, user), strict=True):
        need.presented = row


def _by_time_left(found: Rows) -> Sequence[Stretch]:
    """First those whose clock runs, the least time left first; behind them the others, the newest first.

    Each has an index of its own: only what is open has a clock, so that a million needs that ended are not sorted.
    """
    ticking, still = selectors.by_clock(found)
    return Stretch(ticking, ("runs_out", "id"), filled=True), Stretch(still, ("-created_at", "-id"))


def _title(need: Any) -> Cell:
    row = presented(need)
    flags = tuple((flag["label"], flag["tone"]) for flag in row["flags"])
    small = " · ".join(part for part in (row["asker"], row["community"], row["category"]) if part)
    return Cell(text=need.title, code=need.number, small=small, flags=flags)


def _acts(need: Any) -> Cell:
    row = presented(need)
    return Cell(text=" ".join(verb for verb, may in row["can"].items() if may), template=CELL, facts=row)


def _categories(_user: Any) -> Options:
    return [(str(one.pk), one.label) for one in Category.objects.in_use()]


def _holders(user: Any) -> Options:
    """Oneself, and whoever else has something in hand that one sees."""
    others = selectors.holders(user)
    return [(str(user.pk), _("我")), *((str(pk), name) for pk, name in others if pk != user.pk)]


def _tab(key: str, label: Any, tone: str = "") -> Tab:
    return Tab(key=key, label=label, narrow=lambda found, user: selectors.tab(found, key, user), tone=tone)


NEEDS = register(
    Listing(
        key="needs.needs",
        title=pgettext_lazy("plural", "诉求"),
        url_name="admin:needs_need_changelist",
        row_url=page_of("need"),
        may_view=lambda user: "view" in abilities(user),
        rows=_rows,
        prepare=_prepare,
        order=(),
        stretches=_by_time_left,
        order_label=gettext_lazy("按时限排"),
        look="hands",
        tabs=(
            _tab("open", gettext_lazy("在办")),
            _tab("desk", gettext_lazy("待我受理")),
            _tab("pending", gettext_lazy("待受理")),
            _tab("working", gettext_lazy("办理中")),
            _tab("today", gettext_lazy("今天到期")),
            _tab("overdue", gettext_lazy("已超期"), "late"),
            _tab("to_answer", gettext_lazy("待评价")),
            _tab("closed", gettext_lazy("已办结")),
            _tab("mine", gettext_lazy("我经办的")),
            _tab("all", gettext_lazy("全部")),
        ),
        columns=(
            *named_by(gettext_lazy("一句话"), _title, lambda need: str(need.title)),
            in_file_only("category", gettext_lazy("类别"), lambda need: need.category.label if need.category else ""),
            in_file_only("asker", gettext_lazy("提出单位"), lambda need: str(need.asker or "")),
            in_file_only(
                "marks",
                gettext_lazy("标记"),
                lambda need: _("、").join(flag["label"] for flag in presented(need)["flags"]),
            ),
            *hands(gettext_lazy("时限")),
            said_at(gettext_lazy("反映时间")),
            Column(
                key="reply_by",
                label=gettext_lazy("答应哪天前答复"),
                cell=lambda need: day_of(need.reply_by),
                value=lambda need: iso(need.reply_by),
                shown=False,
            ),
            Column(key="do", label=gettext_lazy("马上能做的"), cell=_acts, file=False),
        ),
        facets=(
            COMMUNITY,
            Facet(
                key="category",
                label=gettext_lazy("类别"),
                any_label=gettext_lazy("全部类别"),
                options=_categories,
                narrow=equals("category"),
                main=True,
            ),
            Facet(
                key="hand",
                label=gettext_lazy("在谁手里"),
                any_label=gettext_lazy("在谁手里：不限"),
                options=_holders,
                narrow=equals("holder"),
                main=True,
            ),
            Facet(
                key="origin",
                label=gettext_lazy("谁提出的"),
                any_label=gettext_lazy("谁提出的：不限"),
                options=choices([(one.value, one.label) for one in (Origin.RESIDENT, Origin.UNIT)]),
                narrow=equals("origin"),
            ),
        ),
        search=matching,
        search_hint=gettext_lazy("编号、地点、原话里的词"),
        empty_title=gettext_lazy("这里现在没有诉求"),
        empty_text=gettext_lazy("有了会自己排在这里，也可以看看别的分类。"),
    )
)
