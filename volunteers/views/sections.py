"""责任段: everybody reads who walks which; whoever claimed one writes its diary."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from alliance.lib.about import about
from alliance.lib.errors import Conflict, DomainError, NotFound
from alliance.lib.refused import add_errors
from files import services as files
from people.models import User
from people.visitors import signed_in
from volunteers.forms.sections import BackForm, NoteForm, TakeForm
from volunteers.models import Section, SectionNote
from volunteers.permissions.sections import section_abilities, walks
from volunteers.presenting import sections as words
from volunteers.services import section_notes, section_turns
from volunteers.services.fitness import volunteer_of
from volunteers.views.holding import hold

REFUSED = 422


@login_not_required
@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The sections of one street; which one is chosen, else one's own, else the first with sections."""
    streets = words.streets_with_sections()
    own = volunteer_of(request.user) if isinstance(request.user, User) else None
    asked = request.GET.get("street", "") or (own.street_code if own else "")
    chosen = next((area for area in streets if area.pk == asked), streets[0] if streets else None)
    if chosen is not None:
        about(request, chosen.pk)
    rows = words.of_street(chosen.pk) if chosen is not None else []
    context = {"streets": streets, "street": chosen, "rows": rows, "nav_current": "help"}
    return render(request, "volunteers/sections.html", context)


@login_not_required
@never_cache
@require_safe
def section(request: HttpRequest, pk: int) -> HttpResponse:
    """One section: where it goes, who walks it; for whoever does, the diary."""
    return _page(request, _find(request, pk))


def _find(request: HttpRequest, pk: int) -> Section:
    rows = Section.objects.visible_to(request.user).select_related(
        "area", "team", "offer", "claim__unit", "claim__person__volunteer"
    )
    row: Section | None = rows.filter(pk=pk).first()
    if row is None:
        raise NotFound(_("没有这一段，或者已经停了。"))
    return row


def _page(request: HttpRequest, row: Section, status: int = 200, **forms: Any) -> HttpResponse:
    """``take``, ``note``, ``back``: a form just refused."""
    user = request.user if isinstance(request.user, User) else None
    may = section_abilities(user, row) if user else frozenset()
    note = forms.get("note") or NoteForm()
    key = files.own_key(user, note.cleaned_data.get("hold_key")) if user and note.is_bound else ""
    choices = words.holders(row, user) if user else []
    entries = words.diary(row, user) if user else []
    context = {
        "section": row,
        "holder": words.holder_for_all(row),
        "mine": user is not None and walks(user, row),
        "may": may,
        "take": forms.get("take") or (TakeForm(holders=choices) if choices else None),
        "note": note,
        "held": len(files.held(key)) if key else 0,
        "back": forms.get("back") or BackForm(initial={"version": row.version}),
        "entries": entries,
        "nav_current": "help",
    }
    about(request, row.area_id)
    return render(request, "volunteers/section.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """认领, for a unit, a team or oneself."""
    user, row = signed_in(request), _find(request, pk)
    if request.method != "POST":
        return redirect("volunteers:section", pk)
    form = TakeForm(request.POST, holders=words.holders(row, user))
    form.is_valid()
    try:
        key = form.cleaned_data.get("client_key")
        if key is None:
            raise Conflict(_("请重新打开页面再点一次。"))
        section_turns.take_section(pk=pk, by=user, client_key=key, **form.chosen())
    except DomainError as error:
        if error.status == 404:
            raise
        messages.warning(request, str(error.message))
    else:
        messages.success(request, _("认领好了，谢谢您。走一趟，就在下面记一笔。"))
    return redirect("volunteers:section", pk)


@never_cache
@require_http_methods(["GET", "POST"])
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """记一笔."""
    user, row = signed_in(request), _find(request, pk)
    if request.method != "POST":
        return redirect("volunteers:section", pk)
    form = NoteForm(request.POST, request.FILES)
    form.is_valid()
    given = form.cleaned_data
    try:
        key = given.get("client_key")
        if key is None:
            raise Conflict(_("请重新打开页面再填一次。"))
        said = {name: given.get(name) or "" for name in ("outcome", "words")}
        held = hold(request, form, user)
        section_notes.write_note(section=pk, by=user, client_key=key, day=given.get("day"), hold_key=held, **said)
    except DomainError as error:
        if error.status in (403, 404):
            raise
        add_errors(form, error)
        return _page(request, row, REFUSED if error.status == 400 else error.status, note=form)
    messages.success(request, _("记好了，谢谢您。"))
    return redirect("volunteers:section", pk)


@never_cache
@require_http_methods(["GET", "POST"])
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """退回, with a sentence."""
    user, row = signed_in(request), _find(request, pk)
    if request.method != "POST":
        return redirect("volunteers:section", pk)
    form = BackForm(request.POST)
    form.is_valid()
    given = form.cleaned_data
    try:
        section_turns.give_back_section(pk=pk, by=user, version=given.get("version"), words=given.get("words") or "")
    except DomainError as error:
        if error.status in (403, 404):
            raise
        add_errors(form, error)
        return _page(request, row, REFUSED if error.status == 400 else error.status, back=form)
    messages.success(request, _("退回好了，谢谢您走过的这些路。"))
    return redirect("volunteers:section", pk)


@never_cache
@require_http_methods(["GET", "POST"])
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """撤回 an entry of the same day."""
    user = signed_in(request)
    note = SectionNote.objects.visible_to(user).filter(pk=pk).first()
    if note is None:
        raise NotFound
    if request.method == "POST":
        try:
            section_notes.take_back_note(pk=pk, by=user)
        except DomainError as error:
            if error.status in (403, 404):
                raise
            messages.warning(request, str(error.message))
        else:
            messages.success(request, _("撤回了。"))
    return redirect("volunteers:section", note.section_id)


@never_cache
@require_safe
def picture(request: HttpRequest, pk: int, photo: UUID) -> FileResponse:
    """A photo of an entry, for whoever may read it."""
    note = SectionNote.objects.visible_to(signed_in(request)).filter(pk=pk).first()
    if note is None:
        raise NotFound
    return files.serve(files.attachment(section_notes.OWNER, str(note.pk), photo))
