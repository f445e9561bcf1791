"""Wishes as staff and the public see them: the stage in a word, in whose hands, until when. Presentation only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims.models import Claim, Offer
from claims.states import LIVE, ON_THE_WAY, ClaimState
from deadlines.models import Stage
from deadlines.presenting import time_left
from needs import wording
from needs.models import Wish
from needs.presenting.due import span
from needs.presenting.wish_around import WishAround
from needs.services.wish_stages import stage_of
from needs.states.wish import WishStage, WishVerb

TONES = {
    WishStage.TO_VERIFY: "",
    WishStage.OPEN: "ask",
    WishStage.UNDER_WAY: "work",
    WishStage.FULFILLED: "done",
    WishStage.UNCLAIMED: "ask",
    WishStage.REJECTED: "off",
    WishStage.WITHDRAWN: "off",
}
CLAIM_TONES = {
    ClaimState.CLAIMED: "work",
    ClaimState.DELIVERING: "work",
    ClaimState.AWAITING: "ask",
    ClaimState.COMPLETED: "done",
}
OVER = (WishStage.FULFILLED, WishStage.REJECTED, WishStage.WITHDRAWN)


def state(wish: Wish) -> dict[str, str]:
    """The stage as tone and word; verified ones wait for a decision."""
    stage = stage_of(wish)
    word = _("待审批") if stage == WishStage.TO_VERIFY and wish.verified_by_id else str(stage.label)
    return {"label": word, "tone": TONES[stage]}


def claim_state(claim: Claim) -> dict[str, str]:
    """The state of one claim as tone and word."""
    return {"label": wording.claim_word(claim), "tone": CLAIM_TONES.get(ClaimState(claim.state), "")}


def last_day(moment: datetime | None) -> str:
    """The last day before ``moment``: a window that ends at midnight ends on the day before."""
    return wording.day(timezone.localtime(moment - timedelta(microseconds=1)).date()) if moment else ""


def hand(wish: Wish, around: WishAround) -> dict[str, Any]:
    """In whose hands, since when: ``{initial, name, unit, since, mine}`` as on needs."""
    stage = stage_of(wish)
    live = [claim for claim in around.claims_of(wish) if claim.state in LIVE]
    if stage in OVER:
        ended = wish.offer.ended_at if wish.offer else wish.decided_at
        said = stage.label if stage == WishStage.FULFILLED else _("没有人，%(state)s") % {"state": stage.label}
        return _held(str(said), since=ended, initial="—")
    if live:
        return _in_hand(wish, live)
    if stage == WishStage.OPEN and wish.offer:
        return _held(_("心愿墙，等人认领"), since=wish.offer.waits_since, initial=_("墙"))
    if stage == WishStage.UNCLAIMED and wish.offer:
        closed = max(filter(None, (wish.offer.closes_at, wish.offer.back_at)), default=None)
        return _held(_("%(who)s，可以再发布") % {"who": wish.area.name}, since=closed)
    if wish.verified_by_id:
        return _held(_("%(who)s，等审批") % {"who": approver(wish, around)}, since=wish.verified_at)
    wait = around.wait(wish)
    return _held(_("%(who)s，等核实") % {"who": wish.area.name}, since=wait.started_at if wait else wish.created_at)


def approver(wish: Wish, around: WishAround) -> str:
    """Who says yes or no to a verified wish, by post."""
    return wording.approvers(at_street=wish.pk in around.at_street)


def _in_hand(wish: Wish, live: list[Claim]) -> dict[str, Any]:
    """With whoever took it; with the community once it is said to be there."""
    waiting = [claim for claim in live if claim.state == ClaimState.AWAITING]
    if waiting:
        words = _("%(who)s，等代确认") % {"who": wish.area.name}
        return _held(words, since=waiting[-1].delivered_at)
    first = live[-1]
    more = len(live) - 1
    also = ngettext("还有%(n)d家", "还有%(n)d家", more) % {"n": more} if more else ""
    return _held(also, name=claimer(first), since=first.held_since)


def claimer(claim: Claim) -> str:
    """Who took it: a unit by its name, a person by theirs."""
    if claim.unit:
        return claim.unit.short_name or claim.unit.name
    return claim.person.name or _("热心居民") if claim.person else ""


def _held(unit: str, *, name: str = "", since: datetime | None, initial: str = "") -> dict[str, Any]:
    from_then = _("%(moment)s起") % {"moment": wording.moment(since)} if since else ""
    first = initial or (name or unit)[:1]
    return {"initial": first, "name": name, "unit": unit, "since": from_then, "at": since, "mine": False}


def due(wish: Wish, around: WishAround) -> dict[str, Any]:
    """Until when: verified, decided, brought, confirmed, taken."""
    stage, nothing = stage_of(wish), {"left": "—", "note": "", "used": None, "tone": ""}
    if stage == WishStage.TO_VERIFY:
        return _waiting(wish, around)
    if stage in OVER or stage == WishStage.UNCLAIMED:
        return nothing
    if ends := _bring_by(wish, around):
        return _dated(ends, _("%(day)s前送到"), around.now)
    if wait := around.to_confirm(wish):
        return _counted(wait, _("%(day)s前代确认"), around)
    closes = wish.offer.closes_at if wish.offer and stage == WishStage.OPEN else None
    return _dated(closes, _("认领到%(day)s"), around.now) if closes else nothing


def until(wish: Wish, around: WishAround) -> datetime | None:
    """When the present wait should end, as ``due`` says; None where nobody is waited for."""
    stage = stage_of(wish)
    if stage in OVER or stage == WishStage.UNCLAIMED:
        return None
    if ends := _bring_by(wish, around):
        return ends
    if wait := around.wait(wish) or around.to_confirm(wish):
        return wait.due_at
    return wish.offer.closes_at if wish.offer and stage == WishStage.OPEN else None


def _bring_by(wish: Wish, around: WishAround) -> datetime | None:
    """The first day on which something should be there."""
    claims = around.claims_of(wish)
    return min((one.deliver_by for one in claims if one.state in ON_THE_WAY and one.deliver_by), default=None)


def _dated(ends: datetime, note: str, now: datetime) -> dict[str, Any]:
    tone = "late" if ends < now else ""
    return {"left": _left(ends, now), "note": note % {"day": last_day(ends)}, "used": None, "tone": tone}


def _waiting(wish: Wish, around: WishAround) -> dict[str, Any]:
    """Until it is verified, or decided; how long already where no limit was kept."""
    wait = around.wait(wish)
    if wait is not None:
        return _counted(wait, _("%(day)s前审批") if wish.verified_at else _("%(day)s前核实"), around)
    waited = _("等了%(time)s") % {"time": span(around.now - (wish.verified_at or wish.created_at))}
    return {"left": waited, "note": _("等审批") if wish.verified_at else _("等核实"), "used": None, "tone": ""}


def _counted(wait: Stage, note: str, around: WishAround) -> dict[str, Any]:
    """A limit that runs, as those of needs count."""
    return {**time_left(wait, around.cal, around.now), "note": note % {"day": wording.day(wait.due_on)}, "used": None}


def _left(moment: datetime, now: datetime) -> str:
    if moment <= now:
        return _("过了%(time)s") % {"time": span(now - moment)}
    days = (timezone.localtime(moment - timedelta(microseconds=1)).date() - timezone.localdate(now)).days
    return ngettext("还有%(n)d天", "还有%(n)d天", days) % {"n": days} if days else _("今天到期")


def cap(wish: Wish) -> str:
    """What it may cost."""
    if wish.cap_yuan is None:
        return _("不用花钱，出时间")
    each = wish.shares > 1
    return (_("每份%(n)d元以内") if each else _("%(n)d元以内")) % {"n": wish.cap_yuan}


def still_free(offer: Offer) -> str:
    """``还没有人认领，今天 21:57起``: that nobody has it yet, or not all of it; empty where the last share is taken."""
    if not offer.left:
        return ""
    facts = {"since": wording.moment(offer.waits_since), "n": offer.left}
    if offer.taken:
        return ngettext("还有%(n)d份没有人认领，%(since)s起", "还有%(n)d份没有人认领，%(since)s起", offer.left) % facts
    return _("还没有人认领，%(since)s起") % facts


def most(wish: Wish) -> str:
    """As ``cap``, after a label that says already that it is the most."""
    if wish.cap_yuan is None:
        return cap(wish)
    return (_("每份%(n)d元") if wish.shares > 1 else _("%(n)d元")) % {"n": wish.cap_yuan}


def rows(wishes: Iterable[Wish], around: WishAround) -> list[dict[str, Any]]:
    """Rows of the staff's list."""
    found = []
    for wish in wishes:
        found.append(
            {
                "pk": wish.pk,
                "url": reverse("admin:needs_wish_change", args=[wish.pk]),
                "title": wish.item,
                "number": wish.number,
                "community": wish.area.name,
                "meta": [wish.called, wish.get_kind_display(), cap(wish), shares(wish)],
                "hand": hand(wish, around),
                "due": due(wish, around),
                "until": until(wish, around),
                "state": state(wish),
            }
        )
    return found


def shares(wish: Wish) -> str:
    """How many shares are taken, of several."""
    if wish.shares < 2:
        return ""
    if wish.offer is None:
        return _("%(n)d份") % {"n": wish.shares}
    return _("已认领%(taken)d/%(n)d份") % {"taken": wish.offer.taken, "n": wish.offer.shares}


def timeline(wish: Wish) -> list[dict[str, Any]]:
    """Everything that happened, newest first."""
    events = list(wish.events.select_related("actor").order_by("-at", "-id"))
    claimers = {event.actor_id for event in events if event.verb == WishVerb.CLAIMED}
    return [
        {
            "at": wording.moment(event.at),
            "who": shown.name if (shown := wording.wish_actor(event, claimers)) else "",
            "text": wording.wish_event(WishVerb(event.verb), event.params),
            "said": event.words,
            "kind": "event",
            "now": place == 0,
        }
        for place, event in enumerate(events)
    ]
