"""Which words a message goes out with: those changed in the workbench, else those of its class."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import structlog
from django.db import connection

from notifications.messages import MessageClass, in_source_language
from notifications.placeholders import variables
from notifications.states import PARTS_OF, Channel, Part

_log = structlog.get_logger("tongxin.notifications")
_OWN = "SELECT rule, id, part, text FROM notifications_messagetext WHERE rule = ANY (%s)"


OwnTexts = Mapping[str, Sequence[tuple[int, str, str]]]
"""By rule: key, part and text of what was changed in the workbench."""


def own_texts(rules: Iterable[str]) -> OwnTexts:
    """What was changed in the workbench for ``rules``. One query."""
    found: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    with connection.cursor() as cursor:
        # By hand: whoever queues a message passes here, and compiling takes longer than PostgreSQL takes to answer.
        cursor.execute(_OWN, [sorted(set(rules))])
        for rule, pk, part, text in cursor.fetchall():
            found[rule].append((pk, part, text))
    return found


class Wording:
    """The parts of one message, filled in. One query, unless ``texts`` are at hand."""

    def __init__(self, message: MessageClass, texts: OwnTexts | None = None) -> None:
        self.message = message
        own = (own_texts([message.rule]) if texts is None else texts).get(message.rule, ())
        self._own = {part: text for pk, part, text in own if self._fits(Part(part), pk, text)}

    def of(self, part: Part) -> str:
        """``part`` as it goes out."""
        values = {**self.message.params, **({} if part in PARTS_OF[Channel.INAPP] else self.message.secrets)}
        return in_source_language(self._own[part] if part in self._own else self.message.source(part), values)

    def is_own(self, part: Part) -> bool:
        """Whether ``part`` was changed in the workbench."""
        return part in self._own

    def _fits(self, part: Part, pk: int, text: str) -> bool:
        """Whether the class still has ``part`` and every variable of ``text``, and ``text`` all that must be in it.

        A class may have changed since; then its own words go out, and a line of the log says so.
        """
        if part not in self.message.parts():
            return False
        have = set(self.message.params)
        if part not in PARTS_OF[Channel.INAPP]:
            have |= set(self.message.secrets)
        try:
            used = variables(text)
        except ValueError:
            used = None
        fits = used is not None and used <= have and self.message.required(part) <= used
        if not fits:
            _log.warning("own_text_left_aside", text_id=pk, rule=self.message.rule, part=str(part))
        return fits
