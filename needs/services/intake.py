"""A need arrives: checked, numbered, stored, announced, once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from alliance.lib.errors import Conflict, DomainError, Invalid, Text
from alliance.lib.privacy import blind_index, clean_phone
from alliance.lib.text import clean, first_line, fold
from files.services import attach_held
from needs import messages
from needs.models import Need
from needs.services import limits
from needs.services.hands import first_handlers
from needs.states import Channel, Office, Origin, State, Verb
from notifications.services import queue
from people.models import Area
from people.services.consents import current_notice, record_consent
from people.services.limits import take
from people.services.numbers import next_number
from people.services.proof import check_proof
from people.states import Level

NUMBER_KIND = "XQ"
NOTICE = "need"
MAX_WORDS = 2000
NO_WORDS: Text = _("请写下是什么事，一句话也行。")
MAX_PLACE = 120
MAX_NAME = 30
CODE_ALPHABET = "23456789CDFGHJKMNPQRTX"
"""22 signs, 44 bits in ten: no vowels (codes spell no words), none of B, S, Z, V, W that are misread."""
CODE_LENGTH = 10
PER_ADDRESS = (30, 600)
PER_PHONE = (6, 3600)
PER_PHONE_DAY = (12, 86_400)
WITHOUT_PROOF = (10, 3600)


@dataclass(frozen=True, kw_only=True)
class NeedDraft:
    """What somebody says, as typed. Lengths are in characters; ``area_code`` is a community, or a street for
    "I do not know"."""

    client_key: UUID
    words: str
    place: str
    area_code: str
    name: str
    phone: str
    consented: bool
    notice_version: int
    spot: str = ""
    helped_name: str = ""
    helped_phone: str = ""
    channel: str = Channel.WEB
    hold_key: str = ""


def submit_publicly(draft: NeedDraft, *, ip: str, proof: str | None = None) -> Need:
    """``submit_need`` behind the limits on public writes.

    They are 30 in 10 minutes per address, 6 an hour and 12 a day per phone. ``proof`` is the solved proof of work;
    None where no browser can make one; empty from a browser without script, which then has 10 tries an hour per
    address. Checks the draft first, so that a typing error costs no try. Raises ``Invalid`` or ``TooMany``.
    """
    checked = check(draft)
    found = _already_there(checked)
    if found:
        return found
    if proof:
        check_proof(proof)
    elif proof is not None:
        message = _("从这里提交得太多了，请过一会儿再试；着急请直接打电话。")
        take("say-without-proof", ip, limit=WITHOUT_PROOF[0], seconds=WITHOUT_PROOF[1], message=message)
    take("say-address", ip, limit=PER_ADDRESS[0], seconds=PER_ADDRESS[1])
    message = _("这个手机号已经反映多次。急事请直接打电话，其他的请过一会儿再填。")
    take("say-phone", checked.phone, limit=PER_PHONE[0], seconds=PER_PHONE[1], message=message)
    take("say-phone-day", checked.phone, limit=PER_PHONE_DAY[0], seconds=PER_PHONE_DAY[1], message=message)
    return submit_need(checked)


def submit_need(draft: NeedDraft) -> Need:
    """Store a need and give it a number and a tracking code.

    A second call with the same ``client_key`` returns the first need (two taps, a retry); with other words it
    raises ``Conflict``. Raises ``Invalid`` with a sentence per field.
    """
    checked = check(draft)
    found = _already_there(checked)
    if found:
        return found
    try:
        return _store(checked)
    except IntegrityError:
        found = _already_there(checked)
        if found is None:
            raise
        return found


def _already_there(draft: NeedDraft) -> Need | None:
    need = Need.objects.select_related("area").filter(client_key=draft.client_key).first()
    if need and not _same(need, draft):
        raise Conflict(_("这一件已经提交过了。要补充，请到进度页面；要说另一件事，请重新填写。"))
    return need


def _same(need: Need, draft: NeedDraft) -> bool:
    said = (need.words, need.place, need.spot, need.area_id, need.phone_index)
    return said == (draft.words, draft.place, draft.spot, draft.area_code, blind_index("phone", draft.phone))


def check(draft: NeedDraft) -> NeedDraft:
    """``draft`` cleaned (control characters out, phone as digits). Raises ``Invalid`` naming every wrong field."""
    errors: dict[str, list[Text]] = {}
    words, place = check_words(draft.words, errors), clean(draft.place)
    if not place:
        errors["place"] = [_("请写下在哪里，比如小区和楼号。")]
    elif len(place) > MAX_PLACE:
        errors["place"] = [_("地点请写在120字以内。")]
    name = clean(draft.name)
    if not name:
        errors["name"] = [_("请写下怎么称呼您，比如赵阿婆。")]
    elif len(name) > MAX_NAME:
        errors["name"] = [_("称呼请写在30字以内。")]
    phone = check_phone(draft.phone, "phone", errors)
    helped_phone = check_phone(draft.helped_phone, "helped_phone", errors) if draft.helped_phone.strip() else ""
    if draft.consented and draft.notice_version != current_notice(NOTICE).version:
        errors["consent"] = [_("告知已经更新，请重新看一下再打勾。")]
    elif not draft.consented:
        errors["consent"] = [_("请看一下告知，同意后打勾。不想在网上填，也可以打电话说。")]
    if not Area.objects.takes_needs(draft.area_code).exists():
        errors["community"] = [_("请选一个社区；不清楚的，选“我不清楚”。")]
    if errors:
        raise Invalid(errors)
    return NeedDraft(
        client_key=draft.client_key,
        words=words,
        place=place,
        area_code=clean(draft.area_code),
        name=name,
        phone=phone,
        consented=True,
        notice_version=draft.notice_version,
        spot=clean(draft.spot)[:MAX_PLACE],
        helped_name=clean(draft.helped_name)[:MAX_NAME],
        helped_phone=helped_phone,
        channel=draft.channel,
        hold_key=draft.hold_key,
    )


def check_words(text: str, errors: dict[str, list[Text]], *, empty: Text = NO_WORDS, most: int = MAX_WORDS) -> str:
    """Cleaned words of at most ``most`` characters; what is wrong is added to ``errors`` under ``words``."""
    words = clean(text)
    if not words:
        errors["words"] = [empty]
    elif len(words) > most:
        over = len(words) - most
        said = ngettext("最多%(most)d字，现在多了%(over)d字。", "最多%(most)d字，现在多了%(over)d字。", over)
        errors["words"] = [said % {"most": most, "over": over}]
    return words


def check_phone(text: str, field: str, errors: dict[str, list[Text]]) -> str:
    """A phone as digits; the sentence in ``errors`` counts what is missing or too much."""
    digits = "".join(character for character in fold(text, 60) if character.isdigit())
    message: Text = _("手机号应为11位数字；座机请带区号。")
    if not digits:
        message = _("请写11位手机号，比如13800000000；没有手机，座机带区号也行。")
    if digits.startswith("1") and len(digits) < 11:
        message = _("手机号是11位，现在还少%(n)d位。") % {"n": 11 - len(digits)}
    elif digits.startswith("1") and len(digits) > 11:
        message = _("手机号是11位，现在多了%(n)d位。") % {"n": len(digits) - 11}
    try:
        return clean_phone(text, message=message)
    except DomainError:
        errors[field] = [message]
        return ""


@transaction.atomic
def _store(draft: NeedDraft) -> Need:
    area = Area.objects.get(pk=draft.area_code)
    street = area if area.level == Level.STREET else Area.objects.get(pk=area.street_code)
    phone_index = blind_index("phone", draft.phone)
    notice = current_notice(NOTICE)
    need = build_need(draft, area, street)
    need.save(force_insert=True)
    need.write_event(verb=Verb.SUBMIT, actor=None, source="", target=State.PENDING, note="")
    record_consent(
        notice=notice,
        subject_key=f"p:{phone_index}",
        source=need.number,
        channel=draft.channel,
        area_code=area.code,
    )
    if draft.hold_key:
        attach_held(hold_key=draft.hold_key, owner_kind="need", owner_id=str(need.pk), area_code=area.code)
    limits.await_acceptance(need)
    announce(need)
    return need


def build_need(draft: NeedDraft, area: Area, street: Area) -> Need:
    """A need as ``draft`` says it, numbered, with code and link of its own; not stored yet."""
    now = timezone.now()
    code = "".join(secrets.choice(CODE_ALPHABET) for _place in range(CODE_LENGTH))
    token = secrets.token_urlsafe(16)
    number = next_number(NUMBER_KIND, street, timezone.localdate(now))
    return Need(
        number=number,
        client_key=draft.client_key,
        origin=Origin.RESIDENT,
        channel=draft.channel,
        area=area,
        office=Office.STREET if area.level == Level.STREET else Office.COMMUNITY,
        title=first_line(draft.words),
        words=draft.words,
        place=draft.place,
        spot=draft.spot,
        contact_name=draft.name,
        contact_phone=draft.phone,
        phone_index=blind_index("phone", draft.phone),
        helped_name=draft.helped_name,
        helped_phone=draft.helped_phone,
        tracking_code=code,
        code_index=blind_index("code", code),
        link_token=token,
        link_index=blind_index("link", token),
        created_at=now,
        held_since=now,
        search_text=fold(" ".join((number, draft.words, draft.place, draft.spot))),
    )


def announce(need: Need) -> None:
    """Tell those who will handle it, in the same transaction, and confirm to the resident by SMS."""
    queue(messages.arrived(need), occurrence=need.number, users=first_handlers(need.area, need.office))
    queue(messages.received(need), occurrence=need.number, phones=[need.contact_phone])
