"""联盟文件."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from alliance.lib.dates import day_of, iso
from alliance.lib.listing import Cell, Column, Facet, Listing, Rows, by_column, choices, equals, register
from alliance.lib.search import named
from members.listings.common import alliances, asks, reads, said
from members.models import Document, DocumentVersion, Receipt
from members.presenting.documents import begins
from members.states import DocumentKind


def rows(user: Any) -> Rows:
    """Documents one sees, with the newest published version and how many units have opened it."""
    newest = DocumentVersion.objects.published().filter(document=OuterRef("pk")).order_by("-number")
    of_newest = Receipt.objects.present().filter(version=OuterRef("newest")).order_by().values("version")
    return (
        Document.objects.visible_to(user)
        .select_related("alliance")
        .annotate(
            newest=Subquery(newest.values("pk")[:1]),
            number=Subquery(newest.values("number")[:1]),
            published=Subquery(newest.values("published_at")[:1]),
            effective=Subquery(newest.values("effective_on")[:1]),
        )
        .annotate(
            delivered=Subquery(of_newest.annotate(n=Count("pk")).values("n")),
            seen=Subquery(of_newest.annotate(n=Count("seen_at")).values("n")),
        )
    )


def _state(one: Any) -> Cell:
    if one.number is None:
        return Cell(text=_("没有发布"), tone="off")
    text = _("第%(n)d版") % {"n": one.number}
    if one.effective and one.effective > timezone.localdate():
        return Cell(text=text, tone="work", small=begins(one.effective))
    return Cell(text=text, tone="done")


def _seen(one: Any) -> str:
    return f"{one.seen or 0} / {one.delivered}" if one.delivered else ""


DOCUMENTS = register(
    Listing(
        key="members.documents",
        title=pgettext_lazy("plural", "联盟文件"),
        url_name="admin:members_document_changelist",
        row_url=lambda one: reverse("admin:members_document_change", args=[one.pk]),
        may_view=reads,
        rows=rows,
        order=("-created_at", "-id"),
        columns=(
            Column(key="title", label=gettext_lazy("文件"), cell=lambda one: one.title),
            Column(
                key="kind",
                label=gettext_lazy("类别"),
                cell=lambda one: one.get_kind_display(),
                order=("kind", "id"),
            ),
            Column(
                key="alliance",
                label=gettext_lazy("联盟"),
                cell=lambda one: one.alliance.name,
                order=("alliance__area_id", "id"),
            ),
            Column(key="version", label=gettext_lazy("版本"), cell=_state),
            Column(
                key="published",
                label=gettext_lazy("发布日期"),
                cell=lambda one: day_of(one.published),
                value=lambda one: iso(one.published),
            ),
            Column(key="seen", label=gettext_lazy("看过 / 送达"), cell=_seen, number=True),
            Column(key="public", label=gettext_lazy("公开展示"), cell=lambda one: said(one.is_public)),
        ),
        facets=(
            Facet(
                key="kind",
                label=gettext_lazy("类别"),
                any_label=gettext_lazy("全部类别"),
                options=choices(DocumentKind.choices),
                narrow=equals("kind"),
                counts=by_column("kind"),
                main=True,
            ),
            Facet(
                key="alliance",
                label=gettext_lazy("联盟"),
                any_label=gettext_lazy("全部联盟"),
                options=alliances,
                narrow=equals("alliance"),
                counts=by_column("alliance"),
                main=True,
            ),
            asks(
                "published",
                gettext_lazy("发布"),
                Q(pk__in=DocumentVersion.objects.published().values("document")),
                gettext_lazy("发布过"),
                gettext_lazy("没有发布"),
            ),
            asks("public", gettext_lazy("公开展示"), Q(is_public=True), gettext_lazy("公开"), gettext_lazy("不公开")),
        ),
        search=partial(named, through=("alliance",)),
        search_hint=gettext_lazy("标题、联盟"),
        empty_title=gettext_lazy("还没有文件"),
        empty_text=gettext_lazy("章程、工作制度、实施计划放在这里，发布后送到每家单位。"),
    )
)
