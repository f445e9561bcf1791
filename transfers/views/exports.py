"""Exports in the workbench: asked for on a list, watched while they are written, fetched for a day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.lib.errors import Invalid, NotAllowed, NotFound
from alliance.lib.http import client_ip
from alliance.lib.listing import Chosen, Column, Listing, find, read
from people.lists import COLUMN
from people.visitors import signed_in
from transfers.models import Export
from transfers.services.exporting import KEPT, fetch_export, request_export, seen_export
from transfers.states import ExportKind, ExportState

SHOWN = 50


def urls(site: AdminSite) -> list[URLPattern]:
    """Addresses of the pages (``workbench.urls``)."""
    pages = ExportPages(site)
    wrap = site.admin_view
    return [
        path("exports/", wrap(pages.mine), name="transfers_exports"),
        path("exports/new/", wrap(pages.new), name="transfers_export_new"),
        path("exports/<uuid:pk>/", wrap(pages.one), name="transfers_export"),
        path("exports/<uuid:pk>/file/", wrap(pages.file), name="transfers_export_file"),
    ]


def export_tool(request: HttpRequest, listing: Listing, chosen: Chosen, columns: list[Column]) -> dict[str, Any]:
    """The button 导出 above a list (``list.tools``)."""
    return {"template": "admin/transfers/_export_tool.html", **_asked(listing, chosen, columns, signed_in(request))}


def _asked(listing: Listing, chosen: Chosen, columns: list[Column], user: Any) -> dict[str, Any]:
    return {
        "listing": listing,
        "kept": list(chosen.query().items()),
        "columns": [column.key for column in columns],
        "every_column": [column.key for column in listing.columns],
        "kinds": ExportKind.choices,
        "kind": ExportKind.XLSX,
        "client_key": uuid4(),
        "may_unmask": listing.masks and listing.may_unmask(user),
    }


def _facts(export: Export) -> dict[str, Any]:
    """An export as the pages show it. Once its day is over it is gone, cleared away or not."""
    over = export.made_at <= timezone.now() - KEPT
    state = ExportState.GONE if over else ExportState(export.state)
    tones = {ExportState.OPEN: "work", ExportState.READY: "done", ExportState.FAILED: "", ExportState.GONE: "off"}
    return {
        "export": export,
        "state": {"label": state.label, "tone": tones[state]},
        "open": state == ExportState.OPEN,
        "ready": state == ExportState.READY,
        "failed": state == ExportState.FAILED,
        "until": timezone.localtime(export.made_at + KEPT),
    }


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


class ExportPages:
    """The pages; everybody sees their own exports and nobody else's."""

    def __init__(self, site: AdminSite) -> None:
        self.site = site

    def _render(self, request: HttpRequest, template: str, status: int = 200, **context: Any) -> HttpResponse:
        whole = {**self.site.each_context(request), **context}
        return TemplateResponse(request, f"admin/transfers/{template}", whole, status=status)

    def mine(self, request: HttpRequest) -> HttpResponse:
        """The latest of one's own."""
        rows = Export.objects.visible_to(signed_in(request)).order_by("-made_at", "-pk")[:SHOWN]
        return self._render(request, "exports.html", title=_("我的导出"), rows=[_facts(row) for row in rows])

    def new(self, request: HttpRequest) -> HttpResponse:
        """POST: an export of the list as it stands on the screen."""
        if request.method != "POST":
            return redirect("admin:transfers_exports")
        user, typed = signed_in(request), request.POST
        listing = find(typed.get("listing", ""))
        if not listing.may_view(user):
            raise NotAllowed
        wanted = [column.key for column in listing.columns] if typed.get("every") else typed.getlist(COLUMN)
        try:
            export = request_export(
                by=user,
                listing=listing.key,
                query={name: str(value) for name, value in typed.items()},
                columns=wanted,
                kind=typed.get("format", ExportKind.XLSX),
                unmasked=bool(typed.get("unmasked")),
                why=typed.get("why", ""),
                ip=client_ip(request),
                client_key=_key(typed.get("client_key", "")),
            )
        except Invalid as error:
            return self._again(request, listing, typed, error)
        return redirect("admin:transfers_export", export.pk)

    def _again(self, request: HttpRequest, listing: Listing, typed: Any, error: Invalid) -> HttpResponse:
        """The question once more, with what was typed and what to do about it."""
        chosen, keys = read(listing, typed), typed.getlist(COLUMN)
        columns = [column for column in listing.columns if column.key in keys]
        asked = _asked(listing, chosen, columns, signed_in(request))
        said: Mapping[str, str] = {name: " ".join(map(str, texts)) for name, texts in error.fields.items()}
        tool = {
            **asked,
            "kind": typed.get("format"),
            "every": bool(typed.get("every")),
            "unmasked": bool(typed.get("unmasked")),
            "why": typed.get("why", ""),
            "errors": said,
        }
        back = chosen.address(reverse(listing.url_name))
        return self._render(request, "export_new.html", 422, title=_("导出"), tool=tool, back=back)

    def one(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """How far it is; asked for again by the open page until it is done."""
        facts = _facts(seen_export(pk=pk, by=signed_in(request)))
        if getattr(request, "htmx", False):
            return TemplateResponse(request, "admin/transfers/_export.html", facts)
        try:
            back = reverse(find(facts["export"].listing).url_name)
        except NotFound:
            back = ""
        return self._render(request, "export.html", title=_("导出"), back=back, **facts)

    def file(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """POST: the file itself, which is written down; a reload of the address leads to the page."""
        user = signed_in(request)
        if request.method != "POST":
            return redirect("admin:transfers_export", seen_export(pk=pk, by=user).pk)
        answer: HttpResponse = fetch_export(pk=pk, by=user, ip=client_ip(request))  # type: ignore[assignment]
        return answer
