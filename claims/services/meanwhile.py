"""Somebody was faster with a claim: who, when and what, as far as whoever comes too late may read."""

from __future__ import annotations

from django.utils.translation import gettext as _

from alliance.lib.dates import moment
from alliance.lib.errors import Conflict
from claims.models import Claim, ClaimEvent
from claims.permissions import keeps
from claims.states import Verb
from people.models import User

KEEPERS = frozenset({Verb.CONFIRM, Verb.NOT_THERE, Verb.RELEASE})
"""What the community does."""


def require_version(claim: Claim, version: int | None, by: User | None) -> None:
    """As ``claim.require_version``; the ``Conflict`` names what happened."""
    if version is None or version == claim.version:
        return
    event = claim.events.select_related("actor").order_by("-at", "-id").first()
    if event is None:
        raise Conflict
    facts = {"at": moment(event.at), "who": _who(claim, event, by), "what": event.get_verb_display()}
    line = _("%(at)s %(who)s：%(what)s") % facts if facts["who"] else _("%(at)s %(what)s") % facts
    raise Conflict(_("%(line)s。请看看最新的再决定，您填的内容还在。") % {"line": line})


def _who(claim: Claim, event: ClaimEvent, by: User | None) -> str:
    """Staff are told names; whoever took it, that it was the community; nobody did what time did."""
    if event.actor is None:
        return "" if event.verb == Verb.EXPIRE else _("居民")
    if by is None or keeps(by, claim.offer) or event.actor == by:
        return event.actor.name
    if event.verb in KEEPERS:
        return claim.offer.area.name
    return str(claim.unit) if claim.unit else _("认领的人")
