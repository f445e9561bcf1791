"""One's own life as a volunteer: the registration, what is on record, what was done."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from alliance.lib.about import about
from alliance.lib.errors import DomainError, NotFound
from alliance.lib.refused import add_errors
from people.models import User
from people.services.consents import current_notice
from people.visitors import signed_in
from volunteers.forms.people import AboutForm, CertificateForm, RegisterForm
from volunteers.models import PartyReport, Team, Volunteer
from volunteers.permissions.people import volunteer_abilities
from volunteers.presenting import people as words
from volunteers.services.certificates import standing_of
from volunteers.services.fitness import is_insured
from volunteers.services.policies import policy_of
from volunteers.services.registering import NOTICE, change_volunteer, leave, own_row, register
from volunteers.states.people import VolunteerState, VolunteerVerb

REFUSED = 422
STANDS = {VolunteerState.PENDING, VolunteerState.ACTIVE}


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    """What it is to volunteer here; signed in, the registration itself."""
    row = Volunteer.objects.filter(user=request.user).first() if isinstance(request.user, User) else None
    if row is not None and row.state in STANDS and request.method == "GET":
        return redirect("volunteers:mine")
    notice = current_notice(NOTICE)
    first: dict[str, Any] = {"notice_version": notice.version}
    if isinstance(request.user, User):
        first["name"] = row.name if row else request.user.name
    form, status = RegisterForm(initial=first), 200
    if request.method == "POST" and not isinstance(request.user, User):
        return redirect_to_login(reverse("volunteers:welcome"))
    if request.method == "POST":
        form = RegisterForm(request.POST)
        try:
            if _register(request, form):
                return redirect("volunteers:mine")
        except DomainError as error:
            add_errors(form, error)
            status = REFUSED if error.status == 400 else error.status
        else:
            status = REFUSED
    context = {
        "form": form,
        "notice": notice,
        "refused_why": row.refused_why if row else "",
        "teams_count": Team.objects.public().count(),
        "nav_current": "help",
    }
    return render(request, "volunteers/welcome.html", context, status=status)


def _register(request: HttpRequest, form: RegisterForm) -> bool:
    """Whether it stands. Raises what the service refuses."""
    user = signed_in(request)
    if not form.is_valid():
        return False
    given = form.cleaned_data
    row = register(
        by=user,
        client_key=given.get("client_key") or uuid4(),
        draft=form.draft(),
        consented=given["consent"],
        notice_version=given.get("notice_version"),
    )
    if row.state == VolunteerState.PENDING:
        messages.success(request, _("登记好了，社区看过就告诉您。"))
    else:
        messages.success(request, _("欢迎您，登记好了。"))
    return True


@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """我的志愿服务: number, hours, stars, teams, papers, certificates."""
    user = signed_in(request)
    row = _own(user)
    if row is None:
        return redirect("volunteers:welcome")
    about(request, row.area_id)
    return render(request, "volunteers/mine.html", _sheet(user, row))


def _own(user: User) -> Volunteer | None:
    try:
        return own_row(user)
    except NotFound:
        return None


def _sheet(user: User, row: Volunteer) -> dict[str, Any]:
    standing, policy, today = standing_of(row), policy_of(row.area_id), timezone.localdate()
    return {
        "row": row,
        "badge": words.badge(row),
        "able": volunteer_abilities(user, row),
        "stands": row.state == VolunteerState.ACTIVE,
        "hours": words.hours_said(standing.halves),
        "days": standing.days,
        "stars": standing.stars,
        "star_line": words.star_line(standing.halves, policy),
        "about": words.about(row),
        "teams": list(row.teams.live().select_related("team__area").order_by("joined_at", "pk")),
        "papers": [words.paper(one, today) for one in row.qualifications.filter(ended_on=None).order_by("pk")],
        "insured": is_insured(user, row.area_id, today),
        "trainings": list(row.trainings.order_by("-day", "-pk")[:20]),
        "report": PartyReport.objects.live().filter(volunteer=row).first(),
        "certificates": list(row.certificates.order_by("-issued_at", "-pk")[:10]),
        "form": CertificateForm(initial={"starts_on": today.replace(month=1, day=1), "ends_on": today}),
        "nav_current": "my",
    }


@never_cache
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest) -> HttpResponse:
    """Other skills, times, place."""
    user = signed_in(request)
    row = own_row(user)
    form, status = AboutForm(request.POST if request.method == "POST" else None, row=row), 200
    if request.method == "POST":
        status = REFUSED
        if form.is_valid():
            try:
                change_volunteer(pk=row.pk, by=user, version=form.cleaned_data.get("version"), draft=form.draft())
            except DomainError as error:
                add_errors(form, error)
                status = REFUSED if error.status == 400 else error.status
            else:
                messages.success(request, _("改好了。"))
                return redirect("volunteers:mine")
    elif VolunteerVerb.CHANGE not in volunteer_abilities(user, row):
        return redirect("volunteers:mine")
    context = {"form": form, "row": row, "nav_current": "my"}
    return render(request, "volunteers/change.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def quit_all(request: HttpRequest) -> HttpResponse:
    """退出, after a page that says what becomes of what."""
    user = signed_in(request)
    row = own_row(user)
    if VolunteerVerb.LEAVE not in volunteer_abilities(user, row) and request.method == "GET":
        return redirect("volunteers:mine")
    if request.method == "POST":
        leave(pk=row.pk, by=user)
        messages.success(request, _("您退出了，谢谢您做过的一切。想回来随时可以。"))
        return redirect("volunteers:welcome")
    return render(request, "volunteers/leave.html", {"row": row, "nav_current": "my"})
