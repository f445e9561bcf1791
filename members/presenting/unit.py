"""The page of one unit in the workbench: its parts, and beside them what belongs to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.lib.dates import day_of, moment
from alliance.lib.registry import contributions
from audit.models import AuditEntry
from audit.states import Action
from members.models import Liaison, Membership, MemberUnit, PartyOrganisation, Placement, Strength
from members.permissions import liaison_abilities, place_abilities, profile_abilities, seats_unit, unit_abilities
from members.states import Near, Part, Shown, StrengthKind

MANY, CHANGES = 8, 6
LOADED = ("area", "building", "grid")
OF_THE_STREET = (Part.TAGS, Part.PLACE)
Panel = dict[str, Any]


def found_unit(user: Any, pk: int) -> MemberUnit | None:
    """The unit with what its page shows of itself."""
    rows = MemberUnit.objects.visible_to(user).select_related(*LOADED).prefetch_related("strengths", "tags")
    return rows.filter(pk=pk).first()


def facts_of(unit: MemberUnit, part: str) -> list[dict[str, Any]]:
    """What stands in ``part``, as lines of ``label``, ``text`` or ``chips``."""
    if part == Part.STRENGTHS:
        rows = list(unit.strengths.all())
        return [
            {"label": label, "lines": [_line(row) for row in mine]}
            for kind, label in StrengthKind.choices
            if (mine := [row for row in rows if row.kind == kind])
        ]
    if part == Part.TAGS:
        tags = list(unit.tags.all())
        return [
            {"label": label, "chips": names}
            for near, label in Near.choices
            if (names := [tag.name for tag in tags if tag.near == near])
        ]
    if part == Part.PLACE:
        lines = [(_("楼宇"), _building(unit)), (_("楼层"), unit.floor), (_("网格"), unit.grid and unit.grid.name)]
        return [{"label": label, "text": text} for label, text in lines if text]
    if part == Part.SHOWN:
        return _shown(unit)
    return [{"label": "", "text": unit.intro}] if unit.intro else []


def _line(row: Strength) -> str:
    return _("%(label)s：%(value)s") % {"label": row.name, "value": row.detail} if row.detail else row.name


def _building(unit: MemberUnit) -> str:
    return unit.building.name if unit.building else ""


def _shown(unit: MemberUnit) -> list[dict[str, Any]]:
    if not unit.is_public:
        return [{"label": _("公开"), "text": _("不公开，公开页上不列名")}]
    labels = dict(Shown.choices)
    found: list[dict[str, Any]] = [{"label": _("公开"), "text": _("单位同意公开，公开页上列名")}]
    if unit.shows:
        found.append({"label": _("还公开"), "chips": [labels[Shown(name)] for name in unit.shows]})
    return found


def entry_facts(unit: MemberUnit, *, beside: bool = False) -> list[dict[str, Any]]:
    """What the register says; ``beside``: only what does not stand on top of the unit's page anyhow."""
    lines = [
        (_("全称"), unit.name),
        (_("简称"), unit.short_name),
        (_("类型"), unit.get_kind_display()),
        (_("信用代码"), unit.uscc),
        (_("所在地"), unit.area.name),
        (_("备注"), unit.note),
    ]
    lines = [lines[1], lines[-1]] if beside else lines
    return [{"label": label, "text": text} for label, text in lines if text]


def page_context(request: HttpRequest, unit: MemberUnit, forms: Mapping[str, Any]) -> dict[str, Any]:
    """All of the page. ``forms``: by part the form to show, for whoever may save it; a bound one was refused."""
    user: Any = request.user
    today = timezone.localdate()
    joined = _memberships(user, unit)
    seats = list(Liaison.objects.active(today).filter(unit=unit).select_related("user").order_by("is_second", "pk"))
    labels = dict(Part.choices)
    sections = [
        {
            "name": part,
            "label": labels[part],
            "facts": entry_facts(unit, beside=True) if part == Part.ENTRY else facts_of(unit, part),
            "form": forms.get(part),
            "open": part in forms and forms[part].is_bound,
            "url": reverse("admin:members_memberunit_change", args=[unit.pk])
            if part == Part.ENTRY
            else reverse(f"admin:members_memberunit_{part}", args=[unit.pk]),
            "empty": _("名称、类型、代码、所在地，都在最上面") if part == Part.ENTRY else _("还没有写"),
        }
        for part in (*(part for part in Part.values if part != Part.ENTRY), Part.ENTRY)
    ]
    return {
        "title": str(unit),
        "unit": unit,
        "sections": sections,
        "strip": _strip(unit, [row for row in joined if row.left_on is None or row.left_on > today], seats),
        "panels": [
            _alliances(joined, today),
            _seats(user, unit, seats),
            _party(user, unit),
            *(panel for add in contributions("workbench.unit") if (panel := add(request, unit))),
            changes(unit),
        ],
        "may_suspend": "change" in unit_abilities(user, unit),
    }


def editable(user: Any, unit: MemberUnit) -> list[str]:
    """The parts this person may save on the unit's page."""
    able = profile_abilities(user, unit)
    parts = [Part.INTRO, Part.STRENGTHS, Part.SHOWN] if "describe" in able else []
    parts += list(OF_THE_STREET) if "sort" in able else []
    return [*parts, Part.ENTRY] if "change" in unit_abilities(user, unit) else [str(part) for part in parts]


def _memberships(user: Any, unit: MemberUnit) -> list[Membership]:
    """Those in alliances one sees: of another street's a unit's page says nothing."""
    placed = Prefetch("placements", Placement.objects.active().select_related("group", "zone"), to_attr="cells")
    seen: Any = Membership.objects.visible_to(user).filter(unit=unit).select_related("alliance")
    return list(seen.prefetch_related(placed).order_by("-joined_on", "-pk"))


def _strip(unit: MemberUnit, joined: list[Membership], seats: list[Liaison]) -> list[dict[str, str]]:
    first = seats[0] if seats else None
    return [
        {"label": _("所在地"), "text": unit.area.name, "small": " ".join((_building(unit), unit.floor)).strip()},
        {"label": _("联盟"), "text": joined[0].alliance.name if joined else _("没有加入"), "small": _more(len(joined))},
        {
            "label": _("联络员"),
            "text": first.shown_name or _("没有写姓名") if first else _("还没有"),
            "small": first.title if first else "",
        },
        {
            "label": _("公开展示"),
            "text": _("同意公开") if unit.is_public else _("不公开"),
            "small": _("、").join(str(Shown(name).label) for name in unit.shows) if unit.is_public else "",
        },
    ]


def _more(count: int) -> str:
    return _("共%(n)d个") % {"n": count} if count > 1 else ""


def _alliances(joined: list[Membership], today: Any) -> Panel:
    """Alliances past and present, with the place in the matrix of those in force."""
    lines = []
    for row in joined[:MANY]:
        over = row.left_on is not None and row.left_on <= today
        cells = [] if over else [str(body) for cell in row.cells for body in (cell.group, cell.zone) if body]  # type: ignore[attr-defined]
        since = _("%(day)s加入") % {"day": day_of(row.joined_on)}
        until = _("%(day)s退出") % {"day": day_of(row.left_on)} if row.left_on else ""
        small = " · ".join(part for part in (" × ".join(cells), since, until) if part)
        url = reverse("admin:members_membership_change", args=[row.pk])
        lines.append({"text": row.alliance.name, "small": small, "url": url})
    return {"title": _("联盟、界别和片区"), "lines": lines, "empty": _("还没有加入联盟。")}


def _seats(user: Any, unit: MemberUnit, seats: list[Liaison]) -> Panel:
    lines = [
        {
            "text": seat.shown_name or _("没有写姓名"),
            "small": " · ".join(
                part
                for part in (
                    _("第二联络员") if seat.is_second else _("联络员"),
                    seat.title,
                    _("%(day)s起") % {"day": day_of(seat.starts_on)},
                )
                if part
            ),
            "url": reverse("admin:members_liaison_change", args=[seat.pk]),
        }
        for seat in seats
    ]
    panel: Panel = {"title": _("联络员"), "lines": lines, "empty": _("还没有联络员。")}
    if "add" in liaison_abilities(user) and seats_unit(user, unit):
        panel |= {"url": reverse("admin:members_liaison_add") + f"?unit={unit.pk}", "more": _("登记")}
    return panel


def _party(user: Any, unit: MemberUnit) -> Panel:
    rows = PartyOrganisation.objects.visible_to(user).active().filter(unit=unit).order_by("sorted_as", "pk")[:MANY]
    panel: Panel = {
        "title": _("党组织"),
        "lines": [
            {
                "text": row.name,
                "small": " · ".join(part for part in (row.get_kind_display(), people_in(row)) if part),
                "url": reverse("admin:members_partyorganisation_change", args=[row.pk]),
            }
            for row in rows
        ],
        "empty": _("还没有登记党组织。"),
    }
    if "add" in place_abilities(user, unit):
        panel["url"] = reverse("admin:members_partyorganisation_add") + f"?unit={unit.pk}&area={unit.area_id}"
        panel["more"] = _("登记")
    return panel


def people_in(row: PartyOrganisation) -> str:
    """How many members it has, as it says itself."""
    return "" if row.member_count is None else _("党员%(n)d名") % {"n": row.member_count}


def changes(unit: MemberUnit) -> Panel:
    """Who changed which part, newest first: from the log, without what was written."""
    rows = AuditEntry.objects.filter(subject=f"unit:{unit.pk}", action=Action.REGISTER_CHANGED).order_by("-pk")
    found = list(rows[:CHANGES])
    labels: dict[str, Any] = dict(Part.choices)
    names = _names_of_liaisons(unit, {row.actor_id for row in found if not row.actor_label})
    lines = [
        {
            "text": labels.get(row.params.get("part", ""), _("登记")),
            "small": row.actor_label or names.get(row.actor_id or 0, _("联络员") if row.actor_id else _("系统")),
            "when": moment(row.at),
        }
        for row in found
    ]
    return {"title": _("最近改动"), "lines": lines, "empty": _("还没有改动。")}


def _names_of_liaisons(unit: MemberUnit, users: set[int | None]) -> dict[int, str]:
    """The log does not say what somebody with a phone is called; the seat says what the unit calls them."""
    if not users:
        return {}
    seats = Liaison.objects.filter(unit=unit, user_id__in=[pk for pk in users if pk]).select_related("user")
    return {seat.user_id: seat.shown_name for seat in seats if seat.shown_name}
