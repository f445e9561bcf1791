"""The locked project of a step; where the step may touch what is on offer, the offer before it (docs/locking.md)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import NotAllowed, RuleBroken
from claims.models import Offer
from claims.services.offers import lock_with_offer
from people.models import User
from projects.models import Project
from projects.permissions import project_abilities

LOADED = ("area", "commissioner", "leader", "branch", "agreement")


def hold_project(pk: int, by: User, verb: str, version: int | None) -> Project:
    """Locked and open to ``verb``. Raises ``NotFound``, ``Conflict``, ``RuleBroken``, ``NotAllowed``."""
    row: Project = Project.objects.visible_to(by).select_related(*LOADED).locked(pk)
    row.require_version(version)
    if row.workflow.find(row.state, verb) is None:
        raise RuleBroken(_("这个项目现在是“%(state)s”，不能这样办。") % {"state": row.get_state_display()})
    if verb not in project_abilities(by, row):
        raise NotAllowed
    return row


def see_with_offer(pk: int, by: User) -> tuple[Project, Offer | None]:
    """The project as far as ``by`` sees it, locked, what is on offer of it before that. Raises ``NotFound``."""
    rows = Project.objects.visible_to(by).select_related(*LOADED, "ending_by")
    return lock_with_offer(f"project:{pk}", lambda: rows.locked(pk))


def hold_with_offer(pk: int, by: User, verb: str, version: int | None) -> tuple[Project, Offer | None]:
    """As ``hold_project``, with what is on offer of it (None: nothing), locked before it."""
    return lock_with_offer(f"project:{pk}", lambda: hold_project(pk, by, verb, version))
