"""记录有误: asked by whose account it is, answered by the street office, and put right by further postings."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.dates import day_of
from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken, constraint_of
from alliance.lib.text import clean
from audit.services import record
from audit.states import Action
from notifications.messages import in_source_language
from notifications.services import queue
from people.models import User
from people.services.accounts import holders
from people.services.limits import take
from points import messages
from points.figures import said
from points.models import Account, Correction, Transfer
from points.querysets import BOOKKEEPERS
from points.services.awarding import award
from points.services.posting import held
from points.services.reversing import reverse_award
from points.states import CorrectionState

MAX_WORDS, MAX_ANSWER = 300, 200
ASKED = (10, 86_400)


def ask_correction(*, by: User, account: int, client_key: UUID, words: str, transfer: int | None = None) -> Correction:
    """Say what is wrong with a posting of one's own account, or what is missing; a second tap finds the first.

    Raises ``NotFound`` (not one's own), ``Invalid`` (no words, too many), ``RuleBroken`` (that posting is being looked
    at already), ``Conflict`` (the key is another's), ``TooMany``. Not within a transaction: tries stay counted.
    """
    own = Account.objects.of(by).filter(pk=account).first()
    if own is None:
        raise NotFound
    first = _first(client_key, own.pk)
    if first is not None:
        return first
    text = clean(words)
    if not text or len(text) > MAX_WORDS:
        raise Invalid({"words": [_("请写哪里不对，%(n)d字以内。") % {"n": MAX_WORDS}]})
    row = Transfer.objects.filter(pk=transfer, account=own).first() if transfer is not None else None
    if transfer is not None and row is None:
        raise NotFound
    take("points-correction", str(own.pk), limit=ASKED[0], seconds=ASKED[1])
    try:
        return _ask(own.pk, by, row, client_key, text)
    except IntegrityError as error:
        if constraint_of(error) == "correction_one_open":
            raise RuleBroken(_("这一笔已经在核对了，请等答复。")) from error
        first = _first(client_key, own.pk) if constraint_of(error) == "correction_client_key_once" else None
        if first is None:
            raise
        return first


def _first(key: UUID, own: int) -> Correction | None:
    """The question of the first tap. Raises ``Conflict`` if the key is another account's."""
    found = Correction.objects.filter(client_key=key).first()
    if found is not None and found.account_id != own:
        raise Conflict
    return found


@transaction.atomic
def _ask(pk: int, by: User, row: Transfer | None, key: UUID, text: str) -> Correction:
    """Under the account's lock: whoever is leaving asks nothing any more."""
    own = held(pk)
    if own.person_id != by.pk:
        raise NotFound
    made: Correction = Correction.objects.create(
        account=own, street_id=own.street_id, transfer=row, client_key=key, words=text
    )
    users = [user for user in holders(BOOKKEEPERS, own.street_id) if user.pk != own.person_id]
    queue(messages.to_the_office(own), occurrence=f"correction:{made.pk}", users=users)
    return made


@transaction.atomic
def answer_correction(
    *, pk: int, by: User, version: int | None, answer: str, take_back: bool = False, give: int = 0
) -> Correction:
    """Answer, and put right what is wrong: take the posting back, or give ``give`` tenths, or both.

    Raises ``NotFound``, ``NotAllowed`` (one's own account), ``Conflict`` (stale), ``Invalid`` (no words), and as
    ``reverse_award`` and ``award``.
    """
    seen = Correction.objects.visible_to(by).filter(pk=pk).values_list("account_id", flat=True).first()
    if seen is None:
        raise NotFound
    account = held(seen)  # the account first, as everybody who moves points
    row: Correction = Correction.objects.visible_to(by).select_related("account__person", "transfer").locked(pk)
    row.account.person_id = account.person_id
    if not Correction.objects.to_answer(by).filter(pk=pk).exists():
        if row.account.person_id == by.pk:
            raise NotAllowed
        raise RuleBroken(_("这一条已经答复过了。"))
    if version is not None and version != row.version:
        raise Conflict
    words = clean(answer)
    if not words or len(words) > MAX_ANSWER:
        raise Invalid({"answer": [_("请写一句答复，%(n)d字以内，本人看得到。") % {"n": MAX_ANSWER}]})
    _mend(row, account, by, words, take_back=take_back, give=give)
    row.state = CorrectionState.MENDED if take_back or give else CorrectionState.KEPT
    row.answer, row.answered_at, row.answered_by = words, timezone.now(), by
    row.version += 1
    row.save(update_fields=["state", "answer", "answered_at", "answered_by", "version"])
    if row.account.person is not None:
        message = messages.of_account(messages.CorrectionAnswered, row.account, why=words)
        queue(message, occurrence=f"correction:{row.pk}:answered", users=[row.account.person])
    return row


def _mend(row: Correction, account: Account, by: User, words: str, *, take_back: bool, give: int) -> None:
    """Take back before giving: the day has room again. Where too little is left for that, the other way round."""
    first = row.transfer
    if take_back and first is None:
        raise Invalid({"take_back": [_("没有指明哪一笔，不能冲正。")]})
    spent = first is not None and account.balance < first.amount
    if give and spent:
        _give(row, by, give, words)
    if take_back and first is not None:
        reverse_award(pk=first.pk, by=by, why=words)
    if give and not spent:
        _give(row, by, give, words)


def _give(row: Correction, by: User, amount: int, words: str) -> None:
    person = row.account.person
    if person is None:
        raise RuleBroken
    made = award(
        person=person,
        area_code=row.street_id,
        source=f"correction:{row.pk}",
        amount=amount,
        label=row.transfer.label if row.transfer else in_source_language(_("更正"), {}),
        day=row.transfer.day if row.transfer else None,
        by=by,
        why=words,
    )
    if made is None:
        raise RuleBroken(_("对方在这里上班，不记积分。"))
    if made.amount < amount:
        words_ = _("%(day)s一天最多记的分快满了，还能补%(left)s分。没有记，请改一下分数。")
        raise RuleBroken(words_ % {"day": day_of(made.day), "left": said(made.amount)})
    subject, params = f"{row.account.number}:{made.pk}", {"points": said(made.amount)}
    area = row.account.street_id
    record(Action.POINTS_GIVEN, actor=by, subject=subject, area_code=area, params=params, reason=words)
