"""News that is news no more: what asked somebody to take a need, once somebody has, or it lies elsewhere."""

from __future__ import annotations

from needs.messages import NeedArrived
from needs.messages.answers import CalledBack, NeedReopened
from needs.messages.triage import NeedGivenBack, NeedSentBack, NeedSentUp
from needs.models import Need, NeedEvent
from needs.states import Verb
from notifications.messages import MessageClass
from notifications.services import retire

MOVES = {Verb.ESCALATE: NeedSentUp, Verb.SEND_BACK: NeedSentBack, Verb.RETURN: NeedGivenBack}
ASKED: dict[Verb, type[MessageClass]] = {**MOVES, Verb.REOPEN: NeedReopened, Verb.CALL_BACK: CalledBack}
"""Steps that put a need before an office, and what asked its people to take it."""


def no_news(need: Need, *, before: NeedEvent) -> None:
    """Mark as read, for everybody, what asked them to take ``need`` before the step ``before``."""
    retire(NeedArrived, occurrence=need.number)
    last = need.events.filter(verb__in=list(ASKED), pk__lt=before.pk).order_by("-pk").first()
    if last is not None:
        retire(ASKED[Verb(last.verb)], occurrence=f"{need.number}:{last.pk}")
