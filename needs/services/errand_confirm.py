"""How long an errand that is said to be there waits for the resident's 收到了: one working day; by then the community
asks and says so for them, as it does for wishes (``wish_limits``).

Called in the transaction of what causes it, with offer and claim locked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models import Claim, ClaimEvent, Offer
from claims.querysets import ClaimQuerySet
from claims.states import ClaimState, Verb
from deadlines.kinds import StageKind
from deadlines.models import Stage
from deadlines.services.stages import start_stage, stop_stage
from deadlines.states import Unit
from needs.messages import errand_confirm as messages
from needs.messages.errands import stage_of
from needs.models import Errand
from needs.services.hands import senders
from needs.services.limits import LADDER, lock_needs
from needs.wording.errands import ERRAND
from people.models import User

ERRAND_CONFIRM = "needs.errand_confirm"
PREFIX = "errand_claim:"


def brought_subject(claim: int) -> str:
    """What the limit of one errand that waits to be confirmed is about."""
    return f"{PREFIX}{claim}"


def await_confirmation(errand: Errand, claim: Claim, *, lay_out_from: datetime | None = None) -> None:
    """Somebody says it is there. ``lay_out_from``: reminders of before that moment are not sent afterwards."""
    start_stage(
        kind=ERRAND_CONFIRM,
        subject=brought_subject(claim.pk),
        started_at=claim.delivered_at,
        lay_out_from=lay_out_from,
        **stage_of(errand),
    )


def looked_after(claim: Claim) -> None:
    """The resident, or the community for them, has said whether it is there."""
    stop_stage(kind=ERRAND_CONFIRM, subject=brought_subject(claim.pk))


def confirm_by(claims: Iterable[Claim]) -> dict[int, datetime]:
    """By claim of an errand that waits for it: until when somebody says whether it is there. One query, and none where
    nothing waits.
    """
    keys = {brought_subject(claim.pk): claim.pk for claim in claims if claim.state == ClaimState.AWAITING}
    stages = Stage.objects.running().filter(subject__in=list(keys), kind=ERRAND_CONFIRM) if keys else ()
    return {keys[stage.subject]: stage.due_at for stage in stages}


def start_missing_errand_waits() -> int:
    """Start the limit of errands that wait and have none, from when they were said to be there; returns how many.

    An offer in somebody's hands just now is left for the next time. One query where nothing is missing.
    """
    return sum(_start_one(pk, offer) for pk, offer in list(_unclocked().values_list("pk", "offer_id")))


def _unclocked() -> ClaimQuerySet:
    subject = Concat(Value(PREFIX), Cast(OuterRef("pk"), CharField()))
    clocked = Stage.objects.running().filter(subject=subject, kind=ERRAND_CONFIRM)
    return Claim.objects.filter(~Exists(clocked), state=ClaimState.AWAITING, offer__kind=ERRAND).order_by("pk")


@transaction.atomic
def _start_one(pk: int, offer_id: int) -> int:
    offers = Offer.objects.filter(pk=offer_id).select_for_update(of=("self",), no_key=True, skip_locked=True)
    if offers.first() is None:
        return 0
    claim = _unclocked().filter(pk=pk).select_for_update(of=("self",), no_key=True, skip_locked=True).first()
    if claim is None:
        return 0
    await_confirmation(_errand(offer_id), claim, lay_out_from=timezone.now())
    return 1


def _errand(offer_id: int) -> Errand:
    rows = Errand.objects.select_related("offer", "need__area", "need__holder", "by").defer("handover")
    return rows.get(offer_id=offer_id)


def _hands(stage: Stage) -> Sequence[User]:
    """Whoever published it and the office that sent it out, never whoever reported it as brought."""
    claim = Claim.objects.get(pk=int(stage.subject.removeprefix(PREFIX)))
    errand = _errand(claim.offer_id)
    reports = ClaimEvent.objects.filter(claim=claim, verb=Verb.DELIVER).order_by("-pk")
    reporter = reports.values_list("actor_id", flat=True).first()
    own = [errand.by, *([errand.need.holder] if errand.need.holder else [])]
    return [user for user in dict.fromkeys([*own, *senders(errand)]) if user.pk != reporter]


STAGE = StageKind(
    ERRAND_CONFIRM,
    label=_("跑腿代确认"),
    amount=1,
    unit=Unit.WORK_DAYS,
    steps=LADDER,
    remind=messages.reminder,
    hands=_hands,
    lock=lock_needs,
    units=frozenset({Unit.WORK_DAYS}),
    most=30,
)
