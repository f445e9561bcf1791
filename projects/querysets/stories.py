"""Residents' stories, as one person sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps

from alliance.lib.locking import LockingQuerySet
from people.querysets import within
from projects.states import StoryState
from resources.querysets import streets_of

if TYPE_CHECKING:
    from projects.models import Story  # noqa: F401 (named in strings below)


class StoryQuerySet(LockingQuerySet["Story"]):
    def public(self) -> Self:
        """What is shown, of projects that everybody may read."""
        open_ = apps.get_model("projects", "Project")._default_manager.public()
        return self.filter(state=StoryState.SHOWN, project__in=open_.values("pk"))

    def visible_to(self, user: Any) -> Self:
        """Staff: those of their streets' projects. Nobody else: what is shown is read as public."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self.filter(within(streets_of(user), area="project__area__code", street="project__street_code"))

    def read_by(self, user: Any) -> Self:
        """What is shown to everybody, and what the office of ``user`` keeps besides."""
        return self.public() | self.visible_to(user)
