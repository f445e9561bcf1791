"""民生实事 at the desk: whoever is responsible says once a month how far it is and what was done."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from alliance.lib.about import about
from alliance.lib.errors import NotFound
from claims.querysets import seated_units
from desk import presenting
from desk.acting import take
from desk.forms.together import ReportForm
from people.models import User
from people.visitors import signed_in
from projects.models import Deed, DeedReport
from projects.presenting import figures, periods
from projects.services.deed_dues import months_to_report
from projects.services.deed_running import report_deed
from projects.states import DeedState, Period


@never_cache
@require_http_methods(["GET", "POST"])
def deed(request: HttpRequest, pk: int) -> HttpResponse:
    """One item: its goal, the months that were reported, this month's form. POST reports."""
    user = signed_in(request)
    row = Deed.objects.filter(unit__in=seated_units(user), pk=pk).select_related("area", "unit", "project").first()
    if row is None or row.position is None:
        raise NotFound
    if request.method != "POST":
        return _page(request, row, _form(row))
    form = _form(row, request.POST)

    def again(refused: Any, status: int) -> HttpResponse:
        refused.renew(_months(row))
        return _page(request, row, refused, status)

    return take(
        request,
        form,
        lambda given: _report(user, row, given),
        again=again,
        done=_("报好了，谢谢您。大家在民生实事的页面上看得到。"),
        to=reverse("desk:deed", args=[pk]),
    )


def _report(user: User, row: Deed, given: dict[str, Any]) -> DeedReport:
    day, version = periods.read(given["month"])
    said = {name: given[name] for name in ("percent", "words", "why_less", "seen_warnings")}
    return report_deed(pk=row.pk, by=user, month=day, version=version, **said)


def _form(row: Deed, data: Any = None) -> ReportForm:
    choices = _months(row)
    form = ReportForm(data, months=choices, initial={"month": periods.first_free(choices), "percent": row.percent})
    if data is not None:
        form.stale_choice(data.get("month", ""))
    return form


def _months(row: Deed) -> list[tuple[str, str]]:
    """Months of the item's year up to this one, the newest first; one that was reported is changed as it was seen."""
    there = {one.month: one for one in row.reports.all()}
    return [_month(month, there.get(month)) for month in months_to_report(row, timezone.localdate())]


def _month(month: date, report: DeedReport | None) -> tuple[str, str]:
    said = figures.when(Period.MONTH, month)
    if report is None:
        return month.isoformat(), said
    label = _("%(when)s（报过%(percent)d%%，再报就是改）") % {"when": said, "percent": report.percent}
    return f"{month.isoformat()}{periods.SEEN}{report.version}", label


def _page(request: HttpRequest, row: Deed, form: ReportForm, status: int = 200) -> HttpResponse:
    about(request, row.area_id)
    reports = [
        {"when": figures.when(Period.MONTH, one.month), "percent": one.percent, "words": one.words}
        for one in row.reports.order_by("-month")
    ]
    context = {
        "deed": row,
        "reports": reports,
        "form": form if row.state == DeedState.PUBLISHED or form.is_bound else None,
        "open": row.state == DeedState.PUBLISHED,
        "months": bool(form.fields["month"].choices),  # type: ignore[attr-defined]
        "board_url": reverse("projects:deeds", args=[row.street_code]) + f"?year={row.year}",
        "office": presenting.office(row.area),
        "nav_current": "my",
    }
    return render(request, "desk/deed.html", context, status=status)
