"""The resident follows a need with number and code, or with the link of the slip; adds to it; withdraws it."""

from __future__ import annotations

import hmac
import re
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, NotFound, RuleBroken, Text
from alliance.lib.privacy import blind_index
from alliance.lib.text import clean, fold
from files.services import attach_held, attachments, held
from needs import messages
from needs.models import Need, NeedEvent
from needs.models.need import NO_UNIT
from needs.permissions import resident_abilities
from needs.services import limits, waiting
from needs.services.errand_ends import call_off, need_with_errand_held
from needs.services.extensions import drop_extensions
from needs.services.hands import hands
from needs.services.intake import CODE_LENGTH, check_words
from needs.services.news import no_news
from needs.services.retention import forget_at_end
from needs.services.seats import thank
from needs.services.waiting_ends import stop_waiting
from needs.services.wish_left_open import tell_of_open_wishes
from needs.states import State, Verb
from notifications.services import queue
from people.services.consents import withdraw_consents
from people.services.limits import count, peek, refuse_after, take

FAILURES_PER_ADDRESS = (20, 600)
GUESSES = (500, 30 * 86_400)
SUPPLEMENTS = (10, 3600)
MOST_PHOTOS = 24
TOO_MANY = _("试得太频繁了，请过一会儿再试；也可以打电话报编号，请工作人员查。")
OVER = _("这件事已经结束，不能再改。有新情况，请重新反映。")
ANSWER_FIRST = _("这件事说是办好了，正等您评价。还没办好，请点“没解决”。")
NOT_FOUND = _("编号或查询码不对，请照着凭条再输一遍。")


def normalise_code(text: str) -> str:
    """A typed code as stored: upper case, no dashes or spaces, look-alikes resolved (O, I, L are never used)."""
    return re.sub(r"[^0-9A-Z]", "", fold(text, 60).upper())


def normalise_number(text: str) -> str:
    """A typed number as stored; the dashes may be missing or of any kind."""
    parts = re.fullmatch(r"(XQ)([A-Z]{2,4})(\d{8})(\d{4,})", re.sub(r"[^0-9A-Z]", "", fold(text, 60).upper()))
    return "-".join(parts.groups()) if parts else ""


def find_by_code(*, number: str, code: str, ip: str) -> Need:
    """The need ``number`` if ``code`` is its tracking code.

    A wrong code and an unknown number get the same answer (``NotFound``). At most 20 failures in 10 minutes
    per address (``TooMany``); after 500 wrong codes a number is closed to typed codes for the month, with that same
    answer, and only the link still opens it.
    """
    refuse_after("track-address", ip, limit=FAILURES_PER_ADDRESS[0], seconds=FAILURES_PER_ADDRESS[1], message=TOO_MANY)
    _require_filled(number, code)
    asked = normalise_number(number)
    given = blind_index("code", normalise_code(code) or "-")
    need: Need | None = Need.objects.select_related("area__parent", "holder").filter(number=asked).first()
    closed = peek("track-number", asked, seconds=GUESSES[1]) >= GUESSES[0]
    right = hmac.compare_digest(need.code_index if need else "-" * 43, given)
    if need is None or closed or not right:
        count("track-address", ip, seconds=FAILURES_PER_ADDRESS[1])
        count("track-number", asked, seconds=GUESSES[1])
        raise NotFound(NOT_FOUND)
    return need


def _require_filled(number: str, code: str) -> None:
    """What is missing can be said without telling which needs there are. Raises ``Invalid``."""
    errors: dict[str, list[Text]] = {}
    if not fold(number, 60):
        errors["number"] = [_("请写编号，在凭条上“编号”下面那一行。")]
    length = len(normalise_code(code))
    if length == 0:
        errors["code"] = [_("请写查询码，在凭条上“查询码”下面那一行。")]
    elif length != CODE_LENGTH:
        errors["code"] = [_("查询码是%(right)d位，现在是%(n)d位。") % {"right": CODE_LENGTH, "n": length}]
    if errors:
        raise Invalid(errors)


def find_by_link(token: str) -> Need:
    """The need behind a slip's link. Raises ``NotFound``."""
    index = blind_index("link", token)
    rows = Need.objects.select_related("area__parent", "holder", "category").filter(link_index=index)
    need: Need | None = rows.first() if index else None
    if need is None:
        raise NotFound
    return need


def _locked_for_resident(token: str, verb: str) -> Need:
    need: Need = Need.objects.locked(find_by_link(token).pk)
    if verb not in resident_abilities(need):
        raise RuleBroken(ANSWER_FIRST if need.state == State.TO_ANSWER else OVER)
    return need


def supplement(*, token: str, words: str, client_key: UUID | None = None, hold_key: str = "") -> NeedEvent:
    """Add to what was said, with photos if ``hold_key`` holds any; at most 10 an hour.

    A second call with the same ``client_key`` returns the first event. Raises ``NotFound``, ``RuleBroken`` (ended),
    ``Invalid`` (empty, too long; too many photos), ``TooMany``.
    """
    errors: dict[str, list[Text]] = {}
    text = check_words(words, errors, empty=_("请写几个字再补充。"))
    if errors:
        raise Invalid(errors, message=errors["words"][0])
    need = find_by_link(token)
    said = need.events.filter(client_key=client_key).first() if client_key else None
    if said:
        return said
    take("supplement", str(need.pk), limit=SUPPLEMENTS[0], seconds=SUPPLEMENTS[1])
    return _supplement(token, text, client_key, hold_key)


@transaction.atomic
def _supplement(token: str, text: str, client_key: UUID | None, hold_key: str) -> NeedEvent:
    need = _locked_for_resident(token, Verb.SUPPLEMENT)
    # Asked again under the lock: two taps at once.
    said = need.events.filter(client_key=client_key).first() if client_key else None
    if said:
        return said
    if hold_key:
        _require_room(need, hold_key)
        attach_held(hold_key=hold_key, owner_kind="need", owner_id=str(need.pk), area_code=need.area_id)
    event: NeedEvent = need.move_to(Verb.SUPPLEMENT, actor=None, note=text, client_key=client_key)
    waiting.go_on(need, by=None)
    queue(messages.supplemented(need), occurrence=f"{need.number}:{event.pk}", users=hands(need))
    return event


def _require_room(need: Need, hold_key: str) -> None:
    """A need has so many photos and no more, however often somebody adds to it."""
    if len(attachments("need", str(need.pk))) + len(held(hold_key)) > MOST_PHOTOS:
        raise Invalid({"photos": [_("这件事的照片已经够多了，最多%(n)d张。可以打电话说。") % {"n": MOST_PHOTOS}]})


@transaction.atomic
def urge(*, token: str) -> Need:
    """The resident asks when: whoever has the need is told, once a day at most.

    Raises ``NotFound``, ``RuleBroken`` (ended, urged today already, or nobody is there who could be told).
    """
    need = _locked_for_resident(token, Verb.URGE)
    now = timezone.now()
    if not may_urge(need):
        raise RuleBroken(_("今天已经替您催过了，明天还可以再催。着急就打电话。"))
    people = hands(need)
    if not people:
        raise RuleBroken(_("这件事现在没有经办的人，网上催不到，请直接打电话问。"))
    event: NeedEvent = need.move_to(Verb.URGE, actor=None, changes={"urged_at": now})
    queue(messages.urged(need), occurrence=f"{need.number}:{event.pk}", users=people)
    return need


def may_urge(need: Need) -> bool:
    """Once a day, by the calendar on the wall."""
    return need.urged_at is None or timezone.localdate(need.urged_at) < timezone.localdate()


@transaction.atomic
def withdraw(*, token: str, reason: str = "") -> Need:
    """The resident takes the need back; consent ends with it, and who asked to be forgotten is forgotten at once.

    Raises ``NotFound``, ``RuleBroken``.
    """
    pk = find_by_link(token).pk
    need, errand = need_with_errand_held(pk, lambda: _locked_for_resident(token, Verb.WITHDRAW))
    unit, since, changes = need.unit, need.waiting_since, {**NO_UNIT, "ended_at": timezone.now(), "waiting_since": None}
    event = need.move_to(Verb.WITHDRAW, actor=None, note=clean(reason)[:200], changes=changes)
    limits.ended(need)
    call_off(errand)
    drop_extensions(need)
    stop_waiting(need, since)
    thank(unit, need, occurrence=need.number)
    withdraw_consents(source=need.number)
    tell_of_open_wishes([need])
    no_news(need, before=event)
    queue(messages.withdrawn(need), occurrence=need.number, users=hands(need))
    forget_at_end(need)
    return need
