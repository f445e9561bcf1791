"""来, 请人代, 不来: said at the desk, by the link, or by phone to the office, which writes it down.

Locks: the card (if any), the meeting, the invitee (docs/locking.md).
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, NotAllowed, NotFound, RuleBroken
from alliance.lib.text import clean
from meetings.models import Invitee, Meeting
from meetings.permissions import speaks_as
from meetings.services.held import hold
from meetings.services.inviting import one_of
from meetings.services.telling import CARD
from meetings.states import Coming, MeetingVerb, Via
from members.permissions import keeps_place
from notifications.services import revoke_cards
from people.models import User

ANSWERS = (Coming.COMES, Coming.STAND_IN, Coming.STAYS_AWAY)


@transaction.atomic
def answer_invitation(*, pk: int, by: User, answer: str, stand_in: str = "", via: str = Via.DESK) -> Invitee:
    """Whoever was invited says whether they come, and may say otherwise until it begins; whoever keeps the meeting
    writes down what they heard.

    Raises ``NotFound``, ``NotAllowed``, ``RuleBroken`` (not called, or begun), ``Invalid`` (nothing said; nobody named
    who comes instead).
    """
    seen = Invitee.objects.visible_to(by).filter(pk=pk).first()
    if seen is None:
        raise NotFound
    meeting = hold(Meeting, seen.meeting_id, by, MeetingVerb.ANSWER, None)
    row = one_of(meeting, pk)
    own = speaks_as(by, row)
    if not own and not keeps_place(by, meeting.area_id):
        raise NotAllowed
    if meeting.starts <= timezone.now():
        raise RuleBroken(_("会已经开始了，请当面签到。"))
    _store(row, by, answer, stand_in, via if own else Via.STAFF)
    meeting.note(MeetingVerb.ANSWER, actor=by, params={"invitee": row.pk, "answer": answer, "via": row.via})
    if via != Via.CARD:  # the card that was answered is closed by whoever holds it
        revoke_cards(kind=CARD, subject=row.subject)
    return row


def _store(row: Invitee, by: User, answer: str, stand_in: str, via: str) -> None:
    if answer not in ANSWERS:
        raise Invalid({"answer": [_("请选一项。")]})
    name = " ".join(clean(stand_in).split())[:30] if answer == Coming.STAND_IN else ""
    if answer == Coming.STAND_IN and not name:
        raise Invalid({"stand_in": [_("请写谁来代，例如：办公室小张。")]})
    row.answer, row.stand_in, row.via = answer, name, via
    row.answered_at, row.answered_by = timezone.now(), by
    row.save(update_fields=["answer", "stand_in", "via", "answered_at", "answered_by"])
