"""What a unit does in a project: say yes, report a milestone, type a figure, leave or give back; claim one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from alliance.lib.about import about
from alliance.lib.errors import NotFound, RuleBroken
from claims.models import Offer
from claims.services import claim_offer, return_claim, units_for
from claims.states import Ending
from desk import photos, presenting, selectors, together
from desk.acting import take
from desk.forms import ClaimForm
from desk.forms.together import LeaveForm, PartForm, ReachForm
from desk.views import projects as pages
from people.models import User
from people.visitors import signed_in
from projects import services
from projects.models import Project
from projects.presenting import facts, periods, progress
from projects.services.figures import record_reading
from projects.services.project_offers import OFFER_KIND

Again = Callable[[Any, int], HttpResponse]


def _again(request: HttpRequest, pk: int, name: str, key: int = 0) -> Again:
    return lambda form, status: pages.page(request, pk, name=name, key=key, form=form, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, pk: int) -> HttpResponse:
    """愿意参加."""
    if request.method != "POST":
        return redirect("desk:project", pk)
    user = signed_in(request)
    return take(
        request,
        PartForm(request.POST, auto_id="join_%s"),
        lambda given: services.confirm_part(pk=pk, by=user, unit=given["unit"]),
        again=_again(request, pk, "join"),
        done=_("记下了，谢谢您一起办。"),
        to=reverse("desk:project", args=[pk]),
    )


@never_cache
@require_http_methods(["GET", "POST"])
def reach(request: HttpRequest, pk: int) -> HttpResponse:
    """完成节点, with a word and photos."""
    if request.method != "POST":
        return redirect("desk:project", pk)
    user, key = signed_in(request), _number(request.POST.get("milestone", ""))
    pages.own_part(request, user, pk)
    form = ReachForm(request.POST, request.FILES, auto_id=f"m{key}_%s")

    def reached(given: dict[str, Any]) -> None:
        held = photos.hold(request, form)
        services.reach_milestone(
            pk=pk,
            by=user,
            version=None,
            milestone=given["milestone"],
            done_on=given["done_on"],
            evidence=given["evidence"],
            hold_key=held,
            seen_warnings=given["seen_warnings"],
        )

    return take(
        request,
        form,
        reached,
        again=_again(request, pk, "reach", key),
        done=_("记下了，谢谢您。"),
        to=reverse("desk:project", args=[pk]),
    )


@never_cache
@require_http_methods(["GET", "POST"])
def figure(request: HttpRequest, pk: int) -> HttpResponse:
    """记数字 of one period; a period that has one is changed as it was seen."""
    if request.method != "POST":
        return redirect("desk:project", pk)
    user, key = signed_in(request), _number(request.POST.get("indicator", ""))
    part = pages.own_part(request, user, pk)
    row = Project.objects.get(pk=part.project_id)
    indicator = row.indicators.filter(pk=key).first()
    if indicator is None:
        raise NotFound
    form = pages.figure_form(indicator, row, request.POST)
    form.stale_choice(request.POST.get("period", ""))

    def record(given: dict[str, Any]) -> None:
        day, version = periods.read(given["period"])
        said = {name: given[name] for name in ("value", "note", "seen_warnings")}
        record_reading(pk=pk, by=user, indicator=key, day=day, version=version, **said)

    def again(refused: Any, status: int) -> HttpResponse:
        refused.renew(periods.choices(indicator, row.starts_on))
        return pages.page(request, pk, name="figure", key=key, form=refused, status=status)

    return take(
        request,
        form,
        record,
        again=again,
        done=_("记下了，谢谢您。"),
        to=reverse("desk:project", args=[pk]),
    )


@never_cache
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """退出; what was claimed is given back, so that another unit can take it on."""
    if request.method != "POST":
        return redirect("desk:project", pk)
    user = signed_in(request)
    pages.own_part(request, user, pk)
    row = Project.objects.get(pk=pk)

    def go(given: dict[str, Any]) -> None:
        part = pages.part_of(user, pk, given["unit"])
        claim = together.claim_on(part.unit, row)
        if claim is not None:
            return_claim(claim_id=claim.pk, by=user, note=given["words"])
        else:
            services.leave_project(pk=pk, by=user, version=None, unit=part.unit_id, words=given["words"])

    return take(
        request,
        LeaveForm(request.POST, auto_id="leave_%s"),
        go,
        again=_again(request, pk, "leave"),
        done=_("记下了，没关系，已经告诉街道。"),
        to=reverse("desk:projects"),
    )


@never_cache
@require_http_methods(["GET", "POST"])
def offer(request: HttpRequest, pk: int) -> HttpResponse:
    """A project that waits for a unit: what it is, and the tap. Exactly one gets it."""
    user = signed_in(request)
    found = Offer.objects.visible_to(user).select_related("area").filter(pk=pk, kind=OFFER_KIND).first()
    if found is None:
        raise NotFound
    mine = selectors.live_claim_on(user, found)
    if mine is not None:
        return redirect("desk:project", together.project_key(found))
    if request.method != "POST":
        return _offer_page(request, user, found, _claim_form(request, user, found))
    form = _claim_form(request, user, found, request.POST)
    if not form.is_valid() or form.unit_id() is None or form.cleaned_data.get("client_key") is None:
        form.add_error("who", _("请选以哪个单位的名义认领。"))
        return _offer_page(request, user, found, form, 422)
    try:
        claim_offer(offer_id=pk, by=user, client_key=form.cleaned_data["client_key"], unit_id=form.unit_id())
    except RuleBroken as error:
        form.add_error(None, str(error.message))
        return _offer_page(request, user, found, form, error.status)
    messages.success(request, _("认领好了，谢谢您。街道的专员会同您联系。"))
    return redirect("desk:project", together.project_key(found))


def _claim_form(request: HttpRequest, user: User, found: Offer, data: Any = None) -> ClaimForm:
    units = units_for(user, found)
    here = str(request.session.get(selectors.UNIT_KEY, ""))
    first = next((str(unit.pk) for unit in units if str(unit.pk) == here), str(units[0].pk) if units else "")
    return ClaimForm(data, units=units, person=False, initial={"client_key": uuid4(), "who": first})


def _offer_page(request: HttpRequest, user: User, found: Offer, form: ClaimForm, status: int = 200) -> HttpResponse:
    about(request, found.area_id)
    row = Project.objects.select_related("area", "branch").filter(pk=together.project_key(found)).first()
    if row is None:
        raise NotFound
    who: Any = form.fields["who"]
    open_now = Offer.objects.open_now().filter(pk=found.pk).exists()
    withdrawn = found.ending == Ending.WITHDRAWN
    context = {
        "offer": found,
        "withdrawn": withdrawn,
        "standing": _("撤下了") if withdrawn else _("不再认领"),
        "project": row,
        "facts": facts.of_project(row, inside=False),
        "milestones": progress.milestone_rows(row, list(row.milestones.all())),
        "form": form,
        "open_now": open_now,
        "may": open_now and bool(who.choices),
        "office": presenting.office(found.area),
        "nav_current": "my",
    }
    return render(request, "desk/project_offer.html", context, status=status)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
