"""A wish's history as its keepers read it."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from django.utils.translation import gettext as _

from needs.states.wish import WishVerb
from needs.wording.common import proposed
from people.models import User
from people.states import SignIn

OF_CLAIMERS = frozenset({WishVerb.CLAIMED, WishVerb.SENT, WishVerb.DELIVERED, WishVerb.RETURNED})


def wish_event(verb: WishVerb, params: dict[str, Any]) -> str:
    """One line; what a unit did names it."""
    words = {
        WishVerb.RAISE: _("登记了心愿"),
        WishVerb.EDIT: _("改了登记的内容，要重新核实"),
        WishVerb.VERIFY: _("核实了"),
        WishVerb.APPROVE: _("审批通过，上了心愿墙"),
        WishVerb.REJECT: _("没有通过"),
        WishVerb.WITHDRAW: _("撤回了"),
        WishVerb.REOPEN: _("再发布了一期"),
        WishVerb.CLAIMED: _("认领了"),
        WishVerb.SENT: _("开始送了"),
        WishVerb.DELIVERED: _("报告送到了"),
        WishVerb.NOT_THERE: _("社区说没收到"),
        WishVerb.FULFILLED: _("社区代确认，圆梦了"),
        WishVerb.RETURNED: _("退回了认领"),
        WishVerb.LAPSED: _("认领期到了"),
    }
    if params.get("to_street"):
        return _("核实了；社区没有另一位书记，交街道审批")
    if verb == WishVerb.PROPOSE:
        return proposed(params)
    unit = str(params.get("claimer") or "")
    return _("%(unit)s：%(what)s") % {"unit": unit, "what": words[verb]} if unit else words[verb]


def wish_actor(event: Any, claimers: Container[int | None]) -> User | None:
    """Who is named beside ``event``: nobody where a unit spoke, for its line names the unit and not who spoke for it.

    ``claimers``: keys of those who claimed this wish. Others of a unit come in by phone, staff with a password.
    """
    actor: User | None = event.actor
    if actor is None or event.verb not in OF_CLAIMERS or not event.params.get("claimer"):
        return actor
    units = event.verb == WishVerb.CLAIMED or actor.pk in claimers or actor.sign_in == SignIn.PHONE
    return None if units else actor
