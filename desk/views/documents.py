"""联盟文件: what the alliance has given to the unit, what changed, and 看过了.

Opening a page writes nothing: links are fetched by robots and by browsers that guess ahead. Seen is a tap of its own.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from alliance.lib.comparing import compare
from alliance.lib.errors import NotFound
from desk import selectors
from files import services as files
from members.models import DocumentVersion, Liaison, MemberUnit, Receipt
from members.presenting.documents import in_force, standing
from members.services.documents import OWNER, files_of
from members.services.receipts import mark_seen
from people.models import User
from people.visitors import signed_in


@never_cache
@require_GET
def documents(request: HttpRequest) -> HttpResponse:
    """The newest version of each document in the alliances of the unit, what nobody there has seen first."""
    seat = _seat(request)
    newest = DocumentVersion.objects.to_members_of(seat.unit).newest()
    rows = newest.select_related("document__alliance").order_by("document__alliance", "document__kind", "document")
    seen = dict(Receipt.objects.filter(unit=seat.unit, version__in=rows).values_list("version_id", "seen_at"))
    found = [{"version": row, "seen": seen.get(row.pk), "delivered": row.pk in seen} for row in rows]
    found.sort(key=lambda row: bool(row["seen"] or not row["delivered"]))
    context = {"unit": seat.unit, "rows": found, "nav_current": "my"}
    return render(request, "desk/documents.html", context)


@never_cache
@require_GET
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """One version: the text, its files, what changed against the one before."""
    version, seat = _find(request, signed_in(request), pk)
    others = list(DocumentVersion.objects.published().filter(document=version.document_id).order_by("-number"))
    before = next((one for one in others if one.number < version.number), None)
    now = in_force(others)
    context: dict[str, Any] = {
        "version": version,
        "document": version.document,
        "unit": seat.unit,
        "receipt": Receipt.objects.filter(version=version, unit=seat.unit).first(),
        "files": [{"name": row.name, "size": row.size, "url": _file_url(pk, row.pk)} for row in files_of(version)],
        "versions": [{"version": one, "standing": standing(one, now)} for one in others],
        "is_current": others[0].pk == version.pk,
        "is_in_force": version == now,
        "current": others[0],
        "is_past": now is not None and version.number < now.number,
        "is_coming": others[0] != now,
        "before": before,
        "lines": compare(before.text, version.text) if before else [],
        "nav_current": "my",
    }
    return render(request, "desk/document.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def seen(request: HttpRequest, pk: int) -> HttpResponse:
    """看过了: the first of the unit counts; a second tap does nothing."""
    if request.method == "POST":
        user = signed_in(request)
        version, seat = _find(request, user, pk)
        if mark_seen(version_pk=version.pk, unit_id=seat.unit_id, by=user):
            messages.success(request, _("记下了，谢谢。"))
    return redirect("desk:document", pk)


@never_cache
@require_GET
def file(request: HttpRequest, pk: int, file: UUID) -> FileResponse:
    """A file of a version, to be saved."""
    version, _seat_here = _find(request, signed_in(request), pk)
    return files.serve(files.attachment(OWNER, str(version.pk), file))


def _seat(request: HttpRequest) -> Liaison:
    """The seat one works from. Raises ``NotFound`` for whoever has none."""
    seat, _seats = selectors.seat_here(request, signed_in(request))
    if seat is None:
        raise NotFound
    return seat


def _find(request: HttpRequest, user: User, pk: int) -> tuple[DocumentVersion, Liaison]:
    """The version and the seat from which it may be read: the one at hand first, else another of one's own."""
    here, seats = selectors.seat_here(request, user)
    for seat in sorted(seats, key=lambda one: one != here):
        version = _of(seat.unit, pk)
        if version is not None:
            return version, seat
    raise NotFound


def _of(unit: MemberUnit, pk: int) -> DocumentVersion | None:
    rows = DocumentVersion.objects.to_members_of(unit).select_related("document__alliance")
    return rows.filter(pk=pk).first()


def _file_url(pk: int, file: UUID) -> str:
    return reverse("desk:document_file", args=[pk, file])
