"""The staff page on which an extract is written, shown and taken down."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from alliance.lib.errors import DomainError, NotAllowed, NotFound
from alliance.lib.refused import add_errors
from alliance.lib.seen import SeenField
from meetings.models import Extract, Meeting
from meetings.permissions import meeting_abilities
from meetings.services.extracts import MOST, hide_extract, show_extract
from meetings.states import MeetingVerb
from people.visitors import signed_in

REFUSED = 422
HERE = "admin:meetings_extract"


class ExtractForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("公开摘要"),
        required=False,
        max_length=MOST,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("写议了什么、定了什么，不写谁说的、谁家的事。"),
    )
    seen_warnings = SeenField(
        label=gettext_lazy("再看一眼"), required=False, help_text=gettext_lazy("我看过了，就这样写")
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


def urls(site: AdminSite) -> list[URLPattern]:
    """Its address in the workbench."""
    return [path("meetings/extract/<int:pk>/", site.admin_view(extract), name="meetings_extract")]


@require_http_methods(["GET", "HEAD", "POST"])
def extract(request: HttpRequest, pk: int) -> HttpResponse:
    """POST ``hide``: taken down; otherwise what was typed is shown to everybody."""
    user = signed_in(request)
    row = Meeting.objects.kept_by(user).select_related("area").filter(pk=pk).first()
    if row is None:
        raise NotFound
    if MeetingVerb.SHOW not in meeting_abilities(user, row):
        raise NotAllowed(_("归档以后，由本处的工作人员公开。"))
    shown = Extract.objects.shown().filter(meeting=row).first()
    if request.method != "POST":
        initial = {"words": shown.words if shown else "", "version": row.version}
        return _page(request, row, shown, ExtractForm(initial=initial))
    form = ExtractForm(request.POST)
    good = form.is_valid()
    version = form.cleaned_data.get("version") or 0
    try:
        if "hide" in request.POST:
            hide_extract(meeting=pk, by=user, version=version)
            messages.success(request, _("撤下了，谁也看不到了。"))
        elif good:
            given = {name: form.cleaned_data[name] for name in ("words", "seen_warnings")}
            show_extract(meeting=pk, by=user, version=version, **given)
            messages.success(request, _("公开了，大家都看得到。"))
        else:
            return _page(request, row, shown, form, REFUSED)
    except DomainError as error:
        if error.status in (NotFound.status, NotAllowed.status):
            raise
        add_errors(form, error)
        return _page(request, row, shown, form, REFUSED if error.status == 400 else error.status)
    return HttpResponseRedirect(reverse(HERE, args=[pk]))


def _page(
    request: HttpRequest, row: Meeting, shown: Extract | None, form: ExtractForm, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("公开摘要"),
        "meeting": row,
        "shown": shown,
        "form": form,
        "version": row.version,
    }
    return TemplateResponse(request, "admin/meetings/extract.html", context, status=status)
