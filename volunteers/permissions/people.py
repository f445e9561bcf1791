"""What a person may do to a volunteer, a team, a 双报到 or the settings of a street."""

from __future__ import annotations

from typing import Any

from members.permissions import keeps_place, keeps_register
from members.states import REGISTER_ROLES
from people.querysets import STREET_LENGTH
from people.states import COMMUNITY_ROLES, WORK_ROLES, Role
from volunteers.models import Hours, Insurance, PartyReport, Team, Volunteer, VolunteerPolicy
from volunteers.states.people import VOLUNTEER_WORKFLOW, VolunteerSide, VolunteerState

KEEPERS = REGISTER_ROLES | COMMUNITY_ROLES
SETTERS = frozenset({Role.SECTION_HEAD, Role.PARTY_OFFICE})
"""Who says for a street whether somebody new is looked at first, and how stars are given."""


def volunteer_sides(user: Any, volunteer: Volunteer) -> frozenset[VolunteerSide]:
    """What ``user`` is to the volunteer. Nobody keeps their own row: a second person approves and notes."""
    if volunteer.user_id == user.pk:
        return frozenset({VolunteerSide.OWN})
    return frozenset({VolunteerSide.KEEPER}) if keeps_place(user, volunteer.area_id) else frozenset()


def volunteer_abilities(user: Any, obj: Volunteer | None = None) -> frozenset[str]:
    """Verbs open to ``user``; of a class: who looks at volunteers in the workbench."""
    if obj is None:
        return frozenset({"view"}) if user.has_role(*WORK_ROLES) else frozenset()
    # Hours are the street's to put right, also of whoever has left; who noted or confirmed them leaves it to another.
    hours = obj.user_id != user.pk and keeps_place(user, obj.area_id[:STREET_LENGTH])
    verbs = {*VOLUNTEER_WORKFLOW.verbs(obj.state, volunteer_sides(user, obj)), "view"}
    return frozenset(verbs | ({"hours"} if hours else set()))


def team_abilities(user: Any, obj: Team | None = None) -> frozenset[str]:
    """``change``, ``close``, ``lead``: the office's; ``people`` (take in, let go, trainings): the leader's too."""
    if obj is None:
        able = {"view"} if user.has_role(*WORK_ROLES) else set()
        return frozenset(able | {"add", "change"} if user.has_role(*KEEPERS) else able)
    if obj.closed_on is not None:
        return frozenset({"view"})
    if keeps_place(user, obj.area_id):
        return frozenset({"view", "change", "close", "lead", "people"})
    return frozenset({"view", "people"}) if leads(user, obj) else frozenset({"view"})


def leads(user: Any, team: Team) -> bool:
    """Whether ``user`` is the team's leader, and a volunteer still."""
    return team.leader is not None and team.leader.user_id == user.pk and team.leader.state == VolunteerState.ACTIVE


def report_abilities(user: Any, obj: PartyReport | None = None) -> frozenset[str]:
    """双报到: accepted by the community's keepers, ended by them or by whoever reported."""
    if obj is None:
        return frozenset({"view"}) if user.has_role(*WORK_ROLES) else frozenset()
    if obj.ended_at is not None:
        return frozenset({"view"})
    if obj.volunteer.user_id == user.pk:
        return frozenset({"view", "end"})
    if not keeps_place(user, obj.area_id):
        return frozenset({"view"})
    return frozenset({"view", "end"} | ({"accept"} if obj.accepted_at is None else set()))


def insurance_abilities(user: Any, obj: Insurance | None = None) -> frozenset[str]:
    """Insurances: read by whoever works in the street, ended by whoever keeps the place, never the own one."""
    if obj is None:
        return frozenset({"view"}) if user.has_role(*WORK_ROLES) else frozenset()
    place = obj.volunteer.area_id if obj.volunteer else obj.area_id
    own = obj.volunteer is not None and obj.volunteer.user_id == user.pk
    able = keeps_place(user, place) and not own and obj.ended_on is None
    return frozenset({"view", "end"} if able else {"view"})


def hours_abilities(user: Any, obj: Hours | None = None) -> frozenset[str]:
    """服务记录: read, as a list of those who agreed to be reported, by whoever keeps the street's register."""
    able = user.has_role(*REGISTER_ROLES) if obj is None else keeps_register(user, obj.street_id)
    return frozenset({"view"}) if able else frozenset()


def policy_abilities(user: Any, obj: VolunteerPolicy | None = None) -> frozenset[str]:
    """Settings: read by whoever works in the street, changed by its 党建办 and 科室负责人."""
    if obj is None:
        able = {"view"} if user.has_role(*WORK_ROLES) else set()
        return frozenset(able | {"change"} if user.has_role(*SETTERS) else able)
    return frozenset({"view", "change"} if user.roles_at(obj.street_id) & SETTERS else {"view"})
