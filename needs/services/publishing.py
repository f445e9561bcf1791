"""列入需求清单: what everybody may read of a need is a sentence that staff write for it, never what was said."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.public_text import require_seen
from needs.models import Need
from needs.services.locked import checked_words, locked_need
from needs.states import Verb
from people.models import User

MOST = 60


def checked(words: str, names: Sequence[str], *, seen: str) -> str:
    """The sentence in one line. Raises ``Invalid`` (empty, too long), ``Warned`` (it seems to name somebody)."""
    text = " ".join(checked_words(words, empty=_("请写一句大家看得到的话，不写是谁。"), most=MOST).split())
    require_seen([text], names, seen=seen)
    return text


@transaction.atomic
def list_need(*, pk: int, by: User, words: str, version: int | None = None, seen_warnings: str = "") -> Need:
    """The need stands in the alliance's public 需求清单 with the sentence ``words``, its category, community and state.

    Raises ``NotFound``, ``NotAllowed``, ``Conflict``, ``RuleBroken`` (not being handled, listed already), ``Invalid``.
    """
    need = locked_need(pk=pk, by=by, verb=Verb.LIST, version=version)
    publish(need, by, checked(words, [need.contact_name, need.helped_name], seen=seen_warnings))
    return need


def publish(need: Need, by: User, text: str) -> None:
    """``text`` was checked; the need is locked, or new."""
    need.touch(listed=True, listed_at=timezone.now(), listed_words=text)
    need.write_event(verb=Verb.LIST, actor=by, source=need.state, target=need.state, note="", params={"words": text})


@transaction.atomic
def unlist_need(*, pk: int, by: User, version: int | None = None) -> Need:
    """移出需求清单, whatever became of it. Raises as ``list_need``."""
    need = locked_need(pk=pk, by=by, verb=Verb.UNLIST, version=version)
    need.touch(listed=False, listed_at=None, listed_words="")
    need.write_event(verb=Verb.UNLIST, actor=by, source=need.state, target=need.state, note="")
    return need
