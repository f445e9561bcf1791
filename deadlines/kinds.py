"""Kinds of things that fall due, declared by the apps that own them (in their ``contributions.py``).

register_kind(DueKind("claims.expire", label=_("认领到期"), handle=expire_claims))
register_stage(StageKind("needs.reply", label=_("答复居民"), amount=5, unit=Unit.WORK_DAYS, steps=LADDER, …))
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from alliance.lib.errors import Text
from deadlines.models import Due, Stage
from deadlines.states import Audience, DueState, Unit
from notifications.messages import MessageClass
from people.models import User

Results = Mapping[int, tuple[DueState, str]] | None
"""Primary keys of dues that did not end as ``done``: their state and a ``Reason``."""


@dataclass(frozen=True)
class Preview:
    """What a due would send and to whom, as things stand now. Without a ``message``: it is worded on the day."""

    message: MessageClass | None
    people: Sequence[User]
    to: str = ""


@dataclass(frozen=True)
class DueKind:
    """``handle`` gets dues of this kind inside the transaction that ends them: rows it writes and the end of the dues
    are one. It may be called again for the same due after a crash, whose effects were rolled back with it; so it
    writes rows and queues messages, and never talks to the outside.

    ``grace``: a due found later than this is not handled but missed, and listed for a human. ``alone``: each due is a
    portion of heavy work, with a transaction of its own.
    ``preview``: what dues of this kind would send, by primary key; those left out would send nothing any more.
    """

    name: str
    label: Text
    handle: Callable[[Sequence[Due]], Results]
    grace: timedelta = timedelta(days=7)
    alone: bool = False
    preview: Callable[[Sequence[Due]], Mapping[int, Preview]] | None = None


@dataclass(frozen=True)
class StageKind:
    """A time limit with its ladder. ``remind(stage, offset, audience)`` words the reminder of one rung to its
    audience (None: no longer of interest); a rung of before the end may be found after it, and then says that it is
    late. ``hands(stage)`` names who
    is chased as 经办人. ``steps`` are the defaults of a new installation.
    ``lock(subjects)`` locks the things in question before their stages, where the owner's services do.
    ``secrets(stage, user)`` is what a reminder tells one person alone, where its class has ``secret`` variables.
    ``spared(stage)`` names, by key, those no rung reminds: they do not decide about what is their own.
    ``units`` and ``most``: what its limit may be edited to. ``promised``: somebody outside has been told the day, so
    that an edited limit counts from the next one on."""

    name: str
    label: Text
    amount: int
    unit: str
    steps: Sequence[tuple[int, Audience]]
    remind: Callable[[Stage, int, str], MessageClass | None]
    hands: Callable[[Stage], Sequence[User]]
    lock: Callable[[Sequence[str]], None] = lambda subjects: None
    secrets: Callable[[Stage, User], Mapping[str, str]] | None = None
    spared: Callable[[Stage], Collection[int]] = lambda stage: ()
    units: frozenset[str] = frozenset(Unit.values)
    most: int = 999
    promised: bool = False


_kinds: dict[str, DueKind] = {}
_stages: dict[str, StageKind] = {}


def register_kind(kind: DueKind) -> None:
    """Declare a kind of due; a second one of the same name replaces the first."""
    _kinds[kind.name] = kind


def register_stage(kind: StageKind) -> None:
    """Declare a kind of stage; a second one of the same name replaces the first."""
    _stages[kind.name] = kind


def due_kind(name: str) -> DueKind | None:
    return _kinds.get(name)


def stage_kind(name: str) -> StageKind | None:
    return _stages.get(name)


def due_kinds() -> list[DueKind]:
    """Every declared kind, by name."""
    return [_kinds[name] for name in sorted(_kinds)]


def stage_kinds() -> list[StageKind]:
    """Every declared stage, by name."""
    return [_stages[name] for name in sorted(_stages)]
