"""会议 in the workbench: the list, one by hand, and the one page of each before, during and after."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.errors import Conflict, NotAllowed, NotFound
from meetings.admin.meeting_acts import ACTS, PLACED
from meetings.admin.meeting_page import page_of
from meetings.admin.minutes import MinutesPages
from meetings.forms.plans import MeetingForm, MeetingWordsForm
from meetings.listings.meetings import MEETINGS
from meetings.models import Meeting
from meetings.permissions import meeting_abilities, meeting_hands
from meetings.services.meetings import edit_meeting, plan_meeting
from meetings.states import MeetingVerb
from people.lists import ListedAdmin
from people.models import User
from people.visitors import signed_in
from projects.admin.saving import FormPages
from projects.forms.agreement import offices
from resources.admin.acts import STALE, ActViews

PAGE = "admin/meetings/meeting/page.html"


@admin.register(Meeting)
class MeetingAdmin(MinutesPages, FormPages, ActViews, ListedAdmin):
    """Own pages instead of Django's form; rights are the abilities of each row."""

    listing = MEETINGS
    abilities = staticmethod(meeting_abilities)
    acts = ACTS
    new_title = gettext_lazy("加一次会")
    edit_title = gettext_lazy("修改会议")
    made = gettext_lazy("排好了，编号%(number)s。请人、看议程，再发通知。")

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.changelist_view), name="meetings_meeting_changelist"),
            path("add/", wrap(self.add), name="meetings_meeting_add"),
            path("<int:pk>/change/", wrap(self.page), name="meetings_meeting_change"),
            path("<int:pk>/edit/", wrap(self.edit), name="meetings_meeting_edit"),
            *self.minutes_urls(wrap),
            *self.act_urls(wrap),
        ]

    def able(self, user: User, row: Any) -> frozenset[str]:
        return meeting_abilities(user, row)

    def parties(self, user: User, row: Any) -> frozenset[Any]:
        return meeting_hands(user, row)

    def _find(self, request: HttpRequest, pk: int) -> Meeting:
        if not self.has_view_permission(request):
            raise NotAllowed
        rows = Meeting.objects.kept_by(request.user).select_related("area", "unit", "series", "booking__resource")
        row: Meeting | None = rows.filter(pk=pk).first()
        if row is None:
            raise NotFound
        return row

    def list_actions(self, request: HttpRequest) -> list[dict[str, Any]]:
        if not self.has_add_permission(request):
            return []
        return [
            {"label": _("加一次会"), "url": reverse("admin:meetings_meeting_add"), "main": True},
            {"label": _("设立例会"), "url": reverse("admin:meetings_series_add"), "main": False},
        ]

    def page(self, request: HttpRequest, pk: int, status: int = 200, **said: Any) -> HttpResponse:
        """One meeting; ``refused`` are forms just refused, ``stale`` what happened meanwhile."""
        row, user = self._find(request, pk), signed_in(request)
        refused, row.asked_for = said.pop("refused", {}), request.GET.get("item", "")  # type: ignore[attr-defined]
        every = {one["name"]: one for one in self.shown_acts(row, user, refused)}
        context = {
            **self.admin_site.each_context(request),
            "title": row.title,
            **page_of(row, user, every, refused),
            "steps": [one for name, one in every.items() if name not in PLACED],
            **said,
        }
        return TemplateResponse(request, PAGE, context, status=status)

    def add(self, request: HttpRequest) -> HttpResponse:
        """加一次会, of no series."""
        user = signed_in(request)
        if not self.has_add_permission(request) or not offices(user).exists():
            raise NotAllowed
        if request.method != "POST":
            return self.shown(request, MeetingForm(user=user), None)
        form = MeetingForm(request.POST, user=user)

        def save() -> Meeting:
            given = form.cleaned_data
            if given["client_key"] is None:
                raise Conflict(_("请重新打开页面再填一次。"))
            words = {**form.said(), **form.times()}
            return plan_meeting(client_key=given["client_key"], by=user, area=given["area"].pk, **words)

        return self.saved(request, form, None, save)

    def edit(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What is said of it; when it is, is moved by a step of its own."""
        row, user = self._find(request, pk), signed_in(request)
        if MeetingVerb.EDIT not in meeting_abilities(user, row):
            raise NotAllowed(_("开过的、取消了的不能改。"))
        if request.method != "POST":
            return self.shown(request, MeetingWordsForm(user=user, row=row), row)
        form = MeetingWordsForm(request.POST, user=user, row=row)

        def save() -> Meeting:
            if form.cleaned_data["version"] is None:
                raise Conflict(STALE)
            return edit_meeting(pk=pk, by=user, version=form.cleaned_data["version"], **form.words())

        return self.saved(request, form, row, save)
