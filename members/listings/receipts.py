"""文件送达: which unit has seen the current version of a document."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from alliance.lib.dates import day_of, iso
from alliance.lib.listing import (
    NO,
    YES,
    Cell,
    Column,
    Facet,
    Listing,
    Options,
    Rows,
    Tab,
    by_column,
    choices,
    equals,
    register,
)
from alliance.lib.privacy import mask_name
from alliance.lib.search import named
from members.models import Document, DocumentVersion, Receipt
from members.permissions import keeps_alliance, receipt_abilities
from members.states import REGISTER_ROLES, UnitKind


def rows(user: Any) -> Rows:
    """What was delivered of the newest versions in alliances one keeps."""
    found = Receipt.objects.kept_by(user).present().filter(version__in=DocumentVersion.objects.newest())
    return found.select_related("unit", "unit__area", "version__document__alliance", "seen_by")


def _documents(user: Any) -> Options:
    kept = Receipt.objects.kept_by(user).values("version__document")
    found = Document.objects.filter(pk__in=kept).select_related("alliance").order_by("alliance_id", "kind", "id")
    several = len({document.alliance_id for document in found}) > 1
    return [(str(one.pk), f"{one.title} · {one.alliance}" if several else one.title) for one in found]


def _seen(one: Receipt) -> Cell:
    if one.seen_at is None:
        return Cell(text=_("没看过"), tone="off")
    return Cell(text=_("看过"), tone="done")


def _reader(one: Receipt) -> str:
    return mask_name(one.seen_by.name) if one.seen_by else ""


def _open_reader(one: Receipt, user: Any) -> str:
    """The name whole for whoever keeps the alliance."""
    name = one.seen_by.name if one.seen_by else ""
    return name if keeps_alliance(user, one.version.document.alliance) else mask_name(name)


def _spoken_for(found: Rows, chosen: str) -> Rows:
    alone = Receipt.objects.unspoken_for().values("pk")
    return found.filter(pk__in=alone) if chosen == NO else found.exclude(pk__in=alone)


RECEIPTS = register(
    Listing(
        key="members.receipts",
        title=pgettext_lazy("plural", "文件送达"),
        url_name="admin:members_receipt_changelist",
        row_url=lambda one: reverse("admin:members_document_change", args=[one.version.document_id]),
        may_view=lambda user: bool(receipt_abilities(user)),
        may_unmask=lambda user: bool(user.has_role(*REGISTER_ROLES)),
        rows=rows,
        order=("unit__sorted_as", "unit_id", "id"),
        tabs=(
            Tab(key="unseen", label=gettext_lazy("没看过"), narrow=lambda found, _user: found.filter(seen_at=None)),
            Tab(key="seen", label=gettext_lazy("看过"), narrow=lambda found, _user: found.exclude(seen_at=None)),
            Tab(key="all", label=gettext_lazy("全部"), narrow=lambda found, _user: found),
        ),
        columns=(
            Column(
                key="unit",
                label=gettext_lazy("单位"),
                cell=lambda one: Cell(text=str(one.unit), small=one.unit.area.name),
                value=lambda one: one.unit.name,
            ),
            Column(key="document", label=gettext_lazy("文件"), cell=lambda one: one.version.document.title),
            Column(
                key="version",
                label=gettext_lazy("版本"),
                cell=lambda one: _("第%(n)d版") % {"n": one.version.number},
            ),
            Column(
                key="alliance",
                label=gettext_lazy("联盟"),
                cell=lambda one: one.version.document.alliance.name,
                shown=False,
            ),
            Column(
                key="delivered",
                label=gettext_lazy("送达"),
                cell=lambda one: day_of(one.delivered_at),
                value=lambda one: iso(one.delivered_at),
                order=("delivered_at", "id"),
            ),
            Column(key="state", label=gettext_lazy("看过没有"), cell=_seen),
            Column(
                key="seen",
                label=gettext_lazy("看过的日期"),
                cell=lambda one: day_of(one.seen_at),
                value=lambda one: iso(one.seen_at),
                order=("seen_at", "id"),
            ),
            Column(key="reader", label=gettext_lazy("谁点的"), cell=_reader, open_value=_open_reader),
        ),
        facets=(
            Facet(
                key="document",
                label=gettext_lazy("文件"),
                any_label=gettext_lazy("全部文件"),
                options=_documents,
                narrow=equals("version__document"),
                counts=by_column("version__document"),
                main=True,
            ),
            Facet(
                key="kind",
                label=gettext_lazy("单位类型"),
                any_label=gettext_lazy("全部类型"),
                options=choices(UnitKind.choices),
                narrow=equals("unit__kind"),
                counts=by_column("unit__kind"),
                main=True,
            ),
            Facet(
                key="liaison",
                label=gettext_lazy("联络员"),
                any_label=gettext_lazy("有没有联络员"),
                options=lambda _user: [(YES, _("有联络员")), (NO, _("没有联络员"))],
                narrow=_spoken_for,
            ),
        ),
        search=partial(named, through=("unit", "version__document")),
        search_hint=gettext_lazy("单位、拼音首字母、文件"),
        empty_title=gettext_lazy("这里没有单位"),
        empty_text=gettext_lazy("文件发布后，送到了哪些单位、谁看过，都在这里。"),
    )
)
