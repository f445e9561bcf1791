"""志愿服务证明 and the 双报到 card: issued, printed, checked."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from alliance.lib.about import about
from alliance.lib.errors import DomainError
from alliance.lib.http import client_ip
from alliance.lib.privacy import mask_paper_name
from alliance.lib.refused import add_errors
from people.visitors import signed_in
from volunteers.forms.people import CertificateForm, CheckForm, ReportForm
from volunteers.models import Certificate
from volunteers.presenting import people as words
from volunteers.services.certificates import (
    corrected_since,
    find_certificate,
    issue_certificate,
    own_certificate,
    shown_code,
)
from volunteers.services.party_reports import end_report, report_in, report_of
from volunteers.services.registering import own_row

REFUSED = 422


@never_cache
@require_http_methods(["GET", "POST"])
def issue(request: HttpRequest) -> HttpResponse:
    """出具证明 between two days."""
    user = signed_in(request)
    own_row(user)
    today = timezone.localdate()
    form, status = CertificateForm(initial={"starts_on": today.replace(month=1, day=1), "ends_on": today}), 200
    if request.method == "POST":
        form, status = CertificateForm(request.POST), REFUSED
        if form.is_valid():
            starts_on, ends_on = form.days()
            key = form.cleaned_data.get("client_key") or uuid4()
            try:
                row = issue_certificate(by=user, client_key=key, starts_on=starts_on, ends_on=ends_on)
            except DomainError as error:
                add_errors(form, error)
                status = REFUSED if error.status == 400 else error.status
            else:
                return redirect("volunteers:certificate", row.pk)
    return render(request, "volunteers/issue.html", {"form": form, "nav_current": "my"}, status=status)


@never_cache
@require_safe
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper itself, for A4."""
    row = own_certificate(signed_in(request), pk)
    about(request, row.volunteer.area_id)
    return render(request, "volunteers/certificate.html", {**_paper(row), "name": row.name, "nav_current": "my"})


def _paper(row: Certificate) -> dict[str, Any]:
    lines = [{**line, "day": parse_date(line["day"]), "hours": words.hours_said(line["halves"])} for line in row.lines]
    site = settings.SITE_URL.rstrip("/") if settings.SITE_URL else ""
    return {
        "paper": row,
        "lines": lines,
        "hours": words.hours_said(row.halves),
        "code": shown_code(row.code),
        "check_page": site + reverse("volunteers:check"),
    }


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """核对证明: number and code, as they stand on the paper. Everybody may ask; names are masked."""
    form, status, said = CheckForm(), 200, {}
    if request.method == "POST":
        form = CheckForm(request.POST)
        form.is_valid()
        given = form.cleaned_data
        try:
            row = find_certificate(number=given.get("number", ""), code=given.get("code", ""), ip=client_ip(request))
        except DomainError as error:
            add_errors(form, error)
            status = REFUSED if error.status == 400 else error.status
        else:
            about(request, row.volunteer.area_id)
            said = {**_paper(row), "name": mask_paper_name(row.name), "corrected": corrected_since(row)}
    return render(request, "volunteers/check.html", {"form": form, **said}, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """党员报到."""
    user = signed_in(request)
    row = own_row(user)
    form, status = ReportForm(), 200
    if request.method == "POST":
        form, status = ReportForm(request.POST), REFUSED
        form.is_valid()
        given = form.cleaned_data
        typed = {name: given.get(name) or "" for name in ("unit_name", "branch")}
        try:
            key = given.get("client_key") or uuid4()
            report_in(by=user, client_key=key, posts=given.get("posts") or [], **typed)
        except DomainError as error:
            add_errors(form, error)
            status = REFUSED if error.status == 400 else error.status
        else:
            messages.success(request, _("报到好了，社区看过就确认。"))
            return redirect("volunteers:card")
    return render(request, "volunteers/report.html", {"form": form, "row": row, "nav_current": "my"}, status=status)


@never_cache
@require_safe
def card(request: HttpRequest) -> HttpResponse:
    """服务登记卡: for one's unit, every quarter."""
    user = signed_in(request)
    row = report_of(user)
    about(request, row.area_id)
    context = {
        "report": row,
        "volunteer": row.volunteer,
        "posts": words.posts(row),
        "quarters": words.quarters(user.pk, timezone.localdate()),
        "trainings": list(row.volunteer.trainings.order_by("-day", "-pk")[:10]),
        "today": timezone.localdate(),
        "nav_current": "my",
    }
    return render(request, "volunteers/card.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest) -> HttpResponse:
    """结束报到."""
    user = signed_in(request)
    row = report_of(user)
    if request.method == "POST":
        end_report(pk=row.pk, by=user)
        messages.success(request, _("结束了。搬了家、换了单位，可以重新报到。"))
        return redirect("volunteers:mine")
    return redirect("volunteers:card")
