"""例会 in the workbench: set up once, the meetings come by themselves."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.dates import moment
from alliance.lib.errors import Conflict, NotAllowed
from meetings.admin.pages import MOST, RowPages, fact
from meetings.forms.parties import ListForm
from meetings.forms.plans import SeriesForm
from meetings.listings.meetings import SERIES
from meetings.models import Series
from meetings.permissions import series_abilities
from meetings.presenting import words
from meetings.services.series import Invited, edit_series, end_series, set_invited, set_up_series
from meetings.states import SeriesVerb
from people.models import User
from people.visitors import signed_in
from projects.admin.saving import FormPages
from projects.forms.agreement import offices
from resources.admin.acts import STALE, Act, simply


def _invite(pk: int, by: User, version: int, form: Any) -> Any:
    return set_invited(pk=pk, by=by, version=version, invited=Invited(**form.given()))


def _invited(row: Series, user: User) -> dict[str, Any]:
    found = list(row.invitees.all())
    first = {
        "bodies": [str(one.body_id) for one in found if one.body_id],
        "units": [str(one.unit_id) for one in found if one.unit_id],
        "offices": [one.office_id for one in found if one.office_id],
    }
    return {"area": row.area_id, "initial": first}


ACTS = (
    Act(
        name="invite",
        verb=SeriesVerb.INVITE,
        label=gettext_lazy("定参会名单"),
        take=_invite,
        done=gettext_lazy("定好了；还没发通知的会，名单跟着变。"),
        form=ListForm,
        tone="main",
        hint=gettext_lazy("勾机构，到时候在里面的单位都请；单位进出联盟，名单自己跟着变。"),
        arguments=_invited,
    ),
    Act(
        name="end",
        verb=SeriesVerb.END,
        label=gettext_lazy("停办"),
        take=simply(end_series),
        done=gettext_lazy("停了。已经发了通知的会照开。"),
        hint=gettext_lazy("还没发通知、也没人动过的会一起取消；发了通知的照开。"),
        tone="danger",
    ),
)


@admin.register(Series)
class SeriesAdmin(FormPages, RowPages):
    """Own pages instead of Django's form."""

    listing = SERIES
    abilities = staticmethod(series_abilities)
    acts = ACTS
    new_title = gettext_lazy("设立例会")
    edit_title = gettext_lazy("修改例会")
    made = gettext_lazy("设立好了，一个季度的会已经排上。")

    def more_urls(self, wrap: Any) -> list[URLPattern]:
        return [
            path("add/", wrap(self.add), name="meetings_series_add"),
            path("<int:pk>/edit/", wrap(self.edit), name="meetings_series_edit"),
        ]

    def rows(self, request: HttpRequest) -> Any:
        return Series.objects.visible_to(request.user).select_related("area", "unit", "set_up_by")

    def list_actions(self, request: HttpRequest) -> list[dict[str, Any]]:
        if not self.has_add_permission(request):
            return []
        return [{"label": _("设立例会"), "url": reverse("admin:meetings_series_add"), "main": True}]

    def sheet(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        may_edit = SeriesVerb.EDIT in series_abilities(signed_in(request), row)
        return {
            "title": row.title,
            "code": row.get_kind_display(),
            "state": words.series_state(row),
            "edit_url": reverse("admin:meetings_series_edit", args=[row.pk]) if may_edit else "",
            "facts": [
                fact(_("怎么重复"), words.again(row)),
                fact(_("第一次"), moment(row.starts)),
                fact(_("开多久"), _("%(n)d分钟") % {"n": row.minutes}),
                fact(_("遇到放假"), row.get_off_days_display()),
                fact(_("地点"), row.place),
                fact(_("召集"), words.host_of(row)),
            ],
            "lists": [
                {"title": _("请谁"), "lines": _invited_lines(row), "none": _("还没定名单。")},
                {"title": _("排好的会"), "lines": _meeting_lines(row), "none": _("还没有排上的会。")},
            ],
        }

    def add(self, request: HttpRequest) -> HttpResponse:
        """设立例会."""
        user = signed_in(request)
        if not self.has_add_permission(request) or not offices(user).exists():
            raise NotAllowed
        if request.method != "POST":
            return self.shown(request, SeriesForm(user=user), None)
        form = SeriesForm(request.POST, user=user)

        def save() -> Series:
            given = form.cleaned_data
            if given["client_key"] is None:
                raise Conflict(_("请重新打开页面再填一次。"))
            return set_up_series(client_key=given["client_key"], by=user, area=given["area"].pk, **form.words())

        return self.saved(request, form, None, save)

    def edit(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What it says; meetings without content follow."""
        row, user = self._find(request, pk), signed_in(request)
        if SeriesVerb.EDIT not in series_abilities(user, row):
            raise NotAllowed
        if request.method != "POST":
            return self.shown(request, SeriesForm(user=user, row=row), row)
        form = SeriesForm(request.POST, user=user, row=row)

        def save() -> Series:
            if form.cleaned_data["version"] is None:
                raise Conflict(STALE)
            return edit_series(pk=pk, by=user, version=form.cleaned_data["version"], **form.words())

        return self.saved(request, form, row, save)


def _invited_lines(row: Series) -> list[dict[str, Any]]:
    found = [{"text": _("全体成员单位")}] if row.everybody else []
    rows = row.invitees.select_related("body", "unit", "office").order_by("pk")
    return found + [{"text": str(one)} for one in rows]


def _meeting_lines(row: Series) -> list[dict[str, Any]]:
    rows = row.meetings.order_by("-starts", "-pk")[:MOST]
    return [
        {
            "text": moment(one.starts),
            "small": one.get_state_display(),
            "url": reverse("admin:meetings_meeting_change", args=[one.pk]),
        }
        for one in rows
    ]
