"""签到, with the code on the wall."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from alliance.lib.about import about
from alliance.lib.errors import DomainError, NotFound
from alliance.lib.refused import add_errors
from meetings.forms.here import CodeForm
from meetings.models import Meeting
from meetings.presenting.papers import wall
from meetings.services.signing_in import own_invitees, sign_in
from people.models import User
from people.visitors import signed_in

REFUSED = 422


@never_cache
@require_http_methods(["GET", "POST"])
def here(request: HttpRequest, pk: int) -> HttpResponse:
    """For oneself, one's unit, or the office one keeps; the code may come with the picture."""
    user = signed_in(request)
    row = Meeting.objects.visible_to(user).select_related("area", "unit").filter(pk=pk).first()
    if row is None:
        raise NotFound
    about(request, row.area_id)
    mine = own_invitees(row, user)
    choices = [(one.pk, one.label) for one in mine]
    if request.method != "POST":
        form = CodeForm(initial={"code": request.GET.get("code", "")[:64]}, choices=choices)
        return _page(request, row, user, form)
    form = CodeForm(request.POST, choices=choices)
    if not form.is_valid():
        return _page(request, row, user, form, REFUSED)
    try:
        sign_in(meeting=pk, by=user, code=form.cleaned_data["code"], invitee=form.cleaned_data["invitee"])
    except DomainError as error:
        if error.status in (403, 404, 429):
            raise
        add_errors(form, error)
        return _page(request, row, user, form, REFUSED if error.status == 400 else error.status)
    return redirect(reverse("meetings:here", args=[pk]))


def _page(request: HttpRequest, row: Meeting, user: User, form: Any, status: int = 200) -> HttpResponse:
    mine = own_invitees(row, user)
    context = {
        **wall(row),
        "form": form,
        "mine": mine,
        "there": [one.label for one in mine if one.present_at is not None],
        "waits": [one for one in mine if one.present_at is None],
        "nav_current": "my",
    }
    return render(request, "meetings/here.html", context, status=status)
