"""The register of buildings in which units sit."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, NotAllowed
from alliance.lib.text import clean
from members.models import Building
from members.permissions import keeps_place
from members.services.checked import save_checked
from people.models import Area, User
from people.querysets import STREET_LENGTH
from people.services.areas import pinyin_of

TAKEN = _("这里已有同名的楼宇。")


@transaction.atomic
def create_building(*, area: Area, name: str, by: User | None, floors: int | None = None) -> Building:
    """Register a building in ``area``. ``by=None`` is the installation.

    Raises ``NotAllowed`` (another community's or street's), ``Invalid`` (no street or community, name taken).
    """
    return _fill(Building(), area=area, name=name, by=by, floors=floors)


@transaction.atomic
def update_building(*, pk: int, by: User, area: Area, name: str, floors: int | None = None) -> Building:
    """Change a building's entry. Raises ``NotFound``, ``NotAllowed``, ``Invalid`` (also: moved to another street)."""
    building = Building.objects.visible_to(by).locked(pk)
    if not keeps_place(by, building.area_id):
        raise NotAllowed
    if building.street_code != area.code[:STREET_LENGTH]:
        raise Invalid({"area": [_("楼宇不能移到别的街道。")]})
    filled: Building = _fill(building, area=area, name=name, by=by, floors=floors)
    return filled


def _fill(building: Building, *, area: Area, name: str, by: User | None, floors: int | None) -> Building:
    if by is not None and not keeps_place(by, area.code):
        raise NotAllowed(_("这里的楼宇由所在社区或街道登记。"))
    if len(area.code) < STREET_LENGTH:
        raise Invalid({"area": [_("请选街道或社区。")]})
    building.area, building.name, building.floors = area, clean(name), floors
    full, initials = pinyin_of(building.name)
    building.pinyin, building.initials = full[:200], initials[:60]
    save_checked(building, raced=TAKEN)
    return building
