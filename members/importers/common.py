"""What the importers of the register share: areas by name, words for yes and no, what a row would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.importing import Place
from alliance.lib.text import fold
from members.models import MemberUnit
from people.models import Area
from people.services.area_register import areas_in, named_area

YES, NO = "是", "否"
MOVED = gettext_lazy("核对之后这一条有了变化，没有导入。请把这一行再传一次看看。")
Wrong = tuple[str, str]


def area_names(by: Any, area_code: str) -> Sequence[str]:
    """The street and its communities."""
    return [area.name for area in areas_in(area_code)]


def area_of(text: str, place: Place) -> Area | None:
    """The street or community that is meant."""
    areas = place.memo.setdefault("areas", None) or areas_in(place.area.code)
    place.memo["areas"] = areas
    return named_area(text, areas)


def no_area(text: str) -> Wrong:
    return "area", _("没有“%(value)s”这个街道或社区。") % {"value": text[:20]}


def yes_no(flag: bool) -> str:
    return YES if flag else NO


def differences(now: Mapping[str, str], said: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """What the file says otherwise. Empty cells change nothing."""
    return [(key, now[key], said[key]) for key in now if said.get(key) and said[key] != now[key]]


def units_named(names: Sequence[str], street_code: str) -> dict[str, list[MemberUnit]]:
    """Units of the street by the folded full name."""
    found: dict[str, list[MemberUnit]] = {}
    wanted = {fold(name)[:80] for name in names if name}
    present = MemberUnit.objects.present()
    seated = present.filter(street_code=street_code, name_key__in=wanted).select_related("area").order_by("pk")
    for unit in seated:
        found.setdefault(unit.name_key, []).append(unit)
    return found
