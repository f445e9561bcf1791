"""The steps of series, meetings, topics and action items over the API: one service each, as the pages take them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from meetings.api import bodies, rows, shapes
from meetings.services import (
    actions,
    agenda,
    answering,
    extracts,
    inviting,
    meetings,
    minutes,
    presence,
    series,
    topics,
)
from projects.api.steps import Of, step

SERIES = Of("meeting_series", rows.series, rows.series_one, shapes.SeriesOne, "meetings")
MEETING = Of("meetings", rows.meeting, rows.meeting_one, shapes.MeetingOne, "meetings")
INVITEE = Of("meeting_invitees", rows.invitee, rows.invitee_row, shapes.InviteeRow, "meetings")
TOPIC = Of("meeting_topics", rows.topic, rows.topic_one, shapes.TopicOne, "meetings")
ACTION = Of("meeting_actions", rows.action, rows.action_one, shapes.ActionOne, "meetings")
Shape = type[bodies.Given]


def _in(service: Callable[..., Any]) -> Callable[..., Any]:
    """A service that is given the meeting by its own name."""

    def call(*, pk: int, **given: Any) -> Any:
        return service(meeting=pk, **given)

    return call


def _set_invited(*, pk: int, by: Any, version: int, **given: Any) -> Any:
    return series.set_invited(pk=pk, by=by, version=version, invited=series.Invited(**given))


def _meeting(name: str, doc: str, service: Callable[..., Any], shape: Shape = bodies.MeetingStepRequest) -> Any:
    return step(MEETING, name, doc, service, shape)


EditSeries = step(
    SERIES, "edit", "改例会；改过、通知过的会议不变，别的跟着变。", series.edit_series, bodies.SeriesEditRequest
)
InviteToSeries = step(SERIES, "invited", "每次请谁，全部写上。", _set_invited, bodies.SeriesInvitedRequest)
EndSeries = step(SERIES, "end", "停办；没人动过的会议一起取消。", series.end_series, bodies.MeetingStepRequest)

Edit = _meeting("edit", "改内容；没写的就空着。", meetings.edit_meeting, bodies.MeetingEditRequest)
Move = _meeting("move", "改期；通知过的重新请一遍。", meetings.move_meeting, bodies.MeetingMoveRequest)
Call = _meeting("call", "发通知。", meetings.call_meeting)
Hold = _meeting("hold", "会已开。", meetings.hold_meeting)
CallOff = _meeting("call_off", "取消。", meetings.call_off_meeting, bodies.MeetingWhyRequest)
Refresh = _meeting("refresh_agenda", "收集议程：把新出来的事加上。", _in(agenda.refresh_agenda))
AddPoint = _meeting("add_point", "议程加一项。", _in(agenda.add_point), bodies.AgendaAddRequest)
DropPoint = _meeting("drop_point", "议程去掉一项。", _in(agenda.drop_point), bodies.AgendaItemRequest)
Order = _meeting("order_points", "排议程的顺序。", _in(agenda.order_points), bodies.AgendaOrderRequest)
Result = _meeting("result", "记一项的结果。", _in(minutes.note_result), bodies.AgendaResultRequest)
Invite = _meeting("invite", "加一位参会方。", _in(inviting.add_invitee), bodies.InviteRequest)
Drop = _meeting("drop_invitee", "移出名单。", _in(inviting.drop_invitee), bodies.InviteeRequest)
Present = _meeting("present", "签到，可以一次好几位。", _in(presence.note_present), bodies.PresentRequest)
Absent = _meeting("absent", "撤回签到。", _in(presence.take_back_present), bodies.AbsentRequest)
Write = _meeting("minutes", "写一稿纪要；别人先写了得到409。", _in(minutes.write_minutes), bodies.MinutesRequest)
Send = _meeting("send", "纪要发给大家，归档。", _in(minutes.send_minutes))
Show = _meeting("show_extract", "公开摘要；再发一次换成新的话。", _in(extracts.show_extract), bodies.ExtractRequest)
Hide = _meeting("hide_extract", "撤下公开摘要，话就没有了。", _in(extracts.hide_extract))
Resolve = _meeting(
    "resolve", "转行动项：一家单位或一个街道社区，一个期限。", _in(actions.set_action), bodies.ActionRequest
)

Answer = step(
    INVITEE,
    "answer",
    "来、请人代、不来；街道社区可以代为登记。",
    answering.answer_invitation,
    bodies.InvitationAnswerRequest,
)
AnswerTopic = step(TOPIC, "answer", "答复议题。", topics.answer_topic, bodies.TopicAnswerRequest)
Withdraw = step(TOPIC, "withdraw", "撤回议题。", topics.withdraw_topic, bodies.MeetingStepRequest)
EditAction = step(ACTION, "edit", "改期限或者换一家办。", actions.edit_action, bodies.ActionEditRequest)
Report = step(ACTION, "report", "报办理情况。", actions.report_action, bodies.ActionReportRequest)
Clear = step(ACTION, "clear", "销号。", actions.clear_action, bodies.ActionClearRequest)
Reopen = step(ACTION, "reopen", "重办。", actions.reopen_action, bodies.ActionReopenRequest)
