"""暂停预约: who books nothing for a while, until when, and why."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from alliance.lib.dates import day_of, iso
from alliance.lib.listing import Cell, Column, Listing, Rows, Tab, register
from alliance.lib.privacy import mask_name
from resources.models import Pause
from resources.permissions import pause_abilities


def rows(user: Any) -> Rows:
    """Pauses in the streets one works in."""
    return Pause.objects.visible_to(user).select_related("unit", "person", "street", "by")


def who(one: Pause) -> str:
    """The unit; a person is masked."""
    return str(one.unit) if one.unit else mask_name(one.person.name) if one.person else ""


def state(one: Pause) -> Cell:
    """Whether it still counts."""
    if one.lifted_at is not None:
        return Cell(text=_("提前恢复了"), tone="done")
    over = one.until <= timezone.localdate()
    return Cell(text=_("到期恢复了") if over else _("暂停中"), tone="done" if over else "")


PAUSES = register(
    Listing(
        key="resources.pauses",
        title=pgettext_lazy("plural", "暂停预约"),
        url_name="admin:resources_pause_changelist",
        row_url=lambda one: reverse("admin:resources_pause_change", args=[one.pk]),
        may_view=lambda user: "view" in pause_abilities(user),
        rows=rows,
        order=("-starts_on", "-id"),
        order_label=gettext_lazy("新的在前"),
        tabs=(
            Tab(key="now", label=gettext_lazy("暂停中"), narrow=lambda found, _user: found.in_force()),  # type: ignore[attr-defined]
            Tab(key="all", label=gettext_lazy("全部"), narrow=lambda found, _user: found),
        ),
        columns=(
            Column(key="who", label=gettext_lazy("谁"), cell=who),
            Column(key="why", label=gettext_lazy("为什么"), cell=lambda one: one.why),
            Column(
                key="since",
                label=gettext_lazy("从哪天"),
                cell=lambda one: day_of(one.starts_on),
                value=lambda one: iso(one.starts_on),
            ),
            Column(
                key="until",
                label=gettext_lazy("到哪天恢复"),
                cell=lambda one: day_of(one.until),
                value=lambda one: iso(one.until),
            ),
            Column(key="by", label=gettext_lazy("经手人"), cell=lambda one: one.by.name),
            Column(key="state", label=gettext_lazy("状态"), cell=state),
        ),
        empty_title=gettext_lazy("没有暂停预约的"),
        empty_text=gettext_lazy("几次约了不来的，可以在那次预约的页面上暂停一段时间。"),
    )
)
