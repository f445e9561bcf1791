"""Sessions end: after 30 minutes without a request, and 12 hours after sign-in whatever happens."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

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
            too_idle = now - seen > settings.SESSION_IDLE_SECONDS
            if too_idle or now - started > settings.SESSION_ABSOLUTE_SECONDS:
                logout(request)
            elif (STARTED not in request.session or now - seen > WRITE_EVERY) and not _polls(request):
                request.session[STARTED] = started
                request.session[SEEN] = now
            if getattr(request.user, "must_change_password", False) and not _may_pass(request):
                return redirect("admin:password_change")
        return self.get_response(request)


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
