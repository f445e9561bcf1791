"""Volunteers in the workbench: who they are, what is on record, whether they may start; the settings of a street."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.dates import day_of
from alliance.lib.errors import DomainError, NotAllowed, NotFound
from alliance.lib.privacy import mask_phone
from alliance.lib.refused import add_errors
from members.permissions import keeps_place
from people.models import Area, User
from people.permissions import workplace
from people.querysets import STREET_LENGTH
from people.visitors import signed_in
from resources.admin.acts import Act, simply
from volunteers.admin.people_pages import PeoplePages
from volunteers.forms import people_staff as forms
from volunteers.listings.people import VOLUNTEERS, state_of
from volunteers.models import Hours, Qualification, Volunteer
from volunteers.permissions.people import policy_abilities, volunteer_abilities
from volunteers.presenting import people as words
from volunteers.services import papers
from volunteers.services.approving import approve_volunteer, refuse_volunteer, rename_volunteer
from volunteers.services.certificates import standing_of
from volunteers.services.fitness import is_insured
from volunteers.services.hours import as_hours, correct_hours
from volunteers.services.policies import policy_of, save_policy

EDIT, MOST_HOURS = "admin/projects/edit.html", 60


def _papers(row: Any, user: User) -> dict[str, Any]:
    held = Qualification.objects.filter(volunteer=row, ended_on__isnull=True).order_by("pk")
    return {"rows": [(one.pk, one.get_kind_display()) for one in held]}


def _end_paper(pk: int, by: User, version: int, form: Any) -> Any:
    key = form.given()["row"]
    if not Qualification.objects.filter(pk=key, volunteer=pk).exists():
        raise NotFound
    return papers.end_qualification(pk=key, by=by)


def _hours(row: Any, user: User) -> dict[str, Any]:
    """The newest hours of the street, as they were confirmed."""
    kept = Hours.objects.visible_to(user).filter(person=row.user_id, street=row.area_id[:STREET_LENGTH], corrects=None)
    said = _("%(day)s %(title)s %(hours)s小时")
    return {
        "rows": [
            (one.pk, said % {"day": day_of(one.day), "title": one.label, "hours": as_hours(one.minutes)})
            for one in kept.order_by("-day", "-pk")[:MOST_HOURS]
        ]
    }


def _correct(pk: int, by: User, _version: int, form: Any) -> Any:
    said = form.given()
    if not Hours.objects.filter(pk=said["row"], person__volunteer=pk).exists():
        raise NotFound
    return correct_hours(pk=said["row"], by=by, minutes=said["minutes"], why=said["why"])


ACTS = (
    Act(
        name="approve",
        verb="approve",
        label=gettext_lazy("通过"),
        take=simply(approve_volunteer),
        done=gettext_lazy("通过了，已经告诉本人。"),
        tone="main",
        unfolded=True,
    ),
    Act(
        name="refuse",
        verb="refuse",
        label=gettext_lazy("不通过"),
        take=simply(refuse_volunteer),
        done=gettext_lazy("记下了，已经告诉本人。"),
        form=forms.RefuseForm,
    ),
    Act(
        name="rename",
        verb="rename",
        label=gettext_lazy("改成新姓名"),
        take=simply(rename_volunteer),
        done=gettext_lazy("改好了，已经告诉本人。"),
        hint=gettext_lazy("先看身份证。以后开的证明用新姓名，开过的不变。"),
        fits=lambda row, user: bool(row.name_asked),
    ),
    Act(
        name="qualification",
        verb="note",
        label=gettext_lazy("登记资质"),
        take=simply(papers.note_qualification),
        done=gettext_lazy("登记好了，已经告诉本人。"),
        form=forms.QualificationForm,
        hint=gettext_lazy("先看原件。同一种证再登记，就换成新的。"),
    ),
    Act(
        name="insure",
        verb="note",
        label=gettext_lazy("登记保险"),
        take=simply(papers.insure_volunteer),
        done=gettext_lazy("登记好了。"),
        form=forms.InsuranceForm,
        hint=gettext_lazy("本人自己的保单。街道为大家买的，在“志愿者保险”里登记一次就行。"),
    ),
    Act(
        name="train",
        verb="note",
        label=gettext_lazy("记一次培训"),
        take=simply(papers.note_training),
        done=gettext_lazy("记好了。"),
        form=forms.TrainingForm,
    ),
    Act(
        name="hours",
        verb="hours",
        label=gettext_lazy("更正时长"),
        take=_correct,
        done=gettext_lazy("更正了，原来的记录也留着。"),
        form=forms.HoursForm,
        hint=gettext_lazy("另记一条，本人看得到原因。登记的人、确认的人不能自己更正。积分有误的，在积分里改。"),
        fits=lambda row, user: bool(_hours(row, user)["rows"]),
        arguments=_hours,
    ),
    Act(
        name="end_paper",
        verb="note",
        label=gettext_lazy("资质不再算"),
        take=_end_paper,
        done=gettext_lazy("记下了。"),
        form=forms.EndForm,
        fits=lambda row, user: bool(_papers(row, user)["rows"]),
        arguments=_papers,
    ),
)


@admin.register(Volunteer)
class VolunteerAdmin(PeoplePages):
    """Own pages instead of Django's form."""

    listing = VOLUNTEERS
    abilities = staticmethod(volunteer_abilities)
    acts = ACTS

    def more_urls(self, wrap: Any) -> list[URLPattern]:
        return [path("settings/", wrap(self.settings), name="volunteers_volunteer_settings")]

    def keeps(self, user: User, row: Any) -> bool:
        return row.user_id != user.pk and keeps_place(user, row.area_id)

    def rows(self, request: HttpRequest) -> Any:
        return Volunteer.objects.kept_by(request.user).select_related("area", "user")

    def list_actions(self, request: HttpRequest) -> list[dict[str, Any]]:
        if "change" not in policy_abilities(signed_in(request)):
            return []
        return [{"label": _("设置"), "url": reverse("admin:volunteers_volunteer_settings"), "main": False}]

    def sheet(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        today, standing = timezone.localdate(), standing_of(row)
        held = [words.paper(one, today) for one in row.qualifications.filter(ended_on=None).order_by("pk")]
        teams = row.teams.live().select_related("team").order_by("pk")
        return {
            "title": row.name or row.number,
            "code": row.number,
            "state": state_of(row),
            "said": row.refused_why,
            "facts": [*words.about(row), *_name(row), *_guardian(row), *_done(row, standing)],
            "lists": [
                {"title": _("资质"), "lines": [{"text": one["label"], "small": one["state"]} for one in held]},
                {"title": _("队伍"), "lines": [_team(one) for one in teams]},
                {"title": _("培训"), "lines": [_training(one) for one in row.trainings.order_by("-day", "-pk")[:20]]},
                {"title": _("经过"), "lines": [_event(one) for one in _events(row)]},
            ],
        }

    def settings(self, request: HttpRequest) -> HttpResponse:
        """志愿服务设置 of the street where one works (``?street=``)."""
        user = signed_in(request)
        street = (request.GET.get("street", "") or workplace(user))[:STREET_LENGTH]
        if "view" not in policy_abilities(user) or not Area.objects.filter(pk=street).exists():
            raise NotAllowed if "view" not in policy_abilities(user) else NotFound
        policy = policy_of(street)
        if "change" not in policy_abilities(user, policy):
            raise NotAllowed
        form, status = forms.PolicyForm(request.POST if request.method == "POST" else None, policy=policy), 200
        if request.method == "POST":
            form.is_valid()
            typed: dict[str, Any] = {
                "asks_approval": bool(form.cleaned_data.get("asks_approval")),
                "stars": form.hours(),
                "errand_calls": form.cleaned_data.get("errand_calls", -1),
            }
            try:
                save_policy(by=user, street_code=street, version=form.cleaned_data.get("version"), **typed)
            except DomainError as error:
                add_errors(form, error)
                status = 422 if error.status == 400 else error.status
            else:
                messages.success(request, _("改好了。"))
                return HttpResponseRedirect(self.list_url())
        context = {
            **self.admin_site.each_context(request),
            "title": _("志愿服务设置"),
            "form": form,
            "groups": form.groups(),
            "row": None,
            "listed": self.opts.verbose_name_plural,
            "back_url": self.list_url(),
        }
        return TemplateResponse(request, EDIT, context, status=status)


def _name(row: Volunteer) -> list[dict[str, str]]:
    facts = [(_("想改成"), row.name_asked), (_("原来的姓名"), row.name_before)]
    return [{"label": label, "text": text} for label, text in facts if text]


def _guardian(row: Volunteer) -> list[dict[str, str]]:
    if row.born is None:
        return []
    return [
        {"label": _("出生年月"), "text": f"{row.born:%Y-%m}"},
        {"label": _("监护人"), "text": f"{row.guardian_name} {mask_phone(row.guardian_phone)}"},
    ]


def _done(row: Volunteer, standing: Any) -> list[dict[str, str]]:
    insured = is_insured(row.user, row.area_id, timezone.localdate())
    return [
        {"label": _("服务时长"), "text": _("%(hours)s小时") % {"hours": words.hours_said(standing.halves)}},
        {"label": _("星级"), "text": words.star_line(standing.halves, policy_of(row.area_id))},
        {"label": _("保险"), "text": _("登记好了") if insured else _("还没有")},
        {"label": _("登记时间"), "text": day_of(row.registered_at)},
    ]


def _team(one: Any) -> dict[str, str]:
    url = reverse("admin:volunteers_team_change", args=[one.team_id])
    return {"text": one.team.name, "small": _("责任保证书还没签") if one.waits else "", "url": url}


def _training(one: Any) -> dict[str, str]:
    return {"text": one.title, "small": f"{day_of(one.day)} {_('%(hours)s小时') % {'hours': f'{one.hours:g}'}}"}


def _events(row: Volunteer) -> Any:
    return row.events.select_related("actor").order_by("-at", "-pk")[:30]


def _event(one: Any) -> dict[str, str]:
    who = one.actor.name if one.actor and one.actor_id != one.volunteer.user_id else ""
    return {"text": str(one.get_verb_display()), "small": " ".join(filter(None, (day_of(one.at), who)))}
