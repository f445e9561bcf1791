"""What is typed about meetings, checked: plain values in, plain values out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, NotAllowed, NotFound, Text
from alliance.lib.text import clean
from meetings.states import MeetingKind, OffDays
from members.models import MemberUnit
from members.permissions import keeps_place
from people.models import Area, User
from people.querysets import STREET_LENGTH
from people.states import Level

Errors = dict[str, list[Text]]
WORDS: dict[str, tuple[int, Text]] = {
    "title": (40, _("请写会议名称，例如：民生服务界别小组会。")),
    "place": (80, _("请写在哪里开。")),
}
CHOICES = {"kind": MeetingKind.values, "off_days": OffDays.values}
LEAST, MOST = 15, 600
"""Minutes of a meeting."""
FAR = timedelta(days=400)


def checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """``values`` by field, tidied. Raises ``Invalid`` by field."""
    found, errors = dict(values), Errors()
    for name, (most, ask) in WORDS.items():
        if name in found:
            found[name] = clean(found[name] or "")
            if not found[name]:
                errors[name] = [ask]
            elif len(found[name]) > most:
                errors[name] = [_("最多%(n)d个字。") % {"n": most}]
    for name, known in CHOICES.items():
        if name in found and found[name] not in known:
            errors[name] = [_("请选一项。")]
    if "minutes" in found and not LEAST <= found["minutes"] <= MOST:
        errors["minutes"] = [_("请填%(least)d到%(most)d之间的数。") % {"least": LEAST, "most": MOST}]
    if errors:
        raise Invalid(errors)
    return found


def words(text: str, field: str, ask: Text, most: int) -> str:
    """``text`` tidied. Raises ``Invalid`` on ``field`` without words, or with too many."""
    found = clean(text)
    if not found:
        raise Invalid({field: [ask]})
    if len(found) > most:
        raise Invalid({field: [_("最多%(n)d个字。") % {"n": most}]})
    return found


def require_time(starts: datetime, ends: datetime) -> None:
    """Raises ``Invalid`` on ``starts`` or ``ends``: in the past, too far, out of order, too long."""
    now = timezone.now()
    if starts <= now:
        raise Invalid({"starts": [_("开始时间已经过了，请选以后的时间。")]})
    if starts > now + FAR:
        raise Invalid({"starts": [_("太远了，请选一年以内的时间。")]})
    if not timedelta(minutes=LEAST) <= ends - starts <= timedelta(minutes=MOST):
        raise Invalid({"ends": [_("结束要在开始以后，最少15分钟，最多10小时。")]})


def kept_area(code: str, by: User) -> Area:
    """The street or community, which ``by`` keeps. Raises ``NotFound``, ``NotAllowed``."""
    found = area_of(code)
    if not keeps_place(by, found.pk):
        raise NotAllowed
    return found


def area_of(code: str) -> Area:
    """The street or community. Raises ``NotFound``."""
    found: Area | None = Area.objects.filter(pk=code, level__in=[Level.STREET, Level.COMMUNITY]).first()
    if found is None:
        raise NotFound
    return found


def unit_in(area_code: str, pk: int | None, field: str = "unit") -> MemberUnit | None:
    """The unit, a member of the street's alliances today. Raises ``Invalid`` on ``field``."""
    if pk is None:
        return None
    found = MemberUnit.objects.members_in(area_code[:STREET_LENGTH]).filter(pk=pk).first()
    if found is None:
        raise Invalid({field: [_("这家单位不在这里的联盟里。")]})
    return found


def office_in(area_code: str, code: str | None) -> Area | None:
    """The office of the street itself or of a place in it. Raises ``Invalid`` on ``office``."""
    if not code:
        return None
    found: Area | None = Area.objects.filter(pk=code, level__in=[Level.STREET, Level.COMMUNITY]).first()
    if found is None or found.pk[:STREET_LENGTH] != area_code[:STREET_LENGTH]:
        raise Invalid({"office": [_("请选本街道的街道或社区。")]})
    return found
