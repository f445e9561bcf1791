"""结项 and 提前终止 of an agreement: one colleague asks with a reason, another one who approves agrees, or it goes on.

Locks: as ``ending``.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import NotAllowed, RuleBroken
from people.models import User
from people.services.accounts import holders
from projects import messages
from projects.models import Agreement, Project
from projects.permissions import APPROVERS, agreement_abilities, approves
from projects.services.clock_dues import follow_term
from projects.services.ending import require_review
from projects.services.fields import said
from projects.services.held import hold, hold_agreement
from projects.services.people import parties_people, tell
from projects.services.sending import give_up_amendment
from projects.states import AgreementState, Ending, PaperVerb

NOTHING = {"ending": "", "ending_words": "", "ending_by": None, "ending_at": None}
UNASKED = _("没有人申请结束，或者已经收回了。")
NOT_BY_ASKER = _("是您申请的，请另一位来同意。")


@transaction.atomic
def ask_close(*, pk: int, by: User, version: int | None, words: str) -> Agreement:
    """申请结项, after the review, with words. Raises as ``hold``; ``RuleBroken`` (no review), ``Invalid``."""
    row = hold(Agreement, pk, by, PaperVerb.ASK_CLOSE, version)
    require_review(row)
    return _ask(row, PaperVerb.ASK_CLOSE, Ending.CLOSE, by, said(words, "words", _("请写一句为什么可以结项。")))


@transaction.atomic
def ask_end(*, pk: int, by: User, version: int | None, words: str) -> Agreement:
    """申请提前终止, with words. Raises as ``hold``; ``Invalid`` without words."""
    row = hold(Agreement, pk, by, PaperVerb.ASK_END, version)
    return _ask(row, PaperVerb.ASK_END, Ending.END, by, said(words, "words", _("请写一句为什么终止，各方看得到。")))


def _ask(row: Agreement, verb: PaperVerb, ending: Ending, by: User, words: str) -> Agreement:
    row.move_to(verb, actor=by, note=words, changes=asked(ending, by, words))
    tell(row, messages.AgreementToEnd, holders(APPROVERS, row.street_code), but=by)
    return row


def asked(ending: Ending, by: User, words: str) -> dict[str, object]:
    """What is written down of an ask."""
    return {"ending": ending, "ending_words": words, "ending_by": by, "ending_at": timezone.now()}


@transaction.atomic
def agree_to_end(*, pk: int, by: User, version: int | None) -> Agreement:
    """结项 or 提前终止, as it was asked for, by another one who approves; the parties are told.

    Raises ``NotFound``, ``Conflict``, ``RuleBroken`` (nothing is asked for), ``NotAllowed`` (also for whoever asked).
    """
    row = hold_agreement(pk, by)
    row.require_version(version)
    require_asked(row, running=AgreementState.RUNNING)
    verb = PaperVerb(row.ending)
    if verb not in agreement_abilities(by, row):
        refuse_asker(row, by)
    why = row.ending_words
    give_up_amendment(row, by=by, why=why)
    changes = {"ended_on": timezone.localdate(), "ended_why": why, "ended_by": by}
    asker = row.ending_by
    row.move_to(verb, actor=by, note=why, changes=changes)
    follow_term(row)
    tell(row, messages.AgreementEnded, [*parties_people(row), *([asker] if asker else [])], but=by)
    return row


@transaction.atomic
def keep_agreement(*, pk: int, by: User, version: int | None, words: str) -> Agreement:
    """It goes on: who asked takes it back, or who approves says no, with words. Raises as ``hold``; ``RuleBroken``
    (nothing is asked for), ``Invalid``."""
    row = hold_agreement(pk, by)
    row.require_version(version)
    require_asked(row, running=AgreementState.RUNNING)
    row = hold(Agreement, pk, by, PaperVerb.KEEP_ON, version)
    asker, text = row.ending_by, said(words, "words", _("请写一句为什么不结束。"))
    row.move_to(PaperVerb.KEEP_ON, actor=by, note=text, changes=NOTHING)
    tell(row, messages.AgreementKept, [asker] if asker else [], but=by)
    return row


def require_asked(row: Agreement | Project, *, running: str) -> None:
    """Raises ``RuleBroken`` unless somebody asked that it ends, and it has not."""
    if row.state != running or not row.ending:
        raise RuleBroken(UNASKED)


def refuse_asker(row: Agreement | Project, by: User) -> None:
    """Raises ``NotAllowed``, to whoever asked with the reason."""
    if row.ending_by_id == by.pk and approves(by, row.area_id):
        raise NotAllowed(NOT_BY_ASKER)
    raise NotAllowed
