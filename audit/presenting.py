"""Entries of the log as people read them: names in place of keys and codes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.models import AuditEntry
from audit.states import Action
from people.models import Area, User
from people.states import Role, SignIn

DAYS = frozenset({"working", "off"})
AT_THE_DOOR = frozenset({Action.SIGN_IN_FAILED, Action.LOCKOUT})
PARTS = {
    "entry": gettext_lazy("登记"),
    "intro": gettext_lazy("简介"),
    "strengths": gettext_lazy("特长和服务"),
    "tags": gettext_lazy("标签"),
    "place": gettext_lazy("楼宇和网格"),
    "shown": gettext_lazy("公开内容"),
}
"""Parts of a unit's profile."""


def name_all(entries: Iterable[AuditEntry]) -> list[AuditEntry]:
    """The entries, each knowing the names of the accounts (``user_names``) and areas (``area_names``) of all."""
    found = list(entries)
    keys = {int(entry.subject[2:]) for entry in found if entry.subject.startswith("u:") and entry.subject[2:].isdigit()}
    codes = {code for entry in found for code in (entry.area_code, entry.subject) if code}
    users = {f"u:{user.pk}": _name_of(user) for user in User.objects.filter(pk__in=keys)}
    areas = dict(Area.objects.filter(pk__in=codes).values_list("pk", "name"))
    for entry in found:
        entry.user_names, entry.area_names = users, areas  # type: ignore[attr-defined]
    return found


def _name_of(user: User) -> str:
    """Name and user name of staff; of a resident only which account it is."""
    if user.sign_in == SignIn.PHONE:
        return _("居民账号%(pk)s") % {"pk": user.pk}
    return _("%(name)s（%(username)s）") % {"name": user.name, "username": user.username}


def subject_of(entry: AuditEntry) -> str:
    """Whom or what the entry is about. At the door: which account was tried, or that there is none of that name."""
    users: dict[str, str] = getattr(entry, "user_names", {})
    areas: dict[str, str] = getattr(entry, "area_names", {})
    if not entry.subject and entry.action in AT_THE_DOOR:
        phone = str(entry.params.get("phone_key", ""))[:6]
        if phone:
            return _("用手机号登录（同号的记号相同：%(key)s）") % {"key": phone}
        key = str(entry.params.get("name_key", ""))[:6]
        return _("没有这个用户名（同名的记号相同：%(key)s）") % {"key": key} if key else ""
    return users.get(entry.subject) or areas.get(entry.subject) or entry.subject


def details_of(entry: AuditEntry) -> str:
    """The plain values kept with the entry, those without a meaning to a reader left out."""
    words = {
        "role": (_("角色"), dict(Role.choices)),
        "starts_on": (_("起"), {}),
        "ends_on": (_("止"), {}),
        "username": (_("用户名"), {}),
        "count": (_("天数"), {}),
        "first": (_("从"), {}),
        "last": (_("到"), {}),
        "working": (_("改为上班"), {}),
        "off": (_("改为休息"), {}),
        "periods": (_("上班时间"), {}),
        "name": (_("单位"), {}),
        "part": (_("哪一部分"), PARTS),
    }
    known: list[tuple[Any, Any]] = []
    order = [*words, *entry.params]  # the table hands keys out by their length
    for name, value in sorted(entry.params.items(), key=lambda pair: order.index(pair[0])):
        label, choices = words.get(name, (name, {}))
        if value and name in DAYS:
            value = _("、").join(value)
        if value not in ("", None, []) and name not in ("name_key", "phone_key", "change"):
            known.append((label, choices.get(value, value) if isinstance(value, str) else value))
    return _("；").join(_("%(label)s：%(value)s") % {"label": label, "value": value} for label, value in known)
