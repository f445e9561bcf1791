"""The locked rows of a step: the agreement, then the amendment, then what the units were asked (docs/locking.md)."""

from __future__ import annotations

from typing import Any, TypeVar

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import NotAllowed, NotFound, RuleBroken
from notifications.services import revoke_cards
from people.models import User
from projects.models import Agreement, Amendment, Ask, Paper
from projects.permissions import agreement_of, paper_abilities
from projects.states import AgreementState

P = TypeVar("P", bound=Paper)
CARD = "projects.confirm"


def hold(of: type[P], pk: int, by: User, verb: str, version: int | None) -> P:
    """The agreement or amendment ``pk`` locked and open to ``verb``, its agreement locked before it.

    Raises ``NotFound``, ``Conflict``, ``RuleBroken``, ``NotAllowed``.
    """
    paper: Any = hold_agreement(pk, by) if of is Agreement else _amendment(pk, by)
    paper.require_version(version)
    if paper.workflow.find(paper.state, verb) is None:
        what = {"state": paper.get_state_display()}
        raise RuleBroken(_("这一份现在是“%(state)s”，不能这样办。") % what)
    if verb not in paper_abilities(by, paper):
        raise NotAllowed
    found: P = paper
    return found


def hold_agreement(pk: int, by: User) -> Agreement:
    """Locked, as far as ``by`` sees it. Raises ``NotFound``."""
    found: Agreement = Agreement.objects.visible_to(by).select_related("area", "renews").locked(pk)
    return found


def _amendment(pk: int, by: User) -> Amendment:
    agreement_pk = Amendment.objects.visible_to(by).filter(pk=pk).values_list("agreement_id", flat=True).first()
    if agreement_pk is None:
        raise NotFound
    agreement = hold_agreement(agreement_pk, by)
    found: Amendment = Amendment.objects.filter(agreement=agreement).locked(pk)
    found.agreement = agreement
    if agreement.state != AgreementState.RUNNING:
        what = {"state": agreement.get_state_display()}
        raise RuleBroken(_("原协议现在是“%(state)s”，补充协议办不下去了。") % what)
    return found


def subject_of(paper: Paper) -> str:
    """The paper as the subject of its dues."""
    return f"{'amendment' if isinstance(paper, Amendment) else 'agreement'}:{paper.pk}"


def ask_subject(ask: Ask) -> str:
    """The question as the subject of its cards."""
    return f"ask:{ask.pk}"


def asks_of(paper: Paper) -> Any:
    """What the units were asked about this paper, whatever became of it."""
    amendment = paper if isinstance(paper, Amendment) else None
    return Ask.objects.filter(party__agreement=agreement_of(paper), amendment=amendment)


def void_asks(paper: Paper) -> list[Ask]:
    """The text is not asked about any more: open cards end, and answers to it count for nothing. Returns those that had
    not been answered."""
    rows = asks_of(paper).filter(turn=paper.turn, void_at__isnull=True).order_by("pk")
    found = list(rows.select_related("party__unit").select_for_update(of=("self",), no_key=True))
    Ask.objects.filter(pk__in=[ask.pk for ask in found]).update(void_at=timezone.now())
    for ask in found:
        revoke_cards(kind=CARD, subject=ask_subject(ask))
    return [ask for ask in found if not ask.answer]
