"""A document for the world in which every address has something to show."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from files.services import hold_document
from members.models import Alliance, MemberUnit
from members.services.documents import create_document, publish_version
from tests.cast import Street
from tests.files.papers import PDF


def written(here: Street, alliance: Alliance) -> dict[str, Any]:
    """A document with a file, in force and read by everybody; the alliance's unit lets itself be shown."""
    held = hold_document(SimpleUploadedFile("章程.pdf", PDF), hold_key="a document")
    typed = {"kind": "charter", "title": "联盟章程", "text": "第一条", "is_public": True}
    draft = create_document(alliance=alliance, by=here.clerk, hold_key="a document", **typed)
    version = publish_version(pk=draft.pk, by=here.clerk)
    MemberUnit.objects.filter(memberships__alliance=alliance).update(is_public=True)
    return {"members/document": version.document, "members/documentversion": version, "files/attachment": held}
