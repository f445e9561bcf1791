"""Alliances, and units joining and leaving them."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, NotAllowed, RuleBroken
from alliance.lib.text import clean
from members.models import Alliance, Membership, MemberUnit
from members.permissions import alliance_abilities, keeps_register
from members.services.checked import save_checked
from people.models import Area, User
from people.states import Role

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
) -> Alliance:
    """Set up the alliance of the street ``area``. ``by=None`` is the installation itself.

    Raises ``NotAllowed`` (no system administrator of the street), ``Invalid`` (not a street, name taken).
    """
    if by is not None and Role.SYSTEM_ADMIN not in by.roles_at(area.code):
        raise NotAllowed
    alliance = Alliance(area=area, name=clean(name), brand=clean(brand), intro=clean(intro), founded_on=founded_on)
    if clean(office_name):
        alliance.office_name = clean(office_name)
    save_checked(alliance, raced=_("这个街道已有同名的联盟。"))
    return alliance


@transaction.atomic
def update_alliance(
    *, pk: int, by: User, name: str, brand: str, office_name: str, founded_on: date | None, intro: str
) -> Alliance:
    """Change what is said about an alliance. Raises ``NotFound``, ``NotAllowed``, ``Invalid``."""
    alliance = Alliance.objects.visible_to(by).locked(pk)
    if "change" not in alliance_abilities(by, alliance):
        raise NotAllowed
    alliance.name, alliance.brand, alliance.office_name = clean(name), clean(brand), clean(office_name)
    alliance.founded_on, alliance.intro = founded_on, clean(intro)
    save_checked(alliance, raced=_("这个街道已有同名的联盟。"))
    return alliance


@transaction.atomic
def join_alliance(
    *, alliance: Alliance, unit: MemberUnit, by: User | None, joined_on: date | None = None
) -> Membership:
    """``unit`` becomes a member of ``alliance`` from ``joined_on`` (today). ``by=None``: the installation.

    Raises ``NotAllowed`` (another street's alliance), ``Invalid`` (already a member in that time).
    """
    if by is not None and not keeps_register(by, alliance.area_id):
        raise NotAllowed
    membership = Membership(alliance=alliance, unit=unit, joined_on=joined_on or timezone.localdate())
    save_checked(membership, raced=ALREADY_MEMBER)
    return membership


@transaction.atomic
def leave_alliance(*, pk: int, by: User, on: date | None = None) -> Membership:
    """The membership ``pk`` ends: ``on`` (today) is the first day outside.

    Raises ``NotFound``, ``NotAllowed``, ``RuleBroken`` (already ended), ``Invalid`` (before it began).
    """
    membership = Membership.objects.visible_to(by).locked(pk)
    if not keeps_register(by, membership.alliance.area_id):
        raise NotAllowed
    if membership.left_on is not None:
        raise RuleBroken(_("这个单位已经退出联盟。"))
    day = on or timezone.localdate()
    if day < membership.joined_on:
        raise Invalid({"left_on": [_("退出日期不能早于加入日期。")]})
    membership.left_on = day
    membership.save(update_fields=["left_on"])
    return membership


def leading_alliance() -> Alliance | None:
    """The alliance the site speaks for: the one set up first."""
    return Alliance.objects.order_by("id").first()
