"""What a person may do to a patrol section and to an entry of its diary."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from claims.permissions import near
from claims.querysets import seated_units
from members.permissions import keeps_place
from people.states import WORK_ROLES
from volunteers.models import Section, SectionNote, TeamMember
from volunteers.permissions.people import KEEPERS
from volunteers.states.sections import Outcome


class Known(NamedTuple):
    """Keys of the units one speaks for and of the teams one is in, so that lists ask once."""

    units: frozenset[int]
    teams: frozenset[int]


def known_of(user: Any) -> Known:
    """Two queries."""
    units = seated_units(user).filter(unit__suspended_at__isnull=True).values_list("unit_id", flat=True)
    teams = TeamMember.objects.live().filter(volunteer__user_id=user.pk).values_list("team_id", flat=True)
    return Known(frozenset(units), frozenset(teams))


def claimed_by(user: Any, obj: Section, known: Known | None = None) -> bool:
    """Whether ``user`` claimed it, or speaks for the unit that did."""
    claim = obj.claim
    if claim is None or not getattr(user, "is_authenticated", False):
        return False
    if claim.unit_id is None:
        return bool(claim.person_id == user.pk)
    if known is not None:
        return claim.unit_id in known.units
    return seated_units(user).filter(unit_id=claim.unit_id, unit__suspended_at__isnull=True).exists()


def walks(user: Any, obj: Section, known: Known | None = None) -> bool:
    """Whether ``user`` writes its diary: whoever claimed it, and everybody in the team it was claimed for."""
    if claimed_by(user, obj, known):
        return True
    if obj.team_id is None or not getattr(user, "is_authenticated", False):
        return False
    if known is not None:
        return obj.team_id in known.teams
    return TeamMember.objects.live().filter(team=obj.team_id, volunteer__user_id=user.pk).exists()


def section_abilities(user: Any, obj: Section | None = None, known: Known | None = None) -> frozenset[str]:
    """Verbs open to ``user``; of a class: who looks at sections in the workbench and registers them.

    ``take``: in person, or as the leader of a team; units that may take it: ``claims.services.units_for``. Nobody
    thanks themselves.
    """
    if obj is None:
        able = {"view"} if user.has_role(*WORK_ROLES) else set()
        return frozenset(able | {"add", "change"} if user.has_role(*KEEPERS) else able)
    if obj.closed_on is not None:
        return frozenset({"view"})
    able, mine = {"view"}, claimed_by(user, obj, known)
    if obj.claim_id is None and obj.for_people and user.is_authenticated and near(user, obj.street_code):
        able.add("take")
    if mine:
        able |= {"note", "give_back"}
    elif obj.claim_id is not None and walks(user, obj, known):
        able.add("note")
    if user.is_authenticated and keeps_place(user, obj.area_id):
        able |= {"change", "close"}
        if obj.claim_id is not None:
            able |= {"note"} if mine else {"note", "thank", "release"}
    return frozenset(able)


def note_abilities(user: Any, obj: SectionNote, today: date) -> frozenset[str]:
    """``answer`` what was found: whoever keeps the place, and did not write it; ``take_back``: whoever wrote it, on
    the same day (``today``), while nobody has answered."""
    able = set()
    if obj.taken_back_at is not None or obj.answered_at is not None:
        return frozenset()
    own = obj.by_id == user.pk
    if own and obj.written_on == today:
        able.add("take_back")
    if not own and obj.outcome == Outcome.FOUND and keeps_place(user, obj.section.area_id):
        able.add("answer")
    return frozenset(able)
