"""找场地、找东西、请人来: what there is, what is free at a time and why the rest is not, and booking it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from alliance.lib.about import about
from alliance.lib.errors import DomainError, Invalid
from alliance.lib.refused import add_errors
from desk import presenting, selectors, warehouse
from desk.forms.resources import FindForm
from people.models import User
from people.visitors import signed_in
from resources import services
from resources.forms.acts import BookForm
from resources.models import Resource
from resources.presenting import facts, times
from resources.services.hours import clock
from resources.services.pictures import photos_of
from resources.services.refusals import not_for, pauses_of
from resources.states import BookingState, Form

REFUSED = 422
DAYS = 7


@never_cache
@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """Looks for something; with a day and an hour it is said what is free."""
    user = signed_in(request)
    seat, seats = selectors.seat_here(request, user)
    form = FindForm(request.GET or None)
    asked = form.is_valid() if form.is_bound else False
    given = form.cleaned_data if form.is_bound else {}
    span = form.span() if asked else None
    wanted = {name: given.get(name) or "" for name in ("q", "kind")}
    unit = seat.unit if seat else None
    rows, more = warehouse.found_for(user, unit, people=given.get("people"), span=span, **wanted)
    context = {
        "form": form,
        "rows": rows,
        "more": more,
        "when": times.between(*span) if span else "",
        "query": _query(span, given.get("people")),
        "narrowed": bool(asked and any(given.values())),
        "unit": unit,
        "others": [one.unit for one in seats if unit and one.unit_id != unit.pk],
        "pauses": list(pauses_of(user, unit.pk if unit else None).values()),
        "nav_current": "my",
    }
    return render(request, "desk/find.html", context, status=200 if not form.errors else REFUSED)


def _query(span: tuple[datetime, datetime] | None, people: int | None) -> str:
    """What was asked, to be found again on the form that books."""
    if span is None:
        return f"?people={people}" if people else ""
    first, last = (timezone.localtime(moment) for moment in span)
    found = f"?day={first:%Y-%m-%d}&begins={first:%H:%M}&finishes={last:%H:%M}"
    return f"{found}&people={people}" if people else found


@never_cache
@require_http_methods(["GET", "POST"])
def book(request: HttpRequest, pk: int) -> HttpResponse:
    """One thing: what it is, when it is free, and the form. POST books it."""
    user = signed_in(request)
    row = warehouse.bookable(user, pk)
    if request.method == "POST":
        return _book(request, user, row)
    return _render(request, user, row, _form(request, user, row))


def _form(request: HttpRequest, user: User, row: Resource, data: Any = None) -> BookForm:
    seat, seats = selectors.seat_here(request, user)
    choices = warehouse.bookers_for(user, row, [one.unit for one in seats])
    here = f"u{seat.unit_id}" if seat else ""
    first: dict[str, Any] = {
        name: request.GET[name] for name in ("day", "begins", "finishes", "people") if name in request.GET
    }
    first |= {"office": here if here in dict(choices) else "", "client_key": uuid4()}
    return BookForm(data, offices=choices, use=Form(row.kind.form), initial=first)


def _lent(row: Resource) -> bool:
    return row.kind.form == Form.PIECES


def _render(request: HttpRequest, user: User, row: Resource, form: BookForm, status: int = 200) -> HttpResponse:
    about(request, row.area_id)
    first = _day(request.GET.get("from", "") or request.GET.get("day", ""))
    days = services.days_of(row, first, DAYS) if row.kind.form != Form.WALK_IN else []
    choices: Any = form.fields["office"]
    shown = [_shown(day, row) for day in days]
    context = {
        "resource": row,
        "kind": row.kind.label,
        "facts": facts.facts_of(row, user),
        "rules": facts.rules_of(row),
        "photos": photos_of(row),
        "days": shown,
        "free_then": _free_then(shown, form),
        "from": f"&from={first.isoformat()}" if first > timezone.localdate() else "",
        "later": (first + timedelta(days=DAYS)).isoformat() if first < _last(row) else "",
        "earlier": (first - timedelta(days=DAYS)).isoformat() if first > timezone.localdate() else "",
        "form": form,
        "pieces": _lent(row),
        "may": bool(choices.choices) and row.kind.form != Form.WALK_IN and bool(row.state == "usable"),
        "walk_in": row.kind.form == Form.WALK_IN,
        "office": presenting.office(row.area),
        "paused": _paused(request, user, row),
        "nav_current": "my",
    }
    return render(request, "desk/book.html", context, status=status)


def _paused(request: HttpRequest, user: User, row: Resource) -> Any:
    seat, _seats = selectors.seat_here(request, user)
    pauses = pauses_of(user, seat.unit_id if seat else None)
    return pauses.get(row.street_code, "") if seat else not_for(row, user, None, pauses) or ""


def _last(row: Resource) -> date:
    """The last page of days begins before one cannot book any further ahead."""
    return timezone.localdate() + timedelta(days=row.ahead_days - DAYS)


def _day(typed: str) -> date:
    """The first of the days shown: today, or a later one of the coming two years."""
    today = timezone.localdate()
    try:
        asked = date.fromisoformat(typed[:10])
    except ValueError:
        return today
    return asked if today < asked < today + timedelta(days=800) else today


def _shown(found: services.Day, row: Resource) -> dict[str, Any]:
    """One day; of today what is still to come."""
    closed, free, over = found.closed_why is not None, list(found.free), False
    if found.day == timezone.localdate():
        now = timezone.localtime()
        minute = now.hour * 60 + now.minute
        free = [(max(begin, minute), end) for begin, end in free if end > minute]
        over = bool(found.open) and max(end for _begin, end in found.open) <= minute
    return {
        "day": times.day(found.day),
        "iso": found.day.isoformat(),
        "query": _from_day(found.day, free),
        "free": times.spans(free),
        "why": (found.closed_why or _("关门")) if closed else _no_more(found, over),
    }


def _from_day(day: date, free: list[tuple[int, int]]) -> str:
    """The day, and when it is first free, on a quarter of an hour; from midnight on nobody means."""
    begin = next((up for up, end in ((-(-first // 15) * 15, last) for first, last in free) if up < end), None)
    return f"?day={day.isoformat()}" + (f"&begins={clock(begin)}" if begin else "")


def _free_then(days: list[dict[str, Any]], form: BookForm) -> str:
    """这天空着09:00–17:00, of the day that stands on the form, if it is among those shown."""
    chosen = str(form["day"].value() or "")
    free = next((one["free"] for one in days if one["iso"] == chosen and not one["why"]), "")
    return _("这天空着%(spans)s") % {"spans": free} if free else ""


def _no_more(found: services.Day, over: bool) -> str:
    if not found.open:
        return _("不开放")
    return _("今天已经过了") if over else ""


def _book(request: HttpRequest, user: User, row: Resource) -> HttpResponse:
    form = _form(request, user, row, request.POST)
    if not form.is_valid():
        return _render(request, user, row, form, REFUSED)
    given = form.cleaned_data
    starts, ends = form.times()
    try:
        made = services.book(
            client_key=given["client_key"],
            by=user,
            resource=row.pk,
            starts=starts,
            ends=ends,
            purpose=given["purpose"],
            booker=_booker(given["office"]),
            quantity=given.get("quantity") or 1,
            people=given.get("people"),
            place=given.get("place", ""),
            seen_warnings=given["seen_warnings"],
        )
    except DomainError as error:
        if error.status == 404:
            raise
        add_errors(form, _named(error))
        return _render(request, user, row, form, error.status if error.status != 400 else REFUSED)
    asked = made.state == BookingState.ASKED
    messages.success(request, _("问过去了，对方答复了会告诉您。") if asked else _("约好了。"))
    return redirect("desk:booking", made.pk)


def _named(error: DomainError) -> DomainError:
    """The service's ``starts`` is the form's day."""
    if isinstance(error, Invalid) and "starts" in error.fields:
        error.fields["day"] = error.fields.pop("starts")
    return error


def _booker(value: str) -> services.Booker:
    """u12: the unit; me: in person; else the code of an office."""
    if value == "me":
        return services.Booker()
    return services.Booker(unit=int(value[1:])) if value.startswith("u") else services.Booker(office=value)
