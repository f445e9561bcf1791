"""五必选五自选 of an alliance's year: each service, who does it, for how many communities, where nobody."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.models import Alliance
from projects.services.menu import Coverage, coverage


def rows(alliance: Alliance, year: int) -> list[dict[str, Any]]:
    """Every service in use, 必选 first."""
    return [_row(one) for one in coverage(alliance, year)]


def _row(one: Coverage) -> dict[str, Any]:
    covered = len(one.per_area) - len(one.gaps)
    return {
        "item": one.item,
        "units": list(one.units),
        "per_area": one.per_area,
        "gaps": [area.name for area in one.gaps],
        "covered": covered,
        "of": len(one.per_area),
        "anywhere": _anywhere(one) if one.anywhere else "",
        "tone": "ok" if one.per_area and not one.gaps else "info" if one.anywhere and not covered else "warn",
        "label": _everywhere(covered) if not one.gaps else _gap(one),
    }


def _gap(one: Coverage) -> str:
    if not one.units:
        return _("还没有单位报名")
    if len(one.gaps) == len(one.per_area) and one.anywhere:
        return _("不限社区")
    n = len(one.gaps)
    return ngettext("还有%(n)d个社区没有", "还有%(n)d个社区没有", n) % {"n": n}


def _anywhere(one: Coverage) -> str:
    """Beside those that named their communities; alone where nobody did."""
    n = one.anywhere
    if n < len(one.units):
        return ngettext("另有%(n)d家不限社区", "另有%(n)d家不限社区", n) % {"n": n}
    return ngettext("%(n)d家不限社区", "%(n)d家不限社区", n) % {"n": n}


def _everywhere(n: int) -> str:
    return ngettext("%(n)d个社区都有", "%(n)d个社区都有", n) % {"n": n}


def named(row: dict[str, Any]) -> dict[str, Any]:
    """Units by name only where they agreed to be named; the others are counted."""
    names = [one.unit.name for one in row["units"] if one.unit.is_public]
    return {**row, "named": names, "others": len(row["units"]) - len(names)}


def places(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The other way round, by community: ``{code, name, has [(item, how many units)]}``."""
    areas = [area for area, _n in rows[0]["per_area"]] if rows else []
    return [
        {"code": area.pk, "name": area.name, "has": [(row["item"], row["per_area"][place][1]) for row in rows]}
        for place, area in enumerate(areas)
    ]
