"""Party organisations under a community or a unit, and which stands under which."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, NotAllowed, RuleBroken, Text
from alliance.lib.text import clean
from audit.services import record
from audit.states import Action
from members.models import MemberUnit, PartyOrganisation
from members.permissions import keeps_place
from members.services.checked import save_checked
from members.states import UNDER, PartyKind
from people.models import Area, User
from people.querysets import STREET_LENGTH
from people.services.areas import pinyin_of

CHAIN_LOCK = 7_265_301
"""Advisory lock with a street's code: who stands under whom changes one at a time in a street."""
TOO_SMALL = _("上级要比它大：党支部在党委或党总支下面，党总支在党委下面。")
TAKEN = _("这里已有同名的党组织。")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What is entered about an organisation."""

    name: str
    kind: str
    area: Area
    unit: MemberUnit | None = None
    parent: PartyOrganisation | None = None
    secretary: str = ""
    member_count: int | None = None
    set_up_on: date | None = None
    is_public: bool = False
    note: str = ""


@transaction.atomic
def create_organisation(*, entry: Entry, by: User | None) -> PartyOrganisation:
    """Enter an organisation. ``by=None`` is the installation.

    Raises ``NotAllowed`` (neither the community's own staff nor its street's), ``Invalid`` (name taken, a unit or
    parent of another street, a parent that cannot be one).
    """
    hold_chain(entry.area.code)
    return _fill(PartyOrganisation(), entry, by)


@transaction.atomic
def update_organisation(*, pk: int, entry: Entry, by: User) -> PartyOrganisation:
    """Change an entry.

    Raises ``NotFound``, ``NotAllowed``, ``RuleBroken`` (it has ended), ``Invalid`` (as above; moved to another
    street; put under itself, or of a kind that its own branches cannot stand under).
    """
    hold_chain(_street_of(pk, by))
    organisation: PartyOrganisation = PartyOrganisation.objects.visible_to(by).locked(pk)
    _require_keeps(by, organisation.area_id)
    if organisation.ended_on is not None and organisation.ended_on <= timezone.localdate():
        raise RuleBroken(_("这个党组织已经撤销，只留记录。"))
    if entry.area.code[:STREET_LENGTH] != organisation.street_code:
        raise Invalid({"area": [_("党组织不能移到别的街道。")]})
    return _fill(organisation, entry, by)


@transaction.atomic
def end_organisation(*, pk: int, by: User, on: date | None = None) -> PartyOrganisation:
    """It is dissolved: ``on`` (today) is the first day without it. Its history stays.

    Raises ``NotFound``, ``NotAllowed``, ``RuleBroken`` (ended already, or others still stand under it), ``Invalid``.
    """
    hold_chain(_street_of(pk, by))
    organisation: PartyOrganisation = PartyOrganisation.objects.visible_to(by).locked(pk)
    _require_keeps(by, organisation.area_id)
    day = on or timezone.localdate()
    if organisation.ended_on is not None and organisation.ended_on <= timezone.localdate():
        raise RuleBroken(_("这个党组织已经撤销。"))
    if organisation.children.active(day).exists():
        raise RuleBroken(_("它下面还有党组织，请先给它们换上级，或先撤销它们。"))
    organisation.ended_on = day
    save_checked(organisation, raced=TAKEN)
    _record(organisation, by)
    return organisation


def hold_chain(area_code: str) -> None:
    """Until the transaction ends nobody else changes in this street who stands under whom.

    Two organisations put under each other at once would each find the other free: no row of both is locked.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [CHAIN_LOCK, int(area_code[:STREET_LENGTH])])


def _street_of(pk: int, by: User) -> str:
    """Streets are never changed, so this may be asked before the lock."""
    found = PartyOrganisation.objects.visible_to(by).filter(pk=pk).values_list("street_code", flat=True).first()
    return str(found or "0")


def _require_keeps(by: User | None, area_code: str) -> None:
    if by is not None and not keeps_place(by, area_code):
        raise NotAllowed(_("这里的党组织由所在社区或街道登记。"))


def _fill(organisation: PartyOrganisation, entry: Entry, by: User | None) -> PartyOrganisation:
    _require_keeps(by, entry.area.code)
    _check(organisation, entry)
    for name in ("kind", "area", "unit", "parent", "member_count", "set_up_on", "is_public"):
        setattr(organisation, name, getattr(entry, name))
    organisation.name, organisation.note = clean(entry.name), clean(entry.note)
    organisation.secretary = clean(entry.secretary)
    full, initials = pinyin_of(organisation.name)
    organisation.pinyin, organisation.initials = full[:300], initials[:80]
    save_checked(organisation, raced=TAKEN)
    _record(organisation, by)
    return organisation


def _check(organisation: PartyOrganisation, entry: Entry) -> None:
    street = entry.area.code[:STREET_LENGTH]
    wrong: dict[str, list[Text]] = {}
    if len(entry.area.code) < STREET_LENGTH:
        wrong["area"] = [_("请选街道或社区。")]
    if entry.unit is not None and (entry.unit.street_code != street or entry.unit.merged_into_id):
        wrong["unit"] = [_("请选本街道的单位。")]
    if entry.parent is not None and (refusal := _no_parent(organisation, entry, street)):
        wrong["parent"] = [refusal]
    if organisation.pk and entry.kind in PartyKind.values:
        below = set(organisation.children.active().values_list("kind", flat=True))
        if any(entry.kind not in UNDER[PartyKind(kind)] for kind in below):
            wrong["kind"] = [_("它下面还有党组织，不能改成这一类。")]
    if wrong:
        raise Invalid(wrong)


def _no_parent(organisation: PartyOrganisation, entry: Entry, street: str) -> Text:
    """Why ``entry.parent`` cannot be one; the row is read anew, now that nobody else changes the chain."""
    parent = PartyOrganisation.objects.active().filter(pk=getattr(entry.parent, "pk", None)).first()
    if parent is None or parent.street_code != street:
        return _("请选本街道现有的党组织。")
    if entry.kind in PartyKind.values and parent.kind not in UNDER[PartyKind(entry.kind)]:
        return TOO_SMALL
    return _("上级不能是自己或自己下面的党组织。") if organisation.pk in _upwards(parent) else ""


def _upwards(start: PartyOrganisation) -> set[int]:
    """The keys of ``start`` and of all above it."""
    found: set[int] = set()
    above: int | None = start.pk
    while above is not None and above not in found:
        found.add(above)
        above = PartyOrganisation.objects.values_list("parent_id", flat=True).get(pk=above)
    return found


def _record(organisation: PartyOrganisation, by: User | None) -> None:
    record(
        Action.REGISTER_CHANGED,
        actor=by,
        subject=f"party:{organisation.pk}",
        area_code=organisation.area_id,
        params={"name": organisation.name[:40], "part": "party"},
    )
