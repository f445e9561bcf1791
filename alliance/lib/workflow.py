"""A workflow is one pure table of transitions: who may take which step from which state to which.

Buttons, views, admin and API all ask this table; nothing else writes ``state``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, RuleBroken, Text


@dataclass(frozen=True)
class Transition:
    """One permitted step. ``actors`` are names of parties (roles, or ``resident``)."""

    verb: str
    source: str
    target: str
    actors: frozenset[str]
    label: Text


class Workflow:
    """A table of transitions with the questions one asks of it."""

    def __init__(self, *, initial: str, final: Iterable[str], transitions: Sequence[Transition]) -> None:
        self.initial = initial
        self.final = frozenset(final)
        self.transitions = tuple(transitions)

    def find(self, state: str, verb: str) -> Transition | None:
        """The step ``verb`` out of ``state``, or None."""
        return next((t for t in self.transitions if t.source == state and t.verb == verb), None)

    def verbs(self, state: str, parties: Iterable[str]) -> frozenset[str]:
        """What ``parties`` may do in ``state``."""
        mine = frozenset(parties)
        return frozenset(t.verb for t in self.transitions if t.source == state and t.actors & mine)

    def reachable(self, start: str | None = None) -> frozenset[str]:
        """Every state that can come after ``start`` (the initial one by default), itself included."""
        seen: set[str] = set()
        todo = [start or self.initial]
        while todo:
            state = todo.pop()
            if state not in seen:
                seen.add(state)
                todo += [t.target for t in self.transitions if t.source == state]
        return frozenset(seen)


class WorkflowModel(models.Model):
    """A row with a state. ``move_to`` is the only writer of ``state`` and ``version``."""

    workflow: ClassVar[Workflow]

    version = models.PositiveIntegerField(_("版本"), default=1, editable=False)

    class Meta:
        abstract = True

    state: Any

    def require_version(self, version: int | None) -> Self:
        """Refuse a form that was opened before somebody else changed the row.

        Raises ``Conflict``. ``None`` means the caller has no form (a script, a resident's single tap).
        """
        if version is not None and version != self.version:
            raise Conflict
        return self

    def move_to(
        self, verb: str, *, actor: Any, note: str = "", changes: Mapping[str, Any] | None = None, **event: Any
    ) -> Any:
        """Take the step ``verb`` on this **locked** row, write ``changes`` with it and return the event row.

        ``event`` are further values of the event.

        Raises ``RuleBroken`` if the table has no such step out of the present state.
        """
        step = self.workflow.find(self.state, verb)
        if step is None:
            raise RuleBroken
        source = self.state
        self.state = step.target
        self.touch(**(changes or {}))
        return self.write_event(verb=verb, actor=actor, source=source, target=step.target, note=note, **event)

    def touch(self, **changes: Any) -> None:
        """Save ``changes`` together with the state and a higher version."""
        for name, value in changes.items():
            setattr(self, name, value)
        self.version += 1
        self.save(update_fields={"state", "version"}.union(changes))

    def write_event(self, *, verb: str, actor: Any, source: str, target: str, note: str, **event: Any) -> Any:
        """Append the event row; every workflow model says how."""
        raise TypeError(f"{type(self).__name__} must say how its events are written")
