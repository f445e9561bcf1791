"""单位资料: what is known of the unit one speaks for; its words, strengths and what it shows are its own to say."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from alliance.lib.errors import Conflict, DomainError, NotFound
from alliance.lib.refused import add_errors
from desk import selectors
from members.forms.profile import PartForm, part_form, renewed
from members.models import MemberUnit
from members.presenting import unit as presenting
from members.services.profile import SERVICES
from members.states import Part
from people.models import User
from people.visitors import signed_in

OWN = (Part.INTRO, Part.STRENGTHS, Part.SHOWN)
REFUSED = 422


@never_cache
@require_GET
def profile(request: HttpRequest) -> HttpResponse:
    """What is known of one's unit."""
    user = signed_in(request)
    seat, _seats = selectors.seat_here(request, user)
    if seat is None:
        raise NotFound
    return _render(request, _unit(user, seat.unit_id))


def _unit(user: User, pk: int) -> MemberUnit:
    """A unit one speaks for; anybody else's is nowhere."""
    unit = presenting.found_unit(user, pk) if pk in selectors.units_of(user) else None
    if unit is None:
        raise NotFound
    return unit


@never_cache
@require_http_methods(["GET", "POST"])
def save(request: HttpRequest, part: str) -> HttpResponse:
    """One part, as the unit itself says it."""
    if request.method != "POST":
        return redirect("desk:profile")
    user, sent = signed_in(request), request.POST.get(f"{part}-unit", "")
    unit = _unit(user, int(sent) if sent.isdecimal() and len(sent) < 19 else 0)
    form = part_form(part, unit, request.POST, own=True)
    if not form.is_valid():
        return _render(request, unit, REFUSED, form=form, part=part)
    try:
        SERVICES[part](pk=unit.pk, by=user, seen=form.seen_or_none(), **form.given())
    except Conflict as error:
        form = renewed(form, part, unit, request.POST)
        return _render(request, unit, error.status, form=form, part=part, stale=error.message)
    except DomainError as error:
        if error.status != 400:
            raise
        add_errors(form, error)
        return _render(request, unit, REFUSED, form=form, part=part)
    messages.success(request, _("已保存“%(unit)s”的资料，街道和社区看得到。") % {"unit": unit})
    # Another tab may have switched to another unit meanwhile.
    return redirect(f"{reverse('desk:profile')}?unit={unit.pk}")


def _render(
    request: HttpRequest,
    unit: MemberUnit,
    status: int = 200,
    *,
    form: PartForm | None = None,
    part: str = "",
    stale: Any = "",
) -> HttpResponse:
    labels = dict(Part.choices)
    own = [
        {
            "name": name,
            "label": labels[name],
            "facts": presenting.facts_of(unit, name),
            "form": form if form is not None and name == part else part_form(name, unit, own=True),
            "open": name == part,
            "url": reverse(f"desk:profile_{name}"),
        }
        for name in OWN
    ]
    context: dict[str, Any] = {
        "unit": unit,
        "own": own,
        "entry": presenting.entry_facts(unit),
        "sorted": [
            {"label": labels[name], "facts": facts}
            for name in presenting.OF_THE_STREET
            if (facts := presenting.facts_of(unit, name))
        ],
        "changes": presenting.changes(unit),
        "stale": stale,
        "nav_current": "my",
    }
    return render(request, "desk/profile.html", context, status=status)
