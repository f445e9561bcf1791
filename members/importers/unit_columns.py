"""The columns of a table of member units."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy

from alliance.lib.importing import Column
from members.importers.common import NO, YES, area_names
from members.models import Alliance
from members.states import UnitKind
from people.querysets import STREET_LENGTH


def _alliances(by: Any, area_code: str) -> Sequence[str]:
    return list(Alliance.objects.filter(street_code=area_code[:STREET_LENGTH]).values_list("name", flat=True))


COLUMNS = (
    Column("name", gettext_lazy("单位名称"), required=True, most=80, example=gettext_lazy("某某街道中心小学")),
    Column("short_name", gettext_lazy("简称"), most=30, example=gettext_lazy("中心小学")),
    Column(
        "kind",
        gettext_lazy("类型"),
        required=True,
        choices=[kind.label for kind in UnitKind],
        example=UnitKind.SCHOOL.label,
    ),
    Column(
        "uscc",
        gettext_lazy("统一社会信用代码"),
        as_text=True,
        most=40,
        help=gettext_lazy("18位；党支部等没有代码的不填"),
        also=("信用代码", "社会信用代码"),
        example="",
    ),
    Column(
        "area",
        gettext_lazy("所在地"),
        required=True,
        choices=area_names,
        help=gettext_lazy("街道或社区的名称"),
        also=("所在社区", "社区"),
        example=gettext_lazy("某某社区"),
    ),
    Column(
        "is_public",
        gettext_lazy("公开展示"),
        choices=[YES, NO],
        help=gettext_lazy("单位同意在首页和公示中列名才填“是”"),
        example=NO,
    ),
    Column("alliance", gettext_lazy("加入联盟"), choices=_alliances, help=gettext_lazy("暂不加入的不填"), example=""),
    Column("joined_on", gettext_lazy("加入日期"), is_date=True, help=gettext_lazy("不填就是今天"), example=""),
    Column("note", gettext_lazy("备注"), most=200, example=""),
)
