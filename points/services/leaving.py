"""Whoever goes leaves figures behind and no name: what is held is given back, what is left is posted away."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notifications.messages import in_source_language
from people.models import User
from points.models import Account, Correction
from points.services.picking_up import release_all_of
from points.services.posting import oldest_first, write
from points.states import CorrectionState, Kind, Posting

ASLEEP = _("号码很久没有登录，换了新账号")


@transaction.atomic
def close_accounts_of(user: User, *, asleep: bool = False) -> int:
    """Close every account of ``user`` and let go of whose it was; returns how many. The ledger still adds up.

    ``asleep``: not by their own will, the number had rested; the posting says so, and the office may give it back.
    """
    why = in_source_language(ASLEEP, {}) if asleep else ""
    rows = Account.objects.of(user).order_by("pk").select_for_update(of=("self",), no_key=True)
    accounts = list(rows)
    release_all_of(accounts)
    for account in accounts:
        if account.balance:
            write(
                kind=Posting.CLOSE,
                account=account,
                moves=oldest_first(account, account.balance),
                other=Kind.EXPIRED,
                source=f"account:{account.pk}",
                label=in_source_language(Posting.CLOSE.label, {}),
                why=why,
            )
        Account.objects.filter(pk=account.pk).update(person=None, closed_at=timezone.now())
    keys = [account.pk for account in accounts]
    Correction.objects.filter(account__in=keys).update(words="", answer="")
    asked = Correction.objects.filter(account__in=keys, state=CorrectionState.ASKED)
    asked.update(state=CorrectionState.KEPT, answered_at=timezone.now(), answer="")
    return len(accounts)
