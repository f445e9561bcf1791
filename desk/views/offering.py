"""提供资源, in three steps: what kind; what it is; when it is open and how one books. The same pages change it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from alliance.lib.about import about
from alliance.lib.errors import DomainError, NotFound
from alliance.lib.refused import add_errors
from desk import photos, selectors, warehouse
from desk.forms.resources import OfferForm
from desk.forms.terms import TermsForm
from desk.views.resources import REFUSED, renewed
from members.models import MemberUnit
from people.models import User
from people.visitors import signed_in
from resources import services
from resources.models import Resource, ResourceKind
from resources.services.pictures import photos_of
from resources.states import Form, ResourceState

LAST_STEP = "new"
"""In the address: just offered, this is step 3."""


@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Step 1 asks for the kind (``?kind=``), step 2 for what it is; POST offers it."""
    user = signed_in(request)
    unit = _unit(request, user)
    about(request, unit.area_id)
    kind = _kind(request.POST.get("kind") or request.GET.get("kind", ""))
    if kind is None:
        return render(request, "desk/resource_new.html", {"unit": unit, "groups": _groups(), "nav_current": "my"})
    if request.method != "POST":
        return _form(request, OfferForm(kind=kind, unit=unit), kind, unit)
    form = OfferForm(request.POST, request.FILES, kind=kind, unit=unit)
    form.is_valid()
    try:
        found = _offer(request, user, unit, kind, form)
    except DomainError as error:
        if error.status not in (400, 409):
            raise
        add_errors(form, error)
        return _form(request, form, kind, unit, status=REFUSED if error.status == 400 else 409)
    if found is None:
        return _form(request, form, kind, unit, status=REFUSED)
    messages.success(request, _("交上去了，街道看过就能用。再说一说什么时候开放。"))
    return redirect(f"{reverse('desk:resource_hours', args=[found.pk])}?{LAST_STEP}=1")


def _offer(request: HttpRequest, user: User, unit: MemberUnit, kind: ResourceKind, form: OfferForm) -> Any:
    """The new resource; None where the form itself is wrong. Raises as ``offer_resource``."""
    key = photos.hold(request, form)
    client_key = form.cleaned_data.get("client_key")
    if form.errors or client_key is None:
        return None
    area = form.cleaned_data.get("area") or unit.area_id
    typed = form.typed()
    return services.offer_resource(
        client_key=client_key, by=user, area=area, unit=unit.pk, hold_key=key, kind=kind.key, **typed
    )


def _unit(request: HttpRequest, user: User) -> MemberUnit:
    """The unit the form is about: the one it names, else the one one works for now. Raises ``NotFound``."""
    sent = request.POST.get("unit", "")
    seat, seats = selectors.seat_here(request, user)
    if sent:
        seat = next((one for one in seats if str(one.unit_id) == sent), None)
    if seat is None:
        raise NotFound
    return seat.unit


def _kind(key: str) -> ResourceKind | None:
    return ResourceKind.objects.sorts().select_related("parent").filter(key=key[:30]).first()


def _groups() -> list[dict[str, Any]]:
    """Kinds below their headings, with what each is used like."""
    found: dict[int, dict[str, Any]] = {}
    for kind in ResourceKind.objects.sorts().select_related("parent").order_by("parent__position", "position"):
        if kind.parent is not None:
            group = found.setdefault(kind.parent_id or 0, {"name": kind.parent.label, "kinds": []})
            group["kinds"].append({"key": kind.key, "name": kind.label, "form": kind.get_form_display()})
    return list(found.values())


def _form(
    request: HttpRequest,
    form: OfferForm,
    kind: ResourceKind,
    unit: MemberUnit,
    *,
    resource: Resource | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "kind": kind.label,
        "usage": kind.get_form_display(),
        "form_of": kind.form,
        "unit": unit,
        "resource": resource,
        "held": photos.held(request, form),
        "looks_again": resource is not None and resource.state == ResourceState.USABLE,
        "nav_current": "my",
    }
    return render(request, "desk/resource_form.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """What it is, changed; what the public reads is looked at again by the street."""
    user = signed_in(request)
    row = warehouse.own_resource(user, pk)
    about(request, row.area_id)
    unit: Any = row.unit
    kept = [(str(photo.pk), photo.name) for photo in photos_of(row)]
    build = {"kind": row.kind, "unit": unit, "resource": row, "photos": kept}
    if request.method != "POST":
        return _form(request, OfferForm(**build), row.kind, unit, resource=row)
    form = OfferForm(request.POST, request.FILES, **build)
    form.is_valid()
    try:
        key = photos.hold(request, form)
        if form.errors:
            return _form(request, form, row.kind, unit, resource=row, status=REFUSED)
        version = form.cleaned_data.get("version")
        typed = form.typed()
        done = services.edit_resource(
            pk=pk, by=user, version=version, hold_key=key, drop_photos=form.dropped(), **typed
        )
    except DomainError as error:
        if error.status not in (400, 409):
            raise
        add_errors(form, error)
        status = REFUSED if error.status == 400 else 409
        return _form(request, renewed(form, pk), row.kind, unit, resource=row, status=status)
    said = {
        ResourceState.TO_APPROVE: _("改好了，街道看过以后大家再看得到。"),
        ResourceState.STOPPED: _("改好了，可以重新送审了。"),
    }
    messages.success(request, said.get(ResourceState(done.state), _("改好了。")))
    return redirect("desk:resource", pk)


@never_cache
@require_http_methods(["GET", "POST"])
def hours(request: HttpRequest, pk: int) -> HttpResponse:
    """Step 3, and later its changing: when it is open, and how one books."""
    user = signed_in(request)
    row = warehouse.own_resource(user, pk)
    about(request, row.area_id)
    if request.method != "POST":
        return _terms(request, row, TermsForm(resource=row))
    form = TermsForm(request.POST, resource=row)
    if not form.is_valid():
        return _terms(request, row, form, REFUSED)
    try:
        services.set_terms(pk=pk, by=user, version=form.cleaned_data.get("version"), **form.given())
    except DomainError as error:
        if error.status not in (400, 409):
            raise
        add_errors(form, error)
        return _terms(request, row, renewed(form, pk), REFUSED if error.status == 400 else 409)
    messages.success(
        request, _("开放时间记下了。") if row.kind.form == Form.WALK_IN else _("什么时候开放、怎么约，都记下了。")
    )
    return redirect("desk:resource", pk)


def _terms(request: HttpRequest, row: Resource, form: TermsForm, status: int = 200) -> HttpResponse:
    context = {
        "resource": row,
        "form": form,
        "walk_in": row.kind.form == Form.WALK_IN,
        "offered": LAST_STEP in request.GET,
        "nav_current": "my",
    }
    return render(request, "desk/resource_hours.html", context, status=status)
