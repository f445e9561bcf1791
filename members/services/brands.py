"""The one brand of a community and what sets it apart."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import NotAllowed
from alliance.lib.text import clean
from audit.services import record
from audit.states import Action
from members.models import Brand
from members.permissions import keeps_place
from members.services.checked import save_checked
from people.models import Area, User

TAKEN = _("这个社区已经有品牌，请直接修改。")


@transaction.atomic
def create_brand(*, area: Area, name: str, by: User | None, feature: str = "", intro: str = "") -> Brand:
    """Give the community ``area`` its brand. ``by=None`` is the installation.

    Raises ``NotAllowed`` (neither the community's own staff nor its street's), ``Invalid`` (not a community, or one
    that has a brand).
    """
    if by is not None and not keeps_place(by, area.code):
        raise NotAllowed(_("品牌由社区自己或所在街道来写。"))
    return _fill(Brand(area=area), name=name, feature=feature, intro=intro, by=by)


@transaction.atomic
def update_brand(*, pk: str, by: User, name: str, feature: str = "", intro: str = "") -> Brand:
    """Change the brand of the community ``pk``. Raises ``NotFound``, ``NotAllowed``, ``Invalid``."""
    brand: Brand = Brand.objects.visible_to(by).locked(pk)
    if not keeps_place(by, brand.area_id):
        raise NotAllowed(_("品牌由社区自己或所在街道来写。"))
    return _fill(brand, name=name, feature=feature, intro=intro, by=by)


def _fill(brand: Brand, *, name: str, feature: str, intro: str, by: User | None) -> Brand:
    brand.name, brand.feature, brand.intro = clean(name), clean(feature), clean(intro)
    save_checked(brand, raced=TAKEN)
    subject = f"brand:{brand.area_id}"
    record(Action.REGISTER_CHANGED, actor=by, subject=subject, area_code=brand.area_id, params={"part": "brand"})
    return brand
