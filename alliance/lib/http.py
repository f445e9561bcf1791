"""The one mapping from errors to HTML and htmx answers, and small helpers about a request."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from alliance.lib.errors import Busy, DomainError, TooLarge, TooMany
from alliance.lib.registry import contributions

LOCK_NOT_AVAILABLE = "55P03"
DEADLOCK_DETECTED = "40P01"


def as_domain_error(exception: BaseException) -> DomainError | None:
    """The answer to a person that ``exception`` amounts to, or None for a fault of the program."""
    if isinstance(exception, DomainError):
        return exception
    if isinstance(exception, InterfaceError | OperationalError) and _passing(exception):
        return Busy()
    if isinstance(exception, RequestDataTooBig | TooManyFilesSent):
        return TooLarge()
    return None


def _passing(exception: Exception) -> bool:
    """A lock not to be had in time, a deadlock, a server that restarts (class 57) or is away: trying again helps."""
    cause = exception.__cause__
    if cause is None:
        return False
    code = getattr(cause, "pgcode", None) or ""
    return code in ("", LOCK_NOT_AVAILABLE, DEADLOCK_DETECTED) or code.startswith("57P")


PAGES = {
    403: "403.html",
    404: "404.html",
    409: "errors/conflict.html",
    413: "413.html",
    429: "429.html",
    503: "503.html",
}


def error_response(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Render ``error`` as a page, or as one sentence for htmx."""
    if getattr(request, "htmx", False):
        response = render(request, "errors/_fragment.html", {"message": error.message}, status=error.status)
    else:
        response = error_page(request, error.status, {"message": error.message, "wait": waiting_time(error)})
    if isinstance(error, TooMany):
        response["Retry-After"] = str(error.retry_after)
    return response


def error_page(
    request: HttpRequest, status: int, context: dict[str, Any] | None = None, *, public: str = ""
) -> HttpResponse:
    """The page that says what went wrong: the ``public`` one, unless an ``errors.page`` contribution has its own.

    Such a function gets the request and the status and returns a template with its context, or None.
    """
    given: dict[str, Any] = {}
    template = public or PAGES.get(status, "400.html")
    for offer in contributions("errors.page"):
        template, given = offer(request, status) or (template, given)
    return render(request, template, {**given, "status": status, **(context or {})}, status=status)


def waiting_time(error: DomainError) -> str:
    """How long to wait, in minutes, as words; empty for other errors."""
    if not isinstance(error, TooMany):
        return ""
    return _("%(n)d分钟") % {"n": -(-error.retry_after // 60)}


class ErrorMiddleware:
    """Turns a service's error that no view caught into an answer with the right status; keeps answers out of caches.

    An address with a NUL in it is nobody's: the database takes no such text.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info:
            raise Http404
        response = self.get_response(request)
        if request.path.startswith("/api/") and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        if getattr(request, "htmx", False) and response.status_code in (301, 302):
            # A part of a page must not swallow the sign-in page: the whole page goes there.
            moved = HttpResponse(status=204)
            moved["HX-Redirect"] = response["Location"]
            return moved
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        error = as_domain_error(exception)
        return error_response(request, error) if error else None


def client_ip(request: HttpRequest) -> str:
    """The visitor's address behind ``NUM_PROXIES`` trusted proxies; an invalid header counts as the proxy itself.

    Of an IPv6 address the network (/64) counts: one household has millions of addresses. An IPv4 address written
    as IPv6 is the IPv4 address.
    """
    remote = str(request.META.get("REMOTE_ADDR") or "127.0.0.1")
    candidate = remote
    if settings.NUM_PROXIES:
        chain = [part.strip() for part in str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",") if part.strip()]
        candidate = chain[-min(settings.NUM_PROXIES, len(chain))] if chain else remote
    return _network(candidate) or _network(remote) or "127.0.0.1"


def _network(text: str) -> str:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False).network_address)
