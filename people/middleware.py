"""Sessions end: staff's after 30 minutes without a request and 12 hours in any case, residents' after 30 days.

And which door somebody is led to who has to sign in first.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse

from people.states import SignIn

STARTED, SEEN = "signed_in_at", "last_seen_at"
WRITE_EVERY = 60


class SessionLimitsMiddleware:
    """Signs out whoever was idle or signed in too long; visitors' sessions are left alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = time.time()
            started = request.session.get(STARTED, now)
            seen = request.session.get(SEEN, now)
            idle, absolute = _limits(request.user)
            if now - seen > idle or now - started > absolute:
                logout(request)
            elif (STARTED not in request.session or _is_stale(now - seen, idle)) and not _polls(request):
                request.session[STARTED] = started
                request.session[SEEN] = now
            if getattr(request.user, "must_change_password", False) and not _may_pass(request):
                return redirect("admin:password_change")
        return self.get_response(request)


class DoorMiddleware(LoginRequiredMiddleware):
    """Every view needs a signed-in person: the workbench's door for the workbench, the residents' for the rest."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponseRedirect:
        """Where to sign in; ``next`` brings one back."""
        if request.path.startswith(reverse("admin:index")):
            return redirect_to_login(request.get_full_path(), reverse("admin:login"))
        answer: HttpResponseRedirect = super().handle_no_permission(request, view_func)
        return answer


def _limits(user: Any) -> tuple[float, float]:
    """Seconds without a request, and in all, after which the session of ``user`` ends."""
    if user.sign_in == SignIn.PHONE:
        return math.inf, settings.RESIDENT_SESSION_SECONDS
    return settings.SESSION_IDLE_SECONDS, settings.SESSION_ABSOLUTE_SECONDS


def _is_stale(age: float, idle: float) -> bool:
    """Whether the note of the last request should be written anew; where nobody asks for it, never."""
    return age > WRITE_EVERY and math.isfinite(idle)


def _polls(request: HttpRequest) -> bool:
    """Whether an open page asks by itself: that must not keep an empty desk signed in."""
    by_itself = request.method == "GET" and request.headers.get("HX-Request") == "true"
    return by_itself or request.path == reverse("admin:workbench_queue")


def _may_pass(request: HttpRequest) -> bool:
    """Where somebody with a first password may go before choosing their own."""
    allowed = (
        reverse("admin:password_change"),
        reverse("admin:password_change_done"),
        reverse("admin:logout"),
    )
    return request.path in allowed or not request.path.startswith(reverse("admin:index"))
