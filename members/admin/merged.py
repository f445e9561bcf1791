"""Where the address of a unit that was merged into another leads."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from members.services.merging import leads_to
from people.visitors import signed_in


def merged_into(request: HttpRequest, typed: str) -> HttpResponse | None:
    """The page of the unit it is now; None for one that stands for itself."""
    if not (str(typed).isdecimal() and len(str(typed)) < 19):
        return None
    kept = leads_to(int(typed), signed_in(request))
    if kept is None:
        return None
    messages.info(request, _("这个单位已经并入现在这一个。"))
    return redirect("admin:members_memberunit_change", kept)
