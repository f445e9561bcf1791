"""商请协助: what a unit was asked, without whom it is about; 办好了, or 帮不了."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from alliance.lib.errors import DomainError
from desk import photos, presenting, selectors
from desk.forms import DoneForm, WhyForm
from files import services as files
from needs.forms import add_errors
from needs.services import units
from people.visitors import signed_in

REFUSED = 422


@never_cache
@require_GET
def need(request: HttpRequest, pk: int) -> HttpResponse:
    """One request to the unit."""
    return _render(request, pk)


def _render(
    request: HttpRequest, pk: int, *, done: DoneForm | None = None, why: WhyForm | None = None, status: int = 200
) -> HttpResponse:
    found = selectors.asked_need(signed_in(request), pk)
    done = done or DoneForm(initial={"hold_key": uuid4(), "unit": found.unit_id})
    context: dict[str, Any] = {
        "row": presenting.asked_row(found),
        "unit": found.unit,
        "photos": [
            reverse("desk:need_photo", args=[pk, photo.pk]) for photo in files.attachments("need", str(found.pk))
        ],
        "done": done,
        "why": why or WhyForm(initial={"unit": found.unit_id}),
        "held": photos.held(request, done),
        "office": presenting.office(found.area),
        "nav_current": "my",
    }
    return render(request, "desk/asked.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """办好了: what was done, to the community. The resident hears from the community."""
    if request.method != "POST":
        return redirect("desk:need", pk)
    form = DoneForm(request.POST, request.FILES)
    form.is_valid()
    by, unit = signed_in(request), form.cleaned_data.get("unit") or 0
    try:
        key = photos.hold(request, form)
        units.unit_report(pk=pk, by=by, unit_id=unit, words=request.POST.get("words", ""), hold_key=key)
    except DomainError as error:
        return _refused(request, pk, error, done=form)
    messages.success(request, _("谢谢贵单位，已经告诉社区。"))
    return redirect("desk:home")


@never_cache
@require_http_methods(["GET", "POST"])
def hand_back(request: HttpRequest, pk: int) -> HttpResponse:
    """帮不了: a sentence why, and it is the community's again."""
    if request.method != "POST":
        return redirect("desk:need", pk)
    form = WhyForm(request.POST)
    form.is_valid()
    by, unit = signed_in(request), form.cleaned_data.get("unit") or 0
    try:
        units.unit_hand_back(pk=pk, by=by, unit_id=unit, why=request.POST.get("why", ""))
    except DomainError as error:
        return _refused(request, pk, error, why=form)
    messages.success(request, _("没关系，已经告诉社区。"))
    return redirect("desk:home")


def _refused(request: HttpRequest, pk: int, error: DomainError, **forms: Any) -> HttpResponse:
    """The form with what was typed; where the unit is not asked any more, the words to copy."""
    if error.status == 409:
        kept = (request.POST.get("words") or request.POST.get("why") or "")[:4000]
        context = {"message": error.message, "kept": kept, "back_url": reverse("desk:home"), "nav_current": "my"}
        return render(request, "errors/conflict.html", context, status=error.status)
    if error.status != 400:
        raise error
    (form,) = forms.values()
    add_errors(form, error)
    return _render(request, pk, status=REFUSED, **forms)


@never_cache
@require_GET
def photo(request: HttpRequest, pk: int, photo: UUID) -> FileResponse:
    """A photo of what the unit was asked about."""
    found = selectors.asked_need(signed_in(request), pk)
    return files.serve(files.attachment("need", str(found.pk), photo))
