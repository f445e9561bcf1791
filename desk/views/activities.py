"""我们的活动: what the unit organises, a proposal in one form, and how one goes on."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from alliance.lib.about import about
from alliance.lib.errors import Conflict, NotFound
from claims.querysets import seated_units
from desk import selectors
from desk.acting import take
from desk.forms.activities import OffForm, ProposeForm, WordsForm, first_words
from members.models import MemberUnit
from people.models import User
from people.querysets import STREET_LENGTH
from people.visitors import signed_in
from resources.services.halls import halls_in
from volunteers.models import Activity
from volunteers.permissions.activities import activity_abilities
from volunteers.presenting import activities as words
from volunteers.presenting.venues import with_halls
from volunteers.public_activities import days_ahead
from volunteers.services.activities import call_off_activity
from volunteers.services.proposing import change_and_send, propose_with_day
from volunteers.states import SHOWN, ActivityState, ActivityVerb

MOST = 60
TONES = {
    ActivityState.DRAFT: "warn",
    ActivityState.PENDING: "info",
    ActivityState.PUBLISHED: "ok",
    ActivityState.CALLED_OFF: "late",
    ActivityState.DONE: "",
}


@never_cache
@require_safe
def activities(request: HttpRequest) -> HttpResponse:
    """What the unit organises, the newest first."""
    unit = _unit(request, signed_in(request))
    rows = Activity.objects.filter(unit=unit).order_by("-proposed_at", "-pk")[:MOST]
    listed = [{"row": row, "tone": TONES[ActivityState(row.state)], "state": row.get_state_display()} for row in rows]
    return render(request, "desk/activities.html", {"unit": unit, "rows": listed, "nav_current": "my"})


def _unit(request: HttpRequest, user: User) -> MemberUnit:
    """The unit one works for now, or the one that the form names. Raises ``NotFound``."""
    seat, seats = selectors.seat_here(request, user)
    sent = request.POST.get("unit", "")
    if sent:
        seat = next((one for one in seats if str(one.unit_id) == sent), None)
    if seat is None:
        raise NotFound
    return seat.unit


@never_cache
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """提出一个活动, with its day: it goes to the community or the street at once."""
    user = signed_in(request)
    unit = _unit(request, user)
    about(request, unit.area_id)
    halls = halls_in(unit.area_id[:STREET_LENGTH], user)
    if request.method != "POST":
        return _form(request, ProposeForm(initial={"unit": unit.pk}, halls=halls), unit)
    form = ProposeForm(request.POST, halls=halls)

    def does(given: dict[str, Any]) -> None:
        if given["client_key"] is None:
            raise Conflict(_("请重新打开页面再填一次。"))
        starts, ends = form.span()
        propose_with_day(
            client_key=given["client_key"],
            by=user,
            unit=unit,
            starts=starts,
            ends=ends,
            capacity=given["capacity"],
            hall=given.get("hall"),
            **form.words(),
        )

    return take(
        request,
        form,
        does,
        again=lambda refused, status: _form(request, refused, unit, status=status),
        done=_("提出了。社区或街道通过以后，大家就能报名。"),
        to=reverse("desk:activities"),
    )


def _form(
    request: HttpRequest, form: Any, unit: MemberUnit, *, row: Activity | None = None, status: int = 200
) -> HttpResponse:
    context = {"form": form, "unit": unit, "activity": row, "nav_current": "my"}
    return render(request, "desk/activity_form.html", context, status=status)


def _own(user: User, pk: int) -> Activity:
    rows = Activity.objects.filter(unit__in=seated_units(user)).select_related("unit", "area")
    row: Activity | None = rows.filter(pk=pk).first()
    if row is None or row.unit is None:
        raise NotFound
    return row


@never_cache
@require_http_methods(["GET", "POST"])
def activity(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them: how it stands, its days; POST calls it off."""
    user = signed_in(request)
    row = _own(user, pk)
    if request.method != "POST":
        return _page(request, user, row, OffForm(initial={"version": row.version}))
    return take(
        request,
        OffForm(request.POST),
        lambda given: call_off_activity(pk=pk, by=user, **given),
        again=lambda refused, status: _page(request, user, row, refused, status),
        done=_("取消了，报名的人都告诉了。"),
        to=reverse("desk:activity", args=[pk]),
    )


def _page(request: HttpRequest, user: User, row: Activity, form: Any, status: int = 200) -> HttpResponse:
    about(request, row.area_id)
    verbs = activity_abilities(user, row)
    returned = row.events.filter(verb=ActivityVerb.RETURN).order_by("-pk").first()
    context = {
        "activity": row,
        "tone": TONES[ActivityState(row.state)],
        "facts": words.facts(row),
        "days": with_halls(words.days(days_ahead(row), row), "desk:booking"),
        "shown": row.state in SHOWN,
        "form": form,
        "may_call_off": ActivityVerb.CALL_OFF in verbs,
        "may_edit": ActivityVerb.EDIT in verbs,
        "returned": returned.words if returned and row.state == ActivityState.DRAFT else "",
        "nav_current": "my",
    }
    return render(request, "desk/activity.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Other words; a draft that came back is sent again with them."""
    user = signed_in(request)
    row = _own(user, pk)
    if row.unit is None or ActivityVerb.EDIT not in activity_abilities(user, row):
        raise NotFound
    about(request, row.area_id)
    if request.method != "POST":
        return _form(request, WordsForm(initial=first_words(row)), row.unit, row=row)
    form, unit = WordsForm(request.POST), row.unit

    def does(given: dict[str, Any]) -> None:
        change_and_send(pk=pk, by=user, version=given["version"], **form.words())

    return take(
        request,
        form,
        does,
        again=lambda refused, status: _form(request, refused, unit, row=row, status=status),
        done=_("改好了。"),
        to=reverse("desk:activity", args=[pk]),
    )
