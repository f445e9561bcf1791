"""Volunteers, teams and papers in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from alliance.lib.dates import day_of
from alliance.lib.privacy import mask_name
from volunteers.models import Team, Volunteer
from volunteers.states.people import VolunteerState

TONES = {
    VolunteerState.PENDING: "warn",
    VolunteerState.ACTIVE: "ok",
    VolunteerState.REFUSED: "late",
    VolunteerState.LEFT: "empty",
}


def hours_said(halves: int) -> str:
    """Half hours as hours: 3, 3.5."""
    return f"{halves / 2:g}"


def labels(values: Iterable[str], choices: Any) -> list[str]:
    """What the stored keys mean, in the order of the choices."""
    given = set(values)
    return [str(choice.label) for choice in choices if choice.value in given]


def badge(row: Volunteer) -> dict[str, str]:
    return {"tone": TONES[VolunteerState(row.state)], "label": str(row.get_state_display())}


def leader_of(team: Team) -> str:
    """Masked for everybody: 王*明."""
    return mask_name(team.leader.name) if team.leader is not None else ""


def stars_said(count: int) -> str:
    """★★★☆☆ is for the eyes; words stand beside it."""
    return "★" * count


def until(day: Any) -> str:
    return day_of(day)
