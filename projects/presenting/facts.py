"""What stands on a project's page beside its words."""

from __future__ import annotations

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from projects.models import Project
from projects.services.wording import number
from projects.states import Six


def day(value: Any) -> str:
    return date_format(value, pgettext("day as a Django date format", "Y年n月j日"))


def of_project(project: Project, *, inside: bool) -> list[tuple[str, str]]:
    """Label and value; people by name only for those who work on it."""
    found = [
        (_("类别"), project.get_kind_display()),
        (_("领域") if inside else _("哪方面"), project.get_field_display()),
        (_("六共"), _("、").join(str(Six(one).label) for one in project.six) if inside else ""),
        (_("中心工作"), _("、").join(project.campaigns)),
        (_("在哪里"), project.place or project.area.name),
        (_("为了谁"), for_whom(project)),
        (_("时间"), f"{day(project.starts_on)} — {day(project.ends_on)}"),
        (_("支部"), project.branch.name if project.branch and (inside or project.branch.is_public) else ""),
    ]
    if inside:
        found += [
            (_("专员"), project.commissioner.name if project.commissioner else ""),
            (_("领办领导"), project.leader.name if project.leader else ""),
        ]
    found += [(_("资金"), money(project)), (_("资料来源"), project.source), (_("编号"), project.number)]
    return [(label, value) for label, value in found if value]


def for_whom(project: Project) -> str:
    """老年居民，约800人，810户."""
    parts = [project.beneficiaries]
    if project.people_count is not None:
        parts.append(ngettext("%(n)d人", "%(n)d人", project.people_count) % {"n": project.people_count})
    if project.household_count is not None:
        parts.append(ngettext("%(n)d户", "%(n)d户", project.household_count) % {"n": project.household_count})
    return _("，").join(part for part in parts if part)


def money(project: Project) -> str:
    """250万元（区财政）."""
    if project.money is None:
        return ""
    amount = _("%(n)s万元") % {"n": number(project.money)}
    return (
        _("%(amount)s（%(source)s）") % {"amount": amount, "source": project.money_from}
        if project.money_from
        else amount
    )


def units_of(project: Project, *, inside: bool) -> list[dict[str, Any]]:
    """Who takes part; to everybody only those that agreed to be named, and have said yes."""
    rows = project.units.filter(left_on__isnull=True).select_related("unit")
    shown = [row for row in rows if inside or (row.confirmed_at is not None and row.unit.is_public)]
    return [
        {"name": row.unit.name, "is_lead": row.is_lead, "does": row.does, "waits": row.confirmed_at is None}
        for row in shown
    ]
