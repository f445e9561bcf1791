"""Addresses of needs in the API."""

from __future__ import annotations

from django.urls import path

from needs.api import answers, asked, errands, triage, views, wish_keeping, wishes

urlpatterns = [
    path("needs/", views.Needs.as_view(), name="api_needs"),
    path("needs/track/", views.Track.as_view(), name="api_track"),
    path("needs/track/answer/", answers.Answer.as_view(), name="api_answer"),
    path("needs/track/received/", answers.Received.as_view(), name="api_received"),
    path("needs/track/not-there/", answers.NotThere.as_view(), name="api_not_there"),
    path("needs/asked/", asked.Asked.as_view(), name="api_asked"),
    path("needs/<int:pk>/will-help/", asked.WillHelp.as_view(), name="api_need_will_help"),
    path("needs/<int:pk>/report/", asked.Report.as_view(), name="api_need_report"),
    path("needs/<int:pk>/hand-back/", asked.HandBack.as_view(), name="api_need_hand_back"),
    path("needs/answers/figures/", answers.AnswerFigures.as_view(), name="api_answer_figures"),
    path("needs/<int:pk>/finish/", answers.Finish.as_view(), name="api_need_finish"),
    path("needs/<int:pk>/call-back/", answers.CallBack.as_view(), name="api_need_call_back"),
    path("needs/<int:pk>/", views.Detail.as_view(), name="api_need"),
    path("needs/<int:pk>/accept/", views.Accept.as_view(), name="api_accept"),
    path("needs/<int:pk>/reply/", views.Reply.as_view(), name="api_reply"),
    path("needs/<int:pk>/assign/", triage.Assign.as_view(), name="api_need_assign"),
    path("needs/<int:pk>/escalate/", triage.Escalate.as_view(), name="api_need_escalate"),
    path("needs/<int:pk>/send-back/", triage.SendBack.as_view(), name="api_need_send_back"),
    path("needs/<int:pk>/return/", triage.Return.as_view(), name="api_need_return"),
    path("needs/<int:pk>/decline/", triage.Decline.as_view(), name="api_need_decline"),
    path("needs/<int:pk>/ask/", triage.Ask.as_view(), name="api_need_ask"),
    path("needs/<int:pk>/resume/", triage.Resume.as_view(), name="api_need_resume"),
    path("needs/<int:pk>/extension/", triage.Extend.as_view(), name="api_need_extension"),
    path("needs/<int:pk>/note/", triage.Note.as_view(), name="api_need_note"),
    path("extensions/<int:pk>/decide/", triage.Decide.as_view(), name="api_extension_decide"),
    path("needs/<int:pk>/errand/", errands.Publish.as_view(), name="api_need_errand"),
    path("errands/", errands.Errands.as_view(), name="api_errands"),
    path("needs/<int:pk>/wish/", wishes.FromNeed.as_view(), name="api_need_wish"),
    path("wishes/", wishes.Wall.as_view(), name="api_wishes"),
    path("wishes/staff/", wishes.StaffList.as_view(), name="api_wishes_staff"),
    path("wishes/policy/", wish_keeping.Policy.as_view(), name="api_wishes_policy"),
    path("wishes/<int:pk>/", wishes.Detail.as_view(), name="api_wish_read"),
    path("wishes/<int:pk>/household/", wish_keeping.Household.as_view(), name="api_wish_household"),
    path("wishes/<int:pk>/edit/", wishes.Edit.as_view(), name="api_wish_edit"),
    path("wishes/<int:pk>/verify/", wishes.Verify.as_view(), name="api_wish_verify"),
    path("wishes/<int:pk>/approve/", wishes.Approve.as_view(), name="api_wish_approve"),
    path("wishes/<int:pk>/reject/", wishes.Reject.as_view(), name="api_wish_reject"),
    path("wishes/<int:pk>/withdraw/", wishes.Withdraw.as_view(), name="api_wish_withdraw"),
    path("wishes/<int:pk>/reopen/", wishes.Reopen.as_view(), name="api_wish_reopen"),
    path("approvals/", wishes.Approvals.as_view(), name="api_approvals"),
]
