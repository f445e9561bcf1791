"""Exports asked for and fetched. The file is exactly the list that stood on the screen, written by a worker."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.http import FileResponse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, NotAllowed, NotFound
from alliance.lib.importing import LANGUAGE
from alliance.lib.listing import Chosen, Facet, Listing, Reading, columns_of, find, read
from alliance.lib.pagination import capped_count
from alliance.lib.text import clean
from alliance.lib.wake import wake
from audit.services import record
from audit.states import Action
from people.models import Area, User
from people.querysets import STREET_LENGTH
from people.services.limits import take
from transfers.models import Export
from transfers.states import ExportKind, ExportState

TASK = "transfers.export"
MOST_ROWS = 50_000
PER_PERSON = (30, 3600)
MAX_WHY = 120
KEPT = timedelta(hours=24)
TAPS = timedelta(minutes=2)
"""How long a form that is sent again means the same export. Later somebody came back to the page and wants it fresh."""
MOST_TITLE = 70
_NO_NAME = re.compile(r'[\\/:*?"<>|\s]')
"""What no file may be called."""
TYPES = {
    ExportKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ExportKind.CSV: "text/csv; charset=utf-8",
}


@dataclass(frozen=True)
class Asked:
    """What somebody asks for."""

    listing: Listing
    chosen: Chosen
    by: User
    columns: list[str]
    kind: str
    reason: str

    def columns_of_row(self) -> dict[str, Any]:
        return {
            "listing": self.listing.key,
            "query": json.dumps(self.chosen.query(), ensure_ascii=False),
            "columns": self.columns,
            "kind": self.kind,
            "unmasked": bool(self.reason),
            "reason": self.reason,
        }

    def is_of(self, export: Export) -> bool:
        return all(getattr(export, name) == value for name, value in self.columns_of_row().items())


def request_export(
    *,
    by: User,
    listing: str,
    query: Mapping[str, str],
    columns: Iterable[str] = (),
    kind: str = ExportKind.XLSX,
    unmasked: bool = False,
    why: str = "",
    ip: str = "",
    client_key: UUID | None = None,
) -> Export:
    """Put an export on record; a worker writes it. ``columns`` are keys, none: those a list begins with.

    ``client_key`` is the form's: a second tap on the same question finds the first export, for ``TAPS``.

    Names and phones are masked. ``unmasked`` needs the right and a reason; both are in the audit log. Raises
    ``NotFound`` (no such list), ``NotAllowed`` (not one's list, or masked for one), ``TooMany``, ``Invalid`` (no
    reason, more rows than one file takes, an unknown format).
    """
    declared = find(listing)
    chosen = read(declared, query)
    reading = Reading(declared, by, chosen)
    reason = clean(why)[: MAX_WHY + 1] if unmasked else ""
    _require(declared, by, kind, unmasked, reason)
    total = capped_count(reading.narrowed(), MOST_ROWS)
    if total > MOST_ROWS:
        raise Invalid({"listing": [_("一次最多导出%(n)d条，请先加几个条件再导出。") % {"n": MOST_ROWS}]})
    keys = [column.key for column in columns_of(declared, columns, file=True)]
    asked = Asked(declared, chosen, by, keys, kind, reason)
    first = _first(asked, client_key)
    if first is not None:
        return first
    take("export-person", str(by.pk), limit=PER_PERSON[0], seconds=PER_PERSON[1])
    key = client_key if client_key and not Export.objects.filter(pk=client_key).exists() else uuid4()
    try:
        return _store(asked, reading, key=key, total=total, ip=ip)
    except IntegrityError:
        # The other tap was a moment faster.
        first = _first(asked, client_key)
        if first is None:
            raise
        return first


def _first(asked: Asked, key: UUID | None) -> Export | None:
    """What the first tap on the same form asked for, if it was the same and just now."""
    if key is None:
        return None
    first = Export.objects.visible_to(asked.by).filter(pk=key, made_at__gt=timezone.now() - TAPS).first()
    return first if first is not None and asked.is_of(first) else None


def _require(listing: Listing, by: User, kind: str, unmasked: bool, reason: str) -> None:
    if kind not in ExportKind.values:
        raise Invalid({"kind": [_("请选一种格式。")]})
    if unmasked and not listing.may_unmask(by):
        raise NotAllowed(_("您不能导出完整的姓名和电话。请去掉这个勾，或者请党建办导出。"))
    if unmasked and (not reason or len(reason) > MAX_WHY):
        raise Invalid({"why": [_("请写一句要完整姓名和电话做什么，最多%(n)d字。") % {"n": MAX_WHY}]})


@transaction.atomic
def _store(asked: Asked, reading: Reading, *, key: UUID, total: int, ip: str) -> Export:
    by, chosen, reason = asked.by, asked.chosen, asked.reason
    with translation.override(LANGUAGE):
        title = _file_title(reading)
    export = Export.objects.create(id=key, by=by, title=title, total=total, **asked.columns_of_row())
    # The words searched for may be a name: that there were some is enough.
    params = {
        "list": asked.listing.key,
        "by": sorted(chosen.query(words=False)),
        "words": bool(chosen.q),
        "rows": total,
        "unmasked": bool(reason),
    }
    record(
        Action.EXPORT, actor=by, subject=f"export:{export.pk}", area_code=_home(by), reason=reason, params=params, ip=ip
    )
    wake(TASK)
    return export


def _file_title(reading: Reading) -> str:
    """共建单位_城厢街道_医院_20261122: the list, the place, by what it is narrowed, the day; no words searched for."""
    listing, by, chosen = reading.listing, reading.user, reading.chosen
    codes = {area[:STREET_LENGTH] for _role, area in by.roles}
    names = list(Area.objects.filter(pk__in=codes).order_by("pk").values_list("name", flat=True)[:2])
    place = names[0] if len(names) == 1 else _("多个街道")
    tab = [str(one.label) for one in listing.tabs[1:] if one.key == chosen.tab]
    told = [label for facet in listing.facets if (label := _answer(reading, facet))]
    searched = [f"{_('搜索结果')}"] if chosen.q else []
    by_what = "_".join([f"{listing.title}", f"{place}", *tab, *told, *searched])
    return f"{_NO_NAME.sub('', by_what)[:MOST_TITLE]}_{timezone.localdate():%Y%m%d}"


def _answer(reading: Reading, facet: Facet) -> str:
    """The label of what was chosen for ``facet``; empty if nothing was."""
    value = reading.chosen.facets.get(facet.key)
    return next((str(label) for key, label in reading.offered(facet) if key == value), "") if value else ""


def _home(by: User) -> str:
    return min((area for _role, area in by.roles), default="")


def seen_export(*, pk: UUID, by: User) -> Export:
    """One's own export. Raises ``NotFound``: another's is answered like one that is nowhere."""
    export = Export.objects.visible_to(by).filter(pk=pk).first()
    if export is None:
        raise NotFound
    return export


def fetch_export(*, pk: UUID, by: User, ip: str = "") -> FileResponse:
    """The file, for whoever asked for it, as long as it is kept and all by whose right it was written is still theirs.

    Raises ``NotFound`` for anything else: another's, not ready, cleared away.
    """
    export = seen_export(pk=pk, by=by)
    if export.state != ExportState.READY or not _may_fetch(export, by):
        raise NotFound
    try:
        file = default_storage.open(export.file)
    except FileNotFoundError as error:
        raise NotFound from error
    record(Action.DOWNLOAD, actor=by, subject=f"export:{export.pk}", area_code=_home(by), ip=ip)
    answer = FileResponse(
        file, as_attachment=True, filename=f"{export.title}.{export.kind}", content_type=TYPES[ExportKind(export.kind)]
    )
    answer["Cache-Control"] = "private, no-store"
    return answer


def _may_fetch(export: Export, by: User) -> bool:
    """Another role opens the list of another place: what is in the file was seen by the roles of then."""
    held = {tuple(pair) for pair in export.roles or ()}
    if export.made_at <= timezone.now() - KEPT or export.roles is None or not held <= set(by.roles):
        return False
    listing = find(export.listing)
    return listing.may_view(by) and (not export.unmasked or listing.may_unmask(by))
