"""Somebody was faster with a claim: who, when and what, as far as whoever comes too late may read."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from alliance.lib.dates import moment
from alliance.lib.errors import Conflict
from claims.models import Claim, ClaimEvent
from claims.permissions import keeps, parties
from claims.states import Party, Verb
from members.models import Liaison
from people.models import User

KEEPERS = frozenset({Verb.CONFIRM, Verb.NOT_THERE, Verb.RELEASE})
"""What the community does."""
TAKERS = frozenset({Verb.CLAIM, Verb.RETURN})
"""What nobody does for whoever took it."""


def require_version(claim: Claim, version: int | None, by: User | None) -> None:
    """As ``claim.require_version``; the ``Conflict`` names what happened."""
    if version is None or version == claim.version:
        return
    facts = {"line": happened(claim, by)}
    if not facts["line"]:
        raise Conflict
    raise Conflict(
        _("%(line)s。请看看最新的再决定，您填的内容还在。") % facts, plain=_("%(line)s。请看看最新的再决定。") % facts
    )


def happened(claim: Claim, user: User | None) -> str:
    """今天 15:02，王芳代居民确认收到了: the last thing that happened to ``claim``, as ``user`` reads it; empty before
    anything did.
    """
    event = claim.events.select_related("actor").order_by("-at", "-id").first()
    if event is None:
        return ""
    who = _who(claim, event, user)
    facts = {"at": moment(event.at), "who": who, "what": _what(event)}
    return (_("%(at)s，%(who)s%(what)s") if who else _("%(at)s，%(what)s")) % facts


def _what(event: ClaimEvent) -> str:
    """A step as it is told of somebody; the resident speaks for themself."""
    if event.actor is None and event.verb in (Verb.CONFIRM, Verb.NOT_THERE):
        return _("说收到了") if event.verb == Verb.CONFIRM else _("说还没收到")
    said = {
        Verb.CLAIM: _("认领了"),
        Verb.SEND: _("开始送了"),
        Verb.DELIVER: _("说送到了"),
        Verb.CONFIRM: _("代居民确认收到了"),
        Verb.NOT_THERE: _("说还没收到"),
        Verb.RETURN: pgettext("told of somebody", "退回了"),
        Verb.RELEASE: pgettext("told of somebody", "收回了"),
        Verb.EXPIRE: _("约好的日子过了"),
    }
    return said[Verb(event.verb)]


def _who(claim: Claim, event: ClaimEvent, user: User | None) -> str:
    """Staff are told of staff by name, others that it was the community; nobody did what time did."""
    if event.actor is None:
        return "" if event.verb == Verb.EXPIRE else _("居民")
    if event.actor == user:
        return _("您")
    kept = user is not None and keeps(user, claim.offer)
    if claim.person_id == event.actor.pk:
        return (event.actor.name if kept else "") or _("认领的人")
    seat = Liaison.objects.filter(unit=claim.unit_id, user=event.actor).select_related("user").order_by("-pk").first()
    if claim.unit and (event.verb in TAKERS or (seat is not None and event.verb not in KEEPERS)):
        colleague = user is not None and Party.CLAIMER in parties(user, claim)
        return (seat.shown_name if seat is not None and colleague else "") or str(claim.unit)
    return event.actor.name if kept else claim.offer.keeper.name
