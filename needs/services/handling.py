"""Staff take a need in hand: accept with a promised day, answer the resident, note for colleagues, call."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, NotAllowed, RuleBroken, Text
from alliance.lib.text import clean
from audit.services import record
from audit.states import Action
from needs import messages
from needs.models import Category, Need, NeedEvent
from needs.permissions import REVEAL, abilities
from needs.services import limits
from needs.services.hands import account_of
from needs.services.intake import check_words
from needs.states import WORKFLOW, Nature, Verb
from notifications.services import queue, retire
from people.models import User
from people.services.limits import take

MAX_PROMISE_DAYS = 60
REVEALS = (60, 3600)


def _locked(pk: int, by: User, verb: str, version: int | None) -> Need:
    """The need locked and open to ``verb``. Another street's need is not found; a wrong role is refused."""
    need: Need = Need.objects.visible_to(by).locked(pk)
    need.require_version(version)
    if verb not in abilities(by, need):
        if WORKFLOW.find(need.state, verb) is None:
            raise RuleBroken(_("这件事现在是“%(state)s”，不能这样办。") % {"state": need.get_state_display()})
        raise NotAllowed
    return need


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

    Raises ``NotFound`` (not in one's areas), ``NotAllowed``, ``Conflict`` (stale ``version``), ``RuleBroken``
    (already accepted) and ``Invalid`` (a day in the past or more than 60 days off, an unknown category).
    """
    need = _locked(pk, by, Verb.ACCEPT, version)
    promised = _checked_day(reply_by)
    if nature and nature not in Nature.values:
        raise Invalid({"nature": [_("请从列出的性质里选。")]})
    category = Category.objects.in_use().filter(pk=category_id).first() if category_id else None
    if category_id and category is None:
        raise Invalid({"category": [_("这个类别已停用，请另选一个。")]})
    now = timezone.now()
    changes = {
        "holder": by,
        "held_since": now,
        "accepted_at": now,
        "reply_by": promised,
        "nature": nature,
        "category": category,
        "urgent": urgent,
    }
    need.move_to(Verb.ACCEPT, actor=by, changes=changes)
    if clean(note):
        need.move_to(Verb.NOTE, actor=by, note=clean(note))
    limits.await_reply(need)
    retire(messages.NeedArrived, occurrence=need.number)
    queue(messages.accepted(need), occurrence=need.number, users=account_of(need), phones=[need.contact_phone])
    return need


def _checked_day(reply_by: date | None) -> date:
    today, usual = timezone.localdate(), limits.default_reply_by()
    promised = reply_by or usual
    if promised < today:
        raise Invalid({"reply_by": [_("答复日期不能早于今天。")]})
    if promised > max(usual, today + timedelta(days=MAX_PROMISE_DAYS)):
        raise Invalid({"reply_by": [_("答复日期最晚是今天起60天。")]})
    return promised


@transaction.atomic
def reply_to_resident(*, pk: int, by: User, words: str, version: int | None = None) -> NeedEvent:
    """Answer the resident; the first answer keeps the promise. A reply does not close the need.

    Raises as ``accept_need``; ``Invalid`` for an empty or overlong text.
    """
    need = _locked(pk, by, Verb.REPLY, version)
    text = _checked_words(words)
    changes = {} if need.first_reply_at else {"first_reply_at": timezone.now()}
    event: NeedEvent = need.move_to(Verb.REPLY, actor=by, note=text, changes=changes)
    limits.replied(need)
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
    need = _locked(pk, by, Verb.NOTE, version)
    event: NeedEvent = need.move_to(Verb.NOTE, actor=by, note=_checked_words(words))
    return event


def _checked_words(words: str) -> str:
    errors: dict[str, list[Text]] = {}
    text = check_words(words, errors, empty=_("请写几个字再发。"))
    if errors:
        raise Invalid(errors, message=errors["words"][0])
    return text


def call_resident(*, pk: int, by: User, reason: str = "", ip: str = "") -> Need:
    """Show the phone to whoever handles the need (logged by itself), or to another handler who gives a reason.

    At most 60 an hour per person. Raises ``NotFound``, ``NotAllowed``, ``TooMany``, ``Invalid`` (no reason given).
    """
    take("reveal", str(by.pk), limit=REVEALS[0], seconds=REVEALS[1])
    return _reveal(pk=pk, by=by, reason=clean(reason)[:200], ip=ip)


@transaction.atomic
def _reveal(*, pk: int, by: User, reason: str, ip: str) -> Need:
    need: Need = Need.objects.visible_to(by).locked(pk)
    may = abilities(by, need)
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
    if Verb.DIAL not in abilities(by, need):
        raise NotAllowed
    need.write_event(verb=Verb.SLIP, actor=by, source=need.state, target=need.state, note="")
    record(Action.REVEAL, actor=by, subject=need.number, area_code=need.area_id, reason=Verb.SLIP, ip=ip)
    return need
