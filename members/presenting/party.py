"""What pages say of party organisations, lists and buildings."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from alliance.lib.dates import day_of
from members.floors import floor_key, name_key
from members.forms.party import DecideForm, ListForm
from members.models import Building, Cultivation, Listed, MemberUnit, PartyOrganisation
from members.presenting.unit import people_in
from members.states import Outcome

TONES = {Outcome.GROWING: "work", Outcome.REACHED: "done", Outcome.LEFT: "off"}
MANY, AT_MOST = 60, 400


def around(user: Any, pk: Any) -> list[dict[str, Any]]:
    """What stands below an organisation, and on which lists it is; nothing of one that is not seen."""
    seen = PartyOrganisation.objects.visible_to(user).filter(pk=pk if str(pk).isdecimal() else 0)
    rows = PartyOrganisation.objects.active().filter(parent__in=seen).order_by("sorted_as", "pk")[:AT_MOST]
    below = sorted(rows, key=lambda row: name_key(row.name))[:MANY]
    lists = Listed.objects.filter(organisation__in=seen).select_related("cultivation").order_by("-listed_on", "-pk")
    return [
        {
            "title": _("下级党组织"),
            "lines": [
                {
                    "text": row.name,
                    "small": " · ".join(part for part in (row.get_kind_display(), people_in(row)) if part),
                    "url": reverse("admin:members_partyorganisation_change", args=[row.pk]),
                }
                for row in below
            ],
            "empty": _("下面没有党组织。"),
        },
        {
            "title": _("培育"),
            "lines": [
                {
                    "text": str(row.cultivation),
                    "small": _since(row),
                    "url": reverse("admin:members_cultivation_change", args=[row.cultivation_id]),
                }
                for row in lists[:MANY]
            ],
            "empty": _("没有列入培育名单。"),
        },
    ]


def _since(row: Listed) -> str:
    listed = _("%(day)s列入") % {"day": day_of(row.listed_on)}
    if row.decided_on is None:
        return f"{row.get_outcome_display()} · {listed}"
    return f"{row.get_outcome_display()} · {listed} · {_('%(day)s认定') % {'day': day_of(row.decided_on)}}"


def listed_context(row: Cultivation, *, may: bool, refused: Any = None) -> dict[str, Any]:
    """Who is on a list; for whoever keeps it with the forms, of which ``refused`` was sent and keeps its words."""
    rows = Listed.objects.filter(cultivation=row).select_related("organisation__area")
    found = list(rows.order_by("organisation__sorted_as", "pk")[:AT_MOST])
    found.sort(key=lambda one: name_key(one.organisation.name))
    adding = refused if isinstance(refused, ListForm) else ListForm(cultivation=row, prefix="list")
    return {
        "cultivation": row,
        "listed": [
            {
                "pk": one.pk,
                "name": one.organisation.name,
                "url": reverse("admin:members_partyorganisation_change", args=[one.organisation_id]),
                "place": one.organisation.area.name,
                "state": {"label": one.get_outcome_display(), "tone": TONES[Outcome(one.outcome)]},
                "since": _since(one).split(" · ", 1)[1],
                "note": one.note,
                "form": _form_of(one, refused) if may else None,
            }
            for one in found
        ],
        "counts": _counts(found),
        "list_form": adding if may else None,
    }


def _form_of(row: Listed, refused: Any) -> DecideForm:
    mine = isinstance(refused, DecideForm) and refused.prefix == f"row{row.pk}"
    return refused if mine else DecideForm.of(row)


def _counts(rows: list[Listed]) -> list[dict[str, Any]]:
    return [
        {"label": label, "count": count}
        for outcome, label in Outcome.choices
        if (count := sum(row.outcome == outcome for row in rows))
    ]


def inside(user: Any, pk: Any) -> dict[str, Any]:
    """The units in a building, floor by floor from below, with how many there are."""
    seen = Building.objects.visible_to(user).filter(pk=pk if str(pk).isdecimal() else 0)
    units = list(MemberUnit.objects.visible_to(user).filter(building__in=seen).order_by("sorted_as", "pk")[:AT_MOST])
    units.sort(key=lambda unit: (floor_key(unit.floor), unit.floor))
    floors = [
        {
            "floor": floor or _("没有写楼层"),
            "units": [
                {
                    "name": str(unit),
                    "kind": unit.get_kind_display(),
                    "url": reverse("admin:members_memberunit_change", args=[unit.pk]),
                }
                for unit in rows
            ],
        }
        for floor, rows in groupby(units, key=lambda unit: unit.floor)
    ]
    kinds: dict[str, int] = {}
    for unit in units:
        kinds[str(unit.get_kind_display())] = kinds.get(str(unit.get_kind_display()), 0) + 1
    return {"floors": floors, "unit_count": len(units), "kinds": sorted(kinds.items(), key=lambda pair: -pair[1])}
