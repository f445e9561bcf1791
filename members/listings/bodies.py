"""机构."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from alliance.lib.dates import day_of, iso
from alliance.lib.listing import Cell, Column, Facet, Listing, Options, Rows, Tab, by_column, equals, register
from alliance.lib.search import named
from members.listings.common import PLACE, active, alliances, asks, reads, said
from members.models import Body, BodyKind
from members.querysets import in_force


def rows(user: Any) -> Rows:
    """Bodies one sees, with how many sit in each today."""
    sitting = Count("seats", filter=in_force(None, start="seats__starts_on", end="seats__ends_on"))
    found = Body.objects.visible_to(user).select_related("kind", "area", "alliance", "parent")
    return found.annotate(sitting=sitting)


def _kinds(user: Any) -> Options:
    found = BodyKind.objects.visible_to(user).order_by("position", "id")
    return [(str(pk), name) for pk, name in found.values_list("pk", "name")]


def _name(body: Body) -> Cell:
    return Cell(text=body.name, flags=((_("已撤销"), ""),) if body.ended_on else ())


BODIES = register(
    Listing(
        key="members.bodies",
        title=pgettext_lazy("plural", "机构"),
        url_name="admin:members_body_changelist",
        row_url=lambda body: reverse("admin:members_body_change", args=[body.pk]),
        may_view=reads,
        rows=rows,
        order=("kind__position", "position", "id"),
        tabs=(
            Tab(key="now", label=gettext_lazy("现有的"), narrow=active),
            Tab(
                key="past",
                label=gettext_lazy("已撤销"),
                narrow=lambda found, _user: found.exclude(pk__in=found.model.objects.active().values("pk")),
            ),
        ),
        columns=(
            Column(
                key="name",
                label=gettext_lazy("机构"),
                cell=_name,
                value=lambda body: body.name,
            ),
            Column(
                key="kind",
                label=gettext_lazy("类型"),
                cell=lambda body: body.kind.name,
                order=("kind__position", "position", "id"),
            ),
            Column(
                key="place",
                label=gettext_lazy("所在地"),
                cell=lambda body: body.area.name,
                order=("area_id", "kind__position", "position", "id"),
            ),
            Column(key="alliance", label=gettext_lazy("联盟"), cell=lambda body: str(body.alliance or "")),
            Column(key="parent", label=gettext_lazy("上级机构"), cell=lambda body: str(body.parent or ""), shown=False),
            Column(
                key="sitting",
                label=gettext_lazy("现有任职"),
                cell=lambda body: str(body.sitting),
                value=lambda body: body.sitting,
                number=True,
            ),
            Column(key="public", label=gettext_lazy("公开展示"), cell=lambda body: said(body.is_public), shown=False),
            Column(
                key="since",
                label=gettext_lazy("成立日期"),
                cell=lambda body: day_of(body.set_up_on),
                value=lambda body: iso(body.set_up_on),
                order=("set_up_on", "id"),
                shown=False,
            ),
        ),
        facets=(
            Facet(
                key="kind",
                label=gettext_lazy("类型"),
                any_label=gettext_lazy("全部类型"),
                options=_kinds,
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
            PLACE,
            asks("public", gettext_lazy("公开展示"), Q(is_public=True), gettext_lazy("公开"), gettext_lazy("不公开")),
        ),
        search=partial(named, through=("kind",)),
        search_hint=gettext_lazy("机构名称、类型"),
        empty_title=gettext_lazy("还没有机构"),
    )
)
