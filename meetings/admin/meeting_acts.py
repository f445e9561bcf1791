"""How a meeting goes on, on its page in the workbench. Those of ``PLACED`` stand where they belong: beside the agenda,
the list of who comes, what was resolved."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from meetings.forms import acts as forms
from meetings.forms.parties import InviteForm
from meetings.forms.venue import RoomForm
from meetings.models import Invitee, Meeting
from meetings.presenting.rows import named
from meetings.services import actions, agenda, answering, inviting, meetings, minutes, presence, proposing, venue
from meetings.states import How, MeetingState, MeetingVerb
from people.models import User
from resources.admin.acts import Act, simply
from resources.services.halls import halls_in

Form = Any


def listed(row: Meeting, **only: Any) -> list[tuple[int, str]]:
    """Those on the list, for a choice."""
    rows = Invitee.objects.asked().filter(meeting=row, **only).select_related("unit", "office", "user")
    return named(rows.order_by("pk"))


def _of(service: Any) -> Any:
    """The service takes the meeting by that name, and every field of the form."""

    def take(pk: int, by: User, version: int, form: Form) -> Any:
        return service(meeting=pk, by=by, version=version, **form.given())

    return take


def _answer(_pk: int, by: User, _version: int, form: Form) -> Any:
    said = form.given()
    return answering.answer_invitation(pk=said.pop("invitee"), by=by, **said)


def _present(pk: int, by: User, _version: int, form: Form) -> Any:
    how = How.PAPER if form.choice == How.PAPER else How.LIST
    return presence.note_present(meeting=pk, by=by, invitees=form.given()["who"], how=how)


def _take_back(pk: int, by: User, _version: int, form: Form) -> Any:
    return presence.take_back_present(meeting=pk, by=by, invitee=form.given()["invitee"])


def _venue(pk: int, by: User, _version: int, form: Form) -> Any:
    return venue.book_room(meeting=pk, by=by, **form.given())


def _noted(n: int) -> Any:
    return ngettext("登记了%(n)d方。", "登记了%(n)d方。", n) % {"n": n}


def _found(n: int) -> Any:
    if not n:
        return _("没有新的，议程都在了。")
    return ngettext("加了%(n)d项。", "加了%(n)d项。", n) % {"n": n}


def _begun(row: Meeting, _user: User) -> bool:
    return row.starts - presence.BEFORE <= timezone.now()


def _times(row: Meeting, _user: User) -> dict[str, Any]:
    starts, ends = timezone.localtime(row.starts), timezone.localtime(row.ends)
    return {"initial": {"day": starts.date(), "opens": starts.time(), "closes": ends.time()}}


def _points(row: Meeting, _user: User) -> dict[str, Any]:
    """``row.asked_for``: the point whose button was pressed."""
    items = list(row.agenda.all())
    chosen = next((one for one in items if str(one.pk) == getattr(row, "asked_for", "")), None)
    found = {"area": row.area_id, "items": [(one.pk, one.title) for one in items]}
    if chosen is None:
        return found
    what = (chosen.result or chosen.title).splitlines()[0][: actions.MOST_WHAT]
    return {**found, "initial": {"item": chosen.pk, "what": what}}


CALL_HINT = _("名单和议程自动补齐，参会的都收到通知和答复链接。不点，开会前五个工作日自己发。")
ACTS = (
    Act(
        name="call",
        verb=MeetingVerb.CALL,
        label=_("发通知"),
        take=simply(meetings.call_meeting),
        done=_("通知发出了。"),
        hint=CALL_HINT,
        tone="main",
        unfolded=True,
    ),
    Act(
        name="hold",
        verb=MeetingVerb.HOLD,
        label=_("会已开"),
        take=simply(meetings.hold_meeting),
        done=_("记下了，可以写结果和纪要了。"),
        hint=_("散会了，现在就写结果和纪要；不点，到结束时间自己转。"),
        tone="main",
        fits=lambda row, user: row.starts <= timezone.now(),
    ),
    Act(
        name="send",
        verb=MeetingVerb.SEND,
        label=_("归档，发给参会的"),
        take=_of(minutes.send_minutes),
        done=_("归档了，参会的都收到了；有结果的议题一起答复。"),
        hint=_("参会的都能看纪要和决议；写了结果的议题，答复给提出的人，没写的等下次会。"),
        tone="main",
        unfolded=True,
    ),
    Act(
        name="move",
        verb=MeetingVerb.MOVE,
        label=_("改期"),
        take=simply(meetings.move_meeting),
        done=_("改好了；发过通知的，重新请了一遍。"),
        form=forms.MoveForm,
        arguments=_times,
    ),
    Act(
        name="venue",
        verb=MeetingVerb.EDIT,
        label=_("约场地"),
        take=_venue,
        done=_("约了，要对方答应的，答应了会告诉您。"),
        form=RoomForm,
        hint=_("共享仓里的场地，按开会的时间约；约过的，换成新的。改期、取消，场地跟着取消。"),
        fits=lambda row, user: row.starts > timezone.now(),
        arguments=lambda row, user: {"halls": halls_in(str(row.street_code), user)},
    ),
    Act(
        name="invite",
        verb=MeetingVerb.INVITE,
        label=_("请人参会"),
        take=_of(inviting.add_invitee),
        done=_("加上了；发过通知的，马上请。"),
        form=InviteForm,
        hint=_("四样选一样。例会的名单到发通知时自己补齐。"),
        arguments=lambda row, user: {"area": row.area_id},
    ),
    Act(
        name="drop_invitee",
        verb=MeetingVerb.INVITE,
        label=_("移出名单"),
        take=_of(inviting.drop_invitee),
        done=_("移出了。"),
        form=forms.InviteeForm,
        fits=lambda row, user: bool(listed(row)),
        arguments=lambda row, user: {"invitees": listed(row)},
    ),
    Act(
        name="answer",
        verb=MeetingVerb.ANSWER,
        label=_("代为登记答复"),
        take=_answer,
        done=_("登记好了。"),
        form=forms.AnswerForm,
        hint=_("电话里、群里说的，在这里记一笔。"),
        fits=lambda row, user: row.starts > timezone.now() and bool(listed(row)),
        arguments=lambda row, user: {"invitees": listed(row)},
    ),
    Act(
        name="present",
        verb=MeetingVerb.PRESENT,
        label=_("补签"),
        take=_present,
        done=_("登记好了。"),
        said=_noted,
        form=forms.PresentForm,
        buttons=((How.LIST.value, _("到了"), ""), (How.PAPER.value, _("照纸质签到表登记"), "")),
        fits=lambda row, user: _begun(row, user) and bool(listed(row, present_at__isnull=True)),
        arguments=lambda row, user: {"invitees": listed(row, present_at__isnull=True)},
    ),
    Act(
        name="take_back",
        verb=MeetingVerb.PRESENT,
        label=_("撤回签到"),
        take=_take_back,
        done=_("撤回了。"),
        form=forms.InviteeForm,
        fits=lambda row, user: bool(listed(row, present_at__isnull=False)),
        arguments=lambda row, user: {"invitees": listed(row, present_at__isnull=False)},
    ),
    Act(
        name="refresh",
        verb=MeetingVerb.AGENDA,
        label=_("全部列入"),
        take=_of(agenda.refresh_agenda),
        done=_("列好了。"),
        said=_found,
    ),
    Act(
        name="take",
        verb=MeetingVerb.AGENDA,
        label=_("列入"),
        take=_of(proposing.take_on),
        done=_("列进议程了。"),
        form=forms.TakeForm,
    ),
    Act(
        name="point",
        verb=MeetingVerb.AGENDA,
        label=_("加一项"),
        take=_of(agenda.add_point),
        done=_("加好了。"),
        form=forms.PointForm,
    ),
    Act(
        name="shift",
        verb=MeetingVerb.AGENDA,
        label=_("上移"),
        take=_of(proposing.shift_point),
        done=_("排好了。"),
        form=forms.ShiftForm,
    ),
    Act(
        name="drop",
        verb=MeetingVerb.AGENDA,
        label=_("去掉"),
        take=_of(agenda.drop_point),
        done=_("去掉了。"),
        form=forms.ItemForm,
    ),
    Act(
        name="result",
        verb=MeetingVerb.RESULT,
        label=_("写结果"),
        take=_of(minutes.note_result),
        done=_("写好了。"),
        form=forms.ResultForm,
    ),
    Act(
        name="action",
        verb=MeetingVerb.RESULT,
        label=_("转行动项"),
        take=_of(actions.set_action),
        done=_("转好了，已经告诉责任单位。"),
        form=forms.ActionForm,
        arguments=_points,
    ),
    Act(
        name="call_off",
        verb=MeetingVerb.CALL_OFF,
        label=_("取消会议"),
        take=simply(meetings.call_off_meeting),
        done=_("取消了；发过通知的都告诉了。"),
        form=forms.WhyForm,
        tone="danger",
        fits=lambda row, user: row.state != MeetingState.HELD or not row.minutes.exists(),
    ),
)
PLACED = frozenset(
    {"invite", "drop_invitee", "answer", "present", "take_back", "refresh", "take", "point", "shift", "drop", "result"}
) | {"action"}
