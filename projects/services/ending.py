"""How an agreement comes to its end: a unit leaves, the term is looked back on, it is renewed.

How it is closed or ended early: ``closing``.

Locks: the agreement, its open amendment, what the units were asked, dues last (docs/locking.md).
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, NotFound, RuleBroken
from notifications.messages import in_source_language
from people.models import User
from projects import messages
from projects.models import Agreement
from projects.services.drafting import draft_agreement
from projects.services.fields import Errors, day, said
from projects.services.held import hold
from projects.services.people import liaisons_of, tell
from projects.services.sending import give_up_amendment
from projects.states import PaperVerb

ONE_LEFT = _("一方退出，补充协议作废")
REVIEW_FROM = timedelta(days=60)
"""How long before its last day a term is looked back on at the earliest."""
NOT_REVIEWED = _("请先写评估：办得怎么样。")


@transaction.atomic
def leave_agreement(*, pk: int, by: User, version: int | None, party: int, left_on: date, words: str) -> Agreement:
    """一方退出 in mid-term: the text stays as it was signed, the unit's part in it ends on ``left_on``.

    Raises as ``hold``; ``NotFound`` (no such party), ``RuleBroken`` (left already; the last one, then it is ended),
    ``Invalid``.
    """
    row = hold(Agreement, pk, by, PaperVerb.LEAVE, version)
    found = row.parties.select_related("unit").filter(pk=party).first()
    if found is None:
        raise NotFound
    if found.left_on is not None:
        raise RuleBroken(_("%(unit)s已经退出了。") % {"unit": found.name})
    if row.parties.filter(left_on__isnull=True).count() < 2:
        raise RuleBroken(_("只剩这一家了。要结束，请结项或者提前终止。"))
    text = said(words, "words", _("请写一句为什么退出。"))
    if row.signed_on is None or not row.signed_on <= left_on <= timezone.localdate():
        raise Invalid({"left_on": [_("请选签约以后、今天以前的一天。")]})
    give_up_amendment(row, by=by, why=in_source_language(ONE_LEFT, {}))
    found.left_on, found.left_why = left_on, text
    found.save(update_fields=["left_on", "left_why"])
    row.move_to(PaperVerb.LEAVE, actor=by, note=text, params={"unit": found.name})
    tell(row, messages.AgreementEnded, liaisons_of([found.unit_id]), but=by)
    return row


@transaction.atomic
def review_agreement(*, pk: int, by: User, version: int | None, words: str) -> Agreement:
    """期满评估: how it went, in words; a later one takes its place.

    Raises as ``hold``; ``RuleBroken`` (the term ends in more than ``REVIEW_FROM``), ``Invalid`` without words.
    """
    row = hold(Agreement, pk, by, PaperVerb.REVIEW, version)
    if not may_review(row):
        raise RuleBroken(_("到期前%(n)d天起才能评估。") % {"n": REVIEW_FROM.days})
    text = said(words, "words", _("请写几句办得怎么样。"), 500)
    changes = {"review": text, "reviewed_by": by, "reviewed_on": timezone.localdate()}
    row.move_to(PaperVerb.REVIEW, actor=by, note=text, changes=changes)
    return row


@transaction.atomic
def renew_agreement(
    *, pk: int, by: User, version: int | None, client_key: UUID, starts_on: date, ends_on: date
) -> Agreement:
    """续签: a new draft with the same words, which goes its own way; the old one is 已续签 once that is signed.

    Raises as ``hold`` and ``draft_agreement``; ``RuleBroken`` without a review, or while another renewal is under way.
    """
    row = hold(Agreement, pk, by, PaperVerb.REVIEW, version)
    require_review(row)
    errors: Errors = {}
    if day(starts_on, "starts_on", errors) and not errors and starts_on <= row.starts_on:
        errors["starts_on"] = [_("续签的开始日期要在原来的以后。")]
    if errors:
        raise Invalid(errors)
    parties = row.parties.filter(left_on__isnull=True)
    return draft_agreement(
        client_key=client_key,
        by=by,
        area=row.area_id,
        commissioner=row.commissioner_id,
        renews=row,
        theme=row.theme,
        aim=row.aim,
        office_duties=row.office_duties,
        starts_on=starts_on,
        ends_on=ends_on,
        parties=[{"unit": party.unit_id, "duties": party.duties} for party in parties],
        targets=[{"name": one.name, "amount": one.amount, "measure": one.measure} for one in row.targets.all()],
    )


def may_review(row: Agreement) -> bool:
    """Whether its term is over, or will be soon enough to say how it went."""
    return row.runs_until is not None and timezone.localdate() >= row.runs_until - REVIEW_FROM


def require_review(row: Agreement) -> None:
    """Raises ``RuleBroken``."""
    if not row.review:
        raise RuleBroken(NOT_REVIEWED)
