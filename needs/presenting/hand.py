"""In whose hands a need is: a unit that was asked, else whoever handles it, else the office at whose desk it lies."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from needs import wording
from needs.models import Need
from needs.states import State
from people.models import User


def hand(need: Need, viewer: User) -> dict[str, Any]:
    """``{initial, name, unit, since, at, mine}``; ``name`` is empty where nobody by name has it, ``unit`` says who.

    While a unit helps, ``line`` is the one sentence about both. Whoever is asked for more has it until it has come.
    """
    if need.is_over:
        return _held(_nobody(need), since=need.ended_at, initial="—")
    if need.state == State.TO_ANSWER:
        return _held(asked_to_answer(), since=need.finished_at, initial=_("居"))
    holder = need.holder.name if need.holder else ""
    if need.waiting_since:
        then = _joined(
            _("%(name)s接着办") % {"name": holder} if holder else "",
            _("请了%(unit)s协助") % {"unit": need.unit.short_name or need.unit.name} if need.unit else "",
            _paused(need),
        )
        return {**_held(asked_for_more(), since=need.waiting_since, initial=_("居")), "then": then}
    held = _held(_joined(wording.desk(need), _paused(need)), name=holder, since=need.held_since)
    return {**held, "mine": need.holder_id == viewer.pk, "line": wording.helped(need, holder)}


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _paused(need: Need) -> str:
    """That the unit that was asked takes no part for now; empty if it does."""
    return _("单位暂停参加") if paused_unit(need) else ""


def asked_for_more() -> str:
    """Whose turn it is while the resident is asked for more."""
    return _("居民，等补充")


def asked_to_answer() -> str:
    """Whose turn it is once it is done."""
    return _("居民，等评价")


def paused_unit(need: Need) -> dict[str, str] | None:
    """The unit that was asked takes no part meanwhile: which, why, since when; None if it does."""
    unit = need.unit
    if unit is None or unit.suspended_at is None or need.state != State.IN_PROGRESS:
        return None
    return {"name": str(unit), "why": unit.suspended_why, "since": wording.on(unit.suspended_at)}


def _nobody(need: Need) -> str:
    said = {
        State.WITHDRAWN: _("没有人，已撤回"),
        State.CLOSED: _("没有人，已办结"),
        State.NOT_ACCEPTED: _("没有人，不予受理"),
    }
    return said[State(need.state)]


def _held(unit: str, *, name: str = "", since: datetime | None, initial: str = "") -> dict[str, Any]:
    from_then = _("%(moment)s起") % {"moment": wording.moment(since)} if since else ""
    first = initial or (name or unit)[:1]
    return {"initial": first, "name": name, "unit": unit, "since": from_then, "at": since, "mine": False}
