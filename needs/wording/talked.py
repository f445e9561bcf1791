"""What a meeting resolved about a need, and that it has been done, as a line of its history."""

from __future__ import annotations

from django.utils.translation import gettext as _

from needs.models import NeedEvent
from needs.states import Verb


def talked_for_resident(event: NeedEvent) -> str:
    """Empty for other steps; the words themselves stand below."""
    said = _("“%(name)s”上商定的事办好了") if event.params.get("done") else _("“%(name)s”议了您反映的事，商定：")
    return _named(event, said)


def talked_for_staff(event: NeedEvent) -> str:
    """Empty for other steps."""
    done = event.params.get("done")
    return _named(event, _("“%(name)s”上商定的事办好了，居民看得到") if done else _("“%(name)s”上议过，居民看得到"))


def _named(event: NeedEvent, said: str) -> str:
    return said % {"name": event.params.get("meeting", "")} if event.verb == Verb.TALKED else ""
