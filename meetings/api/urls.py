"""Addresses of meetings in the API."""

from __future__ import annotations

from django.urls import path

from meetings.api import steps, views

urlpatterns = [
    path("meeting-series/", views.SeriesAll.as_view(), name="api_meeting_series_all"),
    path("meeting-series/<int:pk>/", views.SeriesOne.as_view(), name="api_meeting_series"),
    path("meeting-series/<int:pk>/edit/", steps.EditSeries.as_view(), name="api_meeting_series_edit"),
    path("meeting-series/<int:pk>/invited/", steps.InviteToSeries.as_view(), name="api_meeting_series_invited"),
    path("meeting-series/<int:pk>/end/", steps.EndSeries.as_view(), name="api_meeting_series_end"),
    path("meetings/", views.Meetings.as_view(), name="api_meetings"),
    path("meetings/<int:pk>/", views.MeetingOne.as_view(), name="api_meeting"),
    path("meetings/<int:pk>/edit/", steps.Edit.as_view(), name="api_meeting_edit"),
    path("meetings/<int:pk>/move/", steps.Move.as_view(), name="api_meeting_move"),
    path("meetings/<int:pk>/call/", steps.Call.as_view(), name="api_meeting_call"),
    path("meetings/<int:pk>/hold/", steps.Hold.as_view(), name="api_meeting_hold"),
    path("meetings/<int:pk>/call-off/", steps.CallOff.as_view(), name="api_meeting_call_off"),
    path("meetings/<int:pk>/agenda/refresh/", steps.Refresh.as_view(), name="api_meeting_agenda_refresh"),
    path("meetings/<int:pk>/agenda/add/", steps.AddPoint.as_view(), name="api_meeting_agenda_add"),
    path("meetings/<int:pk>/agenda/drop/", steps.DropPoint.as_view(), name="api_meeting_agenda_drop"),
    path("meetings/<int:pk>/agenda/order/", steps.Order.as_view(), name="api_meeting_agenda_order"),
    path("meetings/<int:pk>/agenda/result/", steps.Result.as_view(), name="api_meeting_agenda_result"),
    path("meetings/<int:pk>/invitees/add/", steps.Invite.as_view(), name="api_meeting_invite"),
    path("meetings/<int:pk>/invitees/drop/", steps.Drop.as_view(), name="api_meeting_uninvite"),
    path("meetings/<int:pk>/present/", steps.Present.as_view(), name="api_meeting_present"),
    path("meetings/<int:pk>/absent/", steps.Absent.as_view(), name="api_meeting_absent"),
    path("meetings/<int:pk>/minutes/", steps.Write.as_view(), name="api_meeting_minutes"),
    path("meetings/<int:pk>/send/", steps.Send.as_view(), name="api_meeting_send"),
    path("meetings/<int:pk>/extract/", steps.Show.as_view(), name="api_meeting_show"),
    path("meetings/<int:pk>/extract/hide/", steps.Hide.as_view(), name="api_meeting_hide"),
    path("meetings/<int:pk>/actions/", steps.Resolve.as_view(), name="api_meeting_resolve"),
    path("meeting-invitees/<int:pk>/answer/", steps.Answer.as_view(), name="api_meeting_invitee_answer"),
    path("meeting-topics/", views.Topics.as_view(), name="api_meeting_topics"),
    path("meeting-topics/<int:pk>/", views.TopicOne.as_view(), name="api_meeting_topic"),
    path("meeting-topics/<int:pk>/answer/", steps.AnswerTopic.as_view(), name="api_meeting_topic_answer"),
    path("meeting-topics/<int:pk>/withdraw/", steps.Withdraw.as_view(), name="api_meeting_topic_withdraw"),
    path("meeting-actions/", views.Actions.as_view(), name="api_meeting_actions"),
    path("meeting-actions/<int:pk>/", views.ActionOne.as_view(), name="api_meeting_action"),
    path("meeting-actions/<int:pk>/edit/", steps.EditAction.as_view(), name="api_meeting_action_edit"),
    path("meeting-actions/<int:pk>/report/", steps.Report.as_view(), name="api_meeting_action_report"),
    path("meeting-actions/<int:pk>/clear/", steps.Clear.as_view(), name="api_meeting_action_clear"),
    path("meeting-actions/<int:pk>/reopen/", steps.Reopen.as_view(), name="api_meeting_action_reopen"),
]
