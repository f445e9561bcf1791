"""Kinds of offers, declared by the apps that own them (in their ``contributions.py``).

register_offer_kind(OfferKind("wish", label=_("微心愿"), url=offer_url))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from alliance.lib.errors import Text

if TYPE_CHECKING:
    from claims.models import Offer
    from people.models import User


def nowhere(offer: Offer, user: User) -> str:
    """No page: the notice stands for itself."""
    return ""


@dataclass(frozen=True)
class OfferKind:
    """``url``: the page on which ``user``, who has claimed ``offer``, goes on with it (an address of this site).

    ``once_more``: until when it should be brought again where it did not arrive, from the moment that is said; None:
    the end of the third day from then. ``brought``: it is a thing that is brought to somebody; else something is done.
    """

    name: str
    label: Text
    url: Callable[[Offer, User], str] = nowhere
    once_more: Callable[[datetime], datetime] | None = None
    brought: bool = True


_kinds: dict[str, OfferKind] = {}


def register_offer_kind(kind: OfferKind) -> None:
    """Declare a kind of offer; a second one of the same name replaces the first."""
    _kinds[kind.name] = kind


def offer_kind(name: str) -> OfferKind:
    """The kind named ``name``; one without a page if nobody has declared it."""
    return _kinds.get(name) or OfferKind(name, name)
