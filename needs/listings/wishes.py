"""微心愿."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy, pgettext_lazy

from alliance.lib.listing import Cell, Facet, Listing, Rows, Tab, by_column, choices, equals, register
from alliance.lib.privacy import mask_name
from alliance.lib.search import named
from needs import wish_selectors
from needs.listings.common import COMMUNITY, NEWEST, hands, in_file_only, named_by, page_of, presented, said_at
from needs.models import Wish
from needs.permissions import wish_abilities
from needs.presenting import wishes as presenting
from needs.presenting.wish_around import wish_around
from needs.states.wish import WishKind


def _rows(user: Any) -> Rows:
    return Wish.objects.visible_to(user).select_related(*wish_selectors.LIST_FIELDS)


def _prepare(wishes: list[Any], _user: Any) -> None:
    around = wish_around(wishes)
    for wish, row in zip(wishes, presenting.rows(wishes, around), strict=True):
        # Neighbours who took it up: the page names them, a file does not.
        people = {presenting.claimer(claim) for claim in around.claims_of(wish) if claim.unit is None}
        name = row["hand"]["name"]
        wish.presented = {**row, "hand": {**row["hand"], "masked": mask_name(name) if name in people else ""}}


def _title(wish: Any) -> Cell:
    row = presented(wish)
    small = " · ".join(part for part in (row["community"], *row["meta"]) if part)
    return Cell(text=wish.item, code=wish.number, small=small)


def _tab(key: str, label: Any) -> Tab:
    def narrow(found: Any, _user: Any) -> Rows:
        return wish_selectors.tab(found, key)

    return Tab(key=key, label=label, narrow=narrow)


WISHES = register(
    Listing(
        key="needs.wishes",
        title=pgettext_lazy("plural", "微心愿"),
        url_name="admin:needs_wish_changelist",
        row_url=page_of("wish"),
        may_view=lambda user: "view" in wish_abilities(user),
        rows=_rows,
        prepare=_prepare,
        order=NEWEST,
        look="hands",
        tabs=(
            _tab("all", gettext_lazy("全部")),
            _tab("to_verify", gettext_lazy("待核实")),
            _tab("to_approve", gettext_lazy("待审批")),
            _tab("open", gettext_lazy("待认领")),
            _tab("under_way", gettext_lazy("圆梦中")),
            _tab("unclaimed", gettext_lazy("到期未认领")),
            _tab("fulfilled", gettext_lazy("已圆梦")),
        ),
        columns=(
            *named_by(gettext_lazy("心愿"), _title, lambda wish: str(wish.item)),
            in_file_only("called", gettext_lazy("称呼"), lambda wish: wish.called),
            in_file_only("kind", gettext_lazy("类型"), lambda wish: wish.get_kind_display()),
            in_file_only("cap", gettext_lazy("最多多少元"), presenting.cap),
            in_file_only("shares", gettext_lazy("份数"), lambda wish: wish.shares),
            *hands(gettext_lazy("时间")),
            said_at(gettext_lazy("登记时间")),
        ),
        facets=(
            COMMUNITY,
            Facet(
                key="kind",
                label=gettext_lazy("类型"),
                any_label=gettext_lazy("全部类型"),
                options=choices(WishKind.choices),
                narrow=equals("kind"),
                counts=by_column("kind"),
                main=True,
            ),
        ),
        search=named,
        search_hint=gettext_lazy("编号、心愿"),
        empty_title=gettext_lazy("没有这样的心愿"),
        empty_text=gettext_lazy("社区上门问到的难处，可以登记成一个心愿：一件东西、一次服务、一次陪伴。"),
    )
)
