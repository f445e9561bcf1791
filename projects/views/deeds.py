"""The public board of a street's livelihood items: what was promised, how far it is, how satisfied residents are."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alliance.lib.about import about
from alliance.lib.errors import NotFound
from people.models import Area
from people.states import Level
from projects.models import Deed, DeedYear
from projects.presenting.deeds import current_year
from projects.presenting.figures import when
from projects.services.deed_dues import month_missing
from projects.services.wording import number
from projects.states import DeedState, Period

FULL = 100


@login_not_required
@require_safe
def board(request: HttpRequest, area: str) -> HttpResponse:
    """Of one year (``?year=``), by default the running one."""
    street = Area.objects.filter(pk=area[:24], level=Level.STREET).first()
    if street is None:
        raise NotFound(_("没有这个街道。"))
    about(request, street.pk)
    every = Deed.objects.public().filter(street_code=street.pk)
    years = sorted(set(every.order_by().values_list("year", flat=True)), reverse=True)
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else current_year(years)
    since = DeedYear.objects.filter(street=street, year=year).values_list("published_on", flat=True).first()
    rows = every.filter(year=year).select_related("unit", "area").prefetch_related("reports").order_by("position")
    context = {
        "street": street,
        "year": year,
        "years": [(one, f"{reverse('projects:deeds', args=[street.pk])}?year={one}") for one in years],
        "rows": [_shown(row, since) for row in rows],
        "fair_url": reverse("projects:fair", args=[street.pk]),
    }
    return render(request, "projects/deeds.html", context)


def _shown(row: Deed, since: date | None) -> dict[str, Any]:
    reports = list(row.reports.all())
    missing = month_missing(row, (one.month for one in reports), since, timezone.localdate())
    return {
        "row": row,
        "who": row.unit.name if row.unit and row.unit.is_public else row.area.name,
        "latest": reports[-1] if reports else None,
        "missing": when(Period.MONTH, missing) if missing else "",
        "satisfaction": "" if row.satisfaction is None else number(row.satisfaction),
        "badge": standing(row),
    }


def standing(row: Deed) -> dict[str, str]:
    """How far it is in the words of residents: ``{label, tone}``."""
    if row.state == DeedState.CLEARED:
        return {"label": _("办完了"), "tone": "ok"}
    return {"label": _("办好了，等验收") if row.percent >= FULL else _("在办"), "tone": "info"}
