"""What volunteers add to the pages below: the notice, a part of 我的, the end of an account."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.registry import contribute
from members.services.journal import Journal
from people.models import User
from volunteers import approvals_people
from volunteers.defaults import load_defaults
from volunteers.models import Certificate, PledgeSignature, Team, TeamMember, Volunteer
from volunteers.presenting.people import hours_said
from volunteers.services.certificates import standing_of
from volunteers.services.registering import forget_volunteer
from volunteers.states.people import VolunteerState


def my_section(request: HttpRequest) -> dict[str, Any] | None:
    """我的志愿服务, for whoever registered."""
    if not isinstance(request.user, User):
        return None
    row = Volunteer.objects.filter(user=request.user).exclude(state=VolunteerState.LEFT).first()
    if row is None:
        return None
    said = _("服务%(hours)s小时") % {"hours": hours_said(standing_of(row).halves)}
    line = {"text": said, "small": row.get_state_display(), "when": row.number, "url": reverse("volunteers:mine")}
    return {"title": _("我的志愿服务"), "lines": [line], "order": 30}


def my_data(user: User) -> dict[str, list[dict[str, Any]]]:
    """What is kept of a volunteer, as plain values."""
    row = Volunteer.objects.filter(user=user).select_related("area").first()
    if row is None:
        return {}
    found = {"volunteer": [_own(row)], **_in_teams(row), **_on_record(row), **_issued(row)}
    return {name: rows for name, rows in found.items() if rows}


def _in_teams(row: Volunteer) -> dict[str, list[dict[str, Any]]]:
    teams = [
        {
            "team": one.team.name,
            "joined": one.joined_at.isoformat(),
            "left": one.left_at.isoformat() if one.left_at else "",
            "pledge": one.pledge,
            "signed": one.pledged_at.isoformat() if one.pledged_at else "",
        }
        for one in TeamMember.objects.filter(volunteer=row).select_related("team").order_by("pk")
    ]
    pledges = [
        {"team": one.member.team.name, "words": one.words, "at": one.signed_at.isoformat()}
        for one in PledgeSignature.objects.filter(member__volunteer=row).select_related("member__team").order_by("pk")
    ]
    return {"volunteer_teams": teams, "pledges": pledges}


def _on_record(row: Volunteer) -> dict[str, list[dict[str, Any]]]:
    papers = [
        {
            "kind": one.get_kind_display(),
            "number": one.number,
            "until": one.valid_until.isoformat() if one.valid_until else "",
        }
        for one in row.qualifications.order_by("pk")
    ]
    insurances = [
        {
            "insurer": one.insurer,
            "policy": one.policy_number,
            "from": one.starts_on.isoformat(),
            "until": one.ends_on.isoformat(),
        }
        for one in row.insurances.order_by("pk")
    ]
    trainings = [{"title": one.title, "day": one.day.isoformat(), "hours": one.hours} for one in row.trainings.all()]
    return {"qualifications": papers, "insurances": insurances, "trainings": trainings}


def _issued(row: Volunteer) -> dict[str, list[dict[str, Any]]]:
    reports = [
        {
            "unit": one.unit_name,
            "branch": one.branch,
            "posts": list(one.posts),
            "at": one.reported_at.isoformat(),
            "ended": one.ended_at.isoformat() if one.ended_at else "",
        }
        for one in row.reports.order_by("pk")
    ]
    certificates = [
        {
            "number": one.number,
            "name": one.name,
            "from": one.starts_on.isoformat(),
            "until": one.ends_on.isoformat(),
            "hours": one.hours,
            "lines": one.lines,
            "at": one.issued_at.isoformat(),
        }
        for one in Certificate.objects.filter(volunteer=row).order_by("pk")
    ]
    return {"party_reports": reports, "certificates": certificates}


def _own(row: Volunteer) -> dict[str, Any]:
    return {
        "number": row.number,
        "name": row.name,
        "name_asked": row.name_asked,
        "name_before": row.name_before,
        "area": row.area.name,
        "state": row.get_state_display(),
        "skills": list(row.skills),
        "times": list(row.times),
        "reach": row.get_reach_display(),
        "shown": row.shows,
        "reported": row.reports_hours,
        "born": f"{row.born:%Y-%m}" if row.born else "",
        "guardian": row.guardian_name,
        "guardian_phone": row.guardian_phone,
        "guardian_agreed": row.guardian_agreed_on.isoformat() if row.guardian_agreed_on else "",
        "refused": row.refused_why,
        "registered": row.registered_at.isoformat(),
    }


def my_stays(user: User) -> list[str]:
    """What is said before an account is deleted."""
    if not Volunteer.objects.filter(user=user).exists():
        return []
    return [_("志愿者登记一起删掉，证明上的姓名也清空。需要证明的，请先打印。")]


def merge_teams(journal: Journal) -> None:
    """Teams of the gone unit."""
    journal.move(gettext_lazy("志愿服务队"), journal.hold(Team.objects.filter(unit=journal.gone)))


contribute("defaults", load_defaults, order=18)
contribute("my.sections", my_section, order=30)
contribute("my.data", my_data, order=30)
contribute("my.stays", my_stays, order=30)
contribute("my.erase", forget_volunteer, order=30)
contribute("unit.merge", merge_teams, order=38)
contribute("workbench.approvals", approvals_people.new_volunteers, order=55)
contribute("workbench.approvals", approvals_people.reports, order=56)
