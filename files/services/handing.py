"""What a draft holds and what is attached to an owner; giving the one to the other, and handing files out."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction
from django.http import FileResponse
from django.utils.translation import gettext as _

from alliance.lib.errors import Invalid, NotFound
from files.models import Attachment
from files.services.keys import delete_rows, hashed
from files.states import Kind


def held(hold_key: str) -> list[Attachment]:
    """What the draft holds, oldest first."""
    return list(Attachment.objects.of_draft(hashed(hold_key)))


def held_one(hold_key: str, pk: UUID | str) -> Attachment:
    """One attachment of the draft. Raises ``NotFound``."""
    return _one(Attachment.objects.of_draft(hashed(hold_key)).filter(pk=_uuid(pk)))


@transaction.atomic
def drop_held(hold_key: str, pk: UUID | str) -> None:
    """Remove one attachment from the draft; one that is not there is as good as removed."""
    with contextlib.suppress(NotFound):
        delete_rows([Attachment.objects.of_draft(hashed(hold_key)).locked(_uuid(pk))])


@transaction.atomic
def attach_held(
    *, hold_key: str, owner_kind: str, owner_id: str, area_code: str, pks: Iterable[UUID | str] | None = None
) -> list[Attachment]:
    """Give what the draft holds (or only ``pks`` of it) to its owner, in the caller's transaction.

    Raises ``Invalid`` on ``photos`` if one of ``pks`` is not held any more.
    """
    rows = Attachment.objects.of_draft(hashed(hold_key)).select_for_update(of=("self",), no_key=True)
    wanted = None if pks is None else {_uuid(pk) for pk in pks}
    if wanted is not None:
        rows = rows.filter(pk__in=wanted)
    found = list(rows)
    if wanted is not None and len(found) < len(wanted):
        raise Invalid({"photos": [_("有照片放得太久，已经清掉了。请重新选一次。")]})
    for attachment in found:
        attachment.hold_key = ""
        attachment.owner_kind, attachment.owner_id, attachment.area_code = owner_kind, owner_id, area_code
        attachment.save(update_fields=["hold_key", "owner_kind", "owner_id", "area_code"])
    return found


@transaction.atomic
def drop_attached(owner_kind: str, owner_id: str, pk: UUID | str) -> None:
    """Remove one attachment of the owner; the owner's service has decided that it may go.

    Raises ``NotFound``, also for another owner's.
    """
    delete_rows([Attachment.objects.of_owner(owner_kind, owner_id).locked(_uuid(pk))])


def attachments(owner_kind: str, owner_id: str) -> list[Attachment]:
    """What is attached to the owner, oldest first. Whoever may see the owner may see it."""
    return list(Attachment.objects.of_owner(owner_kind, owner_id))


def attachments_of(owner_kind: str, owner_ids: Iterable[str]) -> dict[str, list[Attachment]]:
    """By owner: what is attached to each of several, oldest first, in one query."""
    found: dict[str, list[Attachment]] = {}
    for row in Attachment.objects.of_owners(owner_kind, owner_ids):
        found.setdefault(row.owner_id, []).append(row)
    return found


def content(attachment: Attachment) -> bytes:
    """The file itself. Raises ``NotFound`` if it is gone."""
    try:
        with default_storage.open(str(attachment.file.name)) as file:
            data: bytes = file.read()
    except OSError as error:
        raise NotFound from error
    return data


def attachment(owner_kind: str, owner_id: str, pk: UUID | str) -> Attachment:
    """One attachment of the owner. Raises ``NotFound``, also for another owner's."""
    return _one(Attachment.objects.of_owner(owner_kind, owner_id).filter(pk=_uuid(pk)))


def _one(rows: Any) -> Attachment:
    row: Attachment | None = rows.first()
    if row is None:
        raise NotFound
    return row


def _uuid(pk: UUID | str) -> UUID:
    try:
        return pk if isinstance(pk, UUID) else UUID(pk)
    except ValueError as error:
        raise NotFound from error


def serve(attachment: Attachment, *, thumbnail: bool = False) -> FileResponse:
    """The file as an answer: a photo is shown, anything else is saved; no cache keeps it, no browser runs it.

    The caller has decided that the file may be seen. Raises ``NotFound`` if the file is gone.
    """
    field = attachment.thumbnail if thumbnail and attachment.thumbnail else attachment.file
    try:
        file = default_storage.open(str(field.name))
    except OSError as error:
        raise NotFound from error
    is_photo = attachment.kind == Kind.PHOTO
    response = FileResponse(
        file, as_attachment=not is_photo, filename=attachment.name, content_type=attachment.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
