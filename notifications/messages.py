"""Message classes: what can be said and through which channels. Each app declares its own in ``messages.py``.

    class NeedArrived(MessageClass):
        label = _("新诉求提醒")
        title = _("新诉求：%(title)s")
        body = _("%(number)s，%(community)s，等您受理。")

        def __init__(self, need: Need) -> None:
            super().__init__(
                params={"number": need.number, "title": need.title, "community": need.area.name},
                area_code=need.area_id, subject_label=need.number, url=need.staff_url,
            )

    queue(NeedArrived(need), occurrence=need.number, users=[…])

``params`` are stored as they are, so that the inbox reads well in either language: never personal data.
``secrets`` (a code, a link's token) are for text messages only, stored encrypted until the message is out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar

from django.utils import translation

from alliance.lib.errors import Text
from notifications.models import Message
from notifications.states import Channel

SOURCE_LANGUAGE = "zh-hans"
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
    lasts: ClassVar[timedelta] = timedelta(days=1)
    """How long sending still makes sense; after that the message is missed and listed for a human."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "rule" not in cls.__dict__:
            cls.rule = f"{cls.__module__.removesuffix('.messages')}.{cls.__name__}"
        known = _classes.setdefault(cls.rule, cls)
        if (known.__module__, known.__qualname__) != (cls.__module__, cls.__qualname__):
            raise TypeError(f"two message classes are named {cls.rule}")
        if not cls.label:
            raise TypeError(f"{cls.rule} has no label")
        if Channel.INAPP in cls.channels and not cls.title:
            raise TypeError(f"{cls.rule} goes to the inbox but has no title")
        if Channel.SMS in cls.channels and not cls.sms:
            raise TypeError(f"{cls.rule} goes out as a text message but has no sms text")

    def __init__(
        self,
        *,
        params: Mapping[str, Any],
        secrets: Mapping[str, Any] | None = None,
        area_code: str = "",
        subject_label: str = "",
        url: str = "",
    ) -> None:
        self.params = dict(params)
        self.secrets = dict(secrets or {})
        self.area_code = area_code
        self.subject_label = subject_label
        self.url = url


def in_source_language(template: Text, params: Mapping[str, Any]) -> str:
    """``template`` filled with ``params``, in Chinese."""
    with translation.override(SOURCE_LANGUAGE):
        return str(template) % params


def message_classes() -> list[type[MessageClass]]:
    """Every declared class, by name."""
    return [_classes[rule] for rule in sorted(_classes)]


def label_of(row: Message) -> str:
    """What kind of message ``row`` is, in the language in use; its key if the class is gone."""
    declared = _classes.get(row.rule)
    return str(declared.label) if declared else row.rule


def wording(row: Message) -> tuple[str, str]:
    """Title and body of ``row`` in the language in use; as stored if its class is gone or does not fit."""
    declared = _classes.get(row.rule)
    if declared is None:
        return row.title, row.body
    try:
        return str(declared.title) % row.params, str(declared.body) % row.params
    except (KeyError, TypeError, ValueError):
        return row.title, row.body
