"""服务菜单 at the desk: what the alliance asks for this year, where nobody does it yet, what the unit signs up for."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from alliance.lib.errors import NotFound
from desk import selectors
from desk.acting import take
from desk.forms.together import ANYWHERE, SOME, LeaveForm, SignUpForm
from members.models import Alliance, MemberUnit
from people.models import User
from people.visitors import signed_in
from projects.models import MenuItem, SignUp
from projects.presenting import menu as presenting
from projects.services import menu as services


@never_cache
@require_GET
def menu(request: HttpRequest) -> HttpResponse:
    """This year's menu of each of the unit's alliances."""
    user = signed_in(request)
    return _page(request, _unit(request, user))


def _unit(request: HttpRequest, user: User, asked: str = "") -> MemberUnit:
    """The unit a form names, else the one one works for now. Raises ``NotFound``."""
    seat, seats = selectors.seat_here(request, user)
    if asked:
        seat = next((one for one in seats if str(one.unit_id) == asked), None)
    if seat is None:
        raise NotFound
    return seat.unit


def _page(
    request: HttpRequest, unit: MemberUnit, *, item: int = 0, row: int = 0, form: Any = None, status: int = 200
) -> HttpResponse:
    """``item`` or ``row`` (a sign-up) says whose form was refused."""
    joined = Alliance.objects.filter(pk__in=unit.memberships.active().values("alliance")).order_by("area_id", "pk")
    year = timezone.localdate().year
    menus = [
        {"alliance": one, "rows": [_with_forms(shown, unit, item, row, form) for shown in presenting.rows(one, year)]}
        for one in joined
    ]
    seats = selectors.seat_here(request, signed_in(request))[1]
    context = {
        "unit": unit,
        "others": [one.unit for one in seats if one.unit_id != unit.pk],
        "year": year,
        "menus": [one for one in menus if one["rows"]],
        "nav_current": "my",
    }
    return render(request, "desk/menu.html", context, status=status)


def _with_forms(shown: dict[str, Any], unit: MemberUnit, item: int, row: int, form: Any) -> dict[str, Any]:
    """A service with what the unit said about it, and the form to say it."""
    mine: SignUp | None = next((one for one in shown["units"] if one.unit_id == unit.pk), None)
    key = shown["item"].pk
    initial: dict[str, Any] = {"unit": unit.pk, "where": ANYWHERE}
    if mine is not None:
        covers = [area.pk for area in mine.covers.all()]
        initial |= {"covers": covers, "does": mine.does, "where": SOME if covers else ANYWHERE}
    refused = form if item == key else None
    leaves = form if mine is not None and row == mine.pk else None
    blank = LeaveForm(auto_id=f"l{key}_%s", initial={"unit": unit.pk})
    return {
        **presenting.named(shown),
        "mine": mine,
        "form": refused or SignUpForm(auto_id=f"s{key}_%s", initial=initial, places=_places(shown)),
        "open": refused is not None,
        "leave": (leaves or blank) if mine is not None else None,
    }


def _places(shown: dict[str, Any]) -> list[tuple[str, Any]]:
    """Where the service may be done: first where nobody does it yet, which is said."""
    rows = sorted(shown["per_area"], key=lambda pair: bool(pair[1]))
    return [
        (area.pk, area.name if n else format_html("{}<small>{}</small>", area.name, _("还没有"))) for area, n in rows
    ]


@never_cache
@require_http_methods(["GET", "POST"])
def sign_up(request: HttpRequest, pk: int) -> HttpResponse:
    """报名, or said again otherwise."""
    if request.method != "POST":
        return redirect("desk:menu")
    user = signed_in(request)
    unit = _unit(request, user, request.POST.get("unit", "") or "0")
    item = MenuItem.objects.visible_to(user).select_related("alliance__area").filter(pk=pk).first()
    if item is None:
        raise NotFound
    places = [(area.pk, area.name) for area in services.communities(item.alliance)]
    return take(
        request,
        SignUpForm(request.POST, auto_id=f"s{pk}_%s", places=places),
        lambda given: services.sign_up(item=pk, unit=unit.pk, by=user, covers=given["covers"], does=given["does"]),
        again=lambda refused, status: _page(request, unit, item=pk, form=refused, status=status),
        done=_("报好了，谢谢您。"),
        to=reverse("desk:menu"),
    )


@never_cache
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """退出报名, with words."""
    if request.method != "POST":
        return redirect("desk:menu")
    user = signed_in(request)
    unit = _unit(request, user, request.POST.get("unit", "") or "0")
    if not SignUp.objects.filter(pk=pk, unit=unit).exists():
        raise NotFound
    form = LeaveForm(request.POST, auto_id=f"l{pk}_%s")
    return take(
        request,
        form,
        lambda given: services.leave_menu(pk=pk, by=user, words=given["words"]),
        again=lambda refused, status: _page(request, unit, row=pk, form=refused, status=status),
        done=_("退出了，谢谢您早说。"),
        to=reverse("desk:menu"),
    )
