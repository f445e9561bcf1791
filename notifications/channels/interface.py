"""What every provider has in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol
from uuid import UUID

SECONDS = 10


@dataclass(frozen=True)
class Outgoing:
    """One message. ``key`` is the same on every attempt, so that a provider can tell a repetition."""

    address: str
    template: str
    params: Mapping[str, Any]
    text: str
    key: UUID
    subject: str = ""


@dataclass(frozen=True)
class Receipt:
    """What the provider answered. A refusal carries its error code, not its prose: that may quote addresses."""

    provider_id: str = ""
    accepted: bool = True
    code: str = ""


class Unavailable(Exception):
    """The provider could not be reached or asked us to slow down; nothing went out, trying again helps."""


class Provider(Protocol):
    """Somebody who takes messages of one channel out of the house."""

    deduplicates: ClassVar[bool]
    """Whether the provider recognises our key, so that sending again after a crash is harmless."""

    def closed(self) -> str:
        """Why nothing can go out here at all; empty when the channel is open."""

    def unreachable(self, address: str) -> str:
        """Why ``address`` can never be reached here; empty when it may be."""

    def send(self, message: Outgoing) -> Receipt:
        """Send ``message``. Raises ``Unavailable``, ``TimeoutError`` (it may or may not have gone out)."""
