"""我们的资源: what the unit gives, who asks for it, and what one does with it from day to day."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from alliance.lib.about import about
from alliance.lib.errors import DomainError, NotFound, Text
from alliance.lib.refused import add_errors
from deadlines.services.calendar import calendar
from deadlines.worktime import Calendar
from desk import selectors, warehouse
from desk.asked_rows import proposed_rows
from people.models import User
from people.visitors import signed_in
from resources import services
from resources.forms.acts import ActForm, CloseForm, StopForm, UseForm
from resources.models import Resource
from resources.permissions import resource_abilities
from resources.presenting import facts, hands, times
from resources.services.hours import weekly
from resources.services.pictures import photos_of
from resources.states import Form, ResourceState, ResourceVerb

REFUSED = 422
FEW = 12


@dataclass(frozen=True)
class Act:
    """Something one does with a resource: whether ``verb`` is open, its form, the service, what is said afterwards."""

    verb: ResourceVerb
    form: type[ActForm]
    does: Callable[..., Any]
    said: Text


def _use(*, pk: int, by: User, version: int | None, **given: Any) -> Any:
    return services.note_use(resource=pk, by=by, **given)


ACTS = {
    "stop": Act(ResourceVerb.STOP, StopForm, services.stop_resource, gettext_lazy("停用了，约过的人都告诉了。")),
    "again": Act(ResourceVerb.ASK_AGAIN, ActForm, services.ask_again, gettext_lazy("重新送审了，街道看过就能用。")),
    "close": Act(ResourceVerb.CLOSE_DAYS, CloseForm, services.close_days, gettext_lazy("记下了，这几天没人能约。")),
    "use": Act(ResourceVerb.EDIT, UseForm, _use, gettext_lazy("记下了，谢谢。")),
}


@never_cache
@require_GET
def resources(request: HttpRequest) -> HttpResponse:
    """Everything the unit gives, and what it is asked for."""
    user = signed_in(request)
    seat, seats = selectors.seat_here(request, user)
    if seat is None:
        raise NotFound
    unit, cal = seat.unit, calendar()
    context = {
        "unit": unit,
        "others": [one.unit for one in seats if one.unit_id != unit.pk],
        "asked": warehouse.booking_rows(user, warehouse.asked_bookings(unit)[:FEW], asked=True),
        "expected": warehouse.booking_rows(user, warehouse.expected_bookings(unit)[:FEW], asked=True),
        "rows": [_row(row, cal) for row in warehouse.given_by(unit)],
        "nav_current": "my",
    }
    return render(request, "desk/resources.html", context)


def _row(row: Resource, cal: Calendar) -> dict[str, Any]:
    return {
        "pk": row.pk,
        "name": row.name,
        "kind": row.kind.label,
        "size": facts.size_of(row),
        "badge": facts.badge(row),
        "why": row.stopped_why,
        "hand": hands.approval_of(row, cal),
    }


@never_cache
@require_GET
def resource(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them."""
    return _render(request, pk)


def _render(request: HttpRequest, pk: int, *, act: str = "", form: ActForm | None = None, status: int = 200) -> Any:
    user = signed_in(request)
    row = warehouse.own_resource(user, pk)
    about(request, row.area_id)
    may = resource_abilities(user, row)
    forms = {
        name: one.form(prefix=name, initial={"version": row.version}, **_told(name, row)) for name, one in ACTS.items()
    }
    if form is not None:
        forms[act] = form
    today = timezone.localdate()
    context: dict[str, Any] = {
        "resource": row,
        "kind": row.kind.label,
        "badge": facts.badge(row),
        "hand": hands.approval_of(row, calendar()) if row.state == ResourceState.TO_APPROVE else None,
        "facts": facts.facts_of(row, user),
        "rules": facts.rules_of(row),
        "week": times.week(weekly(row)) if weekly(row) else [],
        "closures": list(row.closures.filter(ends_on__gte=today)),
        "bookings": _bookings(user, row),
        "proposed": proposed_rows([row.pk]),
        "used": services.used(row),
        "photos": photos_of(row),
        "may": {name: one.verb in may for name, one in ACTS.items()}
        | {
            "edit": ResourceVerb.EDIT in may,
            "again": row.state == ResourceState.STOPPED and ResourceVerb.ASK_AGAIN in may,
        },
        "walk_in": row.kind.form == Form.WALK_IN,
        "forms": forms,
        "open": act,
        "nav_current": "my",
    }
    return render(request, "desk/resource.html", context, status=status)


def _told(name: str, row: Resource) -> dict[str, Any]:
    """What the form says beforehand: who loses a booking by it."""
    return {"booked": facts.booked_said(row)} if name == "stop" else {}


def _bookings(user: User, row: Resource) -> list[dict[str, Any]]:
    rows = row.bookings.live().select_related(*warehouse.OF_BOOKING).order_by("starts", "pk")
    return warehouse.booking_rows(user, rows[:FEW], by_whom=True)


@never_cache
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One act; a refused form keeps what was typed."""
    if request.method != "POST":
        return redirect("desk:resource", pk)
    user, one = signed_in(request), ACTS[name]
    row = warehouse.own_resource(user, pk)
    form = one.form(request.POST, prefix=name, **_told(name, row))
    if not form.is_valid():
        return _render(request, pk, act=name, form=form, status=REFUSED)
    try:
        one.does(pk=pk, by=user, version=form.cleaned_data.get("version"), **form.given())
    except DomainError as error:
        if error.status not in (400, 409):
            raise
        add_errors(form, error)
        return _render(request, pk, act=name, form=renewed(form, pk), status=REFUSED if error.status == 400 else 409)
    messages.success(request, str(one.said))
    return redirect("desk:resource", pk)


def renewed(form: Any, pk: int) -> Any:
    """The refused form, to be sent again about the resource as it is now."""
    form.data = form.data.copy()
    form.data[form.add_prefix("version")] = Resource.objects.values_list("version", flat=True).get(pk=pk)
    return form


@never_cache
@require_http_methods(["GET", "POST"])
def open_again(request: HttpRequest, pk: int) -> HttpResponse:
    """The days of a closure are open again."""
    if request.method != "POST":
        return redirect("desk:resource", pk)
    user, sent = signed_in(request), request.POST.get("closure", "")
    warehouse.own_resource(user, pk)
    closure = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 19 else 0
    with suppress(NotFound):  # tapped twice: they are open
        services.open_again(pk=pk, by=user, version=None, closure=closure)
    messages.success(request, _("这几天又能约了。"))
    return redirect("desk:resource", pk)
