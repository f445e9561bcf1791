"""Holding photos for a draft, attaching them to an owner, handing them out, clearing away what is unclaimed.

A file is written before its row commits, so a row never lacks its file. If the row's own statement fails, the
file is removed at once; if the transaction around it rolls back later, or the process dies, the file is left
without a row, and the hourly sweep removes it, told apart by its name: the row's key. A row goes first
and its file after the commit; what is missed there the same sweep finds.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.lib.errors import Invalid, NotFound
from alliance.lib.privacy import blind_index
from files.images import Picture, read_photo, shown_name
from files.models import THUMBNAIL_MARK, Attachment
from files.states import Kind
from people.models import User
from people.services.limits import take

MAX_PHOTOS = 6
HELD_FOR = timedelta(hours=24)
PER_PERSON = (60, 3600)
BATCH = 500
HOLD_LOCK = 7265
"""First half of the advisory lock of one draft; the second half is a hash of its key."""


def hold_photo(upload: UploadedFile[Any], *, hold_key: str, created_by: User | None = None) -> Attachment:
    """Check ``upload``, draw it anew and keep it a day for the draft ``hold_key`` (any secret of the draft).

    The same photo again is the same attachment. Raises ``Invalid`` on ``photos`` with a sentence that
    names the file: more than 6, too big, HEIC, not a photo, damaged.
    """
    key, name = _key(hold_key), shown_name(upload.name or "")
    _require_room(key, name)
    picture = read_photo(upload, name)
    written: list[str] = []
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [HOLD_LOCK, key])
            known = Attachment.objects.of_draft(key).filter(sha256=picture.sha256).first()
            if known is not None:
                return known
            _require_room(key, name)
            return _store(picture, written, hold_key=key, name=name, created_by=created_by)
    except BaseException:
        _remove(written)
        raise


def own_key(user: User, key: UUID | str | None) -> str:
    """What the photos of ``user``'s form ``key`` are held under: of this person alone. Empty without a key."""
    return f"desk:{user.pk}:{key}" if key else ""


def hold_own(upload: UploadedFile[Any], *, key: UUID | str | None, user: User) -> Attachment:
    """``hold_photo`` for a form of ``user``'s own, sixty an hour. Raises as it does, and ``TooMany``."""
    take("photo-person", str(user.pk), limit=PER_PERSON[0], seconds=PER_PERSON[1])
    return hold_photo(upload, hold_key=own_key(user, key), created_by=user)


def _key(hold_key: str) -> str:
    """What is stored of a draft's secret; empty for no secret, which holds nothing."""
    return blind_index("held-files", hold_key)


def _require_room(key: str, name: str) -> None:
    if Attachment.objects.of_draft(key).count() >= MAX_PHOTOS:
        text = _("最多放%(limit)s张照片，“%(name)s”没有收下。可以先移去一张再放。")
        raise Invalid({"photos": [text % {"limit": MAX_PHOTOS, "name": name}]})


def _store(picture: Picture, written: list[str], *, hold_key: str, name: str, created_by: User | None) -> Attachment:
    """Write both files, then the row; the names of the files go to ``written`` as soon as they exist."""
    attachment = Attachment(kind=Kind.PHOTO, hold_key=hold_key, content_type="image/jpeg", created_by=created_by)
    stem = name.rpartition(".")[0] or name
    attachment.name = f"{stem}.jpg"
    attachment.size, attachment.sha256 = len(picture.data), picture.sha256
    attachment.width, attachment.height = picture.width, picture.height
    for field, data in ((attachment.file, picture.data), (attachment.thumbnail, picture.thumbnail)):
        field.save(attachment.name, ContentFile(data), save=False)
        written.append(str(field.name))
    attachment.save(force_insert=True)
    return attachment


def held(hold_key: str) -> list[Attachment]:
    """What the draft holds, oldest first."""
    return list(Attachment.objects.of_draft(_key(hold_key)))


def held_one(hold_key: str, pk: UUID | str) -> Attachment:
    """One attachment of the draft. Raises ``NotFound``."""
    return _one(Attachment.objects.of_draft(_key(hold_key)).filter(pk=_uuid(pk)))


@transaction.atomic
def drop_held(hold_key: str, pk: UUID | str) -> None:
    """Remove one attachment from the draft; one that is not there is as good as removed."""
    with contextlib.suppress(NotFound):
        _delete([Attachment.objects.of_draft(_key(hold_key)).locked(_uuid(pk))])


@transaction.atomic
def attach_held(
    *, hold_key: str, owner_kind: str, owner_id: str, area_code: str, pks: Iterable[UUID | str] | None = None
) -> list[Attachment]:
    """Give what the draft holds (or only ``pks`` of it) to its owner, in the caller's transaction.

    Raises ``Invalid`` on ``photos`` if one of ``pks`` is not held any more.
    """
    rows = Attachment.objects.of_draft(_key(hold_key)).select_for_update(of=("self",), no_key=True)
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


def purge_held() -> int:
    """Delete what has been held for more than 24 hours, and files without a row; returns how many rows.

    May run twice at the same time: rows in somebody's hands are passed over.
    """
    before, total = timezone.now() - HELD_FOR, 0
    while True:
        with transaction.atomic():
            rows = Attachment.objects.abandoned(before).select_for_update(of=("self",), skip_locked=True)
            batch = list(rows[:BATCH])
            _delete(batch)
        total += len(batch)
        if len(batch) < BATCH:
            break
    purge_orphans(before)
    return total


def _delete(rows: list[Attachment]) -> None:
    """Delete the rows now and their files once that is certain."""
    names = [str(field.name) for row in rows for field in (row.file, row.thumbnail) if field]
    Attachment.objects.filter(pk__in=[row.pk for row in rows]).delete()
    transaction.on_commit(partial(_remove, names), robust=True)


def _remove(names: Iterable[str]) -> None:
    for name in names:
        default_storage.delete(name)


def purge_orphans(before: datetime) -> int:
    """Delete files of this month and the last, older than ``before`` and without a row; returns how many.

    A younger file may belong to a transaction that has not committed yet.
    """
    today = timezone.localdate()
    removed = 0
    for month in (today, today.replace(day=1) - timedelta(days=1)):
        for names in _batches(month):
            known = set(Attachment.objects.filter(pk__in=set(names.values())).values_list("pk", flat=True))
            lost = [name for name, pk in names.items() if pk not in known]
            orphans = [name for name in lost if _is_older(name, before)]
            _remove(orphans)
            removed += len(orphans)
    return removed


def _is_older(name: str, before: datetime) -> bool:
    """Whether the file is there and older: a second sweep at the same moment may have removed it."""
    try:
        return default_storage.get_modified_time(name) < before
    except FileNotFoundError:
        return False


def _batches(month: date) -> Iterator[dict[str, UUID]]:
    """Our files of one month with the keys in their names, some hundreds at a time."""
    folder = f"{month:%Y/%m}"
    try:
        _folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for start in range(0, len(files), BATCH):
        batch: dict[str, UUID] = {}
        for name in files[start : start + BATCH]:
            with contextlib.suppress(ValueError):
                batch[f"{folder}/{name}"] = UUID(name.removesuffix(".jpg").removesuffix(THUMBNAIL_MARK))
        yield batch
