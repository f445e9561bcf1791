"""What everybody reads of teams, and leaders of theirs."""

from __future__ import annotations

from typing import Any

from people.models import Area
from volunteers.models import Team
from volunteers.presenting.people import leader_of, name_in
from volunteers.states.teams import TeamKind

MOST, FEW = 200, 500


def streets_with_teams() -> list[Area]:
    """Streets with at least one team, by name."""
    codes = Team.objects.public().order_by().values("street_code").distinct()
    return list(Area.objects.filter(pk__in=codes).order_by("pinyin", "pk"))


def teams_by_kind(street: str) -> list[dict[str, Any]]:
    """``[{kind, teams}]``: the teams of a street, each with its leader, where one agreed to be named."""
    rows = Team.objects.public().filter(street_code=street).with_members().select_related("area", "leader")
    found: dict[str, list[Any]] = {}
    for row in rows.order_by("name", "pk")[:MOST]:
        found.setdefault(row.kind, []).append({"team": row, "leader": leader_of(row)})
    return [{"kind": kind.label, "teams": found[kind.value]} for kind in TeamKind if kind.value in found]


def members_for_leader(team: Team) -> list[dict[str, Any]]:
    """Who is in the team, for its leader: names as written on the sheets, and who has not signed yet. Whoever was asked
    and has not said yes is masked."""
    rows = team.members.here().select_related("volunteer").order_by("joined_at", "pk")[:FEW]
    return [
        {
            "pk": row.pk,
            "name": name_in(row),
            "number": row.volunteer.number,
            "waits": row.pledged_at is None,
            "asked": row.asked,
        }
        for row in rows
    ]
