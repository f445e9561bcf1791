"""Documents of an alliance: written as a draft, published once, never changed afterwards.

A mistake in a published version is mended by the next one. Whoever was given the wrong one is given the right one too,
and both stay in the history. The alliance's row is held first, then the document's, then the version's.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken
from alliance.lib.text import clean
from audit.services import record
from audit.states import Action
from files import services as files
from files.models import Attachment
from members.models import Alliance, Document, DocumentVersion
from members.permissions import keeps_alliance
from members.services.checked import save_checked
from members.services.receipts import deliver
from people.models import User

OWNER = "document_version"
"""Under which name the files of a version are kept."""
TITLE_TAKEN = _("这个联盟已有同名的文件。")
ONE_DRAFT = _("这个文件还有一份没有发布的草稿。")


@transaction.atomic
def create_document(
    *,
    alliance: Alliance,
    by: User | None,
    kind: str,
    title: str,
    is_public: bool = False,
    text: str = "",
    effective_on: date | None = None,
    hold_key: str = "",
) -> DocumentVersion:
    """A new document with its first draft; what is held under ``hold_key`` becomes the draft's files.

    ``by=None`` is the installation. Raises ``NotAllowed`` (not one's alliance), ``Invalid`` (title taken, text too
    long, no such kind).
    """
    if by is not None and not keeps_alliance(by, alliance):
        raise NotAllowed
    document = Document(alliance=alliance, kind=kind, title=clean(title), is_public=is_public)
    save_checked(document, raced=TITLE_TAKEN)
    version = DocumentVersion(document=document, number=1)
    _write(version, text=text, change="", effective_on=effective_on, hold_key=hold_key)
    _record(Action.REGISTER_CHANGED, document, by, part="document")
    return version


@transaction.atomic
def update_document(*, pk: int, by: User, kind: str, title: str, is_public: bool) -> Document:
    """What it is called, what kind it is, and whether everybody may read it. Its versions stay as they are.

    Raises ``NotFound``, ``NotAllowed``, ``Invalid``.
    """
    document = _kept(pk, by)
    document.kind, document.title, document.is_public = kind, clean(title), is_public
    save_checked(document, raced=TITLE_TAKEN)
    _record(Action.REGISTER_CHANGED, document, by, part="document")
    return document


@transaction.atomic
def save_draft(
    *,
    document_pk: int,
    by: User | None,
    text: str,
    change: str = "",
    effective_on: date | None = None,
    hold_key: str = "",
    drop: Iterable[UUID | str] = (),
    version: int | None = None,
) -> DocumentVersion:
    """Write the draft of the next version, or begin one: at most one at a time. ``drop``: its files that go.

    ``version`` is that of the draft in the form, None if there was none. Raises ``NotFound``, ``NotAllowed``,
    ``Conflict`` (somebody wrote the draft, or published it, in between), ``Invalid`` (text too long).
    """
    document = _kept(document_pk, by)
    draft = document.versions.filter(published_at__isnull=True).first()
    if (draft.version if draft else None) != version:
        raise Conflict
    if draft is None:
        last = document.versions.aggregate(last=Max("number"))["last"] or 0
        draft = DocumentVersion(document=document, number=last + 1)
    else:
        draft.version += 1
        for pk in drop:
            files.drop_attached(OWNER, str(draft.pk), pk)
    _write(draft, text=text, change=change, effective_on=effective_on, hold_key=hold_key)
    return draft


@transaction.atomic
def publish_version(*, pk: int, by: User | None, version: int | None = None) -> DocumentVersion:
    """The draft becomes the version in force, and goes to every unit of the alliance; from now on it never changes.

    Raises ``NotFound``, ``NotAllowed``, ``RuleBroken`` (published already), ``Conflict`` (written in between),
    ``Invalid`` (it says nothing; a later version does not say what changed).
    """
    rows: Any = DocumentVersion.objects.all() if by is None else DocumentVersion.objects.visible_to(by)
    found = rows.select_related("document").filter(pk=pk).first()
    if found is None:
        raise NotFound
    document = _kept(found.document_id, by)
    draft: DocumentVersion = DocumentVersion.objects.locked(pk)
    if draft.published_at is not None:
        who = draft.published_by.name if draft.published_by else _("系统")
        raise RuleBroken(_("这一版已经由%(who)s发布了。要改，请另起一版。") % {"who": who})
    if version is not None and draft.version != version:
        raise Conflict
    if not draft.text and not files.attachments(OWNER, str(draft.pk)):
        raise Invalid({"text": [_("还是空的。请写上正文，或者放一个文件。")]})
    if draft.number > 1 and not draft.change:
        raise Invalid({"change": [_("请写一句改了什么，单位一看就明白。")]})
    draft.published_at, draft.published_by = timezone.now(), by
    draft.save(update_fields=["published_at", "published_by"])
    document.reminded_at = None
    document.save(update_fields=["reminded_at"])
    draft.document = document
    units = deliver(draft)
    _record(Action.DOCUMENT_PUBLISHED, document, by, version=draft.number, units=len(units))
    return draft


def files_of(version: DocumentVersion) -> list[Attachment]:
    """The files of a version, in the order in which they were put there."""
    return files.attachments(OWNER, str(version.pk))


def files_of_many(versions: Iterable[DocumentVersion]) -> dict[int, list[Attachment]]:
    """The files of several versions at once, by version."""
    found = files.attachments_of(OWNER, [str(version.pk) for version in versions])
    return {int(owner): rows for owner, rows in found.items()}


def _kept(pk: int, by: User | None) -> Document:
    """The document, locked after its alliance, if ``by`` keeps that. Raises ``NotFound``, ``NotAllowed``."""
    rows: Any = Document.objects.all() if by is None else Document.objects.visible_to(by)
    found = rows.filter(pk=pk).values_list("alliance_id", flat=True).first()
    if found is None:
        raise NotFound
    alliance = Alliance.objects.locked(found)
    if by is not None and not keeps_alliance(by, alliance):
        raise NotAllowed
    document: Document = Document.objects.locked(pk)
    document.alliance = alliance
    return document


def _write(draft: DocumentVersion, *, text: str, change: str, effective_on: date | None, hold_key: str) -> None:
    draft.text, draft.change, draft.effective_on = clean(text), clean(change), effective_on
    save_checked(draft, raced=ONE_DRAFT)
    if hold_key:
        files.attach_held(
            hold_key=hold_key,
            owner_kind=OWNER,
            owner_id=str(draft.pk),
            area_code=draft.document.alliance.area_id,
        )


def _record(action: Action, document: Document, by: User | None, **params: Any) -> None:
    area = document.alliance.area_id
    record(action, actor=by, subject=f"document:{document.pk}", area_code=area, params=params)
