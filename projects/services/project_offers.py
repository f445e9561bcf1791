"""A project that is up to be claimed: published by the street, taken by a unit or a bureau, given back.

What hears of claims holds the offer and locks no project: it writes who takes part, events and messages only.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, RuleBroken
from claims.models import Claim, Offer
from claims.services import publish_offer, withdraw_offer
from claims.services.moving import GIVES_BACK, hold_live, move
from claims.services.offers import close_if_over
from claims.states import ClaimState, OfferState, Verb
from people.models import User
from projects import messages_projects as messages
from projects.models import Project, ProjectUnit
from projects.services.fields import said
from projects.services.project_held import hold_with_offer
from projects.services.project_people import office_side, tell, warn_alone
from projects.states import ProjectVerb

OFFER_KIND = "project"
ASKED, THERE = "asked", "there"
"""What the unit was in the project before it claimed it."""


def offer_of(project: Project) -> Offer | None:
    """What is on offer of it today, read without a lock."""
    found: Offer | None = Offer.objects.filter(subject=project.subject, state=OfferState.OPEN).first()
    return found


@transaction.atomic
def publish_project(*, pk: int, by: User, version: int | None, closes_on: date | None = None) -> Offer:
    """发布认领: units of the street's alliances may take it until ``closes_on`` (that day included). Whoever has taken
    it by then leads it until the project is over, or gives it back.

    Raises as ``hold_project``; ``RuleBroken`` (published already, or a unit leads it), ``Invalid``.
    """
    row, offer = hold_with_offer(pk, by, ProjectVerb.PUBLISH, version)
    if offer is not None:
        raise RuleBroken(_("已经发布了，正等单位认领。"))
    if row.units.filter(is_lead=True, left_on__isnull=True).exists():
        raise RuleBroken(_("这个项目已经有牵头单位了。"))
    if closes_on is not None and not timezone.localdate() <= closes_on <= row.ends_on:
        raise Invalid({"closes_on": [_("请选今天到项目结束之间的一天。")]})
    closes = timezone.make_aware(datetime.combine(closes_on, time(23, 59, 59))) if closes_on else None
    made = publish_offer(
        kind=OFFER_KIND,
        subject=row.subject,
        label=row.number,
        title=row.name,
        area=row.area,
        closes_at=closes,
        without_term=True,
    )
    row.move_to(ProjectVerb.PUBLISH, actor=by)
    return made


@transaction.atomic
def unpublish_project(*, pk: int, by: User, version: int | None, words: str) -> Project:
    """撤下认领; whoever has it in hand is told that it was taken back.

    Raises as ``hold_project``; ``RuleBroken`` (nothing is published; a unit says it is done), ``Invalid``.
    """
    row, offer = hold_with_offer(pk, by, ProjectVerb.UNPUBLISH, version)
    text = said(words, "words", _("请写一句为什么撤下，认领的单位看得到。"))
    if offer is None:
        raise RuleBroken(_("现在没有发布认领。"))
    row.move_to(ProjectVerb.UNPUBLISH, actor=by, note=text)
    withdraw_offer(pk=offer.pk, by=None, why=text, release=True)
    return row


def fulfil(offer: Offer | None, *, by: User) -> None:
    """The project is done: whoever took it on has brought it to its end. The caller holds ``offer``."""
    if offer is None:
        return
    for claim in hold_live(offer):
        if claim.state != ClaimState.AWAITING:
            move(offer, claim, Verb.DELIVER, by=by, changes={"delivered_at": offer.now})
        move(offer, claim, Verb.CONFIRM, by=by)
    close_if_over(offer, by=by)
    offer.refresh_from_db(fields=("state",))


def claim_has_moved(*, claim: Claim, offer: Offer, verb: str, by: User | None, note: str = "") -> None:
    """A unit took it on, and leads it; or it gave it back, and does not."""
    row = Project.objects.select_related("area", "commissioner", "drafted_by").filter(pk=_key(offer)).first()
    if row is None or claim.unit is None or claim.unit_id is None:
        return
    told: dict[str, Any] = {"but": by, "who": claim.unit.name, "claim": claim}
    if verb == Verb.CLAIM:
        before = _lead(row, claim.unit_id, by)
        row.write_event(**_line(ProjectVerb.CLAIM, row, claim, by, note, before=before))
        tell(row, messages.ProjectTaken, office_side(row), **told)
    elif verb in GIVES_BACK:
        _lead_no_more(row, claim, note)
        warn_alone(row, claim.unit.name, claim=claim)
        if verb != Verb.RELEASE:  # what the street takes back it says itself
            row.write_event(**_line(ProjectVerb.GIVE_BACK, row, claim, by, note))
            tell(row, messages.ProjectGivenBack, office_side(row), **told)
        elif by is not None:  # by a colleague, apart from the project's own steps
            row.write_event(**_line(ProjectVerb.LEAVE, row, claim, by, note))


def _lead(row: Project, unit_id: int, by: User | None) -> str:
    """Nobody else leads: that is held by the offer. A unit that takes part already leads from now on.

    Returns what it was before: ``""`` nothing, ``asked`` or ``there``.
    """
    confirmed = {"confirmed_at": timezone.now(), "confirmed_by": by}
    present = row.units.filter(unit_id=unit_id, left_on__isnull=True)
    if not present.update(is_lead=True):
        ProjectUnit.objects.create(project=row, unit_id=unit_id, is_lead=True, **confirmed)
        return ""
    return ASKED if present.filter(confirmed_at__isnull=True).update(**confirmed) else THERE


def _lead_no_more(row: Project, claim: Claim, note: str) -> None:
    """The part that came with the claim ends with it; an earlier one is what it was before."""
    present = row.units.filter(unit_id=claim.unit_id, is_lead=True, left_on__isnull=True)
    line = row.events.filter(verb=ProjectVerb.CLAIM, params__claim=claim.pk).order_by("-pk").first()
    before = line.params.get("before", "") if line is not None else ""
    if before == THERE:
        present.update(is_lead=False)
    elif before == ASKED:
        present.update(is_lead=False, confirmed_at=None, confirmed_by=None)
    else:
        present.update(left_on=timezone.localdate(), left_why=note[:200])


def _line(verb: ProjectVerb, row: Project, claim: Claim, by: User | None, note: str, **more: str) -> dict[str, Any]:
    params = {"unit": claim.unit.name if claim.unit else "", "claim": claim.pk, **more}
    return {"verb": verb, "actor": by, "source": row.state, "target": row.state, "note": note, "params": params}


def _key(offer: Offer) -> int:
    kind, _sep, key = offer.subject.partition(":")
    return int(key) if kind == OFFER_KIND and key.isdigit() else 0
