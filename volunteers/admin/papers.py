"""双报到 and insurances in the workbench."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.dates import day_of
from alliance.lib.errors import NotAllowed
from members.permissions import keeps_place
from people.models import User
from people.querysets import STREET_LENGTH
from people.visitors import signed_in
from projects.admin.saving import FormPages
from resources.admin.acts import Act, simply
from volunteers.admin.people_pages import PeoplePages
from volunteers.forms.people_staff import StreetInsuranceForm, places_of
from volunteers.listings.people import INSURANCES, REPORTS, insurance_state, report_state
from volunteers.models import Insurance, PartyReport
from volunteers.permissions.people import insurance_abilities, report_abilities
from volunteers.presenting import people as words
from volunteers.services.papers import end_insurance, insure_street
from volunteers.services.party_reports import accept_report, end_report


@admin.register(PartyReport)
class PartyReportAdmin(PeoplePages):
    """Own pages instead of Django's form."""

    listing = REPORTS
    abilities = staticmethod(report_abilities)
    acts = (
        Act(
            name="accept",
            verb="accept",
            label=gettext_lazy("确认报到"),
            take=simply(accept_report),
            done=gettext_lazy("确认了，已经告诉本人。"),
            tone="main",
            unfolded=True,
            hint=gettext_lazy("核对是不是住在这里、单位和党组织对不对。"),
        ),
        Act(
            name="end",
            verb="end",
            label=gettext_lazy("结束"),
            take=simply(end_report),
            done=gettext_lazy("结束了。"),
            hint=gettext_lazy("搬走了、换了单位的。本人可以重新报到。"),
        ),
    )

    def keeps(self, user: User, row: Any) -> bool:
        return keeps_place(user, row.area_id)

    def rows(self, request: HttpRequest) -> Any:
        return PartyReport.objects.kept_by(request.user).select_related("area", "volunteer", "accepted_by")

    def sheet(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        confirmed = f"{day_of(row.accepted_at)} {row.accepted_by.name}" if row.accepted_by else ""
        facts = [
            (_("工作单位"), row.unit_name),
            (_("所在党组织"), row.branch),
            (_("报到社区"), row.area.name),
            (_("认领的岗位"), words.posts(row)),
            (_("报到时间"), day_of(row.reported_at)),
            (_("确认"), confirmed),
            (_("结束时间"), day_of(row.ended_at)),
        ]
        quarters = words.quarters(row.volunteer.user_id, timezone.localdate())
        return {
            "title": row.volunteer.name or row.volunteer.number,
            "code": row.volunteer.number,
            "state": report_state(row),
            "facts": [{"label": label, "text": text} for label, text in facts if text],
            "lists": [{"title": _("今年服务"), "lines": [_quarter(one) for one in quarters]}],
        }


def _quarter(one: dict[str, str]) -> dict[str, str]:
    said = _("%(hours)s小时") % {"hours": one["hours"]}
    return {"text": f"{one['label']} {said}", "small": one["what"]}


@admin.register(Insurance)
class InsuranceAdmin(FormPages, PeoplePages):
    """Own pages instead of Django's form."""

    listing = INSURANCES
    abilities = staticmethod(insurance_abilities)
    new_title = gettext_lazy("登记街道的保险")
    edit_title = new_title
    made = gettext_lazy("登记好了。")
    acts = (
        Act(
            name="end",
            verb="end",
            label=gettext_lazy("不再算"),
            take=simply(end_insurance),
            done=gettext_lazy("记下了，从今天起不算。"),
            hint=gettext_lazy("退保了、登记错了的。"),
        ),
    )

    def more_urls(self, wrap: Any) -> list[URLPattern]:
        return [path("add/", wrap(self.add), name="volunteers_insurance_add")]

    def keeps(self, user: User, row: Any) -> bool:
        return keeps_place(user, row.volunteer.area_id if row.volunteer else row.area_id)

    def rows(self, request: HttpRequest) -> Any:
        return Insurance.objects.kept_by(request.user).select_related("area", "volunteer", "noted_by")

    def list_actions(self, request: HttpRequest) -> list[dict[str, Any]]:
        if not _keeps_a_street(signed_in(request)):
            return []
        return [{"label": _("登记街道的保险"), "url": reverse("admin:volunteers_insurance_add"), "main": True}]

    def sheet(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        facts = [
            (_("保险公司"), row.insurer),
            (_("保单号"), row.policy_number),
            (_("谁的"), row.volunteer.name if row.volunteer else _("本街道全体志愿者")),
            (_("街道"), row.area.name),
            (_("有效期"), f"{row.starts_on:%Y-%m-%d} — {row.ends_on:%Y-%m-%d}"),
            (_("登记"), f"{day_of(row.noted_at)} {row.noted_by.name if row.noted_by else ''}"),
            (_("哪天起不算"), day_of(row.ended_on)),
        ]
        return {
            "title": row.insurer,
            "code": row.policy_number,
            "state": insurance_state(row),
            "facts": [{"label": label, "text": text} for label, text in facts if text],
            "lists": [],
        }

    def add(self, request: HttpRequest) -> HttpResponse:
        """A policy of the street for all of its volunteers."""
        user = signed_in(request)
        if not _keeps_a_street(user):
            raise NotAllowed
        if request.method != "POST":
            return self.shown(request, StreetInsuranceForm(user=user), None)
        form = StreetInsuranceForm(request.POST, user=user)

        def save() -> Insurance:
            row = insure_street(by=user, **form.given())
            row.number = row.policy_number  # type: ignore[attr-defined]
            return row

        return self.saved(request, form, None, save)


def _keeps_a_street(user: User) -> bool:
    return any(len(area.pk) == STREET_LENGTH and keeps_place(user, area.pk) for area in places_of(user))
