"""What somebody sees after five wrong passwords."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from alliance.lib.api import problem
from alliance.lib.errors import TooMany
from alliance.lib.text import fold


def name_typed(request: HttpRequest, credentials: Any = None) -> str:
    """The user name as it is looked up: written differently it is the same name, and wins no further tries."""
    return fold(str((credentials or request.POST).get("username") or ""))


def locked_out(request: HttpRequest, credentials: Any = None, *args: Any, **kwargs: Any) -> HttpResponse:
    """429 with a page, or JSON, that says how long to wait. The lock is per user name and address, not per office."""
    minutes = int(settings.AXES_COOLOFF_TIME * 60)
    if request.path == reverse("api_sign_in"):
        error = TooMany(minutes * 60)
        return JsonResponse(problem(error), status=error.status, headers={"Retry-After": str(error.retry_after)})
    context = {"minutes": minutes, "phone": settings.SITE["phone"]}
    response = render(request, "admin/lockout.html", context, status=429)
    response["Retry-After"] = str(minutes * 60)
    return response
