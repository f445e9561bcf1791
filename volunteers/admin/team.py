"""Teams in the workbench: set up, described, led, trained, closed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.dates import day_of
from alliance.lib.errors import Conflict, NotAllowed, NotFound
from members.permissions import keeps_place
from people.models import User
from people.visitors import signed_in
from projects.admin.saving import FormPages
from resources.admin.acts import STALE, Act, simply
from volunteers.admin.people_pages import PeoplePages
from volunteers.forms import people_staff as forms
from volunteers.listings.people import TEAMS, team_state
from volunteers.models import PledgeSignature, Team, TeamMember
from volunteers.permissions.people import team_abilities
from volunteers.presenting.people import name_in
from volunteers.services import belonging, papers, teams

MOST = 500


def _members(row: Any, user: User) -> dict[str, Any]:
    rows = TeamMember.objects.here().filter(team=row).select_related("volunteer").order_by("joined_at", "pk")
    return {"rows": [(one.pk, f"{name_in(one)} {one.volunteer.number}") for one in rows[:MOST]]}


def _let_go(pk: int, by: User, version: int, form: Any) -> Any:
    key = form.given()["row"]
    if not TeamMember.objects.filter(pk=key, team=pk).exists():
        raise NotFound
    return belonging.let_go(pk=key, by=by)


ACTS = (
    Act(
        name="take_in",
        verb="people",
        label=gettext_lazy("请人加入"),
        take=simply(belonging.take_in),
        done=gettext_lazy("请了，本人同意以后就在队里。"),
        form=forms.NumberForm,
        tone="main",
    ),
    Act(
        name="train",
        verb="people",
        label=gettext_lazy("记一次全队培训"),
        take=simply(papers.train_team),
        done=gettext_lazy("记好了。"),
        form=forms.TrainingForm,
        hint=gettext_lazy("记给现在队里的每一个人；谁没来，不要记在这里。"),
    ),
    Act(
        name="lead",
        verb="lead",
        label=gettext_lazy("定队长"),
        take=simply(teams.name_leader),
        done=gettext_lazy("定好了。"),
        form=forms.NumberForm,
        hint=gettext_lazy("空着，就是现在没有队长。队长能请人加入、记培训。"),
    ),
    Act(
        name="let_go",
        verb="people",
        label=gettext_lazy("请人退出"),
        take=_let_go,
        done=gettext_lazy("记下了。"),
        form=forms.EndForm,
        fits=lambda row, user: bool(_members(row, user)["rows"]),
        arguments=_members,
    ),
    Act(
        name="close",
        verb="close",
        label=gettext_lazy("解散"),
        take=simply(teams.close_team),
        done=gettext_lazy("解散了，已经告诉队员。"),
        hint=gettext_lazy("队员都会收到一句谢谢，时长都在。解散了不能恢复。"),
    ),
)


@admin.register(Team)
class TeamAdmin(FormPages, PeoplePages):
    """Own pages instead of Django's form."""

    listing = TEAMS
    abilities = staticmethod(team_abilities)
    acts = ACTS
    new_title = gettext_lazy("登记志愿服务队")
    edit_title = gettext_lazy("修改志愿服务队")

    def more_urls(self, wrap: Any) -> list[URLPattern]:
        return [
            path("add/", wrap(self.add), name="volunteers_team_add"),
            path("<int:pk>/edit/", wrap(self.edit), name="volunteers_team_edit"),
        ]

    def keeps(self, user: User, row: Any) -> bool:
        return keeps_place(user, row.area_id)

    def rows(self, request: HttpRequest) -> Any:
        return Team.objects.kept_by(request.user).with_members().select_related("area", "leader", "unit", "made_by")

    def list_actions(self, request: HttpRequest) -> list[dict[str, Any]]:
        if not self.has_add_permission(request):
            return []
        return [{"label": _("登记队伍"), "url": reverse("admin:volunteers_team_add"), "main": True}]

    def sheet(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        may_edit = "change" in team_abilities(signed_in(request), row)
        members = TeamMember.objects.here().filter(team=row).select_related("volunteer").order_by("joined_at", "pk")
        return {
            "title": row.name,
            "code": row.number,
            "state": team_state(row),
            "said": row.words,
            "edit_url": reverse("admin:volunteers_team_edit", args=[row.pk]) if may_edit else "",
            "facts": _facts(row),
            "lists": [
                {"title": _("队员"), "lines": [_member(one, row) for one in members[:MOST]]},
                {"title": _("责任保证书"), "lines": [{"text": row.pledge}] if row.pledge else []},
                {"title": _("谁签过"), "lines": [_signature(one, row) for one in _signatures(row)]},
            ],
        }

    def add(self, request: HttpRequest) -> HttpResponse:
        """登记志愿服务队."""
        user = signed_in(request)
        if not self.has_add_permission(request) or not forms.places_of(user).exists():
            raise NotAllowed
        if request.method != "POST":
            return self.shown(request, forms.TeamForm(user=user), None)
        form = forms.TeamForm(request.POST, user=user)

        def save() -> Team:
            given = form.cleaned_data
            if given["client_key"] is None:
                raise Conflict(_("请重新打开页面再填一次。"))
            area = given["area"].pk if given.get("area") else ""
            seen = given.get("seen_warnings") or ""
            return teams.add_team(
                client_key=given["client_key"], by=user, area=area, typed=form.typed(), seen_warnings=seen
            )

        return self.saved(request, form, None, save)

    def edit(self, request: HttpRequest, pk: int) -> HttpResponse:
        """修改志愿服务队."""
        row, user = self._find(request, pk), signed_in(request)
        if "change" not in team_abilities(user, row):
            raise NotAllowed
        if request.method != "POST":
            return self.shown(request, forms.TeamForm(user=user, team=row), row)
        form = forms.TeamForm(request.POST, user=user, team=row)

        def save() -> Team:
            given = form.cleaned_data
            if given["version"] is None:
                raise Conflict(STALE)
            seen = given.get("seen_warnings") or ""
            return teams.change_team(pk=pk, by=user, version=given["version"], typed=form.typed(), seen_warnings=seen)

        return self.saved(request, form, row, save)


def _signatures(row: Team) -> Any:
    rows = PledgeSignature.objects.filter(member__team=row).select_related("member__volunteer")
    return rows.order_by("-signed_at", "-pk")[:MOST]


def _signature(one: PledgeSignature, team: Team) -> dict[str, str]:
    """Who, when; and the words, where other ones count today."""
    who = one.member.volunteer.name or one.member.volunteer.number
    signed = _("监护人%(day)s签") if one.by_guardian else _("%(day)s签")
    said = [signed % {"day": day_of(one.signed_at)}]
    if one.words != team.pledge:
        said.append(_("签的是以前的：%(words)s") % {"words": one.words})
    return {"text": who, "small": " ".join(said)}


def _facts(row: Team) -> list[dict[str, str]]:
    facts = [
        (_("类别"), str(row.get_kind_display())),
        (_("哪里的"), row.area.name),
        (_("哪家单位的"), row.unit.name if row.unit else ""),
        (_("队长"), row.leader.name if row.leader else _("没有")),
        (_("怎么加入"), _("谁都可以加入") if row.is_open else _("由队长请人加入")),
        (_("登记时间"), f"{day_of(row.made_at)} {row.made_by.name if row.made_by else ''}"),
        (_("解散时间"), day_of(row.closed_on)),
    ]
    return [{"label": label, "text": text} for label, text in facts if text]


def _member(one: TeamMember, team: Team) -> dict[str, str]:
    signed = _("%(day)s签了责任保证书") % {"day": day_of(one.pledged_at)} if one.pledged_at else _("责任保证书还没签")
    asked = _("等本人同意") if one.asked else signed if team.pledge else ""
    small = f"{one.volunteer.number} {asked}".strip()
    return {"text": name_in(one) or one.volunteer.number, "small": small}
