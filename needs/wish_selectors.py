"""The questions the workbench and the wall ask of wishes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from alliance.lib.pagination import Page, page_by
from claims.models import Claim
from claims.states import ClaimState
from needs.models import Wish, WishPolicy
from needs.querysets import WishQuerySet
from needs.states.wish import VERIFIERS
from people.models import Area, User
from people.querysets import within
from people.states import Level

WALL_SIZE = 24
DONE_SHOWN = 6
LIST_FIELDS = ("area", "offer", "verified_by", "raised_by")


def tab(wishes: WishQuerySet, name: str) -> WishQuerySet:
    """``wishes`` narrowed to one tab of the list."""
    match name:
        case "to_verify":
            return wishes.to_verify()
        case "to_approve":
            return wishes.to_approve()
        case "open":
            return wishes.claimable()
        case "under_way":
            return wishes.under_way()
        case "fulfilled":
            return wishes.fulfilled()
        case "unclaimed":
            return wishes.unclaimed()
        case _:
            return wishes


def claims_of(wishes: Iterable[Wish]) -> dict[int, list[Claim]]:
    """By offer: the claims in hand and done, the newest first. One query for all of ``wishes``."""
    keys = [wish.offer_id for wish in wishes if wish.offer_id]
    found: dict[int, list[Claim]] = {}
    if keys:
        rows = Claim.objects.holding().filter(offer_id__in=keys).select_related("unit", "person")
        for claim in rows.order_by("-claimed_at", "-pk"):
            found.setdefault(claim.offer_id, []).append(claim)
    return found


def for_street(keys: Iterable[int]) -> frozenset[int]:
    """Of the verified wishes ``keys`` those to which the street says yes or no. No query without keys."""
    asked = list(keys)
    rows = Wish.objects.filter(pk__in=asked).for_street(WishPolicy.objects.street_decides()) if asked else None
    return frozenset(rows.values_list("pk", flat=True)) if rows is not None else frozenset()


def waiting_wishes(user: User) -> WishQuerySet:
    """What ``user`` may approve now, longest waiting first; at most a hundred."""
    waiting = Wish.objects.waiting_for(user, WishPolicy.objects.street_decides())
    return waiting.order_by("verified_at", "pk")[:100]


def communities_to_raise(user: User) -> list[tuple[str, str]]:
    """The communities in which ``user`` may register a wish, for the form."""
    codes = user.areas_of(*VERIFIERS)
    rows = Area.objects.served().filter(within(codes, area="code", street=""), level=Level.COMMUNITY)
    return list(rows.order_by("code").values_list("code", "name"))


@dataclass(frozen=True, kw_only=True)
class Wall:
    """One page of the public wall: what can be taken, how much of each kind, where, and what came true."""

    wishes: list[Wish]
    next_cursor: str
    kinds: dict[str, int]
    communities: list[tuple[str, str]]
    done: list[Wish]


def wall(*, kind: str = "", community: str = "", cursor: str = "") -> Wall:
    """The wall, newest first. Raises ``Invalid`` for a broken cursor."""
    every = Wish.objects.claimable()
    counted = every.order_by().values_list("kind").annotate(count=Count("pk"))
    places = every.order_by("area_id").values_list("area_id", "area__name").distinct()
    found = every.filter(kind=kind) if kind else every
    found = found.filter(area_id=community) if community else found
    shown = page_by(found.select_related("area", "offer"), "decided_at", newest=True, cursor=cursor, size=WALL_SIZE)
    done = [] if cursor else list(fulfilled()[:DONE_SHOWN])
    return Wall(
        wishes=shown.rows,
        next_cursor=shown.next_cursor,
        kinds=dict(counted),
        communities=list(places),
        done=done,
    )


def fulfilled() -> WishQuerySet:
    """What came true, the latest first."""
    return Wish.objects.fulfilled().select_related("area", "offer").order_by("-decided_at", "-pk")


def done_page(cursor: str = "") -> Page:
    """One page of what came true. Raises ``Invalid`` for a broken cursor."""
    rows = Wish.objects.fulfilled().select_related("area", "offer")
    return page_by(rows, "decided_at", newest=True, cursor=cursor, size=WALL_SIZE)


def public_names(wishes: Iterable[Wish]) -> dict[int, list[str]]:
    """By offer: the units that fulfilled it and agreed to be named. Nobody else is."""
    named: dict[int, list[str]] = {}
    for key, claims in claims_of(wishes).items():
        units = [claim.unit for claim in claims if claim.state == ClaimState.COMPLETED and claim.unit]
        named[key] = list(dict.fromkeys(str(unit) for unit in units if unit.is_public))
    return named


def offer_facts(wish: Wish) -> dict[str, Any]:
    """Shares of the offer as it stands."""
    offer = wish.offer
    if offer is None:
        return {"shares": wish.shares, "left": wish.shares, "taken": 0, "done": 0}
    return {"shares": offer.shares, "left": offer.left, "taken": offer.taken, "done": offer.done}
