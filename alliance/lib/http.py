"""The one mapping from errors to HTML and htmx answers, and small helpers about a request."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from alliance.lib.errors import Busy, DomainError, TooLarge, TooMany

LOCK_NOT_AVAILABLE = "55P03"


def as_domain_error(exception: BaseException) -> DomainError | None:
    """The answer to a person that ``exception`` amounts to, or None for a fault of the program."""
    if isinstance(exception, DomainError):
        return exception
    if isinstance(exception, OperationalError) and getattr(exception.__cause__, "pgcode", "") == LOCK_NOT_AVAILABLE:
        return Busy()
    if isinstance(exception, RequestDataTooBig | TooManyFilesSent):
        return TooLarge()
    return None


def error_response(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Render ``error`` as a page, or as a short fragment for htmx."""
    htmx = bool(getattr(request, "htmx", False))
    template = "errors/_fragment.html" if htmx else "errors/problem.html"
    response = render(request, template, {"error": error, "status": error.status}, status=error.status)
    if isinstance(error, TooMany):
        response["Retry-After"] = str(error.retry_after)
    if htmx:
        response["HX-Retarget"] = "#toast"
        response["HX-Reswap"] = "innerHTML"
    return response


class ErrorMiddleware:
    """Turns a service's error that no view caught into an answer with the right status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        error = as_domain_error(exception)
        return error_response(request, error) if error else None


def client_ip(request: HttpRequest) -> str:
    """The visitor's address behind ``NUM_PROXIES`` trusted proxies; an invalid header counts as the proxy itself."""
    remote = str(request.META.get("REMOTE_ADDR") or "0.0.0.0")
    proxies = settings.NUM_PROXIES
    if proxies:
        chain = [part.strip() for part in str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",") if part.strip()]
        candidate = chain[-min(proxies, len(chain))] if chain else remote
        try:
            return str(ipaddress.ip_address(candidate))
        except ValueError:
            return remote
    return remote
