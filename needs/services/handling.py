"""Staff take a need in hand: accept with a promised day, answer the resident, note for colleagues, call."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, NotAllowed
from alliance.lib.text import clean
from audit.services import record
from audit.states import Action
from needs import messages
from needs.models import Need, NeedEvent
from needs.permissions import REVEAL, abilities
from needs.services import limits
from needs.services.accepting import acceptance, named_end, taken_in_hand
from needs.services.extensions import drop_extensions
from needs.services.hands import account_of
from needs.services.locked import checked_words, locked_need
from needs.services.remainders import may_call
from needs.states import Verb
from notifications.services import queue
from people.models import User
from people.services.limits import take

REVEALS = (60, 3600)


@transaction.atomic
def accept_need(
    *,
    pk: int,
    by: User,
    version: int | None = None,
    reply_by: date | None = None,
    nature: str = "",
    category_id: int | None = None,
    urgent: bool = False,
    note: str = "",
) -> Need:
    """Take the need into ``by``'s hands and promise a reply by ``reply_by`` (default: five working days on).

    What was promised before stays promised. Raises ``NotFound`` (not in one's areas), ``NotAllowed``, ``Conflict``
    (stale ``version``), ``RuleBroken`` (already accepted) and ``Invalid`` (a day in the past, more than 60 days off, or
    another than the one promised; an unknown category).
    """
    need = locked_need(pk=pk, by=by, verb=Verb.ACCEPT, version=version)
    changes = acceptance(need, holder=by, reply_by=reply_by, nature=nature, category_id=category_id, urgent=urgent)
    event = need.move_to(Verb.ACCEPT, actor=by, changes=changes)
    if clean(note):
        need.move_to(Verb.NOTE, actor=by, note=clean(note))
    taken_in_hand(need, event)
    return need


@transaction.atomic
def reply_to_resident(
    *, pk: int, by: User, words: str, done_by: date | None = None, version: int | None = None
) -> NeedEvent:
    """Answer the resident. The first answer keeps the promise and makes the next: done by ``done_by`` (default: the day
    promised, or five working days on). Later ones leave that day as it is. A reply does not close the need.

    Raises as ``accept_need``; ``Invalid`` for an empty or overlong text, and for a day in the past, more than 60 days
    off, or another than the one named before.
    """
    need = locked_need(pk=pk, by=by, verb=Verb.REPLY, version=version)
    text = checked_words(words)
    changes = named_end(need, done_by)
    if need.first_reply_at is None:
        changes["first_reply_at"] = timezone.now()
    event: NeedEvent = need.move_to(Verb.REPLY, actor=by, note=text, changes=changes)
    if changes:
        limits.replied(need)
        drop_extensions(need)
    queue(
        messages.replied(need),
        occurrence=f"{need.number}:{event.pk}",
        users=account_of(need),
        phones=[need.contact_phone],
    )
    return event


@transaction.atomic
def add_note(*, pk: int, by: User, words: str, version: int | None = None) -> NeedEvent:
    """Write a note that only staff read. Raises as ``reply_to_resident``."""
    need = locked_need(pk=pk, by=by, verb=Verb.NOTE, version=version)
    event: NeedEvent = need.move_to(Verb.NOTE, actor=by, note=checked_words(words))
    return event


def call_resident(*, pk: int, by: User, reason: str = "", ip: str = "") -> Need:
    """Show the phone to whoever handles the need (logged by itself), or to another handler who gives a reason.

    Once it is done, to whoever follows what was left over: that stands in the audit log alone, since a line in the
    history would tell the handlers what was answered.

    At most 60 an hour per person. Raises ``NotFound``, ``NotAllowed``, ``TooMany``, ``Invalid`` (no reason given).
    """
    take("reveal", str(by.pk), limit=REVEALS[0], seconds=REVEALS[1])
    return _reveal(pk=pk, by=by, reason=clean(reason)[:200], ip=ip)


@transaction.atomic
def _reveal(*, pk: int, by: User, reason: str, ip: str) -> Need:
    need: Need = Need.objects.visible_to(by).locked(pk)
    may = abilities(by, need)
    if need.is_over and may_call(by, need):
        record(Action.DIAL, actor=by, subject=need.number, area_code=need.area_id, reason=reason, ip=ip)
        return need
    if Verb.DIAL not in may and REVEAL not in may:
        raise NotAllowed
    if Verb.DIAL not in may and not reason:
        raise Invalid({"reason": [_("请写一句为什么要看，比如：居民来电催办。")]})
    own = Verb.DIAL in may
    need.write_event(verb=Verb.DIAL, actor=by, source=need.state, target=need.state, note=reason)
    action = Action.DIAL if own else Action.REVEAL
    record(action, actor=by, subject=need.number, area_code=need.area_id, reason=reason, ip=ip)
    return need


@transaction.atomic
def print_slip(*, pk: int, by: User, ip: str = "") -> Need:
    """The need with its tracking code, for a slip printed at the counter; shown in the history and in the audit log.

    Whoever has the code can act as the resident, so that handing it out leaves a trace. Raises ``NotFound``,
    ``NotAllowed``.
    """
    need: Need = Need.objects.visible_to(by).locked(pk)
    if Verb.SLIP not in abilities(by, need):
        raise NotAllowed
    need.write_event(verb=Verb.SLIP, actor=by, source=need.state, target=need.state, note="")
    record(Action.REVEAL, actor=by, subject=need.number, area_code=need.area_id, reason=Verb.SLIP, ip=ip)
    return need
