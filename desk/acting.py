"""One form of a page on the desk, sent: taken by a service, or shown again with every word and what to put right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from alliance.lib.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound, Text
from alliance.lib.refused import add_errors
from resources.forms.acts import ActForm

REFUSED = 422
SHOWN = (Invalid.status, Conflict.status)


def take(
    request: HttpRequest,
    form: ActForm,
    does: Callable[[dict[str, Any]], Any],
    *,
    again: Callable[[ActForm, int], HttpResponse],
    done: Text,
    to: str,
) -> HttpResponse:
    """``does`` gets what was typed; ``again`` draws the page with the refused form; ``done`` is said at ``to``.

    Raises what the page cannot show: ``NotFound``, ``NotAllowed``, a limit.
    """
    if not form.is_valid():
        return again(form, REFUSED)
    try:
        does(form.cleaned_data)
    except DomainError as error:
        if error.status in (NotFound.status, NotAllowed.status) or error.status not in SHOWN:
            raise
        add_errors(form, error)
        return again(form, REFUSED if error.status == Invalid.status else error.status)
    messages.success(request, str(done))
    return redirect(to)
