"""How a need is put into words: for the resident plainly, for staff with what they need to act."""

from __future__ import annotations

from needs.wording.channels import Channel, right_channel
from needs.wording.common import (
    TONES,
    approvers,
    at_last,
    badge,
    day,
    desk,
    desk_named,
    hand,
    moment,
    near,
    office,
    on,
    phone_of,
    until,
    veiled,
)
from needs.wording.errands import brought, called_off, claim_word, is_called_off, to_confirm, you_confirm
from needs.wording.resident import (
    afterwards,
    event_for_resident,
    headline,
    promise,
    replier,
    resident_timeline,
    settled_at,
    steps,
)
from needs.wording.staff import actor, event_for_staff, left_unit, liaison_of, shown_verb
from needs.wording.wishes import wish_actor, wish_event

__all__ = [
    "TONES",
    "Channel",
    "actor",
    "afterwards",
    "approvers",
    "at_last",
    "badge",
    "brought",
    "called_off",
    "claim_word",
    "day",
    "desk",
    "desk_named",
    "event_for_resident",
    "event_for_staff",
    "hand",
    "headline",
    "is_called_off",
    "left_unit",
    "liaison_of",
    "moment",
    "near",
    "office",
    "on",
    "phone_of",
    "promise",
    "replier",
    "resident_timeline",
    "right_channel",
    "settled_at",
    "shown_verb",
    "steps",
    "to_confirm",
    "until",
    "veiled",
    "wish_actor",
    "wish_event",
    "you_confirm",
]
