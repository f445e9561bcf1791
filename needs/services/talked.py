"""What a meeting resolved about a need goes back to it, and its resident reads it.

Locks: the need, after the topic or action item it came of (docs/locking.md).
"""

from __future__ import annotations

from needs.messages.talked import talked_over
from needs.models import Need, NeedEvent
from needs.services.hands import account_of
from needs.states import WORKFLOW, Verb
from notifications.services import queue
from people.models import User


def tell_talked_over(*, pk: int, by: User | None, meeting: str, words: str, done: bool = False) -> NeedEvent | None:
    """``words``: what was resolved, or with ``done`` what has been done of it; ``meeting``: its name.

    It is no reply of the office: what was promised stays promised. Nothing where the need has ended, or is none any
    more. For use inside a transaction.
    """
    if not Need.objects.filter(pk=pk).exists():
        return None
    need: Need = Need.objects.locked(pk)
    if WORKFLOW.find(need.state, Verb.TALKED) is None:
        return None
    params = {"meeting": meeting, **({"done": True} if done else {})}
    event: NeedEvent = need.move_to(Verb.TALKED, actor=by, note=words, params=params)
    message, occurrence = talked_over(need, done=done), f"{need.number}:{event.pk}"
    queue(message, occurrence=occurrence, users=account_of(need), phones=[need.contact_phone])
    return event
