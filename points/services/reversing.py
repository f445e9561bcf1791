"""冲正: what was given by mistake is taken back by a further transfer; the first one stays to be read."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, NotAllowed, NotFound, RuleBroken
from alliance.lib.text import clean
from audit.services import record
from audit.states import Action
from notifications.services import queue
from people.models import User
from points.messages import taken_back
from points.models import Day, Entry, Transfer
from points.permissions import account_abilities
from points.services.posting import held, oldest_first, write
from points.states import Kind, Posting

MAX_WHY = 200


@transaction.atomic
def reverse_award(*, pk: int, by: User, why: str) -> Transfer:
    """Take back the award ``pk`` of somebody else; asked again, it finds the first time.

    Raises ``NotFound`` (another street's), ``NotAllowed`` (not of the office, or one's own), ``Invalid`` without a
    reason, ``RuleBroken`` (no award, came to nothing, or spent meanwhile).
    """
    first = Transfer.objects.visible_to(by).select_related("account").filter(pk=pk).first()
    if first is None:
        raise NotFound
    words = clean(why)[:MAX_WHY]
    if not words:
        raise Invalid({"why": [_("请写为什么冲正，本人看得到。")]})
    account = held(first.account_id)
    if "reverse" not in account_abilities(by, account):
        raise NotAllowed
    done = Transfer.objects.filter(reverses=first).first()
    if done is not None:
        return done
    if first.kind != Posting.AWARD or not first.amount:
        raise RuleBroken(_("只有记过的得分能冲正。"))
    if account.balance < first.amount:
        raise RuleBroken(_("这笔积分已经用掉了，剩下的不够冲正。"))
    line = Entry.objects.select_related("lot").get(transfer=first, seq__isnull=False)
    moves = oldest_first(account, first.amount, [line.lot] if line.lot else [])
    made = write(
        kind=Posting.REVERSE,
        account=account,
        moves=moves,
        other=Kind.ISSUED,
        source=f"transfer:{first.pk}",
        label=first.label,
        why=words,
        by=by,
        reverses=first,
        day=first.day,
    )
    Day.objects.filter(account=account, day=first.day).update(given=F("given") - first.amount)
    subject = f"{account.number}:{first.pk}"
    record(Action.POINTS_REVERSED, actor=by, subject=subject, area_code=account.street_id, reason=words)
    if account.person is not None:
        queue(taken_back(made), occurrence=f"transfer:{made.pk}", users=[account.person])
    return made
