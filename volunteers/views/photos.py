"""现场照片: added and looked at by whoever runs the day, seen by everybody once all on them agree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.lib.about import about
from alliance.lib.errors import DomainError, NotAllowed, NotFound
from alliance.lib.refused import add_errors
from files import services as files
from people.models import User
from people.visitors import signed_in
from volunteers.forms.photos import PeopleForm, PhotosForm
from volunteers.models import DayPhoto, Slot
from volunteers.permissions.activities import runs
from volunteers.presenting import activities as words
from volunteers.presenting import photos as presenting
from volunteers.services import attending, photos
from volunteers.views.holding import hold

REFUSED = 422


@never_cache
@require_http_methods(["GET", "POST"])
def day(request: HttpRequest, pk: int) -> HttpResponse:
    """All pictures of a day, and the form for more."""
    by = signed_in(request)
    slot = attending.slot_to_run(pk, by)
    about(request, slot.activity.area_id)
    if request.method != "POST":
        return _day(request, slot, by, PhotosForm())
    form = PhotosForm(request.POST, request.FILES)
    form.is_valid()
    said: dict[str, Any] = {name: form.cleaned_data.get(name) for name in ("caption", "nobody")}
    try:
        held = hold(request, form, by)
        made = photos.add_photos(slot=pk, by=by, hold_key=held, people=form.ticked(), **said)
    except DomainError as error:
        if error.status in (403, 404):
            raise
        form.errors.clear()
        add_errors(form, error)
        return _day(request, slot, by, form, REFUSED if error.status == 400 else error.status)
    messages.success(request, _("放上了%(n)d张，等另一位同事看过。") % {"n": len(made)})
    return redirect("volunteers:day_photos", pk)


def _day(request: HttpRequest, slot: Slot, by: User, form: PhotosForm, status: int = 200) -> HttpResponse:
    key = files.own_key(by, form.cleaned_data.get("hold_key")) if form.is_bound else ""
    context = {
        "slot": slot,
        "activity": slot.activity,
        "when": words.between(slot.starts, slot.ends),
        "rows": presenting.of_day(slot, by),
        "form": form,
        "held": len(files.held(key)) if key else 0,
        "there": presenting.those_there(slot, form.ticked()),
        "nav_current": "my",
    }
    return render(request, "volunteers/day_photos.html", context, status=status)


def _to_run(pk: int, by: User) -> DayPhoto:
    """The picture, of a day that ``by`` runs. Raises ``NotFound``, ``NotAllowed``."""
    rows = DayPhoto.objects.visible_to(by).select_related("slot__activity__area", "slot__activity__unit")
    row: DayPhoto | None = rows.filter(pk=pk).first()
    if row is None:
        raise NotFound
    if not runs(by, row.slot.activity):
        raise NotAllowed
    return row


@never_cache
@require_http_methods(["GET", "POST"])
def who(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is on one picture, said anew."""
    by = signed_in(request)
    row = _to_run(pk, by)
    about(request, row.slot.activity.area_id)
    if request.method != "POST":
        form = PeopleForm(initial={"nobody": row.nobody, "version": row.version})
        return _who(request, row, form, presenting.ticked_of(row))
    form = PeopleForm(request.POST)
    form.is_valid()
    version, nobody = form.cleaned_data.get("version"), bool(form.cleaned_data.get("nobody"))
    try:
        photos.name_people(pk=pk, by=by, version=version, nobody=nobody, people=form.ticked())
    except DomainError as error:
        if error.status in (403, 404):
            raise
        form.errors.clear()
        add_errors(form, error)
        return _who(request, row, form, form.ticked(), REFUSED if error.status == 400 else error.status)
    messages.success(request, _("记下了，等另一位同事看过。"))
    return redirect("volunteers:day_photos", row.slot_id)


def _who(request: HttpRequest, row: DayPhoto, form: PeopleForm, ticked: Any, status: int = 200) -> HttpResponse:
    context = {
        "photo": presenting.picture(row),
        "slot": row.slot,
        "activity": row.slot.activity,
        "form": form,
        "there": presenting.those_there(row.slot, ticked),
        "nav_current": "my",
    }
    return render(request, "volunteers/photo_who.html", context, status=status)


def _act(request: HttpRequest, pk: int, act: Callable[[User], object], done: str) -> HttpResponse:
    by = signed_in(request)
    row = _to_run(pk, by)
    try:
        act(by)
    except DomainError as error:
        if error.status in (403, 404):
            raise
        messages.error(request, str(error.message))
    else:
        messages.success(request, done)
    return redirect("volunteers:day_photos", row.slot_id)


@never_cache
@require_POST
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """看过了, by a second person, of the picture as it stood on the page."""
    typed = request.POST.get("version", "")
    version = int(typed) if typed.isdecimal() and len(typed) < 9 else 0
    return _act(request, pk, lambda by: photos.look_at(pk=pk, by=by, version=version), _("看过了。"))


@never_cache
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """删除."""
    return _act(request, pk, lambda by: photos.remove_photo(pk=pk, by=by), _("删除了。"))


@login_not_required
@never_cache
@require_safe
def picture(request: HttpRequest, pk: int) -> FileResponse:
    """The picture itself; ``?small``: its small copy. Whoever may not see it now finds nothing."""
    row = photos.photo_to_see(pk, request.user)
    return files.serve(row.file, thumbnail="small" in request.GET)
