"""One booking, for both sides: answered, handed over, given back; cancelled, or a word against 没有来."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from alliance.lib.about import about
from alliance.lib.errors import DomainError, Text
from alliance.lib.pagination import page_by
from alliance.lib.refused import add_errors
from desk import presenting, selectors, warehouse
from people.models import User
from people.visitors import signed_in
from resources import services
from resources.calendar import calendar_file
from resources.forms.acts import ActForm, NoteForm, ReasonForm, UsedForm
from resources.models import Booking
from resources.permissions import askers
from resources.presenting import facts, times
from resources.states import LIVE, Asker, BookingVerb

REFUSED = 422
SIZE = 20


class SayForm(ReasonForm):
    """说明情况."""


@dataclass(frozen=True)
class Step:
    """A button: the verb, its form, the service, what the button says and what is said afterwards."""

    verb: BookingVerb
    form: type[ActForm]
    does: Callable[..., Booking]
    label: Text
    said: Text
    main: bool = False
    hint: Text = ""


STEPS = {
    "approve": Step(
        BookingVerb.APPROVE,
        ActForm,
        services.approve_booking,
        pgettext_lazy("button", "同意"),
        _("好的，已经告诉对方。"),
        main=True,
        hint=_("点了就算约好，对方马上知道"),
    ),
    "hand-over": Step(
        BookingVerb.HAND_OVER,
        ActForm,
        services.hand_over,
        _("已经交给对方"),
        _("记下了。"),
        hint=_("钥匙、东西交了，点一下"),
    ),
    "take-back": Step(
        BookingVerb.TAKE_BACK,
        UsedForm,
        services.take_back,
        _("用完了，还好了"),
        _("记下了，谢谢您把资源拿出来一起用。"),
        main=True,
        hint=_("服务了多少人，年底一看就知道"),
    ),
    "refuse": Step(
        BookingVerb.REFUSE,
        ReasonForm,
        services.refuse_booking,
        _("这次不行"),
        _("已经告诉对方。"),
        hint=_("写一句为什么，对方看得到"),
    ),
    "cancel": Step(
        BookingVerb.CANCEL, NoteForm, services.cancel_booking, _("来不了，取消预约"), _("取消了，谢谢您早说。")
    ),
    "appeal": Step(
        BookingVerb.APPEAL,
        SayForm,
        services.appeal,
        _("说明情况"),
        _("交上去了，街道会答复您。"),
        main=True,
        hint=_("当时怎么回事，写一句就行"),
    ),
    "no-show": Step(
        BookingVerb.NO_SHOW, ActForm, services.note_no_show, _("对方没有来"), _("记下了，对方可以说明情况。")
    ),
    "call-off": Step(
        BookingVerb.CALL_OFF,
        ReasonForm,
        services.call_off_booking,
        _("我们要用，收回"),
        _("收回了，已经告诉对方。"),
        hint=_("写一句为什么，对方看得到"),
    ),
}
"""In the order of the page."""


@never_cache
@require_GET
def bookings(request: HttpRequest) -> HttpResponse:
    """What the unit has booked, or in person with ``?who=me``: what is to come, then what is over."""
    user = signed_in(request)
    seat, _seats = selectors.seat_here(request, user)
    unit = seat.unit if seat and request.GET.get("who") != "me" else None
    over = warehouse.made_by(user, unit).exclude(state__in=LIVE)
    past = page_by(over, "starts", newest=True, cursor=request.GET.get("cursor", ""), size=SIZE)
    own = "who=me&" if seat and unit is None else ""
    context = {
        "unit": unit,
        "seat": seat,
        "live": warehouse.booking_rows(user, warehouse.to_come(user, unit)[:SIZE]),
        "past": warehouse.booking_rows(user, past.rows),
        "next_url": f"?{own}cursor={past.next_cursor}" if past.next_cursor else "",
        "nav_current": "my",
    }
    return render(request, "desk/bookings.html", context)


@never_cache
@require_GET
def booking(request: HttpRequest, pk: int) -> HttpResponse:
    """One booking."""
    return _render(request, pk)


def _render(request: HttpRequest, pk: int, *, name: str = "", form: ActForm | None = None, status: int = 200) -> Any:
    user = signed_in(request)
    row = warehouse.booking_of(user, pk)
    about(request, row.resource.area_id)
    now, sides = warehouse.steps_now(user, row), askers(user, row)
    steps = [
        {
            "name": key,
            "label": one.label,
            "hint": one.hint,
            "main": one.main,
            "plain": one.form is ActForm,
            "form": form if form is not None and key == name else _blank(key, one, row),
            "open": key == name,
            "url": reverse(f"desk:booking_{key.replace('-', '_')}", args=[pk]),
        }
        for key, one in STEPS.items()
        if one.verb in now or key == name
    ]
    context: dict[str, Any] = {
        "booking": row,
        "resource": row.resource,
        "badge": facts.booking_badge(row),
        "when": times.between(row.starts, row.ends),
        "said": warehouse.said_of(row, gives=Asker.GIVER in sides and Asker.BOOKER not in sides),
        "lost": warehouse.lost(row, user) if Asker.BOOKER in sides else None,
        "where_to": facts.where_to(row, user),
        "booker": facts.booker_of(row),
        "hand": warehouse.hand_of(user, row),
        "giver": facts.giver_of(row.resource, user),
        "place": facts.place_of(row.resource, user),
        "gives": bool(sides & {Asker.GIVER, Asker.KEEPER}),
        "books": Asker.BOOKER in sides,
        "steps": steps,
        "live": row.state in LIVE,
        "timeline": warehouse.history(row, user),
        "contact": _contact(row, user, gives=Asker.BOOKER not in sides),
        "nav_current": "my",
    }
    return render(request, "desk/booking.html", context, status=status)


def _contact(row: Booking, user: User, *, gives: bool) -> dict[str, str]:
    """Whom to call: who booked calls who gives it, and the other way round; where one has no number, the community.

    ``{name, phone, href}`` as ``presenting.office``, and ``by_way_of`` whose number it is where it is another's.
    """
    if gives:
        own = presenting.office(row.office) if row.office else {"name": facts.booker_of(row), "phone": "", "href": ""}
    else:
        phone = row.resource.phone
        digits = "".join(sign for sign in phone if sign.isdigit())
        name = facts.giver_of(row.resource, user)
        own = {"name": name, "phone": phone, "href": f"tel:{digits}" if digits else ""}
    if own["href"]:
        return own
    office = presenting.office(row.resource.area)
    return office if own["name"] == office["name"] else {**office, "name": own["name"], "by_way_of": office["name"]}


def _blank(key: str, one: Step, row: Booking) -> ActForm:
    return one.form(auto_id=f"{key}_%s", initial={"version": row.version})


@never_cache
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One step; a refused form keeps what was typed, and a late one says how it stands now."""
    if request.method != "POST":
        return redirect("desk:booking", pk)
    user, one = signed_in(request), STEPS[name]
    row = warehouse.booking_of(user, pk)
    form = one.form(request.POST, auto_id=f"{name}_%s")
    if not form.is_valid():
        return _render(request, pk, name=name, form=form, status=REFUSED)
    try:
        one.does(pk=pk, by=user, version=form.cleaned_data.get("version"), **form.given())
    except DomainError as error:
        if error.status not in (400, 409):
            raise
        row.refresh_from_db()
        add_errors(form, error)
        again: Any = form.data
        form.data = again.copy() | {"version": str(row.version)}
        return _render(request, pk, name=name, form=form, status=REFUSED if error.status == 400 else 409)
    messages.success(request, str(one.said))
    return redirect("desk:booking", pk)


@never_cache
@require_GET
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """The booking for one's own calendar."""
    user = signed_in(request)
    row = warehouse.booking_of(user, pk)
    answer = HttpResponse(calendar_file(row, user), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{row.number}.ics"'
    return answer
