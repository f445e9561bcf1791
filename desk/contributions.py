"""What the desk adds to 我的."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alliance.lib.registry import contribute
from claims.services import hold_offers, return_claim
from claims.states import ON_THE_WAY
from desk import presenting, selectors, warehouse
from members.services import seats_of
from people.models import User
from people.states import WORK_ROLES
from resources.services.leaving import cancel_all_of
from volunteers.services.sections import OFFER_KIND as SECTION

FEW = 5


def my_units(request: HttpRequest) -> dict[str, Any] | None:
    """The units one speaks for, with what waits for them."""
    user = request.user
    seats = seats_of(user) if isinstance(user, User) else []
    if not seats:
        return None
    asked = list(selectors.asked_of([seat.unit_id for seat in seats]).values_list("unit_id", flat=True))
    lines = [
        {
            "text": str(seat.unit),
            "small": _waiting(asked.count(seat.unit_id)),
            "url": f"{reverse('desk:home')}?unit={seat.unit_id}",
        }
        for seat in seats
    ]
    return {"title": _("单位工作台"), "lines": lines, "order": 5}


def _waiting(count: int) -> str:
    return ngettext("%(n)d件等您回复", "%(n)d件等您回复", count) % {"n": count} if count else _("现在没有等您回复的")


def my_hands(request: HttpRequest) -> dict[str, Any] | None:
    """What one has taken in hand oneself, and where to find more; what one walks stands in 我的责任段."""
    user = request.user
    if not isinstance(user, User):
        return None
    lines = [
        {"text": row["title"], "small": row["until"], "url": row["url"]}
        for row in presenting.claim_rows(selectors.in_hand(user, None).exclude(offer__kind=SECTION)[:FEW])
    ]
    found = {"title": _("我来帮忙"), "lines": lines, "order": 30}
    if not lines:
        lines.append(
            {"text": _("看看谁要帮忙"), "small": _("邻居的急事小事，顺路就能办"), "url": reverse("desk:errands")}
        )
        return found
    return {**found, "url": reverse("desk:errands"), "url_label": _("看看还有谁要帮忙")}


def my_bookings(request: HttpRequest) -> dict[str, Any] | None:
    """What one has booked in person, and where to look for something."""
    user = request.user
    if not isinstance(user, User):
        return None
    lines = [
        {"text": row["title"], "small": f"{row['when']} {row['badge']['label']}", "url": row["url"]}
        for row in warehouse.booking_rows(user, warehouse.to_come(user, None)[:FEW])
    ]
    gone = warehouse.booking_rows(user, warehouse.lost_to_come(user, None)[:FEW])
    lines = [{"text": row["title"], "small": _("对方取消了，请另找"), "url": row["url"]} for row in gone] + lines
    found = {"title": _("预约"), "lines": lines, "order": 35}
    if not lines:
        lines.append({"text": _("找场地和东西"), "small": _("活动教室、球场、请人上门"), "url": reverse("desk:find")})
        return found
    return {**found, "url": reverse("desk:bookings"), "url_label": _("看全部")}


def nav(request: HttpRequest) -> dict[str, Any] | None:
    """Errands, for whoever works with residents: they run some themselves."""
    user = request.user
    if not isinstance(user, User) or not user.has_role(*WORK_ROLES):
        return None
    items = [{"label": _("跑腿"), "url": reverse("desk:errands"), "current": False}]
    return {"key": "work", "title": _("帮忙"), "items": items}


def my_data(user: User) -> dict[str, list[dict[str, Any]]]:
    """What one has taken in hand and booked oneself, newest first, as plain values."""
    claims = selectors.own_claims(user, None).order_by("-claimed_at", "-pk")
    rows = [
        {
            "number": claim.offer.label,
            "title": claim.offer.title,
            "area": claim.offer.area.name,
            "at": claim.claimed_at.isoformat(),
            "state": claim.get_state_display(),
            "history": [
                {"at": event.at.isoformat(), "what": event.get_verb_display(), "words": event.words}
                for event in claim.events.order_by("at", "pk")
            ],
        }
        for claim in claims
    ]
    return {name: found for name, found in (("claims", rows), ("bookings", _bookings(user))) if found}


def _bookings(user: User) -> list[dict[str, Any]]:
    return [
        {
            "number": row.number,
            "title": row.resource.name,
            "area": row.resource.area.name,
            "at": row.starts.isoformat(),
            "for": row.purpose,
            "place": row.place or "",
            "state": row.get_state_display(),
            "history": [
                {"at": event.at.isoformat(), "what": event.get_verb_display(), "words": event.words}
                for event in row.events.order_by("at", "pk")
            ],
        }
        for row in warehouse.made_by(user, None).order_by("-starts", "-pk")
    ]


def my_erase(user: User) -> None:
    """Whoever goes leaves nothing in hand that somebody waits for."""
    mine = selectors.in_hand(user, None).filter(state__in=ON_THE_WAY)
    hold_offers(mine.values_list("offer_id", flat=True))
    for claim in mine.order_by("pk"):  # as they are now that nobody else moves them
        return_claim(claim_id=claim.pk, by=user, note=_("不能来了"))
    cancel_all_of(user)


def home_of(user: Any) -> str:
    """The desk, for whoever speaks for a unit and signs in with a password."""
    return reverse("desk:home") if seats_of(user) else ""


contribute("door.homes", home_of)
contribute("my.sections", my_units, order=5)
contribute("my.sections", my_hands, order=30)
contribute("my.sections", my_bookings, order=35)
contribute("my.data", my_data, order=40)
contribute("my.erase", my_erase, order=5)
