"""办好了: the words are an answer to the resident, and the one question follows."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from needs.messages.answers import finished
from needs.models import Need
from needs.models.need import NO_UNIT
from needs.services import limits
from needs.services.asking import await_answer
from needs.services.errand_ends import call_off, need_with_errand_held
from needs.services.extensions import drop_extensions
from needs.services.hands import account_of
from needs.services.locked import checked_words, locked_need
from needs.services.seats import thank
from needs.services.waiting_ends import stop_waiting
from needs.states import Verb
from notifications.services import queue
from people.models import User


@transaction.atomic
def finish_need(*, pk: int, by: User, words: str, version: int | None = None) -> Need:
    """Done: tell the resident how, and ask whether it is solved.

    Raises ``NotFound`` (not in one's areas), ``NotAllowed``, ``Conflict`` (stale ``version``), ``RuleBroken`` (not in
    hand) and ``Invalid`` (no words, too many).
    """
    need, errand = need_with_errand_held(pk, lambda: locked_need(pk=pk, by=by, verb=Verb.FINISH, version=version))
    finish_locked(need, by=by, words=checked_words(words))
    call_off(errand, noted_by=by)
    return need


def finish_locked(need: Need, *, by: User | None, words: str) -> Need:
    """``finish_need`` for whoever has locked the need and knows that it may be done; ``words`` are checked.

    ``by`` is None where the resident confirmed what was brought.
    """
    now = timezone.now()
    unit, changes = need.unit, {**NO_UNIT, "finished_at": now, "waiting_since": None}
    if need.first_reply_at is None:
        changes["first_reply_at"] = now
    since = need.waiting_since
    event = need.move_to(Verb.FINISH, actor=by, note=words, changes=changes)
    limits.done(need)
    drop_extensions(need)
    stop_waiting(need, since)
    thank(unit, need, occurrence=f"{need.number}:{event.pk}")
    await_answer(need)
    queue(
        finished(need),
        occurrence=f"{need.number}:{need.rounds}",
        users=account_of(need),
        phones=[need.contact_phone],
    )
    return need
