"""The locked row of a step: of a series, a meeting, a topic or an action item."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import NotAllowed, RuleBroken
from alliance.lib.workflow import WorkflowModel
from meetings.models import ActionItem, Meeting, Series, Topic
from meetings.permissions import action_abilities, meeting_abilities, series_abilities, topic_abilities
from people.models import User

R = TypeVar("R", bound=WorkflowModel)
Abilities = Callable[[Any, Any], frozenset[str]]
_HELD: dict[type[WorkflowModel], tuple[Abilities, tuple[str, ...]]] = {
    Series: (series_abilities, ("area", "unit")),
    Meeting: (meeting_abilities, ("area", "unit", "series")),
    Topic: (topic_abilities, ("area", "unit", "meeting")),
    ActionItem: (action_abilities, ("area", "unit", "office", "meeting__area", "meeting__unit")),
}


def hold(model: type[R], pk: int, by: User, verb: str, version: int | None) -> R:
    """Locked and open to ``verb``. Raises ``NotFound``, ``Conflict``, ``RuleBroken``, ``NotAllowed``."""
    abilities, loaded = _HELD[model]
    rows: Any = model._default_manager
    row: R = rows.visible_to(by).select_related(*loaded).locked(pk)
    row.require_version(version)
    if row.workflow.find(row.state, verb) is None:
        shown = row.get_state_display()  # type: ignore[attr-defined]
        raise RuleBroken(_("现在是“%(state)s”，不能这样办。") % {"state": shown})
    if verb not in abilities(by, row):
        raise NotAllowed
    return row


def held_by_key(model: type[R], keys: Any) -> dict[int, R]:
    """Several rows for the clock, locked in the order of their keys."""
    rows: Any = model._default_manager.filter(pk__in=list(keys)).order_by("pk")
    found = rows.select_related(*_HELD[model][1]).select_for_update(of=("self",), no_key=True)
    return {row.pk: row for row in found}
