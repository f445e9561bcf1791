"""A kind of card declared as an app would: its owner keeps the answers, and may have closed the question."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import RuleBroken
from notifications.cards import CardKind, CardPage, register_card
from notifications.models import CardLink
from people.services.limits import count, peek

YES, NO = "yes", "no"


class Owner:
    """What the owning app knows. It counts answers in the table, in the card's transaction."""

    closed: ClassVar[str] = ""
    refuses: ClassVar[str] = ""

    @classmethod
    def reset(cls) -> None:
        cls.closed = cls.refuses = ""

    @classmethod
    def page(cls, card: CardLink) -> CardPage:
        return CardPage(_("提醒"), [card.params.get("line", "")], cls.closed)

    @classmethod
    def answer(cls, card: CardLink, value: str, note: str) -> None:
        count(f"owner-{value}", card.subject, seconds=86_400)
        if cls.refuses:
            raise RuleBroken(cls.refuses)

    @classmethod
    def heard(cls, subject: str) -> int:
        return sum(peek(f"owner-{value}", subject, seconds=86_400) for value in (YES, NO))


KIND = register_card(
    CardKind(
        name="tests.help",
        label=_("提醒"),
        options=((YES, _("已读")), (NO, _("待受理"))),
        page=Owner.page,
        answer=Owner.answer,
        note_allowed=True,
    )
)
