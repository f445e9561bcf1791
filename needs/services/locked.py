"""The need a step is about to change: locked, and open to whoever asks."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, NotAllowed, RuleBroken, Text
from needs.models import Need
from needs.permissions import abilities, hindrance, parties_of
from needs.services.intake import MAX_WORDS, check_words
from needs.services.meanwhile import require_version
from needs.states import WORKFLOW, Office, Party
from people.models import User

NO_WORDS: Text = _("请写几个字再发。")


def locked_need(*, pk: int, by: User, verb: str, version: int | None = None) -> Need:
    """The need ``pk``, locked and open to ``verb``.

    Raises ``NotFound`` (not in one's areas), ``Conflict`` (stale ``version``), ``RuleBroken`` (not in this state, or
    not as things stand) and ``NotAllowed`` (not this person).
    """
    need: Need = Need.objects.visible_to(by).locked(pk)
    require_version(need, version)
    if verb not in abilities(by, need):
        _refuse(need, by, verb)
    return need


def _refuse(need: Need, by: User, verb: str) -> None:
    step = WORKFLOW.find(need.state, verb)
    if step is None:
        raise RuleBroken(_("这件事现在是“%(state)s”，不能这样办。") % {"state": need.get_state_display()})
    here = parties_of(by, need)
    if step.actors & here:
        raise RuleBroken(hindrance(need, verb))
    if Party.COLLEAGUE in here and Party.HANDLER not in here:
        raise NotAllowed(_elsewhere(need))
    raise NotAllowed


def _elsewhere(need: Need) -> Text:
    """Colleagues look on at what has been sent up."""
    if need.office == Office.LEADER:
        return _("这件事在%(desk)s分管领导那里，要等回访。") % {"desk": need.desk.name}
    return _("这件事已经在%(desk)s手里，由那里办。") % {"desk": need.desk.name}


def checked_words(words: str, *, field: str = "words", empty: Text = NO_WORDS, most: int = MAX_WORDS) -> str:
    """Words for the resident or for colleagues, cleaned. Raises ``Invalid`` on ``field`` (empty, over ``most``)."""
    errors: dict[str, list[Text]] = {}
    text = check_words(words, errors, empty=empty, most=most)
    if errors:
        raise Invalid({field: errors["words"]}, message=errors["words"][0])
    return text


def checked_why(why: str) -> str:
    """The line that tells the next one why it lies with them. Raises ``Invalid`` on ``why`` (empty, too long)."""
    most = Need._meta.get_field("why_here").max_length or 0
    return checked_words(why, field="why", empty=_("请写一句为什么，接手的人好办。"), most=most)
