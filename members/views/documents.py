"""What stands on the workbench's page of a document."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from alliance.lib.comparing import compare
from members.forms.documents import DetailsForm, DraftForm
from members.models import Document, DocumentVersion, Receipt
from members.permissions import document_abilities
from members.presenting.documents import in_force, standing
from members.services.documents import files_of
from members.services.receipts import REMIND_AGAIN, Reading, readings

MOST, FEW = 200, 10
"""Units listed by name (the counts are of all), and how many of them stand there without being asked for."""


def document_context(user: Any, document: Document, shown: int | None = None, **forms: Any) -> dict[str, Any]:
    """Everything on the page of one document; ``shown`` is the number of the version to look at (the current one).

    ``forms`` are refused ones that keep what was typed.
    """
    versions = list(document.versions.select_related("published_by").order_by("-number"))
    published = [one for one in versions if one.published_at]
    draft = next((one for one in versions if not one.published_at), None)
    current, now = published[0] if published else None, in_force(published)
    looked = next((one for one in published if one.number == shown), current)
    before = next((one for one in published if looked and one.number < looked.number), None)
    counts = readings([one.pk for one in published])
    may = "change" in document_abilities(user, document)
    return {
        "document": document,
        "versions": [
            {"version": one, "reading": counts.get(one.pk, Reading(0, 0)), "standing": standing(one, now)}
            for one in published
        ],
        "current": current,
        "in_force": now,
        "coming": standing(current, now) if current and current != now else None,
        "draft": draft,
        "looked": looked,
        "looked_standing": standing(looked, now) if looked else None,
        "before": before,
        "lines": compare(before.text, looked.text) if before and looked else [],
        "looked_files": _files(looked),
        "draft_files": _files(draft),
        "draft_lines": compare(current.text, draft.text) if current and draft else [],
        "may": may,
        "draft_form": _draft_form(draft, current) if may else None,
        "details_form": _details_form(document) if may else None,
        **_readers(document, current, counts),
        **forms,
    }


def _files(version: DocumentVersion | None) -> list[dict[str, Any]]:
    if version is None:
        return []
    return [{"name": row.name, "size": row.size, "url": _file_url(version, row.pk)} for row in files_of(version)]


def _file_url(version: DocumentVersion, pk: UUID) -> str:
    return reverse("admin:members_document_file", args=[version.document_id, version.pk, pk])


def _draft_form(draft: DocumentVersion | None, current: DocumentVersion | None) -> DraftForm:
    """The draft as it is; where there is none, the current text to go on from."""
    start = draft or current
    initial: dict[str, Any] = {"text": start.text if start else ""}
    if draft:
        initial |= {"version": draft.version, "change": draft.change, "effective_on": draft.effective_on}
    return DraftForm(
        initial=initial,
        there=files_of(draft) if draft else [],
        first=current is None,
        label_suffix="",
        auto_id="draft_%s",
    )


def _details_form(document: Document) -> DetailsForm:
    initial = {"kind": document.kind, "title": document.title, "is_public": document.is_public}
    return DetailsForm(initial=initial, label_suffix="", auto_id="details_%s")


def _readers(document: Document, current: DocumentVersion | None, counts: dict[int, Reading]) -> dict[str, Any]:
    if current is None:
        return {"reading": None}
    rows = Receipt.objects.present().filter(version=current).select_related("unit", "seen_by")
    now, last = timezone.now(), document.reminded_at
    return {
        "reading": counts.get(current.pk, Reading(0, 0)),
        "unseen": list(rows.unseen().order_by("unit__sorted_as", "pk")[:MOST]),
        "seen": list(rows.filter(seen_at__isnull=False).order_by("-seen_at", "pk")[:MOST]),
        "most": MOST,
        "few": FEW,
        "may_remind": last is None or now - last >= REMIND_AGAIN,
        "remind_again": last + REMIND_AGAIN if last and now - last < REMIND_AGAIN else None,
    }
