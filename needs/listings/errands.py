"""跑腿: those that are out, under way and over, for staff."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy

from alliance.lib.dates import minute
from alliance.lib.listing import Cell, Column, Facet, Listing, Rows, Tab, equals, register
from alliance.lib.search import matching
from claims.models import Claim
from claims.states import ON_THE_WAY, ClaimState, Ending, OfferState
from needs import wording
from needs.listings.common import COMMUNITY, hands, in_file_only, presented
from needs.models import Errand, Need
from needs.permissions import errand_abilities
from needs.presenting import errands as presenting


def _rows(user: Any) -> Rows:
    return Errand.objects.visible_to(user).select_related("offer", "need__area").defer("handover")


def _prepare(errands: list[Any], _user: Any) -> None:
    for errand, row in zip(errands, presenting.rows(errands), strict=True):
        errand.presented = row  # the page names a neighbour who runs it, a file does not (``hand_in_file``)


def _title(errand: Any) -> Cell:
    return Cell(text=errand.what, code=errand.offer.label, small=presented(errand)["small"])


def _taken(*states: str) -> Exists:
    return Exists(Claim.objects.filter(offer=OuterRef("offer_id"), state__in=states))


OUT = Q(offer__state=OfferState.OPEN)
PARTS: dict[str, Any] = {
    "open": OUT,
    "waiting": OUT & Q(offer__taken=0),
    "running": OUT & Q(_taken(*ON_THE_WAY)),
    "to_confirm": OUT & Q(_taken(ClaimState.AWAITING)),
    "done": Q(offer__ending=Ending.FULFILLED),
    "not_done": Q(offer__ending__in=[Ending.WITHDRAWN, Ending.LAPSED]),
}


def _tab(key: str, label: Any, *, counted: bool = True) -> Tab:
    part = PARTS.get(key, Q())
    return Tab(key=key, label=label, narrow=lambda found, _user: found.filter(part), counted=counted)


NEWEST = ("-published_at", "-id")

ERRANDS = register(
    Listing(
        key="needs.errands",
        title=pgettext_lazy("plural", "跑腿"),
        url_name="admin:needs_errand_changelist",
        row_url=lambda errand: reverse("admin:needs_need_change", args=[errand.need_id]),
        may_view=lambda user: "view" in errand_abilities(user),
        rows=_rows,
        prepare=_prepare,
        order=NEWEST,
        look="hands",
        tabs=(
            _tab("open", gettext_lazy("还没办完")),
            _tab("waiting", gettext_lazy("等人接单")),
            _tab("running", gettext_lazy("有人在跑")),
            _tab("to_confirm", gettext_lazy("等居民确认")),
            _tab("done", gettext_lazy("送到了"), counted=False),
            _tab("not_done", gettext_lazy("没办成"), counted=False),
            _tab("all", gettext_lazy("全部"), counted=False),
        ),
        columns=(
            Column(
                key="title",
                label=gettext_lazy("帮什么忙"),
                cell=_title,
                value=lambda errand: wording.veiled(errand.what),
            ),
            in_file_only("number", gettext_lazy("编号"), lambda errand: errand.offer.label),
            in_file_only("need", gettext_lazy("诉求"), lambda errand: errand.need.number),
            in_file_only("community", gettext_lazy("社区"), lambda errand: errand.need.area.name),
            *hands(gettext_lazy("时间")),
            Column(
                key="new",
                label=gettext_lazy("发布时间"),
                cell=lambda errand: wording.moment(errand.published_at),
                value=lambda errand: minute(errand.published_at),
                order=NEWEST,
                shown=False,
            ),
        ),
        facets=(
            Facet(
                key="community",
                label=COMMUNITY.label,
                any_label=COMMUNITY.any_label,
                options=COMMUNITY.options,
                narrow=equals("need__area_id"),
                main=True,
            ),
        ),
        search=lambda found, term: found.filter(need__in=matching(Need.objects.all(), term).values("pk")),
        search_hint=gettext_lazy("诉求的编号、地点、原话里的词"),
        empty_title=gettext_lazy("这里现在没有跑腿"),
        empty_text=gettext_lazy("在一件诉求的页面上点“转跑腿”，就有邻居来帮忙。"),
    )
)
