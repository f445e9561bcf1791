"""Who is behind a project, and telling them."""

from __future__ import annotations

from collections.abc import Iterable

from claims.models import Claim
from claims.services.people import by_daylight
from notifications.messages import MessageClass
from notifications.services import queue
from people.models import User
from people.querysets import STREET_LENGTH
from people.services.accounts import holders
from projects import messages_projects as messages
from projects.models import Milestone, Project
from projects.permissions import APPROVERS
from projects.services.people import liaisons_of
from projects.states import ProjectState, ProjectVerb


def office_side(project: Project) -> list[User]:
    """The 专员; where there is none, or they have gone, whoever drafted it; at last whoever decides in the street."""
    for user in (project.commissioner, project.drafted_by):
        if user is not None and user.is_active:
            return [user]
    return holders(APPROVERS, project.area_id[:STREET_LENGTH])


def units_side(project: Project, *, lead_only: bool = False) -> list[User]:
    """Who speaks for the units that take part."""
    rows = project.units.filter(left_on__isnull=True)
    if lead_only:
        rows = rows.filter(is_lead=True)
    return liaisons_of(rows.values_list("unit_id", flat=True))


def tell(
    project: Project,
    kind: type[MessageClass],
    users: Iterable[User],
    *,
    but: User | None = None,
    milestone: Milestone | None = None,
    who: str = "",
    claim: Claim | None = None,
) -> None:
    """``kind`` to ``users``, once for this turn of the project, the ``claim`` or milestone; phones ring by day."""
    people = [user for user in users if but is None or user.pk != but.pk]
    mark = _turn(project, milestone, claim)
    message = messages.of_project(kind, project, milestone=milestone, who=who)
    queue(message, occurrence=mark, users=people, not_before=by_daylight())


def warn_alone(project: Project, who: str, *, claim: Claim | None = None) -> None:
    """Whoever looks after a running project is told once its last unit, ``who``, is out of it."""
    if project.state == ProjectState.RUNNING and not project.units.filter(left_on__isnull=True).exists():
        tell(project, messages.ProjectAlone, office_side(project), who=who, claim=claim)


def _turn(project: Project, milestone: Milestone | None, claim: Claim | None) -> str:
    """What is said once of. A milestone that is open again is another one: what is told of it counts from then."""
    if milestone is not None:
        again = project.events.filter(verb=ProjectVerb.REOPEN, params__key=milestone.pk).count()
        return f"milestone:{milestone.pk}:{milestone.due_on}" + (f":{again}" if again else "")
    if claim is not None:
        return f"project:{project.pk}:claim:{claim.pk}:{claim.version}"
    return f"project:{project.pk}:{project.version}"
