"""公开摘要: what everybody may read of a meeting that was sent, written for that; shown, written anew, taken down.

Locks: the meeting, its extract (docs/locking.md).
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.public_text import require_seen
from meetings.models import Extract, Meeting
from meetings.services.checked import words as checked_words
from meetings.services.held import hold
from meetings.states import MeetingVerb
from people.models import User

MOST = 2000
ASK = _("请写几句大家看得到的话，例如：议定非机动车停放先从一片区做起。")


@transaction.atomic
def show_extract(*, meeting: int, by: User, version: int | None, words: str, seen_warnings: str = "") -> Extract:
    """公开: from now on everybody reads ``words``, in place of what was shown before.

    Raises as ``hold``; ``Invalid`` (no words, too many), ``Warned`` (they look personal; names of those who came by
    name are known).
    """
    row = hold(Meeting, meeting, by, MeetingVerb.SHOW, version)
    text = checked_words(words, "words", ASK, MOST)
    require_seen([text], _names(row), seen=seen_warnings)
    values = {"words": text, "shown_at": timezone.now(), "shown_by": by, "hidden_at": None}
    made, _new = Extract.objects.update_or_create(
        meeting=row, defaults=values, create_defaults={**values, "street_code": row.street_code}
    )
    # The history does not keep the words: taken down, they are to be gone.
    row.move_to(MeetingVerb.SHOW, actor=by)
    return made


def _names(meeting: Meeting) -> list[str]:
    """Of people at the meeting, and of those who came instead."""
    rows = meeting.invitees.filter(dropped_at__isnull=True).select_related("user")
    own = [name for row in rows for name in (row.name, row.stand_in, row.user.name if row.user else "")]
    return [name for name in own if name]


@transaction.atomic
def hide_extract(*, meeting: int, by: User, version: int | None) -> Meeting:
    """撤下: nobody reads it any more, and the words are gone. Raises as ``hold``."""
    row = hold(Meeting, meeting, by, MeetingVerb.HIDE, version)
    shown = Extract.objects.shown().filter(meeting=row)
    if shown.update(hidden_at=timezone.now(), words=""):
        row.move_to(MeetingVerb.HIDE, actor=by)
    return row
