"""What went with a number that had rested is given back by the office, to whoever shows that it was theirs."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, NotAllowed, NotFound, RuleBroken
from alliance.lib.text import clean
from audit.services import record
from audit.states import Action
from people.models import User
from people.services.phone_sign_in import account_of, mobile
from points.figures import said
from points.models import Account, Transfer
from points.permissions import account_abilities
from points.services.awarding import award_and_tell
from points.services.posting import held
from points.services.rules import rule_on
from points.states import Posting

MAX_WHY = 200


def closing_of(account: Account) -> Transfer | None:
    """The posting with which ``account`` was closed since its number had rested; None for any other end."""
    if account.closed_at is None:
        return None
    return account.transfers.filter(kind=Posting.CLOSE).exclude(why="").first()


@transaction.atomic
def restore_points(*, pk: int, by: User, phone: str, why: str) -> Transfer:
    """Give what was on the closed account ``pk`` to the account of ``phone``; a second time finds the first.

    Counted for the day before it was closed, whatever that day's limit. Raises ``NotFound`` (another street's),
    ``NotAllowed``, ``Invalid`` (no reason, nobody signs in with that phone), ``RuleBroken`` (closed by its holder),
    ``Conflict`` (somebody else has them already).
    """
    if not Account.objects.kept_by(by).filter(pk=pk).exists():
        raise NotFound
    account = held(pk)
    if "reverse" not in account_abilities(by, account):
        raise NotAllowed
    closing = closing_of(account)
    if closing is None or account.closed_at is None:
        raise RuleBroken(_("只有号码久未登录而关掉的账户，才能补回。"))
    words = clean(why)[:MAX_WHY]
    if not words:
        raise Invalid({"why": [_("请写核对了什么，本人看得到。")]})
    person = account_of(mobile(phone))
    if person is None:
        raise Invalid({"phone": [_("这个号码还没有账号，请本人先登录一次。")]})
    if person.pk == by.pk:
        raise NotAllowed
    made = award_and_tell(
        person=person,
        area_code=account.street_id,
        source=f"account:{account.pk}",
        amount=closing.amount,
        label=closing.label,
        day=timezone.localdate(account.closed_at) - timedelta(days=1),
        by=by,
        why=words,
        rule=rule_on(),
        unlimited=True,
    )
    if made is None:
        raise RuleBroken(_("对方在这里上班，不记积分。"))
    if made.just_made:
        subject, params = f"{account.number}:{made.pk}", {"points": said(made.amount)}
        record(Action.POINTS_GIVEN, actor=by, subject=subject, area_code=account.street_id, params=params, reason=words)
    return made
