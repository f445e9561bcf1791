"""Somebody was faster: who, when and what, so that whoever comes too late knows what stands now."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from alliance.lib.errors import Conflict
from needs import wording
from needs.models import Need, NeedEvent, Wish
from needs.states import FOR_UNITS, RESIDENT_ONLY
from needs.states.wish import WishVerb
from people.models import User
from people.states import Role


class Overtaken(Conflict):
    """The need or wish has moved on since the form was opened; the message says how."""


def require_version(row: Need | Wish, version: int | None) -> None:
    """As ``row.require_version``; the ``Conflict`` names what happened."""
    if version is None or version == row.version:
        return
    if line := last_line(row):
        facts = {"line": line}
        raise Overtaken(
            _("%(line)s。请看看最新的再决定，您填的内容还在。") % facts,
            plain=_("%(line)s。请看看最新的再决定。") % facts,
        )
    raise Conflict


def last_line(row: Need | Wish) -> str:
    """今天 15:02 社区书记王芳：同意延期: the last thing that happened; empty before anything did."""
    staffs: Any = row.events.exclude(verb__in=RESIDENT_ONLY)
    event = staffs.select_related("actor").order_by("-at", "-id").first()
    if event is None:
        return ""
    if isinstance(row, Wish):
        what, nobody = wording.wish_event(WishVerb(event.verb), event.params), ""
    else:
        what, nobody = wording.event_for_staff(event), _("居民")
    if isinstance(row, Wish):
        claimers = set(row.events.filter(verb=WishVerb.CLAIMED).values_list("actor_id", flat=True))
        shown = wording.wish_actor(event, claimers)
    else:
        shown = event.actor
    if isinstance(event, NeedEvent) and event.verb in FOR_UNITS:
        who = wording.actor(event)
    else:
        who = named(shown, row.area_id) if shown else nobody
    facts = {"at": wording.moment(event.at), "who": who, "what": what}
    return _("%(at)s %(who)s：%(what)s") % facts if who else _("%(at)s %(what)s") % facts


def named(actor: User, area_id: str) -> str:
    """Post and name of a colleague; the name alone of anybody else."""
    held = actor.roles_at(area_id)
    post = next((role.label for role in Role if role in held), "")
    return _("%(post)s%(name)s") % {"post": post, "name": actor.name} if post else actor.name
