"""One approval before the signing, by somebody else than who sent the text out."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import NotAllowed, RuleBroken
from people.models import User
from projects import messages
from projects.models import Paper
from projects.permissions import agreement_of, approves
from projects.services.fields import said
from projects.services.held import P, hold
from projects.services.people import office_people, tell
from projects.services.sending import UNDECIDED, stop_asking
from projects.states import PaperVerb


@transaction.atomic
def approve_paper(*, of: type[P], pk: int, by: User, version: int | None) -> P:
    """同意签约. Raises ``NotFound``, ``Conflict``, ``RuleBroken`` (a unit has not confirmed yet), ``NotAllowed`` (also
    for whoever sent it out)."""
    paper = _held(of, pk, by, PaperVerb.APPROVE, version)
    paper.move_to(PaperVerb.APPROVE, actor=by, changes={"approved_by": by, "approved_at": timezone.now()})
    tell(paper, messages.AgreementApproved, office_people(paper), but=by)
    return paper


@transaction.atomic
def refuse_paper(*, of: type[P], pk: int, by: User, version: int | None, words: str) -> P:
    """退回修改, with words. Raises as ``approve_paper``; ``Invalid`` without words."""
    paper = _held(of, pk, by, PaperVerb.REFUSE, version)
    text = said(words, "words", _("请写一句为什么退回。"))
    paper.move_to(PaperVerb.REFUSE, actor=by, note=text, changes=UNDECIDED)
    stop_asking(paper, by=by)
    tell(paper, messages.AgreementRefused, office_people(paper), but=by)
    return paper


def _held(of: type[P], pk: int, by: User, verb: PaperVerb, version: int | None) -> P:
    """As ``hold``, with the reason where the facts are not there yet."""
    try:
        return hold(of, pk, by, verb, version)
    except NotAllowed:
        _explain(of.objects.filter(pk=pk).first(), by)  # type: ignore[attr-defined]
        raise


def _explain(paper: Paper | None, by: User) -> None:
    """Raises ``RuleBroken`` or ``NotAllowed`` where there is more to say than that."""
    if paper is None or not approves(by, agreement_of(paper).area_id):
        return
    if paper.confirmed_at is None:
        raise RuleBroken(_("还有单位没有确认，确认齐了再审批。"))
    if paper.sent_by_id == by.pk:
        raise NotAllowed(_("是您送出去的，请另一位来审批。"))
