"""The page 时限与提醒 saves a limit and its rungs together: both or neither."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from alliance.lib.errors import Invalid, Text
from deadlines.services.settings import Saved, Step, save_limit, save_steps
from people.models import User


@dataclass(frozen=True)
class SavedRule:
    """What saving did: whether anything changed, how many limits are counted again, how many ladders are laid anew."""

    changed: bool
    recounted: int
    laid_out: int


@transaction.atomic
def save_rule(
    *, by: User, kind: str, amount: int, unit: str, steps: Sequence[Step], version: int, running: bool = True
) -> SavedRule:
    """The limit of ``kind`` and who is reminded when, in one go; what is wrong with either is said at once.

    Raises ``NotAllowed``, ``NotFound`` (no such stage), ``Invalid``, ``Conflict``.
    """
    wrong: dict[str, list[Text]] = {}
    limit: Saved | None = None
    rungs: Saved | None = None
    try:
        limit = save_limit(by=by, kind=kind, amount=amount, unit=unit, version=version, running=running)
    except Invalid as error:
        wrong.update(error.fields)
    try:
        rungs = save_steps(by=by, kind=kind, steps=steps, version=limit.rule.version if limit else version)
    except Invalid as error:
        wrong.update(error.fields)
    if limit is None or rungs is None:
        raise Invalid(wrong)
    return SavedRule(rungs.rule.version != version, limit.recounted, rungs.recounted)
