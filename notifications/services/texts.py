"""Change what messages say, and take it back. What changed is in the audit log."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound, Text
from alliance.lib.text import clean
from audit.services import home_area, record
from audit.states import Action
from notifications.channels import signed
from notifications.messages import MessageClass, in_source_language, message_class, source_text
from notifications.models import MessageText
from notifications.permissions import text_abilities
from notifications.placeholders import Broken, variables
from notifications.states import LONGEST, ONE_LINE, Part
from people.models import User

ONE_SMS, LINKED_SMS = 70, 67


@transaction.atomic
def save_text(*, by: User, rule: str, part: str, text: str, version: int) -> MessageText:
    """Let ``part`` of the message ``rule`` say ``text``. ``version`` is the one the page was opened with, 0 for none.

    Messages already queued keep their words. Raises ``NotAllowed``, ``NotFound``, ``Conflict``, ``Invalid``.
    """
    declared, which = find_part(rule, part)
    if "change" not in text_abilities(by):
        raise NotAllowed
    text = check_text(declared, which, text)
    row = _locked(rule, which, version)
    before = row.text if row else source_text(declared.parts()[which])
    if row is None:
        row = MessageText(rule=rule, part=which, version=0)
    row.text, row.version, row.changed_by, row.changed_at = text, row.version + 1, by, timezone.now()
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Conflict from error
    if before != text:
        _note(by, rule, which, before, text)
    return row


@transaction.atomic
def reset_text(*, by: User, rule: str, part: str, version: int) -> None:
    """Let ``part`` of the message ``rule`` say what its class declares. Raises as ``save_text``; twice does nothing."""
    declared, which = find_part(rule, part)
    if "change" not in text_abilities(by):
        raise NotAllowed
    row = _locked(rule, which, version)
    if row is not None:
        _note(by, rule, which, row.text, source_text(declared.parts()[which]))
        row.delete()


def find_part(rule: str, part: str) -> tuple[type[MessageClass], Part]:
    """The class and the part of it that are meant. Raises ``NotFound``."""
    declared = message_class(rule)
    if declared is None or part not in declared.parts():
        raise NotFound
    return declared, Part(part)


def check_text(declared: type[MessageClass], part: Part, text: str) -> str:
    """``text`` as it would be kept. Raises ``Invalid`` at the field ``text``, with everything that is wrong with it."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    try:
        used = variables(text)
    except Broken as error:
        words = _("“%(what)s”这里的百分号写得不完整。变量要整个照抄，只要一个百分号的话就连写两个。")
        raise Invalid({"text": [words % {"what": str(error)}]}) from None
    wrong: list[Text] = []
    if not text:
        wrong.append(_("请写上文字；想用原来的，按“恢复默认”。"))
    if _has_controls(text) or (part in ONE_LINE and "\n" in text):
        wrong.append(_("里面有换行或看不见的字符，请删掉或重新打一遍。"))
    if strange := sorted(used - declared.usable(part)):
        usable = _listed(declared.usable(part)) or _("（没有）")
        wrong.append(_("这里没有变量 %(names)s。能用的有：%(usable)s") % {"names": _listed(strange), "usable": usable})
    if missing := sorted(declared.required(part) - used):
        wrong.append(_("不能少了 %(names)s，否则收到的人办不了事。") % {"names": _listed(missing)})
    if not wrong and (length := len(filled(declared, part, text))) > LONGEST[part]:
        words = _("填上变量后有%(length)s字，最多%(most)s字，请写短一点。")
        wrong.append(words % {"length": length, "most": LONGEST[part]})
    if wrong:
        raise Invalid({"text": wrong})
    return text


def filled(declared: type[MessageClass], part: Part, text: str) -> str:
    """``text`` with the sample values of its variables."""
    sample = {name: source_text(value) for name, value in declared.sample.items()}
    return in_source_language(text, sample)


def sms_count(text: str) -> int:
    """As how many text messages ``text`` is counted (and paid): 70 characters in one, 67 in each of several."""
    length = len(signed(text).encode("utf-16-le")) // 2
    return 1 if length <= ONE_SMS else -(-length // LINKED_SMS)


def _listed(names: Any) -> str:
    return " ".join(f"%({name})s" for name in sorted(names))


def _has_controls(text: str) -> bool:
    return clean(text) != text or any(unicodedata.category(sign) in ("Cc", "Cf") and sign != "\n" for sign in text)


def _locked(rule: str, part: Part, version: int) -> MessageText | None:
    """The row, locked. Raises ``Conflict`` if it is not the one the page showed."""
    pk = MessageText.objects.filter(rule=rule, part=part).values_list("pk", flat=True).first()
    try:
        row = MessageText.objects.locked(pk) if pk else None
    except NotFound:  # taken back between the two statements
        row = None
    if (row.version if row else 0) != version:
        raise Conflict
    return row


def _note(by: User, rule: str, part: Part, before: str, after: str) -> None:
    params = {"part": part.value, "before": before, "after": after}
    record(Action.TEXT_CHANGED, actor=by, subject=rule, area_code=home_area(by), params=params)
