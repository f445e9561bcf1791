"""Photos of a form on the desk: kept while the form is refused, then the thing's."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest

from alliance.lib.errors import DomainError, Invalid, Text
from files import services as files
from people.visitors import signed_in


def key_of(request: HttpRequest, form: forms.Form) -> str:
    """What the photos of ``form`` are held under: a key of this form, and of this person alone."""
    typed = (form.cleaned_data if form.is_bound else form.initial).get("hold_key")
    return files.own_key(signed_in(request), typed)


def hold(request: HttpRequest, form: forms.Form) -> str:
    """Keep every photo that is good. Returns what they are held under.

    Raises ``Invalid`` on ``photos`` with what is wrong with the others.
    """
    key, user = form.cleaned_data.get("hold_key"), signed_in(request)
    problems: list[Text] = []
    for upload in request.FILES.getlist("photos") if key else []:
        try:
            files.hold_own(upload, key=key, user=user)
        except Invalid as error:
            problems += error.fields.get("photos", [])
        except DomainError as error:
            problems.append(error.message)
            break
    if problems:
        raise Invalid({"photos": problems})
    return files.own_key(user, key)


def held(request: HttpRequest, form: forms.Form) -> list[dict[str, Any]]:
    """Names of the photos that a refused form keeps."""
    key = key_of(request, form)
    return [{"pk": photo.pk, "name": photo.name} for photo in files.held(key)] if key else []
