"""How a need writes its history: every step is a line, and what its sentence needs is frozen as it was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from needs.models.event import LEFT, LEFT_NAME, NeedEvent
from needs.states import GIVEN_BACK, STAFF_ONLY, Audience, Verb

if TYPE_CHECKING:
    from needs.models.need import Need

PROMISING = (Verb.ACCEPT, Verb.ASSIGN, Verb.ERRAND, Verb.WISH, Verb.GRANT, Verb.RESUME, Verb.MOVE)
"""Steps that say until when there will be an answer."""


def leaving(need: Need, verb: str, changes: Mapping[str, Any] | None) -> dict[str, Any]:
    """The unit that loses ``need`` by a step of the office or the resident: it reads how what it was asked ended, and
    everybody else reads its name.
    """
    taken = need.unit_id and "unit" in (changes or {}) and verb not in GIVEN_BACK
    return {LEFT: need.unit_id, LEFT_NAME: str(need.unit)} if taken else {}


def write(need: Need, *, verb: str, actor: Any, note: str, params: Mapping[str, Any], **event: Any) -> NeedEvent:
    """One line, shown to whoever reads such steps."""
    audience = Audience.STAFF if verb in STAFF_ONLY else Audience.RESIDENT
    frozen = {**_frozen(need, verb, actor), **params}
    return NeedEvent.objects.create(
        need=need, verb=verb, actor=actor, words=note, audience=audience, params=frozen, **event
    )


def _frozen(need: Need, verb: str, actor: Any) -> dict[str, str]:
    """What the event's sentence needs, as it was: office, who acted, the promised day."""
    params = {"area": need.desk.name, "office": need.office, "actor": actor.name if actor else ""}
    if verb in (*PROMISING, Verb.REPLY) and need.promised:
        params["done_by" if need.first_reply_at else "reply_by"] = need.promised.isoformat()
    if verb == Verb.SUBMIT:
        params["channel"] = need.channel
    if verb in (Verb.ASSIGN, Verb.WILL_HELP, Verb.REPORT, Verb.HAND_BACK):
        params["unit"] = str(need.unit) if need.unit else ""
        params["holder"] = need.holder.name if need.holder else ""
    if verb == Verb.DECLINE:
        params["declined"] = need.declined
    return params
