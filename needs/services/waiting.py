"""等居民补充: the resident is asked for more, and meanwhile the clock stands. Who is reminded: ``waiting_ends``."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from needs.messages.done import DoneDayMoved
from needs.messages.triage import NeedAsked, PromiseGoesOn, for_resident
from needs.models import Need, NeedEvent
from needs.services import extension_clock, limits
from needs.services.hands import account_of
from needs.services.locked import checked_words, locked_need
from needs.services.waiting_ends import await_supplement, stop_waiting
from needs.states import Verb
from notifications.messages import MessageClass
from notifications.services import queue
from people.models import User


@transaction.atomic
def ask_resident(*, pk: int, by: User, words: str, version: int | None = None) -> NeedEvent:
    """Ask the resident for more in ``words``; until they have added it, or ``resume_need``, the promise's clock stands.

    Raises ``NotFound``, ``NotAllowed``, ``Conflict``, ``RuleBroken`` (asked already) and ``Invalid`` (no words).
    """
    need = locked_need(pk=pk, by=by, verb=Verb.ASK, version=version)
    text = checked_words(words, empty=_("请写清楚要居民补充什么。"))
    event: NeedEvent = need.move_to(Verb.ASK, actor=by, note=text, changes={"waiting_since": timezone.now()})
    limits.pause(need)
    extension_clock.stand_still(need)
    await_supplement(need)
    _tell(NeedAsked, need, event)
    return event


@transaction.atomic
def resume_need(*, pk: int, by: User, version: int | None = None) -> Need:
    """Go on without waiting any longer. Raises as ``ask_resident``; ``RuleBroken`` if nobody waits."""
    need = locked_need(pk=pk, by=by, verb=Verb.RESUME, version=version)
    go_on(need, by=by)
    return need


def go_on(need: Need, *, by: User | None) -> None:
    """The locked ``need`` waits no more, if it did: the clock runs on, and a day that moved is told to the resident.

    ``by`` is None where the resident has added what was asked for.
    """
    since = need.waiting_since
    if since is None:
        return
    before, promised = need.promised, limits.go_on(need)
    changes = {"waiting_since": None, limits.promise_field(need): promised, "held_since": timezone.now()}
    event: NeedEvent = need.move_to(Verb.RESUME, actor=by, changes=changes)
    extension_clock.go_on(need)
    stop_waiting(need, since)
    if promised != before:
        _tell(DoneDayMoved if need.first_reply_at else PromiseGoesOn, need, event)


def _tell(kind: type[MessageClass], need: Need, event: NeedEvent) -> None:
    occurrence = f"{need.number}:{event.pk}"
    queue(for_resident(kind, need), occurrence=occurrence, users=account_of(need), phones=[need.contact_phone])
