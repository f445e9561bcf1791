"""Cards: a question that is answered once, by a link, without signing in. Each app declares its own kinds.

    register_card(CardKind(
        name="needs.rating", label=_("请您评价"), options=(("good", _("满意")), ("bad", _("不满意"))),
        page=rating_page, answer=take_rating, note_allowed=True,
    ))
    card, token = make_card(kind="needs.rating", subject=need.number, recipient=phone, label=need.contact_name)

``page`` says what the card asks, to whoever holds the link: links are forwarded, so it shows no personal data.
``answer`` is the owner's own service; it runs in the transaction that closes the card, and refuses by raising.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from alliance.lib.calendar_file import Happening
from alliance.lib.errors import Text
from notifications.models import CardLink


@dataclass(frozen=True)
class CardPage:
    """What a card shows. ``closed_reason`` says why no answer is wanted any more, and what to do instead.

    ``go_on``: words and address of what comes next for whoever has answered, and what to know for it. ``name``: what in
    the title is kept in one line.
    """

    title: Text
    lines: Sequence[Text] = ()
    closed_reason: Text = ""
    go_on: tuple[Text, str, Text] | None = None
    name: Text = ""


@dataclass(frozen=True, kw_only=True)
class CardKind:
    """A kind of card. ``options`` are value and label, the first one the most usual. ``happening``: what is asked
    about as a calendar takes it, None once it is off; it says no more than the page."""

    name: str
    label: Text
    options: tuple[tuple[str, Text], ...]
    page: Callable[[CardLink], CardPage]
    answer: Callable[[CardLink, str, str], None]
    note_allowed: bool = False
    happening: Callable[[CardLink], Happening | None] | None = None
    lasts: timedelta = timedelta(days=14)

    def label_of(self, value: str) -> str:
        """The words of the option ``value``; the value itself if it is no option any more."""
        return str(dict(self.options).get(value, value))


_kinds: dict[str, CardKind] = {}


def register_card(kind: CardKind) -> CardKind:
    """Make ``kind`` known. Registering the same one again changes nothing. Raises ``TypeError`` for a second one."""
    known = _kinds.setdefault(kind.name, kind)
    if known != kind:
        raise TypeError(f"two kinds of cards are named {kind.name}")
    if not kind.options or any(not value or len(value) > 40 for value, _label in kind.options):
        raise TypeError(f"{kind.name} needs options of 1 to 40 characters")
    return kind


def card_kind(name: str) -> CardKind | None:
    """The kind ``name``; None if its app has given it up."""
    return _kinds.get(name)
