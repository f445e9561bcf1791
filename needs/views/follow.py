"""Following a need: by number and code, or by the link of the slip."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from alliance.lib.about import about
from alliance.lib.errors import DomainError, Invalid, RuleBroken
from alliance.lib.http import client_ip, waiting_time
from alliance.lib.refused import add_errors
from files import services as files
from needs import wording
from needs.forms import SupplementForm, TrackForm, WithdrawForm
from needs.links import progress_path, progress_url, qr_data_uri, site_host
from needs.models import Need
from needs.services import following
from needs.views.photos import hold_sent
from needs.views.progress import held_under, render_progress

REFUSED = 422


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Number and code. A wrong code and an unknown number look the same."""
    typed = request.POST if request.method == "POST" else None
    form = TrackForm(typed, initial={"number": request.GET.get("number", "")})
    status = 200
    if request.method == "POST":
        form.is_valid()
        try:
            need = following.find_by_code(
                number=request.POST.get("number", ""),
                code=request.POST.get("code", ""),
                ip=client_ip(request),
            )
        except DomainError as error:
            add_errors(form, patience(error))
            status = REFUSED if error.status in (400, 404) else error.status
        else:
            return redirect("needs:progress", need.link_token)
    return render(request, "needs/track.html", {"form": form, "nav_current": "track"}, status=status)


def patience(error: DomainError) -> DomainError:
    """Too many tries are answered with how long to wait, and what to do meanwhile."""
    wait = waiting_time(error)
    text = _("试得太频繁了，请过%(wait)s再查；着急就打电话报编号。") % {"wait": wait}
    return Invalid(message=text) if wait else error


@login_not_required
@never_cache
@require_GET
def progress(request: HttpRequest, token: str) -> HttpResponse:
    """In whose hands, by when, what has happened."""
    return render_progress(request, token)


@login_not_required
@never_cache
def supplement(request: HttpRequest, token: str) -> HttpResponse:
    """Add to what was said. Asked for by GET (a reload), the progress page answers."""
    if request.method != "POST":
        return redirect("needs:progress", token)
    following.find_by_link(token)
    form = SupplementForm(request.POST, request.FILES)
    form.is_valid()
    key = form.cleaned_data.get("client_key")
    try:
        if problems := hold_sent(request, held_under(token, key)) if key else []:
            raise Invalid({"photos": problems})
        words = request.POST.get("words", "")
        following.supplement(token=token, words=words, client_key=key, hold_key=held_under(token, key))
    except DomainError as error:
        if error.status == 404:
            raise
        if isinstance(error, RuleBroken):
            return too_late(request, token, error, kept=request.POST.get("words", ""))
        add_errors(form, patience(error))
        status = REFUSED if error.status == 400 else error.status
        return render_progress(request, token, supplement_form=form, status=status)
    messages.success(request, _("补充好了，经办的人马上看得到。"))
    return redirect("needs:progress", token)


def too_late(request: HttpRequest, token: str, error: RuleBroken, *, kept: str) -> HttpResponse:
    """The need has ended meanwhile, so its page offers no form any more: what was typed is shown to be copied."""
    context = {"message": error.message, "kept": kept[:4000], "back_url": progress_path(token), "nav_current": "track"}
    return render(request, "errors/conflict.html", context, status=error.status)


@login_not_required
@never_cache
def urge(request: HttpRequest, token: str) -> HttpResponse:
    """Ask when, once a day. Asked for by GET (a reload), the progress page answers."""
    if request.method == "POST":
        try:
            following.urge(token=token)
        except RuleBroken as error:
            messages.warning(request, str(error.message))
        else:
            messages.success(request, _("已经替您催了，经办的人马上看得到。"))
    return redirect("needs:progress", token)


@login_not_required
@never_cache
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """Take the need back. Asked for by GET (a reload), the progress page answers."""
    if request.method != "POST":
        return redirect("needs:progress", token)
    form = WithdrawForm(request.POST)
    form.is_valid()
    try:
        following.withdraw(token=token, reason=request.POST.get("reason", ""))
    except RuleBroken as error:
        return too_late(request, token, error, kept=request.POST.get("reason", ""))
    messages.success(request, _("已经撤回。以后有事，随时再说。"))
    return redirect("needs:progress", token)


@login_not_required
@never_cache
@require_GET
def photo(request: HttpRequest, token: str, pk: UUID) -> FileResponse:
    """A photo of one's own need."""
    need = following.find_by_link(token)
    return files.serve(files.attachment("need", str(need.pk), pk))


@login_not_required
@never_cache
@require_GET
def slip(request: HttpRequest, token: str) -> HttpResponse:
    """The printable slip with number, code and QR."""
    need = following.find_by_link(token)
    url = progress_url(request, token)
    context = {**slip_facts(request, need), "qr_data_uri": qr_data_uri(url), "progress_url": url}
    return render(request, "needs/slip.html", context)


def slip_facts(request: HttpRequest, need: Need) -> dict[str, Any]:
    """Number, office, time, code and where to type them: what every slip shows."""
    about(request, need.area_id)
    facts = {"number": need.number, "community_name": wording.office(need), "received_at": need.created_at}
    return {"need": facts, "code": need.shown_code, "site_host": site_host(request)}
