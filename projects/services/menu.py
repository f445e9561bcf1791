"""The service menu (五必选、五自选) of an alliance's year: opened from last year's, signed up for, where it has gaps.

Locks: the alliance, the item, the sign-up (docs/locking.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken
from alliance.lib.text import clean
from claims.querysets import seated_units
from members.models import Alliance, Membership, MemberUnit
from members.permissions import keeps_alliance
from people.models import Area, User
from people.querysets import STREET_LENGTH
from people.states import Level
from projects.menu_defaults import MENU
from projects.models import MenuItem, SignUp
from projects.services.fields import said, too_long
from projects.states import MenuKind

FIRST_YEAR, AHEAD, MOST_ITEMS = 2011, 1, 20


@transaction.atomic
def open_menu(*, alliance: int, year: int, by: User) -> list[MenuItem]:
    """The menu of ``year``: as last year's, or as the house begins with. What is there already stays as it is.

    Raises ``NotFound``, ``NotAllowed``, ``Invalid`` (a year that makes no sense).
    """
    held = _kept(alliance, by)
    if not FIRST_YEAR <= year <= timezone.localdate().year + AHEAD:
        raise Invalid({"year": [_("请核对年份。")]})
    there = list(MenuItem.objects.filter(alliance=held, year=year))
    if there:
        return there
    before = MenuItem.objects.filter(alliance=held, year__lt=year).order_by("-year").values_list("year", flat=True)
    known = MenuItem.objects.in_use().filter(alliance=held, year=before.first() or 0)
    lines = [(one.kind, one.name, one.words) for one in known.order_by("kind", "position", "pk")] or MENU
    rows = [
        MenuItem(alliance=held, year=year, kind=kind, name=name, words=words, position=place)
        for place, (kind, name, words) in enumerate(lines, start=1)
    ]
    return list(MenuItem.objects.bulk_create(rows))


@transaction.atomic
def save_menu_item(
    *,
    alliance: int,
    year: int,
    by: User,
    kind: str,
    name: str,
    words: str = "",
    is_active: bool = True,
    item: int | None = None,
    version: int | None = None,
) -> MenuItem:
    """A service more on the menu, or ``item`` in other words; one that is not in use takes no more sign-ups.

    Raises ``NotFound``, ``NotAllowed``, ``Conflict`` (stale ``version``), ``Invalid``.
    """
    held = _kept(alliance, by)
    rows = MenuItem.objects.filter(alliance=held, year=year)
    found: MenuItem = rows.locked(item) if item is not None else MenuItem(alliance=held, year=year)
    if item is not None and version != found.version:
        raise Conflict
    errors: dict[str, list[Any]] = {}
    found.name, found.words, found.kind, found.is_active = clean(name), clean(words), kind, is_active
    if not 0 < len(found.name) <= 30:
        errors["name"] = [_("请写服务的名称，30字以内。")]
    elif rows.exclude(pk=found.pk).filter(name=found.name).exists():
        errors["name"] = [_("这一年的菜单里已有这项服务。")]
    if len(found.words) > 200:
        errors["words"] = [too_long(200)]
    if kind not in MenuKind.values:
        errors["kind"] = [_("请选必选还是自选。")]
    if item is None and rows.count() >= MOST_ITEMS:
        errors["name"] = [_("菜单最多%(n)d项。") % {"n": MOST_ITEMS}]
    if errors:
        raise Invalid(errors)
    if item is None:
        found.position = rows.count() + 1
    else:
        found.version += 1
    found.save()
    return found


@transaction.atomic
def begin_menu(*, alliance: int, year: int, by: User, name: str = "", **item: Any) -> MenuItem | None:
    """The menu of ``year`` opened, and one more service put on it where it has a ``name``: both or neither.

    Raises as ``open_menu`` and ``save_menu_item``.
    """
    open_menu(alliance=alliance, year=year, by=by)
    return save_menu_item(alliance=alliance, year=year, by=by, name=name, **item) if name else None


def _kept(pk: int, by: User) -> Alliance:
    found: Alliance = Alliance.objects.visible_to(by).locked(pk)
    if not keeps_alliance(by, found):
        raise NotAllowed
    return found


@transaction.atomic
def sign_up(*, item: int, unit: int, by: User, covers: Sequence[str] = (), does: str = "") -> SignUp:
    """报名, by whoever speaks for the unit, or keeps the alliance: for the communities ``covers``, or for any. Said
    again it takes the place of what was said before.

    Raises ``NotFound``, ``NotAllowed``, ``RuleBroken`` (out of use, past years, suspended), ``Invalid``.
    """
    found: MenuItem = MenuItem.objects.visible_to(by).select_related("alliance").locked(item)
    member = _member(found, unit, by)
    if not found.is_active or found.year < timezone.localdate().year:
        raise RuleBroken(_("这项服务不再接受报名。"))
    if member.is_suspended:
        raise RuleBroken(_("这个单位暂停了，恢复以后才能报名。"))
    text = " ".join(clean(does).split())
    if len(text) > 200:
        raise Invalid({"does": [too_long(200)]})
    areas = _areas(found, covers)
    row: SignUp | None = SignUp.objects.live().filter(item=found, unit=member).first()
    if row is None:
        row = SignUp(item=found, unit=member)
    row.does, row.by, row.at = text, by, timezone.now()
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise RuleBroken(_("这个单位已经报过这项服务。")) from error
    row.covers.set(areas)
    return row


def _member(item: MenuItem, unit: int, by: User) -> MemberUnit:
    """A member of the alliance for which ``by`` may speak. Raises ``NotFound``, ``NotAllowed``."""
    joined = MemberUnit.objects.members_in(item.alliance.street_code).filter(pk=unit)
    found: MemberUnit | None = joined.first()
    if found is None or not found.memberships.active().filter(alliance=item.alliance).exists():
        raise NotFound
    if not seated_units(by).filter(unit_id=unit).exists() and not keeps_alliance(by, item.alliance):
        raise NotAllowed
    return found


def _areas(item: MenuItem, codes: Iterable[str]) -> list[Area]:
    wanted = {clean(code) for code in codes}
    found = [area for area in communities(item.alliance) if area.pk in wanted]
    if len(found) < len(wanted):
        raise Invalid({"covers": [_("请选本街道的社区。")]})
    return found


@transaction.atomic
def leave_menu(*, pk: int, by: User, words: str) -> SignUp:
    """退出, with words. Raises ``NotFound``, ``NotAllowed``, ``RuleBroken`` (left already), ``Invalid``."""
    row: SignUp = SignUp.objects.visible_to(by).select_related("item__alliance").locked(pk)
    _member_or_keeper(row, by)
    if row.left_at is not None:
        raise RuleBroken(_("已经退出了。"))
    row.left_why = said(words, "words", _("请写一句为什么退出。"))
    row.left_at = timezone.now()
    row.save(update_fields=["left_at", "left_why"])
    return row


def _member_or_keeper(row: SignUp, by: User) -> None:
    mine = seated_units(by).filter(unit_id=row.unit_id).exists()
    if not mine and not keeps_alliance(by, row.item.alliance):
        raise NotAllowed


def communities(alliance: Alliance) -> list[Area]:
    """The communities that the alliance's services are for: of a sub-alliance its own."""
    if len(alliance.area_id) > STREET_LENGTH:
        return [alliance.area]
    there = Area.objects.filter(code__startswith=alliance.area_id, level=Level.COMMUNITY)
    return list(there.order_by("code"))


@dataclass(frozen=True)
class Coverage:
    """One service: who does it, and how many named each community; ``gaps``: which nobody named. ``anywhere``: how
    many named none, and go wherever they are needed."""

    item: MenuItem
    units: Sequence[SignUp]
    per_area: Sequence[tuple[Area, int]]
    gaps: Sequence[Area]
    anywhere: int = 0


def coverage(alliance: Alliance, year: int) -> list[Coverage]:
    """Every service in use, with where it is covered. The same number of queries for any number of sign-ups."""
    items = list(MenuItem.objects.in_use().filter(alliance=alliance, year=year).order_by("-kind", "position", "pk"))
    return cover(items, communities(alliance))


def cover(items: Sequence[MenuItem], areas: Sequence[Area]) -> list[Coverage]:
    """How ``items`` are covered by units that are members today and take things on; of each alliance those of
    ``areas`` that its services are for.
    """
    here = Membership.objects.active().filter(unit=OuterRef("unit"), alliance=OuterRef("item__alliance"))
    rows = SignUp.objects.live().filter(Exists(here), item__in=items, unit__suspended_at__isnull=True)
    rows = rows.filter(unit__merged_into__isnull=True).select_related("unit").prefetch_related("covers")
    by_item: dict[int, list[SignUp]] = {item.pk: [] for item in items}
    for row in rows.order_by("at", "pk"):
        by_item[row.item_id].append(row)
    return [_covered(item, by_item[item.pk], areas) for item in items]


def _covered(item: MenuItem, rows: Sequence[SignUp], areas: Sequence[Area]) -> Coverage:
    counts, anywhere = dict.fromkeys((area.pk for area in areas), 0), 0
    for row in rows:
        named = [area.pk for area in row.covers.all()]
        anywhere += not named
        for code in named:
            if code in counts:
                counts[code] += 1
    per_area = [(area, counts[area.pk]) for area in areas]
    return Coverage(item, rows, per_area, [area for area, number in per_area if not number], anywhere)
