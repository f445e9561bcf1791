"""Taking back what a file brought in by mistake, as long as nothing else hangs on it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.db.models import Max, ProtectedError
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import NotAllowed, NotFound, RuleBroken
from audit.models import AuditEntry
from audit.services import record
from audit.states import Action
from members.models import Alliance, Membership, MemberUnit, PartyOrganisation, Receipt
from members.permissions import keeps_alliance, keeps_place, keeps_register, sets_up_alliance
from members.services.party import hold_chain
from people.models import User

IN_USE = _("已经用到了，没有撤销。")


@dataclass(frozen=True)
class Looked:
    """Units held, and what hangs on them besides the memberships that were asked about.

    ``lived``: units with anything of their own; ``used``: those of them whose membership that was asked about was made
    use of. ``delivered``: units that have got documents. ``logged``: by unit the last entry of the log about its parts.
    """

    units: dict[int, MemberUnit]
    joined: dict[int, Membership]
    lived: frozenset[int]
    used: frozenset[int]
    delivered: frozenset[int]
    logged: dict[int, int]


def look_at(units: Collection[int], memberships: Collection[int]) -> Looked:
    """Hold ``units`` fully, so that nothing new is hung on them, and look what hangs on them: for many at once."""
    rows = MemberUnit.objects.present().filter(pk__in=units).order_by("pk").select_related("area")
    held = {row.pk: row for row in rows.select_for_update(of=("self",))}
    own = Membership.objects.filter(pk__in=memberships, unit__in=held).order_by("pk").select_related("alliance")
    joined = {row.pk: row for row in own.select_for_update(of=("self",))}
    lived = _owners(MemberUnit, held, besides=(Membership, Receipt))
    lived |= set(Membership.objects.filter(unit__in=held).exclude(pk__in=joined).values_list("unit_id", flat=True))
    used = {joined[pk].unit_id for pk in _owners(Membership, joined)}
    receipts = Receipt.objects.filter(unit__in=held)
    lived |= set(receipts.filter(seen_at__isnull=False).values_list("unit_id", flat=True))
    return Looked(
        units=held,
        joined=joined,
        lived=frozenset(lived | used),
        used=frozenset(used),
        delivered=frozenset(receipts.values_list("unit_id", flat=True)),
        logged=last_logged(held),
    )


def last_logged(units: Iterable[int]) -> dict[int, int]:
    """By unit the last entry about one of its parts (see ``profile.note_change``), in one statement."""
    subjects = {f"unit:{pk}": pk for pk in units}
    rows = AuditEntry.objects.filter(subject__in=subjects, action=Action.REGISTER_CHANGED).order_by()
    return {subjects[subject]: last for subject, last in rows.values_list("subject").annotate(last=Max("pk"))}


def _owners(model: type[models.Model], keys: Iterable[int], besides: Collection[Any] = ()) -> set[int]:
    """Which of ``keys`` any row of another table points to, hidden relations too."""
    wanted, found = set(keys), set[int]()
    for relation in model._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)):
            continue
        table: Any = relation.related_model
        if table not in besides:
            name = relation.field.attname  # type: ignore[union-attr]
            found |= set(table._base_manager.filter(**{f"{name}__in": wanted}).values_list(name, flat=True))
    return found


@transaction.atomic
def take_back_unit(*, pk: int, by: User, looked: Looked, membership: int | None = None) -> None:
    """The unit was never registered, nor the member it became by ``membership``. ``looked`` of this transaction.

    Raises ``NotFound``, ``NotAllowed``, ``RuleBroken`` (something hangs on it; then both stay).
    """
    unit, joined = looked.units.get(pk), looked.joined.get(membership or 0)
    if unit is None or not MemberUnit.objects.visible_to(by).filter(pk=pk).exists():
        raise NotFound
    if not keeps_register(by, unit.area_id) or (joined is not None and not keeps_alliance(by, joined.alliance)):
        raise NotAllowed
    if pk in looked.lived or pk in looked.delivered:
        raise RuleBroken(IN_USE)
    # What could hang on them was asked for all at once under their locks: not row by row once more.
    if joined is not None:
        Membership.objects.filter(pk=joined.pk)._raw_delete("default")
    MemberUnit.objects.filter(pk=pk)._raw_delete("default")
    _record(f"unit:{pk}", unit.area_id, unit.name, "entry", by)
    if joined is not None:
        _record(f"unit:{pk}", joined.alliance.area_id, unit.name, "membership", by)


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


@transaction.atomic
def take_back_alliance(*, pk: int, by: User) -> Alliance:
    """A sub-alliance that was set up by mistake was never there, as long as nothing hangs on it.

    Raises ``NotFound``, ``NotAllowed``, ``RuleBroken`` (a street's own, or it has members, bodies, papers, figures).
    """
    seen = Alliance.objects.visible_to(by).filter(pk=pk)
    # Held fully: who is just hanging something on it is waited for, and then seen.
    alliance = seen.select_for_update(of=("self",)).first()
    if alliance is None:
        raise NotFound
    if not sets_up_alliance(by, alliance.area_id):
        raise NotAllowed
    if not may_take_back(alliance):
        raise RuleBroken(_("它已经有成员、机构、文件或数字，不能撤销；成员退出以后留作历史。"))
    Alliance.objects.filter(pk=pk)._raw_delete("default")
    _record(f"alliance:{pk}", alliance.area_id, alliance.name, "alliance", by)
    return alliance


def may_take_back(alliance: Alliance) -> bool:
    """Whether ``alliance`` is a sub-alliance on which nothing hangs."""
    return alliance.parent_id is not None and not _owners(Alliance, [alliance.pk])


def _record(subject: str, area_code: str, name: str, part: str, by: User) -> None:
    params = {"name": name[:40], "part": part, "change": "taken_back"}
    record(Action.REGISTER_CHANGED, actor=by, subject=subject, area_code=area_code, params=params)
