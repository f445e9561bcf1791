"""删除我的信息: what goes at once, what stays for a while and why, and a fresh code before anything happens."""

from __future__ import annotations

import time
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from alliance.lib.errors import DomainError, Invalid
from alliance.lib.http import client_ip
from alliance.lib.privacy import spaced
from alliance.lib.refused import add_errors
from alliance.lib.registry import contributions
from people.models import User
from people.services.phone_sign_in import PAUSE_SECONDS, CodeEnded, request_code
from people.services.residents import erase_with_code
from people.states import Purpose
from portal.forms import CodeForm
from portal.views.my import resident
from portal.views.sign_in import texts_closed

REFUSED = 422
SENT_AT = "erase_code_sent_at"
ASKED_WITHIN = 600


@never_cache
@require_http_methods(["GET", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """GET: what would happen. POST ``send``: a code. POST with the code: it happens."""
    user = resident(request)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "GET":
        return _render(request, user, form)
    form.is_valid()
    try:
        if "send" in request.POST:
            return _send(request, user)
        typed = request.POST.get("code", "")
        erase_with_code(user=user, code=typed, ip=client_ip(request))
    except DomainError as error:
        add_errors(form, error)
        status = REFUSED if error.status == 400 else error.status
        return _render(request, user, form, status, ended=isinstance(error, CodeEnded))
    logout(request)
    messages.success(request, _("您的信息已经删除，所有设备都退出了。以后有事，随时再说。"))
    return redirect("portal:home")


def _send(request: HttpRequest, user: User) -> HttpResponse:
    if texts_closed():
        raise Invalid(message=_("这里还没有开通短信，发不了验证码。"))
    request_code(phone=user.phone, ip=client_ip(request), purpose=Purpose.ERASE)
    request.session[SENT_AT] = time.time()
    return redirect("portal:my_erase")


def _sent_at(request: HttpRequest) -> float:
    sent: float = request.session.get(SENT_AT, 0)
    return sent if time.time() - sent < ASKED_WITHIN else 0


def _render(
    request: HttpRequest, user: User, form: CodeForm, status: int = 200, *, ended: bool = False
) -> HttpResponse:
    sent = _sent_at(request)
    context: dict[str, Any] = {
        "form": form,
        "stays": [words for add in contributions("my.stays") for words in add(user)],
        "closed": texts_closed(),
        "sent": bool(sent),
        "ended": ended,
        "left": max(0, int(sent + PAUSE_SECONDS - time.time())) if sent else 0,
        "phone": spaced(user.phone),
        "nav_current": "my",
    }
    return render(request, "portal/my_erase.html", context, status=status)
