"""Photos that come with a form: kept while it is refused."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest

from alliance.lib.errors import Invalid, Text
from files import services as files
from people.models import User


def hold(request: HttpRequest, form: forms.Form, by: User) -> str:
    """What the good ones are kept under. Raises ``Invalid`` on ``photos`` for the others."""
    key, problems = form.cleaned_data.get("hold_key"), list[Text]()
    for upload in request.FILES.getlist("photos") if key else []:
        try:
            files.hold_own(upload, key=key, user=by)
        except Invalid as error:
            problems += error.fields.get("photos", [])
    if problems:
        raise Invalid({"photos": problems})
    return files.own_key(by, key)
