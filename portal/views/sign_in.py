"""The residents' door: phone, code, and the first time a notice with a tick."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from alliance.lib.errors import DomainError, Invalid, TooMany
from alliance.lib.http import client_ip
from alliance.lib.privacy import spaced
from alliance.lib.refused import add_errors
from claims.models import Offer
from members.services import seats_of
from needs.forms import TrackForm
from needs.services.mine import wake
from needs.views.follow import patience
from notifications.channels import provider_of
from notifications.states import Channel
from people.models import PrivacyNotice, User
from people.services.consents import current_notice
from people.services.phone_sign_in import (
    PAUSE_SECONDS,
    CodeEnded,
    account_of,
    asleep_account,
    mobile,
    request_code,
    verify_code,
)
from people.services.residents import NOTICE, awaits_consent, open_account
from people.states import SignIn
from people.visitors import proof_of, proof_wanted
from portal import pending
from portal.demo import loading
from portal.forms import CodeForm, PhoneForm, WelcomeForm

BACKEND = "people.backends.PhoneBackend"
REFUSED = 422
USUALLY_THERE = 30
"""Seconds in which a text message has come, if it comes."""


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Step 1: the phone. A code is sent, and the next step asks for it."""
    wanted = _safe(request.POST.get("next") or request.GET.get("next", ""))
    if is_resident(request):
        return HttpResponseRedirect(wanted or _home(request.user))
    if request.method == "GET":
        kept = pending.load(request).get("phone", "")
        return _render_phone(request, PhoneForm(initial={"next": wanted, "phone": kept}))
    form = PhoneForm(request.POST)
    form.is_valid()
    try:
        _require_open()
        typed = request.POST.get("phone", "")
        request_code(phone=typed, ip=client_ip(request), proof=proof_of(request, request.POST))
    except DomainError as error:
        if _just_sent(request, error):
            return redirect("portal:sign_in_code")
        add_errors(form, error)
        return _render_phone(request, form, _status(error))
    pending.save(request, phone=mobile(typed), next=wanted, sent_at=time.time())
    return redirect("portal:sign_in_code")


def _just_sent(request: HttpRequest, error: DomainError) -> bool:
    """A second tap: this visitor's code for this phone is on its way, and the step that asks for it is next."""
    if not isinstance(error, TooMany) or error.retry_after > PAUSE_SECONDS:
        return False
    return mobile(request.POST.get("phone", "")) == pending.load(request).get("phone")


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Step 2: the code; or, with ``again``, another one to the same phone."""
    state = pending.load(request)
    if is_resident(request):
        return HttpResponseRedirect(_safe(state.get("next", "")) or _home(request.user))
    if not state:
        if request.method == "POST":
            messages.warning(request, _("放得太久了，请再填一次手机号。"))
        return redirect("portal:sign_in")
    if state.get("proven"):
        return redirect("portal:welcome")
    if request.method == "GET":
        return _render_code(request, state, CodeForm())
    form = CodeForm(request.POST)
    form.is_valid()
    try:
        if "again" in request.POST:
            return _send_again(request, state)
        phone = verify_code(phone=state["phone"], code=request.POST.get("code", ""), ip=client_ip(request))
        user = account_of(phone)
    except DomainError as error:
        add_errors(form, error)
        return _render_code(request, state, form, _status(error), ended=isinstance(error, CodeEnded))
    if user is None or awaits_consent(user):
        pending.save(request, **{**state, "proven": True})
        return redirect("portal:welcome")
    return _let_in(request, user, state)


def _send_again(request: HttpRequest, state: dict[str, Any]) -> HttpResponse:
    _require_open()
    # Whoever is here has shown a proof for this phone already; the limits per phone and address hold.
    request_code(phone=state["phone"], ip=client_ip(request))
    pending.save(request, **{**state, "sent_at": time.time()})
    messages.success(request, _("又发了一条，请照最新的一条填。"))
    return redirect("portal:sign_in_code")


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    """The first time: what is kept and what for, a tick, and only then an account."""
    state = pending.load(request)
    if not state.get("proven"):
        if request.method == "POST":
            messages.warning(request, _("放得太久了，请再填一次手机号。"))
        return redirect("portal:my" if is_resident(request) else "portal:sign_in")
    notice = current_notice(NOTICE)
    if request.method == "GET":
        return _render_welcome(request, _blank(notice), notice)
    form = WelcomeForm(request.POST)
    form.is_valid()
    try:
        user = open_account(
            phone=state["phone"],
            name=request.POST.get("name", ""),
            consented=request.POST.get("consent") == "on",
            notice_version=form.cleaned_data.get("notice_version") or 0,
        )
    except DomainError as error:
        add_errors(form, error)
        form.data = _shown_again(form.data, notice.version)
        return _render_welcome(request, form, notice, _status(error))
    return _let_in(request, user, state)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def welcome_back(request: HttpRequest) -> HttpResponse:
    """An account that was not used for long: number and code of an own need open it beside the proven phone."""
    state = pending.load(request)
    if request.method == "GET" or not state.get("proven"):
        return redirect("portal:welcome")
    form = TrackForm(request.POST)
    form.is_valid()
    typed = {name: request.POST.get(name, "") for name in ("number", "code")}
    try:
        user = wake(phone=state["phone"], ip=client_ip(request), **typed)
    except DomainError as error:
        add_errors(form, patience(error))
        notice = current_notice(NOTICE)
        status = REFUSED if error.status in (400, 404) else error.status
        return _render_welcome(request, _blank(notice), notice, status, again=form)
    return _let_in(request, user, state)


def _blank(notice: PrivacyNotice) -> WelcomeForm:
    return WelcomeForm(initial={"notice_version": notice.version})


def _shown_again(typed: Any, version: int) -> Any:
    """What was typed, under the notice as it is now: agreeing to an older one is no agreement to this."""
    again = typed.copy()
    if again.get("notice_version") != str(version):
        again["notice_version"] = str(version)
        again.pop("consent", None)
    return again


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """Leave on this device. Asked for by GET, nothing happens."""
    if request.method == "POST" and request.user.is_authenticated:
        logout(request)
        messages.success(request, _("已经退出。"))
    return redirect("portal:home")


def is_resident(request: HttpRequest) -> bool:
    """Whether somebody is signed in by phone; an account with a password has another door."""
    return isinstance(request.user, User) and request.user.sign_in == SignIn.PHONE


def texts_closed() -> bool:
    """Whether no code can be sent at all."""
    return bool(provider_of(Channel.SMS).closed())


def _require_open() -> None:
    if texts_closed():
        raise Invalid(message=_("这里还没有开通短信，发不了验证码。"))


def _let_in(request: HttpRequest, user: User, state: dict[str, Any]) -> HttpResponse:
    pending.forget(request)
    login(request, user, backend=BACKEND)
    request.session.set_expiry(settings.RESIDENT_SESSION_SECONDS)
    return HttpResponseRedirect(_safe(state.get("next", "")) or _home(user))


def _safe(target: str) -> str:
    """``target`` if it is the path of a page here, beginning with one ``/``; else nothing."""
    fine = target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return target if fine else ""


def _home(user: Any) -> str:
    """Where somebody begins who wanted nothing in particular: the desk of whoever speaks for a unit, or 我的."""
    return reverse("desk:home") if seats_of(user) else reverse("portal:my")


def _status(error: DomainError) -> int:
    return REFUSED if error.status == 400 else error.status


OFFER = "/desk/offers/"


def _going_to(wanted: str) -> str:
    """What somebody was about to claim, by its public words, if that is where they go on to; else empty."""
    key = wanted.removeprefix(OFFER).rstrip("/") if wanted.startswith(OFFER) else ""
    if not (key.isascii() and key.isdigit() and len(key) < 10):
        return ""
    return str(Offer.objects.open_now().filter(pk=int(key)).values_list("title", flat=True).first() or "")


def _render_phone(request: HttpRequest, form: PhoneForm, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "closed": texts_closed(), "nav_current": "my"}
    context["staff"] = request.user if request.user.is_authenticated else None
    context["going_to"] = _going_to(str(form["next"].value() or ""))
    if settings.DEMO:
        phone, name = loading.residents()[0]
        context["example"] = {"phone": spaced(phone), "name": name}
    if proof_wanted(request):
        context["altcha_challenge_url"] = reverse("needs:challenge")
    return render(request, "portal/sign_in.html", context, status=status)


def _render_code(
    request: HttpRequest, state: dict[str, Any], form: CodeForm, status: int = 200, *, ended: bool = False
) -> HttpResponse:
    """``ended``: the code is good no more; another one is all there is to ask for."""
    gone = time.time() - state["sent_at"]
    context = {
        "form": form,
        "phone": spaced(state["phone"]),
        "left": max(0, int(PAUSE_SECONDS - gone)),
        "late_in": max(0, int(USUALLY_THERE - gone)),
        "ended": ended,
        "nav_current": "my",
    }
    return render(request, "portal/sign_in_code.html", context, status=status)


def _render_welcome(
    request: HttpRequest, form: WelcomeForm, notice: PrivacyNotice, status: int = 200, again: TrackForm | None = None
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "notice": notice, "nav_current": "my"}
    if asleep_account(pending.load(request)["phone"]):
        context["again"] = again or TrackForm()
    return render(request, "portal/welcome.html", context, status=status)
