"""The limits of a wish's three waits: for the visit that verifies it (five working days), for the yes (three), for the
community's word that it was brought (three). Defaults of limits and ladder are those of needs (``limits``).

Called in the transaction of what causes it, with the wish locked; of what was brought, with its offer and claim.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from claims.models import Claim
from deadlines.kinds import StageKind
from deadlines.models import Stage
from deadlines.services.stages import hand_over, start_stage, stop_stage
from deadlines.states import Unit
from needs.messages import wish_limits as messages
from needs.models import Wish
from needs.services.limits import LADDER
from needs.services.wish_people import wish_approvers, wish_confirmers, wish_keepers
from needs.states.wish import APPROVE_WAIT, CONFIRM_WAIT, VERIFY_WAIT
from people.models import User


def subject_of(wish: Wish) -> str:
    """What the limits of ``wish`` before it is published are about."""
    return f"wish:{wish.pk}"


def brought_subject(claim: int) -> str:
    """What the limit of one claim that waits to be confirmed is about."""
    return f"wish_claim:{claim}"


def _start(
    wish: Wish, kind: str, subject: str, *, area: str, at: datetime | None, lay_out_from: datetime | None
) -> None:
    start_stage(
        kind=kind,
        subject=subject,
        label=wish.number,
        area_code=area,
        url=reverse("admin:needs_wish_change", args=[wish.pk]),
        params=messages.params_of(wish),
        started_at=at,
        lay_out_from=lay_out_from,
    )


def await_verifying(wish: Wish, *, at: datetime | None = None, lay_out_from: datetime | None = None) -> None:
    """Registered, or changed since it was verified: the community asks at the door (``at``: since when, if not now).

    ``lay_out_from``: reminders of before that moment are not sent afterwards.
    """
    stop_stage(kind=APPROVE_WAIT, subject=subject_of(wish), void=True)
    _start(wish, VERIFY_WAIT, subject_of(wish), area=wish.area_id, at=at, lay_out_from=lay_out_from)


def await_approval(wish: Wish, *, at: datetime | None = None, lay_out_from: datetime | None = None) -> None:
    """Verified: somebody else says yes or no; verified once more, it is the same wait. As ``await_verifying``."""
    subject, area = subject_of(wish), wish.street_code if wish.at_street else wish.area_id
    stop_stage(kind=VERIFY_WAIT, subject=subject, at=at)
    _start(wish, APPROVE_WAIT, subject, area=area, at=at, lay_out_from=lay_out_from)
    hand_over(subject=subject, holder=None, area_code=area)


def decided(wish: Wish, *, void: bool = False) -> None:
    """Nobody waits for it any more; ``void``: it was taken back or forgotten, and nobody met or missed anything."""
    for kind in (VERIFY_WAIT, APPROVE_WAIT):
        stop_stage(kind=kind, subject=subject_of(wish), void=void)


def await_confirmation(wish: Wish, claim: Claim, *, lay_out_from: datetime | None = None) -> None:
    """Somebody says it was brought: the community asks, and confirms or says that it is not there."""
    subject = brought_subject(claim.pk)
    _start(wish, CONFIRM_WAIT, subject, area=wish.area_id, at=claim.delivered_at, lay_out_from=lay_out_from)


def looked_after(claim: Claim) -> None:
    """The community has said whether it was brought."""
    stop_stage(kind=CONFIRM_WAIT, subject=brought_subject(claim.pk))


def _wish(stage: Stage) -> Wish:
    rows = Wish.objects.select_related("area", "raised_by", "verified_by", "offer")
    return rows.get(number=stage.label)


def _to_confirm(stage: Stage) -> list[User]:
    return wish_confirmers(_wish(stage), int(stage.subject.partition(":")[2]))


def _stage(kind: str, label: Any, amount: int, hands: Callable[[Stage], Sequence[User]], remind: Any) -> StageKind:
    days = frozenset({Unit.WORK_DAYS})
    return StageKind(
        kind,
        label=label,
        amount=amount,
        unit=Unit.WORK_DAYS,
        steps=LADDER,
        remind=remind,
        hands=hands,
        units=days,
        most=30,
    )


STAGES = (
    _stage(VERIFY_WAIT, _("心愿核实"), 5, lambda stage: wish_keepers(_wish(stage)), messages.verify_reminder),
    _stage(APPROVE_WAIT, _("心愿审批"), 3, lambda stage: wish_approvers(_wish(stage)), messages.approve_reminder),
    _stage(CONFIRM_WAIT, _("心愿代确认"), 3, _to_confirm, messages.confirm_reminder),
)
