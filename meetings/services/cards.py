"""The link by which one answers an invitation, without signing in."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.calendar_file import Happening
from alliance.lib.dates import moment
from alliance.lib.errors import NotFound, RuleBroken
from meetings.models import Invitee
from meetings.presenting.happenings import happening
from meetings.services.answering import answer_invitation
from meetings.services.telling import CARD
from meetings.states import Coming, MeetingState, Via
from notifications.cards import CardKind, CardPage
from notifications.models import CardLink
from people.models import User

NOT_YOURS = gettext_lazy("您现在不是这个单位的联络员，不能替它答复。")


def page(card: CardLink) -> CardPage:
    """When, where, and what is talked about. It names offices and units, and no person."""
    row = _invitee(card)
    if row is None or row.dropped_at is not None:
        return CardPage(_("这份通知不在了"), closed_reason=_("不用再答复，谢谢您。"))
    meeting = row.meeting
    title = _("请您参加“%(name)s”") % {"name": meeting.title}
    lines = [
        _("时间：%(when)s") % {"when": moment(meeting.starts)},
        _("地点：%(place)s") % {"place": meeting.place},
        _("召集：%(who)s") % {"who": meeting.unit or meeting.area},
        *(f"{place}. {item.title}" for place, item in enumerate(meeting.agenda.all(), 1)),
    ]
    if meeting.state == MeetingState.CALLED_OFF:
        return CardPage(title, lines=lines, closed_reason=_("这个会取消了，不用来。"), name=meeting.title)
    if meeting.state != MeetingState.CALLED:
        return CardPage(title, lines=lines, closed_reason=_("会已经开过了，谢谢您。"), name=meeting.title)
    if row.answer:
        said = _("已经答复过了：%(answer)s。要改，请登录或打电话。") % {"answer": row.get_answer_display()}
        return CardPage(title, lines=lines, closed_reason=said, name=meeting.title)
    return CardPage(title, lines=lines, name=meeting.title)


def answer(card: CardLink, value: str, note: str) -> None:
    """Of the person the link was sent to, if they still speak for the unit. Raises as ``answer_invitation``."""
    row, kind, key = _invitee(card), *card.recipient_key.partition(":")[::2]
    if row is None:
        raise NotFound
    user = User.objects.filter(pk=key, is_active=True).first() if kind == "u" and key.isdigit() else None
    if user is None:
        raise RuleBroken(NOT_YOURS)
    answer_invitation(pk=row.pk, by=user, answer=value, stand_in=note, via=Via.CARD)


def happening_of(card: CardLink) -> Happening | None:
    """The meeting, as long as it is to come and the invitation stands."""
    row = _invitee(card)
    if row is None or row.dropped_at is not None or row.meeting.state != MeetingState.CALLED:
        return None
    return happening(row.meeting)


def _invitee(card: CardLink) -> Invitee | None:
    key = card.subject.partition(":")[2]
    rows = Invitee.objects.select_related("meeting__area", "meeting__unit")
    return rows.filter(pk=int(key)).first() if key.isdigit() else None


INVITATION_CARD = CardKind(
    name=CARD,
    label=gettext_lazy("会议通知"),
    options=(
        (Coming.COMES.value, gettext_lazy("来")),
        (Coming.STAND_IN.value, gettext_lazy("请人代（在下面写是谁）")),
        (Coming.STAYS_AWAY.value, gettext_lazy("来不了")),
    ),
    page=page,
    answer=answer,
    note_allowed=True,
    happening=happening_of,
)
