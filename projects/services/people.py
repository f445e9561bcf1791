"""Who is behind an agreement, and telling them."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from claims.services.people import by_daylight
from members.models import Liaison
from notifications.messages import MessageClass
from notifications.services import queue
from people.models import User
from people.services.accounts import holders
from projects import messages
from projects.models import Agreement, Paper
from projects.permissions import APPROVERS, agreement_of


def liaisons_of(unit_ids: Iterable[int]) -> list[User]:
    """Who speaks for the units today."""
    seats = Liaison.objects.active().filter(unit_id__in=set(unit_ids)).select_related("user")
    return list(dict.fromkeys(seat.user for seat in seats.order_by("is_second", "pk")))


def contacts(agreement: Agreement) -> dict[int, str]:
    """By unit that is a party today: who speaks for it, the first before the second. For the parties and the office."""
    units = agreement.parties.filter(left_on__isnull=True).values("unit_id")
    seats = Liaison.objects.active().filter(unit_id__in=units).order_by("is_second", "pk")
    found: dict[int, list[str]] = {}
    for unit, name in seats.values_list("unit_id", "user__name"):
        found.setdefault(unit, []).append(name)
    return {unit: str(_("、")).join(names) for unit, names in found.items()}


def parties_people(agreement: Agreement) -> list[User]:
    """Who speaks for the units that are still parties."""
    return liaisons_of(agreement.parties.filter(left_on__isnull=True).values_list("unit_id", flat=True))


def office_people(paper: Paper) -> list[User]:
    """Who looks after it: the 专员, whoever sent it, whoever drafted it."""
    agreement = agreement_of(paper)
    found = [agreement.commissioner, paper.sent_by, getattr(paper, "drafted_by", None)]
    return [user for user in dict.fromkeys(found) if user is not None and user.is_active]


def tell(
    paper: Paper, kind: type[MessageClass], users: Iterable[User], *, but: User | None = None, **more: str
) -> None:
    """``kind`` to ``users``, once for this turn of the paper; phones ring by day."""
    people = [user for user in users if but is None or user.pk != but.pk]
    what = "amendment" if agreement_of(paper) is not paper else "agreement"
    occurrence = f"{what}:{paper.pk}:{paper.version}"
    queue(messages.about(kind, paper, **more), occurrence=occurrence, users=people, not_before=by_daylight())


def tell_approvers(paper: Paper) -> None:
    """Those who may decide: never whoever sent it out."""
    found = holders(APPROVERS, agreement_of(paper).area_id[:9])
    tell(paper, messages.AgreementToApprove, [user for user in found if user.pk != paper.sent_by_id])
