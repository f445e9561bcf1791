"""联络员邀请: who was asked to speak for which unit, and what became of it."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from alliance.lib.dates import day_of, iso
from alliance.lib.listing import NO, YES, Cell, Column, Facet, Listing, Rows, Tab, register
from alliance.lib.privacy import mask_name
from alliance.lib.search import named
from members.listings.common import reads
from members.listings.liaisons import keeps_unit
from members.models import Membership, SeatOffer
from members.states import REGISTER_ROLES, OfferState

TONES = {OfferState.OPEN: "work", OfferState.TAKEN: "done"}


def _rows(user: Any) -> Rows:
    joined = Membership.objects.visible_to(user).active().select_related("alliance")
    offers = SeatOffer.objects.visible_to(user).select_related("unit", "unit__area")
    return offers.prefetch_related(Prefetch("unit__memberships", joined, "joined"))


def _open(found: Rows, _user: Any) -> Rows:
    return found.filter(state=OfferState.OPEN, expires_at__gt=timezone.now())


def _over(found: Rows, _user: Any) -> Rows:
    ended = Q(state__in=[OfferState.EXPIRED, OfferState.WITHDRAWN])
    return found.filter(ended | Q(state=OfferState.OPEN, expires_at__lte=timezone.now()))


def _in(state: OfferState) -> Any:
    return lambda found, _user: found.filter(state=state)


def _state(offer: SeatOffer) -> Cell:
    state = OfferState.EXPIRED if offer.is_over else OfferState(offer.state)
    until = _("等到%(day)s") % {"day": day_of(offer.expires_at)} if state == OfferState.OPEN else ""
    return Cell(text=str(state.label), tone=TONES.get(state, "off"), small=until)


def _open_name(offer: SeatOffer, user: Any) -> str:
    return offer.name if keeps_unit(offer, user) else mask_name(offer.name)


OFFERS = register(
    Listing(
        key="members.seat_offers",
        title=pgettext_lazy("plural", "联络员邀请"),
        url_name="admin:members_seatoffer_changelist",
        row_url=lambda offer: reverse("admin:members_seatoffer_change", args=[offer.pk]),
        may_view=reads,
        may_unmask=lambda user: bool(user.has_role(*REGISTER_ROLES)),
        rows=_rows,
        order=("-created_at", "-id"),
        order_label=gettext_lazy("新发的在前"),
        tabs=(
            Tab(key="open", label=OfferState.OPEN.label, narrow=_open),
            Tab(key="taken", label=OfferState.TAKEN.label, narrow=_in(OfferState.TAKEN)),
            Tab(key="declined", label=OfferState.DECLINED.label, narrow=_in(OfferState.DECLINED)),
            Tab(key="over", label=gettext_lazy("过期和撤回"), narrow=_over),
            Tab(key="all", label=gettext_lazy("全部"), narrow=lambda found, _user: found),
        ),
        columns=(
            Column(
                key="unit",
                label=gettext_lazy("单位"),
                cell=lambda offer: Cell(text=str(offer.unit), small=offer.unit.area.name),
                value=lambda offer: offer.unit.name,
                order=("unit__sorted_as", "unit_id", "id"),
            ),
            Column(
                key="name",
                label=gettext_lazy("请谁"),
                cell=lambda offer: offer.name,
                value=lambda offer: mask_name(offer.name),
                open_value=_open_name,
            ),
            Column(
                key="second",
                label=gettext_lazy("席位"),
                cell=lambda offer: _("第二联络员") if offer.is_second else _("联络员"),
            ),
            Column(
                key="since",
                label=gettext_lazy("从哪天起"),
                cell=lambda offer: day_of(offer.starts_on),
                value=lambda offer: iso(offer.starts_on),
                order=("starts_on", "id"),
            ),
            Column(
                key="sent",
                label=gettext_lazy("发出"),
                cell=lambda offer: day_of(offer.created_at),
                value=lambda offer: iso(offer.created_at),
            ),
            Column(key="state", label=gettext_lazy("状态"), cell=_state),
        ),
        facets=(
            Facet(
                key="second",
                label=gettext_lazy("席位"),
                any_label=gettext_lazy("席位：不限"),
                options=lambda _user: [(NO, _("联络员")), (YES, _("第二联络员"))],
                narrow=lambda found, value: found.filter(is_second=value == YES),
                main=True,
            ),
        ),
        search=partial(named, through=("unit",)),
        search_hint=gettext_lazy("单位、拼音首字母"),
        empty_title=gettext_lazy("没有在等答复的邀请"),
        empty_text=gettext_lazy("请一位联络员：填上姓名和手机，对方点短信里的链接答复。"),
    )
)
