"""Projects, as one person sees them, and how far they have come."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Exists, Min, OuterRef, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from alliance.lib.locking import LockingQuerySet
from claims.querysets import seated_units
from people.querysets import within
from projects.states import LIVE_PROJECTS, SHOWN_PROJECTS, ProjectState
from resources.querysets import streets_of

if TYPE_CHECKING:
    from projects.models import Project  # noqa: F401 (named in strings below)


class ProjectQuerySet(LockingQuerySet["Project"]):
    """Projects as one person sees them."""

    def visible_to(self, user: Any) -> Self:
        """Staff: those of their streets. Liaisons: those their units take part in. Everybody: what is public."""
        if not getattr(user, "is_authenticated", False):
            return self.public()
        shown = self.model._default_manager.public().values("pk")
        return self.filter(Q(pk__in=self._of_units(user)) | Q(pk__in=shown) | within(streets_of(user)))

    def kept_by(self, user: Any) -> Self:
        """Those of the streets in which ``user`` works: what the workbench shows."""
        return self.filter(within(streets_of(user)))

    def of_units_of(self, user: Any) -> Self:
        """Those in which the units ``user`` speaks for today take part, or were asked to."""
        return self.filter(pk__in=self._of_units(user))

    def _of_units(self, user: Any) -> Any:
        parts = apps.get_model("projects", "ProjectUnit")._default_manager
        return parts.filter(unit__in=seated_units(user), left_on__isnull=True).values("project_id")

    def public(self) -> Self:
        return self.filter(is_public=True, state__in=SHOWN_PROJECTS)

    def live(self) -> Self:
        return self.filter(state__in=LIVE_PROJECTS)

    def with_progress(self) -> Self:
        """With ``progress`` (sum of the weights that are reached) and ``next_due`` (the first day something is due)."""
        return self.annotate(
            progress=Coalesce(Sum("milestones__weight", filter=Q(milestones__done_on__isnull=False)), 0),
            next_due=Min("milestones__due_on", filter=Q(milestones__done_on__isnull=True)),
        )

    def due_before(self, day: date) -> Self:
        """Those that run, with something due before ``day``: an open milestone, or the last day where none is open."""
        steps = apps.get_model("projects", "Milestone")._default_manager
        open_ = steps.filter(project=OuterRef("pk"), done_on__isnull=True)
        due = Q(Exists(open_.filter(due_on__lt=day))) | (~Q(Exists(open_)) & Q(ends_on__lt=day))
        return self.filter(due, state=ProjectState.RUNNING)

    def late(self) -> Self:
        """超期."""
        return self.due_before(timezone.localdate())

    def soon(self, days: int) -> Self:
        """临期: due within ``days``, and not late."""
        today = timezone.localdate()
        return self.due_before(today + timedelta(days=days + 1)).exclude(pk__in=self.late().values("pk"))


class ProjectPartQuerySet(LockingQuerySet[Any]):
    """Rows that belong to a project: seen by whoever sees it."""

    def visible_to(self, user: Any) -> Self:
        seen = apps.get_model("projects", "Project")._default_manager.visible_to(user)
        return self.filter(project__in=seen.values("pk"))

    def kept_by(self, user: Any) -> Self:
        """Of projects of the streets in which ``user`` works."""
        return self.filter(within(streets_of(user), area="project__area__code", street="project__street_code"))

    def standing(self) -> Self:
        """Of assessments: those that no later one puts right."""
        return self.filter(replaced_by__isnull=True)

    def present(self) -> Self:
        """Of units: those that have not left."""
        return self.filter(left_on__isnull=True)
