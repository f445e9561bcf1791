"""商请协助: what a unit was asked, without whom it is about; 可以帮, 办好了, or 帮不了."""

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

from alliance.lib.about import about
from alliance.lib.errors import DomainError, NotFound
from alliance.lib.refused import add_errors
from desk import photos, presenting, selectors, too_late
from desk.asked_rows import asked_row
from desk.forms import DoneForm, WhyForm, WillHelpForm
from files import services as files
from needs.models import Need, NeedEvent
from needs.services import units
from people.visitors import signed_in

REFUSED = 422


@never_cache
@require_GET
def need(request: HttpRequest, pk: int) -> HttpResponse:
    """One request to the unit; once it is not asked any more, how that came."""
    try:
        return _render(request, pk)
    except NotFound:
        return _ended(request, pk)


def _ended(request: HttpRequest, pk: int) -> HttpResponse:
    """Messages lead here after the unit answered, or after somebody else settled it."""
    user = signed_in(request)
    event = selectors.ended_need(user, pk)
    about(request, event.need.area_id)
    context = {
        "row": presenting.answer_row(event),
        "happened": too_late.need_ended(event, user),
        "hand": "" if event.need.is_over else event.need.desk.name,
        "office": presenting.office(event.need.desk),
        "nav_current": "my",
    }
    return render(request, "desk/asked_over.html", context)


def _render(
    request: HttpRequest,
    pk: int,
    *,
    done: DoneForm | None = None,
    why: WhyForm | None = None,
    will: WillHelpForm | None = None,
    status: int = 200,
) -> HttpResponse:
    found = selectors.asked_need(signed_in(request), pk)
    about(request, found.area_id)
    done = done or DoneForm(initial={"hold_key": uuid4(), "unit": found.unit_id})
    context: dict[str, Any] = {
        "row": asked_row(found),
        "unit": found.unit,
        "photos": [
            reverse("desk:need_photo", args=[pk, photo.pk]) for photo in files.attachments("need", str(found.pk))
        ],
        "will": will or WillHelpForm(initial=_promised(found)),
        "done": done,
        "why": why or WhyForm(initial={"unit": found.unit_id}),
        "held": photos.held(request, done),
        "open": "done" if done.errors else "why" if why and why.errors else "will" if will else _first(found),
        "nav_current": "my",
    }
    return render(request, "desk/asked.html", context, status=status)


def _first(found: Need) -> str:
    """The answer that is likely next stands open: that it will help, and once that was said that it is done."""
    return "done" if found.unit_said else "will"


def _promised(found: Need) -> dict[str, Any]:
    return {"unit": found.unit_id, "words": found.unit_said, "comes_on": found.unit_comes_on}


@never_cache
@require_http_methods(["GET", "POST"])
def will_help(request: HttpRequest, pk: int) -> HttpResponse:
    """可以帮: how, and when; it stays the unit's, and the office that asked knows."""
    if request.method != "POST":
        return redirect("desk:need", pk)
    form = WillHelpForm(request.POST)
    by, day = signed_in(request), None
    if form.is_valid():
        day = form.cleaned_data["comes_on"]
    elif "comes_on" in form.errors:
        return _again(request, pk, will=form)
    unit = form.cleaned_data.get("unit") or 0
    try:
        event = units.unit_will_help(pk=pk, by=by, unit_id=unit, words=request.POST.get("words", ""), comes_on=day)
    except DomainError as error:
        return _refused(request, pk, error, will=form)
    messages.success(request, _("太好了，已经告诉%(asker)s。办好以后再回复一声。") % _asker(event))
    return redirect("desk:need", pk)


@never_cache
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """办好了: what was done, to the office that asked. The resident hears from that office."""
    if request.method != "POST":
        return redirect("desk:need", pk)
    form = DoneForm(request.POST, request.FILES)
    form.is_valid()
    by, unit = signed_in(request), form.cleaned_data.get("unit") or 0
    try:
        key = photos.hold(request, form)
        event = units.unit_report(pk=pk, by=by, unit_id=unit, words=request.POST.get("words", ""), hold_key=key)
    except DomainError as error:
        return _refused(request, pk, error, done=form)
    messages.success(request, _("谢谢贵单位，已经告诉%(asker)s。") % _asker(event))
    return redirect("desk:home")


@never_cache
@require_http_methods(["GET", "POST"])
def hand_back(request: HttpRequest, pk: int) -> HttpResponse:
    """帮不了: a sentence why, and it is the office's again."""
    if request.method != "POST":
        return redirect("desk:need", pk)
    form = WhyForm(request.POST)
    form.is_valid()
    by, unit = signed_in(request), form.cleaned_data.get("unit") or 0
    try:
        event = units.unit_hand_back(pk=pk, by=by, unit_id=unit, why=request.POST.get("why", ""))
    except DomainError as error:
        return _refused(request, pk, error, why=form)
    messages.success(request, _("没关系，已经告诉%(asker)s。") % _asker(event))
    return redirect("desk:home")


def _asker(event: NeedEvent) -> dict[str, str]:
    """The office that asked: the community, or the street."""
    return {"asker": event.params["area"]}


def _refused(request: HttpRequest, pk: int, error: DomainError, **forms: Any) -> HttpResponse:
    """The form with what was typed; where the unit is not asked any more, the words to copy."""
    (form,) = forms.values()
    if error.status == 400:
        add_errors(form, error)
        return _again(request, pk, **forms)
    if error.status == 404:
        return too_late.page(request, too_late.of_nobody(), form, status=404)
    if error.status != 409:
        raise error
    return _too_late(request, pk, form, str(error.message))


def _again(request: HttpRequest, pk: int, **forms: Any) -> HttpResponse:
    """The form with its errors, unless the unit is not asked any more."""
    try:
        return _render(request, pk, status=REFUSED, **forms)
    except NotFound:
        (form,) = forms.values()
        return _too_late(request, pk, form, str(units.NOT_ASKED))


def _too_late(request: HttpRequest, pk: int, form: Any, message: str) -> HttpResponse:
    by, unit = signed_in(request), form.cleaned_data.get("unit") or 0
    try:
        event = units.last_word(pk=pk, by=by, unit_id=unit)
    except NotFound:
        return too_late.page(request, too_late.of_nobody(), form, status=404)
    return too_late.page(request, too_late.of_need(event, by, message), form, status=409)


@never_cache
@require_GET
def photo(request: HttpRequest, pk: int, photo: UUID) -> FileResponse:
    """A photo of what the unit was asked about."""
    found = selectors.asked_need(signed_in(request), pk)
    return files.serve(files.attachment("need", str(found.pk), photo))
