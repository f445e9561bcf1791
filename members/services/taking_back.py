"""Taking back what a file brought in by mistake, as long as nothing else hangs on it."""

from __future__ import annotations

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import NotAllowed, RuleBroken
from audit.services import record
from audit.states import Action
from members.models import Membership, MemberUnit, PartyOrganisation
from members.permissions import keeps_alliance, keeps_place, keeps_register
from members.services.alliances import leave_alliance
from members.services.party import hold_chain
from people.models import User

IN_USE = _("已经用到了，没有撤销。")


@transaction.atomic
def take_back_membership(*, pk: int, by: User) -> bool:
    """The unit was never a member; True if no trace is left, False if it left instead (it was placed meanwhile).

    Raises ``NotFound``, ``NotAllowed``.
    """
    membership: Membership = Membership.objects.visible_to(by).locked(pk)
    if not keeps_alliance(by, membership.alliance):
        raise NotAllowed
    try:
        with transaction.atomic():
            Membership.objects.filter(pk=pk).delete()
    except ProtectedError:
        if membership.left_on is None:
            leave_alliance(pk=pk, by=by, on=max(timezone.localdate(), membership.joined_on))
        return False
    return True


@transaction.atomic
def take_back_unit(*, pk: int, by: User) -> None:
    """The unit was never registered. Raises ``NotFound``, ``NotAllowed``, ``RuleBroken`` (something hangs on it)."""
    unit: MemberUnit = MemberUnit.objects.visible_to(by).locked(pk)
    if not keeps_register(by, unit.area_id):
        raise NotAllowed
    try:
        with transaction.atomic():
            MemberUnit.objects.filter(pk=pk).delete()
    except ProtectedError as error:
        raise RuleBroken(IN_USE) from error
    _record(f"unit:{pk}", unit.area_id, unit.name, "entry", by)


@transaction.atomic
def take_back_organisation(*, pk: int, by: User) -> None:
    """As ``take_back_unit``, for a party organisation."""
    found = PartyOrganisation.objects.visible_to(by).filter(pk=pk).values_list("street_code", flat=True).first()
    hold_chain(str(found or "0"))
    organisation: PartyOrganisation = PartyOrganisation.objects.visible_to(by).locked(pk)
    if not keeps_place(by, organisation.area_id):
        raise NotAllowed
    try:
        with transaction.atomic():
            PartyOrganisation.objects.filter(pk=pk).delete()
    except ProtectedError as error:
        raise RuleBroken(IN_USE) from error
    _record(f"party:{pk}", organisation.area_id, organisation.name, "party", by)


def _record(subject: str, area_code: str, name: str, part: str, by: User) -> None:
    params = {"name": name[:40], "part": part, "change": "taken_back"}
    record(Action.REGISTER_CHANGED, actor=by, subject=subject, area_code=area_code, params=params)
