"""补充协议: a signed agreement is changed by a further paper, which goes the same way to its signing.

Locks: the agreement, then the amendment (docs/locking.md).
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, Invalid, NotAllowed, RuleBroken
from alliance.lib.text import clean
from people.models import User
from projects.models import Agreement, Amendment
from projects.permissions import keeps
from projects.services.fields import Errors, day, too_long
from projects.services.held import hold, hold_agreement
from projects.states import OPEN_AMENDMENTS, AgreementState, PaperVerb

ONE_OPEN = _("还有一份补充协议没有签完，请先办完那一份。")


@transaction.atomic
def draft_amendment(
    *, agreement: int, client_key: UUID, by: User, version: int | None, words: str, new_ends_on: date | None = None
) -> Amendment:
    """拟定补充协议, while the agreement runs. A second tap with the same ``client_key`` finds the first.

    Raises ``NotFound``, ``NotAllowed``, ``Conflict``, ``RuleBroken`` (not running; one is under way), ``Invalid``.
    """
    row = hold_agreement(agreement, by)
    first: Amendment | None = Amendment.objects.filter(client_key=client_key).first()
    if first is not None:
        if (first.agreement_id, first.drafted_by_id) != (row.pk, by.pk):
            raise Conflict
        first.agreement = row
        return first
    row.require_version(version)
    if not keeps(by, row.area_id):
        raise NotAllowed
    if row.state != AgreementState.RUNNING:
        what = {"state": row.get_state_display()}
        raise RuleBroken(_("协议现在是“%(state)s”，不能再补充。") % what)
    if row.amendments.filter(state__in=OPEN_AMENDMENTS).exists():
        raise RuleBroken(ONE_OPEN)
    found = _checked(row, words, new_ends_on)
    last = row.amendments.aggregate(last=Max("ordinal"))["last"] or 0
    amendment = Amendment(agreement=row, ordinal=last + 1, client_key=client_key, drafted_by=by, **found)
    try:
        with transaction.atomic():
            amendment.save(force_insert=True)
    except IntegrityError as error:
        raise RuleBroken(ONE_OPEN) from error
    amendment.write_event(verb=PaperVerb.WRITE, actor=by, source="", target=amendment.state, note="")
    return amendment


@transaction.atomic
def edit_amendment(*, pk: int, by: User, version: int | None, words: str, new_ends_on: date | None = None) -> Amendment:
    """Change what is drafted. Raises as ``hold``, ``Invalid``."""
    row = hold(Amendment, pk, by, PaperVerb.EDIT, version)
    row.move_to(PaperVerb.EDIT, actor=by, changes=_checked(row.agreement, words, new_ends_on))
    return row


def _checked(agreement: Agreement, words: str, new_ends_on: Any) -> dict[str, Any]:
    errors: Errors = {}
    text = clean(words)
    if not 0 < len(text) <= 1000:
        errors["words"] = [_("请写补充什么。") if not text else too_long(1000)]
    if new_ends_on is not None:
        day(new_ends_on, "new_ends_on", errors)
        if "new_ends_on" not in errors and new_ends_on < max(agreement.starts_on, timezone.localdate()):
            errors["new_ends_on"] = [_("新的期限不能早于今天。要提前结束，请用“提前终止”。")]
    if errors:
        raise Invalid(errors)
    return {"words": text, "new_ends_on": new_ends_on}
