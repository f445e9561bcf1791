"""The versions of the rules, as the workbench lists them."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy

from alliance.lib.dates import day_of, iso
from alliance.lib.listing import Cell, Column, Listing, register
from points.models import Rule
from points.permissions import rule_abilities
from points.presenting import rule as words


def _state(row: Rule) -> Cell:
    text, tone = words.state(row)
    return Cell(text=text, tone=tone)


RULES = register(
    Listing(
        key="points.rules",
        title=pgettext_lazy("plural", "积分规则"),
        url_name="admin:points_rule_changelist",
        row_url=lambda row: reverse("admin:points_rule_change", args=[row.pk]),
        may_view=lambda user: "view" in rule_abilities(user),
        rows=lambda user: Rule.objects.visible_to(user),
        order=("-starts_on", "-id"),
        order_label=gettext_lazy("新的在前"),
        columns=(
            Column(key="version", label=gettext_lazy("版本"), cell=words.title),
            Column(
                key="from",
                label=gettext_lazy("从哪天起"),
                cell=lambda row: day_of(row.starts_on),
                value=lambda row: iso(row.starts_on),
            ),
            Column(
                key="until",
                label=gettext_lazy("到哪天止"),
                cell=words.last_day,
                value=lambda row: iso(row.ends_on),
            ),
            Column(
                key="hour", label=gettext_lazy("一小时几分"), cell=lambda row: words.in_points(row.hour), number=True
            ),
            Column(
                key="errand",
                label=gettext_lazy("跑腿一件几分"),
                cell=lambda row: words.in_points(row.errand),
                number=True,
            ),
            Column(
                key="wish", label=gettext_lazy("个人圆梦几分"), cell=lambda row: words.in_points(row.wish), number=True
            ),
            Column(
                key="most",
                label=gettext_lazy("一天最多几分"),
                cell=lambda row: words.in_points(row.day_most),
                number=True,
            ),
            Column(key="state", label=gettext_lazy("状态"), cell=_state),
        ),
        empty_title=gettext_lazy("还没有积分规则"),
        empty_text=gettext_lazy("系统管理员定好，就会列在这里。"),
    )
)
