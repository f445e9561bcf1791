"""How long a request for more time waits for its yes or no: three working days, with the ladder of other approvals.

Called in the transaction of what causes it, with the need locked. While the resident is waited for it cannot be
granted, and its clock stands as that of the promise does.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import NotFound, RuleBroken
from deadlines.kinds import StageKind
from deadlines.models import Stage
from deadlines.services.ladder import reminders_of
from deadlines.services.stages import pause_stage, resume_stage, start_stage, stop_stage
from deadlines.states import Unit
from needs.messages import extensions as messages
from needs.models import Extension, Need
from needs.querysets import ExtensionQuerySet
from needs.services.limits import LADDER, lock_needs
from needs.states import EXTENSION_WAIT, SUPERIORS, ExtensionState, Office
from people.models import User
from people.services.accounts import holders
from people.states import Role


def subject_of(pk: int) -> str:
    """What the limit of the request ``pk`` is about."""
    return f"extension:{pk}"


def deciders(need: Need, asker: User) -> list[User]:
    """Who may grant more time for ``need``, except whoever asks: the secretary of the community; else the street's; the
    分管领导 where there is nobody else.
    """
    upper = sorted(SUPERIORS - {Role.COMMUNITY_SECRETARY})
    near = secretaries(need, asker) or [user for user in holders(upper, need.area_id) if user.pk != asker.pk]
    return near or [user for user in holders([Role.LEADER], need.area_id) if user.pk != asker.pk]


def secretaries(need: Need, asker: User) -> list[User]:
    """The secretaries of the community who decide about ``need``: while it lies there, and never about their own."""
    near = holders([Role.COMMUNITY_SECRETARY], need.area_id) if need.office == Office.COMMUNITY else []
    return [user for user in near if user.pk != asker.pk]


def await_decision(asked: Extension, *, at: datetime | None = None, lay_out_from: datetime | None = None) -> Stage:
    """Somebody asked (``at``: since when, if not now). ``lay_out_from``: of reminders of before that moment only the
    last is sent afterwards, and only where none is to come.
    """
    need = asked.need
    return start_stage(
        kind=EXTENSION_WAIT,
        subject=subject_of(asked.pk),
        label=need.number,
        area_code=need.area_id if secretaries(need, asked.asked_by) else need.street_code,
        url=reverse("admin:needs_need_change", args=[need.pk]),
        params=messages.params_of(asked),
        started_at=at,
        lay_out_from=lay_out_from,
        last_at_once=lay_out_from is not None,
    )


def last_day(asked: Extension) -> date | None:
    """The day before whose end it should be decided; None while its clock stands."""
    wait = Stage.objects.running().filter(kind=EXTENSION_WAIT, subject=subject_of(asked.pk)).first()
    return wait.due_on if wait and not wait.paused_at else None


def decided(asked: Extension, *, void: bool = False) -> list[str]:
    """Nobody waits for it any more; ``void``: it is not needed, and nobody met or missed anything. Returns the
    occurrences under which it was reminded of.
    """
    stage = stop_stage(kind=EXTENSION_WAIT, subject=subject_of(asked.pk), void=void)
    return reminders_of(stage) if stage else []


def stand_still(need: Need, *, at: datetime | None = None) -> None:
    """The resident is waited for (``at``: since when, if not now): what was asked for ``need`` cannot be granted
    meanwhile.
    """
    for pk in _waiting(need):
        with suppress(NotFound, RuleBroken):
            pause_stage(kind=EXTENSION_WAIT, subject=subject_of(pk), at=at)


def go_on(need: Need) -> None:
    """The resident is waited for no more."""
    for pk in _waiting(need):
        with suppress(NotFound, RuleBroken):
            resume_stage(kind=EXTENSION_WAIT, subject=subject_of(pk))


def _waiting(need: Need) -> list[int]:
    return list(need.extensions.filter(state=ExtensionState.WAITING).values_list("pk", flat=True))


def start_missing_extension_clocks() -> int:
    """Start the limits of requests that wait and have none, from when they were asked; returns how many. Where the
    resident is waited for, they stand since then, and nobody is late for that time.

    A need in somebody's hands just now is left for the next time. One query where nothing is missing.
    """
    return sum(_start_one(pk, need) for pk, need in _unclocked().values_list("pk", "need"))


def _unclocked() -> ExtensionQuerySet:
    subject = Concat(Value("extension:"), Cast(OuterRef("pk"), CharField()))
    kept = Stage.objects.running().filter(subject=subject, kind=EXTENSION_WAIT)
    return Extension.objects.filter(~Exists(kept), state=ExtensionState.WAITING)


@transaction.atomic
def _start_one(pk: int, need_pk: int) -> int:
    needs = Need.objects.filter(pk=need_pk).select_related("area")
    need = needs.select_for_update(of=("self",), no_key=True, skip_locked=True).first()
    asked = _unclocked().filter(pk=pk).select_related("asked_by").first() if need else None
    if need is None or asked is None:
        return 0
    asked.need = need
    await_decision(asked, at=asked.asked_at, lay_out_from=timezone.now())
    if need.waiting_since:
        stand_still(need, at=max(asked.asked_at, need.waiting_since))
    return 1


def _hands(stage: Stage) -> Sequence[User]:
    rows = Extension.objects.select_related("need__area", "asked_by")
    asked = rows.get(pk=int(stage.subject.partition(":")[2]))
    return deciders(asked.need, asked.asked_by)


def _spared(stage: Stage) -> list[int]:
    """Whoever asked: nobody decides about their own."""
    asked = Extension.objects.filter(pk=int(stage.subject.partition(":")[2]))
    return list(asked.values_list("asked_by", flat=True))


STAGE = StageKind(
    EXTENSION_WAIT,
    label=_("延期审批"),
    amount=3,
    unit=Unit.WORK_DAYS,
    steps=LADDER,
    remind=messages.decide_reminder,
    hands=_hands,
    lock=lock_needs,
    spared=_spared,
    units=frozenset({Unit.WORK_DAYS}),
    most=30,
)
