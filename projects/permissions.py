"""What a person may do to an agreement, an amendment or a project: derived from the tables of steps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from claims.querysets import seated_units
from members.permissions import keeps_alliance, keeps_place
from members.states import REGISTER_ROLES
from people.querysets import STREET_LENGTH
from people.states import WORK_ROLES, Role
from projects.models import Agreement, Amendment, Deed, MenuItem, Paper, Project, Story
from projects.states import (
    DEED_WORKFLOW,
    PAPER_ENDINGS,
    PROJECT_ENDINGS,
    PROJECT_WORKFLOW,
    AgreementState,
    DeedSide,
    PaperVerb,
    Part,
    ProjectVerb,
    Side,
    StoryState,
)

APPROVERS = frozenset({Role.SECTION_HEAD, Role.PARTY_OFFICE, Role.LEADER})
"""Who says that something may be signed in the name of the street."""
PUBLISHERS = frozenset({Role.PARTY_OFFICE, Role.LEADER})
"""Who publishes livelihood items, and takes one back."""
DECISIONS = frozenset({PaperVerb.APPROVE, PaperVerb.REFUSE})
ASKS = frozenset({PaperVerb.ASK_CLOSE, PaperVerb.ASK_END, ProjectVerb.ASK_FINISH, ProjectVerb.ASK_STOP})
"""By which one asks that it ends."""


def keeps(user: Any, area_code: str) -> bool:
    """Whether ``user`` keeps what the office of ``area_code`` agrees on: its street, of a community its staff too."""
    return keeps_place(user, area_code)


def approves(user: Any, area_code: str) -> bool:
    """Whether ``user`` decides what is signed in the street of ``area_code``."""
    return bool(user.roles_at(area_code[:STREET_LENGTH]) & APPROVERS)


def sides(user: Any, agreement: Agreement) -> frozenset[Side]:
    """What ``user`` is to the agreement."""
    found = set()
    if keeps(user, agreement.area_id):
        found.add(Side.KEEPER)
    if approves(user, agreement.area_id):
        found.add(Side.APPROVER)
    if agreement.parties.filter(unit__in=seated_units(user), left_on__isnull=True).exists():
        found.add(Side.PARTY)
    return frozenset(found)


def agreement_of(paper: Paper) -> Agreement:
    """The agreement, or the one that the amendment is of."""
    return paper.agreement if isinstance(paper, Amendment) else paper  # type: ignore[return-value]


def paper_abilities(user: Any, paper: Paper) -> frozenset[str]:
    """Verbs open to ``user``. Nobody approves what they sent out, nor before every unit has confirmed it."""
    agreement = agreement_of(paper)
    if paper is not agreement and agreement.state != AgreementState.RUNNING:
        return frozenset({"view"})
    verbs = set(paper.workflow.verbs(paper.state, sides(user, agreement)))
    if paper.confirmed_at is None or paper.sent_by_id == user.pk:
        verbs -= DECISIONS
    if paper is agreement:
        verbs -= _out_of_turn(user, agreement, PAPER_ENDINGS)
    return frozenset({*verbs, "view"})


def _out_of_turn(user: Any, row: Agreement | Project, endings: Iterable[str]) -> set[str]:
    """What cannot be done about the end of ``row``: asked for twice, agreed to unasked, or by whoever asked."""
    if not row.ending:
        return {*endings, PaperVerb.KEEP_ON}
    agreed = set() if row.ending_by_id == user.pk else {row.ending}
    return {*ASKS, *endings} - agreed


def agreement_abilities(user: Any, obj: Agreement | None = None) -> frozenset[str]:
    """Of a class: who may look at and draft agreements in the workbench."""
    if obj is not None:
        return paper_abilities(user, obj)
    able = {"view"} if user.has_role(*WORK_ROLES) else set()
    keepers = (Role.STREET_STAFF, Role.SECTION_HEAD, Role.PARTY_OFFICE, Role.COMMUNITY_STAFF, Role.COMMUNITY_SECRETARY)
    return frozenset(able | {"add", "change"} if user.has_role(*keepers) else able)


def parts(user: Any, project: Project) -> frozenset[Part]:
    """What ``user`` is to the project."""
    found = set()
    if keeps(user, project.area_id):
        found.add(Part.KEEPER)
    if approves(user, project.area_id):
        found.add(Part.APPROVER)
    if project.commissioner_id == user.pk and _works_there(user, project):
        found.add(Part.COMMISSIONER)
    mine = project.units.filter(unit__in=seated_units(user), left_on__isnull=True)
    for confirmed_at in mine.values_list("confirmed_at", flat=True):
        found.add(Part.ASKED if confirmed_at is None else Part.UNIT)
    return frozenset(found)


def is_inside(user: Any, project: Project) -> bool:
    """Works in its street, or speaks for a unit that takes part; one that was only asked reads what everybody reads."""
    return (
        bool(parts(user, project) - {Part.ASKED, Part.APPROVER})
        or Project.objects.kept_by(user).filter(pk=project.pk).exists()
    )


def _works_there(user: Any, project: Project) -> bool:
    """Today, in the street or one of its communities: a 专员 may sit there."""
    street = project.area_id[:STREET_LENGTH]
    return any(role in WORK_ROLES and (area.startswith(street) or street.startswith(area)) for role, area in user.roles)


def project_abilities(user: Any, obj: Project | None = None) -> frozenset[str]:
    """Verbs open to ``user``; of a class: who may look at and draft projects in the workbench."""
    if obj is None:
        return agreement_abilities(user)
    verbs = PROJECT_WORKFLOW.verbs(obj.state, parts(user, obj)) - _out_of_turn(user, obj, PROJECT_ENDINGS)
    return frozenset({*verbs, "view"})


def deed_sides(user: Any, deed: Deed) -> frozenset[DeedSide]:
    """What ``user`` is to the livelihood item."""
    found = set()
    if keeps(user, deed.area_id):
        found.add(DeedSide.KEEPER)
    roles = user.roles_at(deed.area_id[:STREET_LENGTH])
    if roles & (REGISTER_ROLES | {Role.LEADER}):
        found.add(DeedSide.STREET)
    if roles & PUBLISHERS:
        found.add(DeedSide.PUBLISHER)
    if deed.unit_id is not None and seated_units(user).filter(unit_id=deed.unit_id).exists():
        found.add(DeedSide.RESPONSIBLE)
    if deed.unit_id is None and keeps(user, deed.area_id):
        found.add(DeedSide.RESPONSIBLE)
    return frozenset(found)


def deed_abilities(user: Any, obj: Deed | None = None) -> frozenset[str]:
    """Verbs open to ``user``; of a class: who may look at and propose in the workbench."""
    if obj is None:
        return agreement_abilities(user)
    return frozenset({*DEED_WORKFLOW.verbs(obj.state, deed_sides(user, obj)), "view"})


def listed_abilities(user: Any, obj: Any = None) -> frozenset[str]:
    """Of lists across all projects: whoever works in the street reads them, nobody writes in them."""
    return agreement_abilities(user) & {"view"}


def menu_abilities(user: Any, obj: MenuItem | None = None) -> frozenset[str]:
    """Of the menu: ``change`` for whoever keeps its alliance; of a class: who may look at it and open one."""
    if obj is None:
        return agreement_abilities(user)
    return frozenset({"view", "change"} if keeps_alliance(user, obj.alliance) else {"view"})


def story_abilities(user: Any, obj: Story | None = None) -> frozenset[str]:
    """Of a story: whoever keeps its project; of a class: who may look at projects in the workbench."""
    if obj is None:
        return agreement_abilities(user)
    if not keeps(user, obj.project.area_id) or obj.state == StoryState.TAKEN_DOWN:
        return frozenset({"view"})
    return frozenset(
        {"view", "take_down"} | ({"edit", "consent", "show"} if obj.state == StoryState.WRITTEN else set())
    )
