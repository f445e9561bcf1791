"""What came of a meeting is written down, revision by revision, and sent. Locks: the meeting, topics by key."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, Invalid
from alliance.lib.text import clean
from files import services as files
from meetings import messages
from meetings.models import AgendaItem, Meeting, Minutes
from meetings.services.agenda import MOST_RESULT, listed_topics, point_of, release_topics
from meetings.services.dues import follow_meeting
from meetings.services.held import hold
from meetings.services.telling import tell_invited
from meetings.services.topics import answer_locked
from meetings.states import MeetingVerb
from people.models import User

PAPER = "minutes"
"""Under which name the signed paper is kept, of the revision it came with."""
MOST = 20_000


@transaction.atomic
def write_minutes(*, meeting: int, by: User, base: int, text: str = "", hold_key: str = "") -> Minutes:
    """纪要: another revision. ``base``: the one that was read (0: there was none), so that of two who write at once the
    second is told, and nothing is written over. ``hold_key``: the draft that holds the signed paper, which is enough.

    Raises as ``hold``; ``Conflict`` (somebody has written meanwhile), ``Invalid`` (neither words nor paper).
    """
    row = hold(Meeting, meeting, by, MeetingVerb.MINUTE, None)
    last = latest_revision(row)
    if base != last:
        raise Conflict
    words = clean(text)
    if len(words) > MOST:
        raise Invalid({"text": [_("最多%(n)d个字。") % {"n": MOST}]})
    has_paper = bool(hold_key and files.held(hold_key))
    if not words and not has_paper:
        raise Invalid({"text": [_("请写几句纪要，或者上传签字的纪要。")]})
    values = {"revision": last + 1, "text": words, "has_paper": has_paper, "by": by}
    try:
        with transaction.atomic():
            made = Minutes.objects.create(meeting=row, **values)
    except IntegrityError as error:  # the lock was not held: the constraint is the second guard
        raise Conflict from error
    if has_paper:
        owner = str(made.pk)
        files.attach_held(hold_key=hold_key, owner_kind=PAPER, owner_id=owner, area_code=row.area_id)
    row.move_to(MeetingVerb.MINUTE, actor=by, params={"revision": made.revision})
    follow_meeting(row)
    return made


def latest_revision(meeting: Meeting) -> int:
    """0: nothing is written yet."""
    return int(meeting.minutes.aggregate(last=Max("revision"))["last"] or 0)


@transaction.atomic
def note_result(*, meeting: int, by: User, version: int | None, item: int, result: str) -> AgendaItem:
    """一项的结果, in a few words; none takes it back. Raises as ``hold``; ``NotFound``, ``Invalid``."""
    row = hold(Meeting, meeting, by, MeetingVerb.RESULT, version)
    found = point_of(row, item)
    text = clean(result)
    if len(text) > MOST_RESULT:
        raise Invalid({"result": [_("最多%(n)d个字。") % {"n": MOST_RESULT}]})
    found.result = text
    found.save(update_fields=["result"])
    row.move_to(MeetingVerb.RESULT, actor=by, note=text, params={"item": found.pk})
    return found


@transaction.atomic
def send_minutes(*, meeting: int, by: User, version: int | None) -> Meeting:
    """发送归档: everybody invited may read them; topics with a result are answered by it, the others wait for another
    meeting. Raises as ``hold``."""
    row = hold(Meeting, meeting, by, MeetingVerb.SEND, version)
    results = {item.subject: item.result for item in row.agenda.all() if item.subject and item.result}
    for topic in listed_topics(row):
        if topic.subject in results:
            answer_locked(topic, by=by, answer=results[topic.subject])
    release_topics(row, by=by)
    row.move_to(MeetingVerb.SEND, actor=by, changes={"ended_at": timezone.now()})
    tell_invited(row, messages.MinutesSent)
    follow_meeting(row)
    return row
