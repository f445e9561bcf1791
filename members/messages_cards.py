"""That a quarter's card is there, with its one number."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.models import Alliance, MemberUnit
from notifications.messages import MessageClass
from people.models import User

Letter = tuple[MessageClass, str, Iterable[User]]
SAMPLE = {"quarter": "2026Q3", "total": "12"}


class ServiceCard(MessageClass):
    """To those who speak for a unit."""

    label = _("单位季度服务卡")
    title = _("%(unit)s%(quarter)s服务卡出来了")
    body = _("一共%(total)s件，谢谢你们。点开可以看，也可以打印。")
    sample = {**SAMPLE, "unit": _("临平区图书馆")}
    must = frozenset({"quarter"})

    def __init__(self, unit: MemberUnit, quarter: str, total: int) -> None:
        super().__init__(
            params={"unit": unit.name, "quarter": quarter, "total": total},
            area_code=unit.area_id,
            subject_label=unit.name,
            url=f"{reverse('desk:service_card')}?quarter={quarter}&unit={unit.pk}",
        )


class AllianceCard(MessageClass):
    """To the party office of the street."""

    label = _("联盟季度服务卡")
    title = _("%(alliance)s%(quarter)s服务卡出来了")
    body = _("成员单位一共%(total)s件。点开看每家的，也可以打印。")
    sample = {**SAMPLE, "alliance": _("平常心党建联盟")}
    must = frozenset({"quarter"})

    def __init__(self, alliance: Alliance, quarter: str, total: int) -> None:
        super().__init__(
            params={"alliance": alliance.name, "quarter": quarter, "total": total},
            area_code=alliance.area_id,
            subject_label=alliance.name,
            url=f"{reverse('admin:members_alliance_card', args=[alliance.pk])}?quarter={quarter}",
        )
