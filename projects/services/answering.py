"""What a unit says to the text it was sent: from its desk, by the link, or on paper where nobody speaks for it online.

Locks: the card (if any), the agreement, the amendment, the question, dues last (docs/locking.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken
from alliance.lib.text import clean
from claims.querysets import seated_units
from deadlines.services.dues import drop_dues
from files import services as files
from files.models import Attachment
from members.models import Liaison
from notifications.services import revoke_cards
from people.models import User
from projects import messages
from projects.models import Agreement, Amendment, Ask, Paper
from projects.permissions import keeps
from projects.services.fields import said, too_long
from projects.services.held import CARD, ask_subject, asks_of, hold, subject_of
from projects.services.people import office_people, tell, tell_approvers
from projects.services.sending import AGAIN, UNDECIDED, stop_asking
from projects.states import Answer, AnsweredBy, PaperVerb

MOST_WORDS = 300
SHEET = "ask"
"""Under which name the pictures of what was confirmed on paper are kept."""
NOT_YOURS = _("您现在不是这个单位的联络员，不能替它答复。")
ANSWERED = _("这一份已经答复过了，谢谢您。")
GONE = _("这一份已经收回修改，现在不用答复。改好会再请您看。")


@transaction.atomic
def answer_ask(*, pk: int, by: User, yes: bool, words: str = "", via: str = AnsweredBy.DESK, sha256: str = "") -> Ask:
    """确认, or 想改一改 with words: by whoever speaks for the unit at this moment.

    ``sha256``: of the text that was read, where the page says it. Raises ``NotFound``, ``NotAllowed`` (the seat has
    ended), ``RuleBroken`` (answered already, taken back), ``Conflict`` (another text was read), ``Invalid``.
    """
    ask, paper = _held(pk, by)
    if not seated_units(by).filter(unit_id=ask.party.unit_id).exists():
        raise NotAllowed(NOT_YOURS)
    _require_open(ask)
    if sha256 and sha256 != ask.sha256:
        raise Conflict
    text = " ".join(clean(words).split())
    if len(text) > MOST_WORDS:
        raise Invalid({"words": [too_long(MOST_WORDS)]})
    if yes:
        _confirm(paper, ask, by=by, via=via, words=text)
    else:
        text = said(text, "words", _("请写一句想改什么。"), MOST_WORDS)
        _decline(paper, ask, by=by, via=via, words=text)
    return ask


@transaction.atomic
def confirm_on_paper(*, pk: int, by: User, version: int | None, words: str, hold_key: str = "") -> Ask:
    """书面确认, noted by staff with words where it is kept: only for a unit for which nobody speaks online today.
    ``hold_key``: the draft that holds pictures of the sheet, which nobody but the office sees.

    Raises ``NotFound``, ``NotAllowed``, ``Conflict``, ``RuleBroken``, ``Invalid`` without words.
    """
    ask, paper = _held(pk, by)
    paper.require_version(version)
    if not keeps(by, ask.party.agreement.area_id):
        raise NotAllowed
    _require_open(ask)
    if Liaison.objects.active().filter(unit_id=ask.party.unit_id).exists():
        raise RuleBroken(_("%(unit)s有联络员，请由联络员在网上确认。") % {"unit": ask.party.name})
    text = said(words, "words", _("请写是什么纸质材料、谁给的、放在哪里。"), MOST_WORDS)
    _confirm(paper, ask, by=by, via=AnsweredBy.PAPER, words=text)
    if hold_key:
        area = ask.party.agreement.area_id
        files.attach_held(hold_key=hold_key, owner_kind=SHEET, owner_id=str(ask.pk), area_code=area)
    return ask


def sheets_of(asks: Iterable[Ask]) -> dict[int, list[Attachment]]:
    """By question the pictures of what was confirmed on paper."""
    keys = [str(ask.pk) for ask in asks if ask.via == AnsweredBy.PAPER]
    return {int(key): rows for key, rows in files.attachments_of(SHEET, keys).items()} if keys else {}


def _held(pk: int, by: User) -> tuple[Ask, Any]:
    """The question with its paper, locked in their order. Raises ``NotFound``, ``RuleBroken``, ``NotAllowed``."""
    rows = Ask.objects.all()
    found = rows.select_related("party__agreement", "amendment").filter(pk=pk).first()
    if found is None:
        raise NotFound
    if not Ask.objects.visible_to(by).filter(pk=pk).exists():
        # Somebody who holds a link but no seat any more is told so; to others there is no such thing.
        seats = Liaison.objects.filter(unit_id=found.party.unit_id, user=by)
        raise NotAllowed(NOT_YOURS) if seats.exists() else NotFound
    _require_open(found)
    paper: Any
    if found.amendment_id is not None:
        paper = hold(Amendment, found.amendment_id, by, PaperVerb.CONFIRM, None)
    else:
        paper = hold(Agreement, found.party.agreement_id, by, PaperVerb.CONFIRM, None)
    ask: Ask = Ask.objects.select_related("party__agreement__area").locked(pk)
    return ask, paper


def _require_open(ask: Ask) -> None:
    if ask.answer:
        raise RuleBroken(ANSWERED)
    if ask.void_at is not None:
        raise RuleBroken(GONE)


def _store(ask: Ask, answer: str, *, by: User, via: str, words: str) -> None:
    ask.answer, ask.words, ask.via, ask.by, ask.answered_at = answer, words, via, by, timezone.now()
    ask.save(update_fields=["answer", "words", "via", "by", "answered_at"])


def _confirm(paper: Paper, ask: Ask, *, by: User, via: str, words: str) -> None:
    _store(ask, Answer.YES, by=by, via=via, words=words)
    every = not asks_of(paper).open().filter(turn=paper.turn).exists()
    changes = {"confirmed_at": timezone.now()} if every else {}
    params = {"unit": ask.party.name, "via": via}
    paper.move_to(PaperVerb.CONFIRM, actor=by, note=words, changes=changes, params=params)
    if via != AnsweredBy.CARD:  # the card that was answered is closed by whoever holds it
        revoke_cards(kind=CARD, subject=ask_subject(ask))
    if every:
        tell_approvers(paper)
        drop_dues(subject=subject_of(paper), kind=AGAIN)


def _decline(paper: Paper, ask: Ask, *, by: User, via: str, words: str) -> None:
    """One unit would have it otherwise: it is a draft again, and the others are told not to bother."""
    _store(ask, Answer.NO, by=by, via=via, words=words)
    params = {"unit": ask.party.name, "via": via}
    paper.move_to(PaperVerb.DECLINE, actor=by, note=words, changes=UNDECIDED, params=params)
    stop_asking(paper, by=by)
    tell(paper, messages.AgreementDeclined, office_people(paper), who=ask.party.name)
