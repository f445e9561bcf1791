"""Photos and documents for a draft: checked, counted, held for a day."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.utils.translation import gettext as _

from alliance.lib.errors import Invalid
from files.images import Picture, read_photo, shown_name
from files.models import Attachment
from files.papers import Paper, read_document
from files.services.keys import hashed, remove_files
from files.states import Kind
from people.models import User
from people.services.limits import take

MAX_PHOTOS = 6
MAX_FILES = 5
PER_PERSON = (60, 3600)
HOLD_LOCK = 7265
"""First half of the advisory lock of one draft; the second half is a hash of its key."""


def hold_photo(upload: UploadedFile[Any], *, hold_key: str, created_by: User | None = None) -> Attachment:
    """Check ``upload``, draw it anew and keep it a day for the draft ``hold_key`` (any secret of the draft).

    The same photo again is the same attachment. Raises ``Invalid`` on ``photos`` with a sentence that
    names the file: more than 6, too big, HEIC, not a photo, damaged.
    """
    key, name = hashed(hold_key), shown_name(upload.name or "")
    _require_room(key, name, Kind.PHOTO)
    return _hold(read_photo(upload, name), key=key, name=name, created_by=created_by)


def hold_document(upload: UploadedFile[Any], *, hold_key: str, created_by: User | None = None) -> Attachment:
    """Check ``upload`` (PDF, Word, Excel) and keep it as it is, a day for the draft ``hold_key``.

    The same document again is the same attachment. Raises ``Invalid`` on ``documents``: more than 5, another kind of
    file, too big, damaged, with macros.
    """
    key, name = hashed(hold_key), shown_name(upload.name or "")
    _require_room(key, name, Kind.DOCUMENT)
    return _hold(read_document(upload, name), key=key, name=name, created_by=created_by)


def own_key(user: User, key: UUID | str | None) -> str:
    """What the photos of ``user``'s form ``key`` are held under: of this person alone. Empty without a key."""
    return f"desk:{user.pk}:{key}" if key else ""


def hold_own(upload: UploadedFile[Any], *, key: UUID | str | None, user: User) -> Attachment:
    """``hold_photo`` for a form of ``user``'s own, sixty an hour. Raises as it does, and ``TooMany``."""
    take("photo-person", str(user.pk), limit=PER_PERSON[0], seconds=PER_PERSON[1])
    return hold_photo(upload, hold_key=own_key(user, key), created_by=user)


def hold_own_document(upload: UploadedFile[Any], *, key: UUID | str | None, user: User) -> Attachment:
    """``hold_document`` as ``hold_own`` holds photos; both count together."""
    take("photo-person", str(user.pk), limit=PER_PERSON[0], seconds=PER_PERSON[1])
    return hold_document(upload, hold_key=own_key(user, key), created_by=user)


def _hold(found: Picture | Paper, *, key: str, name: str, created_by: User | None) -> Attachment:
    kind = Kind.PHOTO if isinstance(found, Picture) else Kind.DOCUMENT
    written: list[str] = []
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [HOLD_LOCK, key])
            known = Attachment.objects.of_draft(key).filter(sha256=found.sha256).first()
            if known is not None:
                return known
            _require_room(key, name, kind)
            row = Attachment(kind=kind, hold_key=key, created_by=created_by, sha256=found.sha256)
            row.size = len(found.data)
            return _store(row, found, written, name)
    except BaseException:
        remove_files(written)
        raise


def _require_room(key: str, name: str, kind: Kind) -> None:
    there = Attachment.objects.of_draft(key).filter(kind=kind).count()
    if kind == Kind.PHOTO and there >= MAX_PHOTOS:
        text = _("最多放%(limit)s张照片，“%(name)s”没有收下。可以先移去一张再放。")
        raise Invalid({"photos": [text % {"limit": MAX_PHOTOS, "name": name}]})
    if kind == Kind.DOCUMENT and there >= MAX_FILES:
        text = _("最多放%(limit)s个文件，“%(name)s”没有收下。可以先移去一个再放。")
        raise Invalid({"documents": [text % {"limit": MAX_FILES, "name": name}]})


def _store(row: Attachment, found: Picture | Paper, written: list[str], name: str) -> Attachment:
    """Write the files, then the row; the names of the files go to ``written`` as soon as they exist."""
    parts = [(row.file, found.data)]
    if isinstance(found, Picture):
        row.name, row.content_type = f"{name.rpartition('.')[0] or name}.jpg", "image/jpeg"
        row.width, row.height = found.width, found.height
        parts.append((row.thumbnail, found.thumbnail))
    else:
        row.name, row.content_type = name, found.content_type
    for field, data in parts:
        field.save(row.name, ContentFile(data), save=False)
        written.append(str(field.name))
    row.save(force_insert=True)
    return row
