"""活动 in the workbench: the list, a draft, the page of each with its days."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.dates import moment
from alliance.lib.errors import Conflict, NotAllowed, NotFound
from people.lists import ListedAdmin
from people.models import User
from people.visitors import signed_in
from projects.admin.saving import FormPages
from projects.forms.agreement import offices
from projects.presenting.linked import origin_named
from resources.admin.acts import STALE, ActViews
from volunteers.admin.activity_acts import ACTS
from volunteers.forms.staff import ActivityForm
from volunteers.listings.activities import ACTIVITIES, state_of
from volunteers.models import Activity, Slot
from volunteers.permissions.activities import activity_abilities, hands, runs
from volunteers.presenting import activities as words
from volunteers.presenting import venues
from volunteers.presenting.onward import begun_of, origin_of
from volunteers.services import activities
from volunteers.states import SHOWN, ActivityVerb

PAGE, MOST = "admin/volunteers/activity/page.html", 60


@admin.register(Activity)
class ActivityAdmin(FormPages, ActViews, ListedAdmin):
    """Own pages instead of Django's form; rights are the abilities of each row."""

    listing = ACTIVITIES
    abilities = staticmethod(activity_abilities)
    acts = ACTS
    new_title = gettext_lazy("发活动")
    edit_title = gettext_lazy("改活动")

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.changelist_view), name="volunteers_activity_changelist"),
            path("add/", wrap(self.add), name="volunteers_activity_add"),
            path("<int:pk>/change/", wrap(self.page), name="volunteers_activity_change"),
            path("<int:pk>/edit/", wrap(self.edit), name="volunteers_activity_edit"),
            *self.act_urls(wrap),
        ]

    def able(self, user: User, row: Any) -> frozenset[str]:
        return activity_abilities(user, row)

    def parties(self, user: User, row: Any) -> frozenset[Any]:
        return hands(user, row)

    def _find(self, request: HttpRequest, pk: int) -> Activity:
        if not self.has_view_permission(request):
            raise NotAllowed
        rows = Activity.objects.kept_by(request.user).select_related("area", "unit", "proposed_by", "approved_by")
        row: Activity | None = rows.filter(pk=pk).first()
        if row is None:
            raise NotFound
        return row

    def list_actions(self, request: HttpRequest) -> list[dict[str, Any]]:
        if not self.has_add_permission(request):
            return []
        return [{"label": _("发活动"), "url": reverse("admin:volunteers_activity_add"), "main": True}]

    def page(self, request: HttpRequest, pk: int, status: int = 200, **said: Any) -> HttpResponse:
        """One activity; ``refused`` are forms just refused, ``stale`` what happened meanwhile."""
        row, user = self._find(request, pk), signed_in(request)
        slots = list(Slot.objects.filter(activity=row).prefetch_related("posts").soonest_first()[:MOST])
        context = {
            **self.admin_site.each_context(request),
            "title": row.title,
            "activity": row,
            "state": state_of(row),
            "facts": words.facts(row),
            "days": venues.with_halls(words.days(slots, row)),
            "origin": origin_of(row, user),
            "shown": row.state in SHOWN,
            "runs": runs(user, row),
            "may_edit": ActivityVerb.EDIT in activity_abilities(user, row),
            "timeline": story(row),
            "steps": self.shown_acts(row, user, said.pop("refused", {})),
            **said,
        }
        return TemplateResponse(request, PAGE, context, status=status)

    def add(self, request: HttpRequest) -> HttpResponse:
        """发活动; ``?origin=XQ-…``: it is made from that."""
        user = signed_in(request)
        if not offices(user).exists() or not self.has_add_permission(request):
            raise NotAllowed
        if request.method != "POST":
            return self.shown(request, ActivityForm(user=user, initial=begun_of(user, request.GET)), None)
        form = ActivityForm(request.POST, user=user)

        def save() -> Activity:
            given = form.cleaned_data
            if given["client_key"] is None:
                raise Conflict(_("请重新打开页面再填一次。"))
            unit = given["unit"].pk if given["unit"] else None
            place = {"area": given["area"].pk, "unit": unit, "origin": origin_named(user, given["origin"])}
            return activities.propose(client_key=given["client_key"], by=user, **place, **form.typed())

        return self.saved(request, form, None, save)

    def edit(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What is said of it."""
        row, user = self._find(request, pk), signed_in(request)
        if ActivityVerb.EDIT not in activity_abilities(user, row):
            raise NotAllowed(_("取消了的、结束了的不能改。"))
        if request.method != "POST":
            return self.shown(request, ActivityForm(user=user, activity=row), row)
        form = ActivityForm(request.POST, user=user, activity=row)

        def save() -> Activity:
            if form.cleaned_data["version"] is None:
                raise Conflict(STALE)
            return activities.edit_activity(pk=pk, by=user, version=form.cleaned_data["version"], **form.typed())

        return self.saved(request, form, row, save)


def story(row: Activity) -> list[dict[str, Any]]:
    """What happened, newest first."""
    found = row.events.select_related("actor").order_by("-at", "-pk")[:MOST]
    return [
        {
            "at": moment(one.at),
            "text": str(one.get_verb_display()),
            "who": one.actor.name if one.actor else _("系统"),
            "said": one.words,
            "why": "",
            "kind": "event",
            "now": place == 0,
        }
        for place, one in enumerate(found)
    ]
