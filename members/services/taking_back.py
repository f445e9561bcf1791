"""Taking back what a file brought in by mistake, as long as nothing else hangs on it."""

from __future__ import annotations

from django.db import models, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import NotAllowed, RuleBroken
from audit.services import record
from audit.states import Action
from members.models import Membership, MemberUnit, PartyOrganisation, Receipt
from members.permissions import keeps_alliance, keeps_place, keeps_register
from members.services.party import hold_chain
from people.models import User

IN_USE = _("已经用到了，没有撤销。")


@transaction.atomic
def take_back_unit(*, pk: int, by: User, membership: int | None = None) -> None:
    """The unit was never registered, nor the member it became by ``membership``.

    Raises ``NotFound``, ``NotAllowed``, ``RuleBroken`` (something hangs on it; then both stay).
    """
    unit: MemberUnit = MemberUnit.objects.visible_to(by).locked(pk)
    joined = None if membership is None else Membership.objects.filter(unit=unit).locked(membership)
    if not keeps_register(by, unit.area_id) or (joined is not None and not keeps_alliance(by, joined.alliance)):
        raise NotAllowed
    try:
        with transaction.atomic():
            if joined is not None:
                Membership.objects.filter(pk=joined.pk).delete()
            MemberUnit.objects.filter(pk=pk).delete()
    except ProtectedError as error:
        raise RuleBroken(IN_USE) from error
    _record(f"unit:{pk}", unit.area_id, unit.name, "entry", by)
    if joined is not None:
        _record(f"unit:{pk}", joined.alliance.area_id, unit.name, "membership", by)


def lived_in(unit: MemberUnit) -> bool:
    """Whether anything but its memberships and what came by itself with them (documents) hangs on ``unit``."""
    for relation in unit._meta.related_objects:
        if relation.on_delete is not models.PROTECT or relation.related_model in (Membership, Receipt):
            continue
        rows = relation.related_model._base_manager.filter(**{relation.field.name: unit.pk})
        if rows.exists():
            return True
    return False


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
