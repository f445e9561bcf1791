"""Whose turn a section is: taken by a unit, a person or a team, given back, taken back, ended with thanks.

Who gets it is decided in ``claims``; this room hears of it inside the transaction, with the offer locked, and locks
the section after it (docs/locking.md). A turn has no last day: it ends when somebody says so.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, NotFound, RuleBroken
from alliance.lib.text import clean
from claims.models import Claim, Offer
from claims.services import claim_offer, claimers, release_claim, return_claim
from claims.services.moving import GIVES_BACK, hold_live, move
from claims.services.offers import close_if_over
from claims.services.people import by_daylight
from claims.states import ClaimState, Ending, Verb
from members.models import Liaison
from notifications.messages import MessageClass
from notifications.services import queue
from people.models import User
from people.querysets import STREET_LENGTH
from people.services.accounts import holders
from volunteers.messages import sections as messages
from volunteers.models import Section, Team, Volunteer
from volunteers.permissions.people import KEEPERS, leads
from volunteers.services.sections import OFFER_KIND, hold_section, put_up, said_why

BROUGHT = frozenset({Verb.SEND, Verb.DELIVER})
"""Steps of what is carried somewhere; a section is walked, and its keeper says when the turn is over."""


@transaction.atomic
def take_section(*, pk: int, by: User, client_key: UUID, unit: int | None = None, team: int | None = None) -> Claim:
    """认领: for a unit one speaks for, a team one leads, or in person. Exactly one gets it; the same key again finds
    the first claim.

    Raises ``NotFound``, ``NotAllowed``, ``RuleBroken`` (taken, closed, a child), ``Invalid`` on ``holder`` (a team that
    is not one's own to lead, or of another street).
    """
    row = Section.objects.visible_to(by).filter(pk=pk).first()
    if row is None:
        raise NotFound
    if row.closed_on is not None or row.offer_id is None:
        raise RuleBroken(_("这一段已经停了，看看别的。"))
    chosen = _own_team(team, by, row) if team is not None and unit is None else None
    claim = claim_offer(offer_id=row.offer_id, by=by, client_key=client_key, unit_id=unit)
    if chosen is not None and claim.just_made:
        Section.objects.filter(pk=pk, claim=claim).update(team=chosen)
    return claim


def _own_team(pk: int, by: User, row: Section) -> Team:
    """Locked, so that it is not closed meanwhile."""
    rows = Team.objects.public().filter(pk=pk, area__code__startswith=row.area_id[:STREET_LENGTH])
    team = rows.select_related("leader").select_for_update(of=("self",), no_key=True).first()
    if team is None or not leads(by, team):
        raise Invalid({"holder": [_("只有本街道队伍的队长，能替队伍认领。")]})
    return team


@transaction.atomic
def give_back_section(*, pk: int, by: User, version: int | None, words: str) -> Section:
    """退回, by whoever claimed it. Raises as ``hold_section``, ``Invalid`` on ``words``."""
    row, _offer = hold_section(pk, by, "give_back", version)
    text = said_why(words, _("请写一句为什么，别人好接着巡。"))
    return_claim(claim_id=row.claim_id or 0, by=by, note=text)
    row.refresh_from_db()
    return row


@transaction.atomic
def release_section(*, pk: int, by: User, version: int | None, words: str) -> Section:
    """收回, by the office: whoever had it is told. Raises as ``give_back_section``."""
    row, _offer = hold_section(pk, by, "release", version)
    text = said_why(words, _("请写一句为什么收回，认领的人看得到。"))
    release_claim(claim_id=row.claim_id or 0, by=by, note=text)
    row.refresh_from_db()
    return row


@transaction.atomic
def thank_section(*, pk: int, by: User, version: int | None, words: str = "") -> Section:
    """期满致谢: the turn counts as done, the section is up to be claimed again. Raises as ``hold_section``."""
    row, offer = hold_section(pk, by, "thank", version)
    if offer is None:
        raise NotFound
    text = clean(words)[:200]
    for claim in hold_live(offer):
        if claim.state != ClaimState.AWAITING:
            move(offer, claim, Verb.DELIVER, by=by, changes={"delivered_at": offer.now})
        move(offer, claim, Verb.CONFIRM, by=by, note=text)
        message = messages.of_section(messages.SectionThanked, row)
        queue(message, occurrence=f"claim:{claim.pk}", users=claimers(claim), not_before=by_daylight())
    close_if_over(offer, by=by)
    row.refresh_from_db()
    return row


def claim_has_moved(*, claim: Claim, offer: Offer, verb: str, by: User | None) -> None:
    """Somebody took it, or it is free again. Raises ``RuleBroken``: a child alone; nothing is brought here."""
    row = _of(offer)
    if row is None:
        return
    if verb == Verb.CLAIM:
        _require_grown_up(claim)
        _write(row, claim=claim.pk)
        _tell_office(row, messages.SectionTaken, claim, but=by)
    elif verb in GIVES_BACK or verb == Verb.CONFIRM:
        _write(row, claim=None)
        if verb == Verb.RETURN:
            _tell_office(row, messages.SectionFree, claim, but=by)
    elif verb in BROUGHT and by is not None and _is_claimer(by, claim):
        raise RuleBroken(_("责任段不用报告送达，巡了就记在日记里。"))


def offer_has_ended(*, offer: Offer, why: str) -> None:
    """The turn was done: the next one can begin."""
    row = _of(offer)
    if row is not None and why == Ending.FULFILLED and row.closed_on is None:
        put_up(row)


def _of(offer: Offer) -> Section | None:
    if offer.kind != OFFER_KIND:
        return None
    rows = Section.objects.filter(offer=offer).select_related("area")
    return rows.select_for_update(of=("self",), no_key=True).first()


def _write(row: Section, *, claim: int | None) -> None:
    written = {"claim": claim, "team": None, "noted_on": None, "version": F("version") + 1}
    Section.objects.filter(pk=row.pk).update(**written)


def _require_grown_up(claim: Claim) -> None:
    if claim.person_id and Volunteer.objects.filter(user=claim.person_id, born__isnull=False).exists():
        raise RuleBroken(_("不满14岁的孩子不单独巡查，请家长来认领，一起走。"))


def _is_claimer(user: User, claim: Claim) -> bool:
    seat = Liaison.objects.active().filter(unit=claim.unit_id, user=user) if claim.unit_id else None
    return seat.exists() if seat is not None else claim.person_id == user.pk


def _tell_office(row: Section, kind: type[MessageClass], claim: Claim, *, but: User | None) -> None:
    users = [user for user in holders(KEEPERS, row.area_id) if but is None or user.pk != but.pk]
    message = messages.of_section(kind, row, at_office=True)
    queue(message, occurrence=f"claim:{claim.pk}:{claim.version}", users=users, not_before=by_daylight())
