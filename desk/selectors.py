"""What lies on one person's desk: for which units they speak, what those were asked, what was taken in hand."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.http import HttpRequest
from django.utils import timezone

from alliance.lib.about import about, area_about
from alliance.lib.errors import NotFound
from claims.models import Claim, Offer
from claims.querysets import ClaimQuerySet, OfferQuerySet
from claims.states import HOLDING, LIVE
from members.models import DocumentVersion, Liaison, MemberUnit, Receipt, SeatOffer
from members.services import seats_of
from needs.models import Need, NeedEvent, Wish
from needs.querysets import NeedQuerySet
from needs.services.errand_ends import KIND as ERRAND
from needs.services.mine import my_needs
from needs.services.units import last_word, settled_without_unit
from needs.states import Verb
from people.models import Area, User
from people.states import WORK_ROLES
from projects.services.project_offers import OFFER_KIND as PROJECT
from volunteers.services.sections import OFFER_KIND as SECTION

UNIT_KEY = "desk_unit"
ELSEWHERE = (PROJECT, SECTION)
"""What is no thing to bring, and has pages of its own."""
OFFERS = 8
CONTACTS = ("contact_name", "contact_phone", "helped_name", "helped_phone", "tracking_code", "link_token")
HOUSEHOLD = ("beneficiary", "household", "phone")
"""What no unit reads: not even fetched."""


def wishes_of(offers: Iterable[int]) -> dict[int, Wish]:
    """The wish behind each offer, by the offer's key; nothing of the household is fetched."""
    rows = Wish.objects.filter(offer__in=list(offers)).defer(*HOUSEHOLD)
    return {wish.offer_id: wish for wish in rows if wish.offer_id}


def seat_here(request: HttpRequest, user: User) -> tuple[Liaison | None, list[Liaison]]:
    """The seat one works from now, and all of them. ``?unit=`` changes it; it is remembered in the session."""
    seats = seats_of(user)
    if not seats:
        return None, []
    by_unit = {str(seat.unit_id): seat for seat in seats}
    asked, kept = request.GET.get("unit", ""), request.session.get(UNIT_KEY, "")
    here = by_unit.get(asked) or by_unit.get(kept) or seats[0]
    if not area_about(request):
        about(request, here.unit.area_id)
    if asked in by_unit and asked != kept:
        request.session[UNIT_KEY] = asked
    return here, seats


def seats_to_show(unit: MemberUnit) -> list[Liaison]:
    """Who speaks for ``unit`` today, and who will."""
    rows = Liaison.objects.filter(unit=unit).exclude(ends_on__lte=timezone.localdate())
    return list(rows.exclude(ends_on=F("starts_on")).select_related("user").order_by("is_second", "starts_on"))


def second_is_free(unit: MemberUnit) -> bool:
    """Whether the unit has no second liaison."""
    return not any(seat.is_second and seat.ends_on is None for seat in seats_to_show(unit))


def offers_of(unit: MemberUnit) -> list[SeatOffer]:
    """Who was asked to speak for ``unit``, newest first."""
    return list(SeatOffer.objects.filter(unit=unit).order_by("-created_at", "-pk")[:OFFERS])


def handed_over_by(user: User) -> list[SeatOffer]:
    """What became of seats of one's own that were handed over, newest first."""
    rows = SeatOffer.objects.filter(hands_over__user=user).select_related("unit", "seat")
    return list(rows.order_by("-created_at", "-pk")[:OFFERS])


def units_of(user: User) -> list[int]:
    """Keys of the units ``user`` speaks for today."""
    return [seat.unit_id for seat in seats_of(user)]


def unread_papers(unit: MemberUnit, most: int) -> list[DocumentVersion]:
    """The newest papers of the alliances of ``unit`` that nobody there has said to have seen, the last one first."""
    unseen = Receipt.objects.unseen().filter(unit=unit).values("version")
    rows = DocumentVersion.objects.to_members_of(unit).newest().filter(pk__in=unseen)
    return list(rows.select_related("document__alliance").order_by("-published_at", "-pk")[:most])


def asked_of(units: list[int]) -> NeedQuerySet:
    """What ``units`` have been asked to help with and not answered yet, without whom it is about."""
    said = NeedEvent.objects.filter(need=OuterRef("pk"), verb=Verb.WILL_HELP).order_by("-pk")
    rows = Need.objects.at_units(units).annotate(agreed_at=Subquery(said.values("at")[:1]))
    return rows.select_related("area__parent", "unit").defer(*CONTACTS).order_by("reply_by", "held_since", "pk")


def to_reply(units: list[int]) -> NeedQuerySet:
    """Of these, what waits for a word."""
    return asked_of(units).filter(unit_said="")


def agreed(units: list[int]) -> NeedQuerySet:
    """Of these, what the unit said it would help with."""
    return asked_of(units).exclude(unit_said="")


def asked_need(user: User, pk: int) -> Need:
    """One of these. Raises ``NotFound``: another unit's, or none any more."""
    need = asked_of(units_of(user)).filter(pk=pk).first()
    if need is None:
        raise NotFound
    return need


def ended_need(user: User, pk: int) -> NeedEvent:
    """With what a unit of ``user`` gave back what it was asked, or what ended that otherwise; of several units the
    last. Raises ``NotFound``: never asked, still asked, or nobody knows.
    """
    found = []
    for unit in units_of(user):
        with suppress(NotFound):
            found.append(last_word(pk=pk, by=user, unit_id=unit))
    known = [event for event in found if event is not None]
    if not known:
        raise NotFound
    return max(known, key=lambda event: event.pk)


def settled_lately(user: User, unit: MemberUnit, days: int) -> list[NeedEvent]:
    """What the unit was asked and others settled within the last ``days``, newest first."""
    since = timezone.now() - timedelta(days=days)
    rows = settled_without_unit(by=user, unit_id=unit.pk).filter(at__gte=since)
    return list(rows.order_by("-at", "-pk")[:OFFERS])


def wishes_for(unit: MemberUnit) -> OfferQuerySet:
    """What ``unit`` may claim now, the soonest to end first."""
    joined = unit.memberships.active().values("alliance__street_code")
    rows = Offer.objects.open_now().filter(for_units=True, street_code__in=joined).exclude(kind__in=ELSEWHERE)
    return rows.select_related("area").order_by("closes_at", "pk")


def open_errands(user: User) -> OfferQuerySet:
    """Errands that ``user`` may take now, the most urgent first."""
    rows = Offer.objects.for_user(user).filter(kind=ERRAND)
    return rows.select_related("area").order_by("closes_at", "pk")


def own_claims(user: User, unit: MemberUnit | None) -> ClaimQuerySet:
    """What the unit has claimed, or without one the person."""
    mine = {"unit": unit} if unit else {"person": user}
    return Claim.objects.filter(**mine).select_related("offer__area")


def in_hand(user: User, unit: MemberUnit | None) -> ClaimQuerySet:
    """Of these what is still on the way or waits to be confirmed, the soonest first."""
    return own_claims(user, unit).filter(state__in=LIVE).order_by("deliver_by", "pk")


def own_claim(user: User, pk: int) -> Claim:
    """A claim of one's own or of one's unit. Raises ``NotFound`` for anybody else's, also where one works."""
    rows = Claim.objects.made_by(user).select_related("offer__area", "unit", "person", "by")
    claim: Claim | None = rows.filter(pk=pk).first()
    if claim is None:
        raise NotFound
    return claim


def live_claim_on(user: User, offer: Offer) -> Claim | None:
    """What one has of ``offer`` oneself, or one's unit."""
    return Claim.objects.made_by(user).filter(offer=offer, state__in=LIVE).order_by("-pk").first()


def own_run(user: User, offer: Offer) -> Claim | None:
    """The errand behind ``offer`` in one's own hands, or brought by oneself: what was given back is nobody's."""
    return Claim.objects.made_by(user).filter(offer=offer, state__in=HOLDING).order_by("-pk").first()


def near_area(user: User) -> Area | None:
    """Where somebody looks first: the community of the last need, or where they work."""
    last = my_needs(user)[:1]
    if last:
        return last[0].area
    codes = sorted(user.areas_of(*WORK_ROLES), key=lambda code: (-len(code), code))
    return Area.objects.filter(pk=codes[0]).first() if codes else None


def places(offers: Any) -> list[Area]:
    """The communities in which there is something, in order of sound."""
    return list(Area.objects.filter(pk__in=offers.order_by().values("area_id")).order_by("pinyin", "code"))
