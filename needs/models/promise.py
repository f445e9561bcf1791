"""What the resident has been told a day for."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from needs.states import State


class Promises:
    """The two days of a need, one after the other: of the first reply, and of the end, named with that reply."""

    state: str
    reply_by: date | None
    first_reply_at: datetime | None
    done_by: date | None
    waiting_since: datetime | None

    @property
    def promised(self) -> date | None:
        """The day the resident counts on now."""
        return self.done_by if self.first_reply_at else self.reply_by

    @property
    def is_overdue(self) -> bool:
        """Whether that day has passed; while the resident is waited for, nothing is late."""
        running = self.state == State.IN_PROGRESS and self.waiting_since is None
        return running and self.promised is not None and self.promised < timezone.localdate()
