"""Alliances, and units joining and leaving them."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, NotAllowed, NotFound, RuleBroken
from alliance.lib.text import clean
from audit.services import record
from audit.states import Action
from members.models import Alliance, Membership, MemberUnit
from members.permissions import alliance_abilities, keeps_alliance, sets_up_alliance
from members.services.checked import require_sensible, save_checked
from members.services.leaving import end_what_hangs_on
from members.services.receipts import deliver_current
from members.services.stamps import require_seen
from people.models import Area, User
from people.querysets import STREET_LENGTH
from people.states import Level

NAME_TAKEN = _("这里已有同名的联盟。")
SAID = ("name", "brand", "office_name", "founded_on", "principles", "intro", "quiet_days")
ALREADY_MEMBER = _("这个单位这段时间已经是联盟成员。")


@transaction.atomic
def create_alliance(
    *,
    area: Area,
    name: str,
    by: User | None,
    brand: str = "",
    office_name: str = "",
    founded_on: date | None = None,
    intro: str = "",
    principles: str = "",
    quiet_days: int | None = None,
    parent: Alliance | None = None,
    second: bool | None = None,
) -> Alliance:
    """Set up the alliance of the street ``area``, or below ``parent`` the sub-alliance of the community ``area``.

    ``by=None`` is the installation itself. ``second``: whether somebody means one more where there is one already;
    None: nobody is there to be asked. Raises ``NotAllowed`` (a street's: no system administrator of the street; a
    community's: nor of its register), ``Invalid`` (not such a place, another street's parent, name taken, a second
    one that is not meant).
    """
    if by is not None and not sets_up_alliance(by, area.code):
        raise NotAllowed
    require_sensible(founded_on=founded_on)
    if parent is None and area.level == Level.COMMUNITY:
        raise Invalid({"parent": [_("社区的子联盟要选上级联盟。")]})
    if parent is not None and (parent.parent_id is not None or not area.code.startswith(parent.area_id)):
        raise Invalid({"parent": [_("上级联盟要是这个社区所在街道的联盟。")]})
    there = Alliance.objects.filter(area=area).order_by("id").first() if second is False else None
    if there is not None:
        words = _("%(area)s已经有“%(name)s”。真的要再设一个，请勾选后再保存。")
        raise Invalid({"second": [words % {"area": area.name, "name": there.name}]})
    alliance = Alliance(area=area, parent=parent, name=clean(name), brand=clean(brand), founded_on=founded_on)
    alliance.intro, alliance.principles = clean(intro), clean(principles)
    if clean(office_name):
        alliance.office_name = clean(office_name)
    if quiet_days is not None:
        alliance.quiet_days = quiet_days
    save_checked(alliance, raced=NAME_TAKEN)
    return alliance


@transaction.atomic
def update_alliance(
    *,
    pk: int,
    by: User,
    name: str,
    brand: str,
    office_name: str,
    founded_on: date | None,
    intro: str,
    principles: str | None = None,
    quiet_days: int | None = None,
    seen: str | None = None,
) -> Alliance:
    """Change what is said about an alliance; what is given as None stays. ``seen``: the stamp of ``SAID``.

    Raises ``NotFound``, ``NotAllowed``, ``Conflict`` (changed since it was seen), ``Invalid``.
    """
    alliance = Alliance.objects.visible_to(by).locked(pk)
    if "change" not in alliance_abilities(by, alliance):
        raise NotAllowed
    require_seen(alliance, SAID, seen)
    require_sensible(founded_on=founded_on)
    alliance.name, alliance.brand, alliance.office_name = clean(name), clean(brand), clean(office_name)
    alliance.founded_on, alliance.intro = founded_on, clean(intro)
    if principles is not None:
        alliance.principles = clean(principles)
    if quiet_days is not None:
        alliance.quiet_days = quiet_days
    save_checked(alliance, raced=NAME_TAKEN)
    return alliance


@transaction.atomic
def join_alliance(
    *, alliance: Alliance, unit: MemberUnit, by: User | None, joined_on: date | None = None
) -> Membership:
    """``unit`` becomes a member of ``alliance`` from ``joined_on`` (today). ``by=None``: the installation.

    It gets the alliance's documents that are in force. Raises ``NotAllowed`` (another street's alliance), ``Invalid``
    (already a member in that time).
    """
    return join_within(alliance=alliance, unit=unit, by=by, joined_on=joined_on)


def join_within(*, alliance: Alliance, unit: MemberUnit, by: User | None, joined_on: date | None = None) -> Membership:
    """As ``join_alliance``, in the caller's transaction or savepoint, which is taken back should this raise."""
    if by is not None and not keeps_alliance(by, alliance):
        raise NotAllowed
    require_sensible(joined_on=joined_on)
    Alliance.objects.locked(alliance.pk)  # or a version that is just being published would miss the unit
    membership = Membership(alliance=alliance, unit=unit, joined_on=joined_on or timezone.localdate())
    save_checked(membership, raced=ALREADY_MEMBER)
    deliver_current(membership)
    params = {"unit": unit.pk, "alliance": alliance.pk, "joined_on": membership.joined_on.isoformat()}
    record(Action.REGISTER_CHANGED, actor=by, subject=str(unit)[:80], area_code=alliance.area_id, params=params)
    return membership


@transaction.atomic
def leave_alliance(*, pk: int, by: User, on: date | None = None) -> Membership:
    """The membership ``pk`` ends: ``on`` (today) is the first day outside.

    What was stays: places in the matrix and seats in bodies end that day, open offers of its seats are taken back.
    Raises ``NotFound``, ``NotAllowed``, ``RuleBroken`` (already ended), ``Invalid`` (before it began).
    """
    found = Membership.objects.visible_to(by).filter(pk=pk).first()
    if found is None:
        raise NotFound
    unit = MemberUnit.objects.locked(found.unit_id)
    membership = Membership.objects.filter(unit=unit).locked(pk)
    if not keeps_alliance(by, membership.alliance):
        raise NotAllowed
    if membership.left_on is not None:
        raise RuleBroken(_("这个单位已经退出联盟。"))
    require_sensible(left_on=on)
    day = on or timezone.localdate()
    if day < membership.joined_on:
        raise Invalid({"left_on": [_("退出日期不能早于加入日期。")]})
    membership.left_on = day
    membership.save(update_fields=["left_on"])
    end_what_hangs_on(membership, by=by, day=day)
    return membership


def alliance_of(area_code: str) -> Alliance | None:
    """The alliance that speaks for the street of ``area_code``: the one set up there first; none above streets."""
    street = area_code[:STREET_LENGTH]
    return _leading().filter(street_code=street).first() if len(street) == STREET_LENGTH else None


def sole_alliance() -> Alliance | None:
    """The alliance everybody here belongs to: that of the only street that has one; None where there are several."""
    rows = list(_leading())
    return rows[0] if rows and {row.street_code for row in rows} == {rows[0].street_code} else None


def _leading() -> QuerySet[Alliance]:
    """Alliances of streets, not what communities have below them, in the order in which they were set up."""
    return Alliance.objects.filter(parent__isnull=True).select_related("area").order_by("id")
