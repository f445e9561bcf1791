"""A second 没解决 lies with the 分管领导, who calls the resident and says how it goes on. The call is on record."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from needs.messages import answers as messages
from needs.models import Need
from needs.services import limits
from needs.services.hands import hands
from needs.services.locked import checked_words, locked_need
from needs.services.retention import forget_at_end
from needs.states import Office, Verb
from notifications.messages import source_text
from notifications.services import queue, retire
from people.models import User


@transaction.atomic
def call_back(*, pk: int, by: User, words: str, settled: bool, version: int | None = None) -> Need:
    """The leader has called: ``words`` say what was agreed, for colleagues; the resident reads that there was a call.
    Settled, or done again by the street.

    Raises ``NotFound`` (not in one's areas), ``NotAllowed``, ``Conflict`` (stale ``version``), ``RuleBroken`` (not at
    the leader's) and ``Invalid`` (no words).
    """
    need = locked_need(pk=pk, by=by, verb=Verb.CALL_BACK, version=version)
    text = checked_words(words)
    asked = need.events.filter(verb=Verb.REOPEN).order_by("-pk").first()
    if asked is not None:
        retire(messages.CallBackWanted, occurrence=f"{need.number}:{asked.pk}")
    if settled:
        need.move_to(Verb.CALL_BACK, actor=by, note=text)
        need.move_to(Verb.SETTLE, actor=by, changes={"ended_at": timezone.now()})
        limits.responded(need)
        forget_at_end(need)
        return need
    now, why = timezone.now(), source_text(_("分管领导回访过，交街道重办"))
    changes = {"office": Office.STREET, "held_since": now, "why_here": why}
    event = need.move_to(Verb.CALL_BACK, actor=by, note=text, changes=changes)
    need.write_event(verb=Verb.CALLED, actor=by, source=need.state, target=need.state, note="")
    limits.moved(need)
    queue(messages.called_back(need), occurrence=f"{need.number}:{event.pk}", users=hands(need))
    return need
