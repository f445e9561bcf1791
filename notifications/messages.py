"""Message classes: what can be said and through which channels. Each app declares its own in ``messages.py``.

    class NeedArrived(MessageClass):
        label = _("新诉求提醒")
        title = _("新诉求：%(title)s")
        body = _("%(number)s，%(community)s，等您受理。")
        sample = {"number": "XQ-CX-20261121-0007", "title": _("楼道灯坏了"), "community": _("万寿桥社区")}
        must = frozenset({"number"})

        def __init__(self, need: Need) -> None:
            super().__init__(
                params={"number": need.number, "title": need.title, "community": need.area.name},
                area_code=need.area_id, subject_label=need.number, url=need.staff_url,
            )

    queue(NeedArrived(need), occurrence=need.number, users=[…])

``params`` are stored as they are, so that the inbox reads well in either language: never personal data.
``secrets`` (a code, a link's token) are for what leaves the house, stored encrypted until the message is out;
their names stand in ``secret``. ``urgent``: about something 紧急, so that neither quiet hours nor a digest keep it.
Wordings are Chinese in the code and can be changed in the workbench: ``sample`` shows what each variable looks like,
``must`` names those that may not be left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType
from typing import Any, ClassVar

from django.utils import translation

from alliance.lib.dates import day_of
from alliance.lib.errors import Text
from notifications import lines
from notifications.models import Message
from notifications.placeholders import variables
from notifications.states import PARTS_OF, Channel, Part

SOURCE_LANGUAGE = "zh-hans"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_classes: dict[str, type[MessageClass]] = {}


class MessageClass:
    """Base of all message classes. Templates are filled with ``%(name)s`` from the parameters."""

    rule: ClassVar[str] = ""
    """Key of the class in the outbox; by default app and class name, ``needs.NeedArrived``."""
    label: ClassVar[Text] = ""
    """What the message is, for people: in lists of deliveries."""
    channels: ClassVar[tuple[Channel, ...]] = (Channel.INAPP,)
    title: ClassVar[Text] = ""
    body: ClassVar[Text] = ""
    sms: ClassVar[Text] = ""
    email_subject: ClassVar[Text] = ""
    """By default the title."""
    email_body: ClassVar[Text] = ""
    """By default the body, or the title where there is none."""
    sample: ClassVar[Mapping[str, Any]] = {}
    """Every variable of the wordings with a value to look at."""
    must: ClassVar[frozenset[str]] = frozenset()
    """Variables without which the message would be useless: no wording may leave them out."""
    secret: ClassVar[frozenset[str]] = frozenset()
    """Variables that come in ``secrets``: not for the inbox, which stores its texts as they are."""
    lasts: ClassVar[timedelta] = timedelta(days=1)
    """How long sending still makes sense; after that the message is missed and listed for a human."""
    group: ClassVar[bool] = False
    """Told to the groups of its area as well: number, title, ``day`` and link, so the title names nobody."""
    at_once: ClassVar[bool] = False
    """Neither quiet hours nor a digest keep it: what somebody waits for just now (a code), or the digest itself."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "rule" not in cls.__dict__:
            cls.rule = f"{cls.__module__.partition('.messages')[0]}.{cls.__name__}"
        _check(cls)
        known = _classes.setdefault(cls.rule, cls)
        if (known.__module__, known.__qualname__) != (cls.__module__, cls.__qualname__):
            raise TypeError(f"two message classes are named {cls.rule}")

    def __init__(
        self,
        *,
        params: Mapping[str, Any],
        secrets: Mapping[str, Any] | None = None,
        area_code: str = "",
        subject_label: str = "",
        url: str = "",
        urgent: bool = False,
    ) -> None:
        self.params = dict(params)
        self.secrets = dict(secrets or {})
        self.area_code = area_code
        self.subject_label = subject_label
        self.url = url
        self.urgent = urgent or self.at_once
        if undeclared := self.secrets.keys() - self.secret:
            raise TypeError(f"{self.rule} does not declare as secret: {', '.join(sorted(undeclared))}")

    @classmethod
    @cache
    def parts(cls) -> Mapping[Part, Text]:
        """The wordings of the class: those its channels use and that say something. Looked up once per class."""
        said = {
            Part.TITLE: cls.title,
            Part.BODY: cls.body,
            Part.SMS: cls.sms,
            Part.EMAIL_SUBJECT: cls.email_subject or cls.title,
            Part.EMAIL_BODY: cls.email_body or cls.body or cls.title,
        }
        return MappingProxyType(
            {part: said[part] for channel in cls.channels for part in PARTS_OF[channel] if said[part]}
        )

    @classmethod
    @cache
    def source(cls, part: Part) -> str:
        """``part`` in Chinese, its variables unfilled; empty where the class does not have it."""
        return source_text(cls.parts().get(part, ""))

    @classmethod
    def usable(cls, part: Part) -> frozenset[str]:
        """The variables that a wording of ``part`` may use."""
        hidden = cls.secret if part in PARTS_OF[Channel.INAPP] else frozenset()
        return frozenset(cls.sample) - hidden

    @classmethod
    def required(cls, part: Part) -> frozenset[str]:
        """The variables that a wording of ``part`` may not leave out: of ``must`` those it has by default."""
        return cls.must & variables(source_text(cls.parts()[part]))


def _check(cls: type[MessageClass]) -> None:
    """Refuse a class that could not be sent, shown or edited. Raises ``TypeError``."""
    if not cls.label:
        raise TypeError(f"{cls.rule} has no label")
    if Channel.INAPP in cls.channels and not cls.title:
        raise TypeError(f"{cls.rule} goes to the inbox but has no title")
    if Channel.SMS in cls.channels and not cls.sms:
        raise TypeError(f"{cls.rule} goes out as a text message but has no sms text")
    if Channel.EMAIL in cls.channels and not (cls.email_subject or cls.title):
        raise TypeError(f"{cls.rule} goes out as an e-mail but has no subject")
    if unknown := (cls.must | cls.secret) - cls.sample.keys():
        raise TypeError(f"{cls.rule} has no sample of: {', '.join(sorted(unknown))}")
    for part, template in cls.parts().items():
        if strange := variables(source_text(template)) - cls.usable(part):
            raise TypeError(f"{cls.rule} needs a sample (or another channel) in {part} for: {', '.join(strange)}")


def source_text(template: Text) -> str:
    """``template`` in Chinese."""
    with translation.override(SOURCE_LANGUAGE):
        return str(template)


def in_source_language(template: Text, params: Mapping[str, Any]) -> str:
    """``template`` filled with ``params``, in Chinese."""
    with translation.override(SOURCE_LANGUAGE):
        return str(template) % in_words(params)


def in_words(params: Mapping[str, Any]) -> dict[str, Any]:
    """``params`` in which a day (2026-11-23, as it is stored) and a digest's lines stand as the language in use has
    them."""
    return {name: _in_words(value) for name, value in params.items()}


def _in_words(value: Any) -> Any:
    if isinstance(value, list):
        return lines.in_words(value)
    return day_of(date.fromisoformat(value)) if isinstance(value, str) and _DAY.fullmatch(value) else value


def message_classes() -> list[type[MessageClass]]:
    """Every declared class, by name."""
    return [_classes[rule] for rule in sorted(_classes)]


def message_class(rule: str) -> type[MessageClass] | None:
    """The class named ``rule``, if there is one."""
    return _classes.get(rule)


def label_of(row: Message) -> str:
    """What kind of message ``row`` is, in the language in use; its key if the class is gone."""
    declared = _classes.get(row.rule)
    return str(declared.label) if declared else row.rule


def wording(row: Message) -> tuple[str, str]:
    """Title and body of ``row`` in the language in use.

    As stored if the wording was somebody's own then, if its class is gone, or if that does not fit any more.
    """
    declared = _classes.get(row.rule)
    if declared is None or row.own_text:
        return row.title, row.body
    try:
        params = in_words(row.params)
        return str(declared.title) % params, str(declared.body) % params
    except (KeyError, TypeError, ValueError):
        return row.title, row.body
