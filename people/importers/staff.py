"""Staff and the roles they hold in areas: one row per role."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.errors import DomainError, Invalid
from alliance.lib.importing import (
    CHANGED,
    ERROR,
    NEW,
    SAME,
    Applied,
    Column,
    ImportKind,
    Place,
    Plan,
    Row,
    Untouchable,
    chosen,
    label_in_table,
)
from alliance.lib.privacy import clean_phone
from alliance.lib.text import clean, fold
from people.models import Area, RoleGrant, User
from people.permissions import may_change_account
from people.services.accounts import (
    PHONE_MESSAGE,
    check_password_of,
    create_user,
    end_grant,
    grant_role,
    rename_user,
    set_active,
)
from people.services.area_register import areas_in, named_area
from people.states import WORK_ROLES, Role, SignIn

ROLES = [role for role in Role if role in WORK_ROLES]
OFF, ON = gettext_lazy("已停用"), gettext_lazy("启用")


def _areas(by: Any, area_code: str) -> list[str]:
    return [area.name for area in areas_in(area_code)]


COLUMNS = (
    Column("username", gettext_lazy("用户名"), required=True, as_text=True, most=60, example="wangfang"),
    Column("name", gettext_lazy("姓名"), required=True, most=30, example=gettext_lazy("王某")),
    Column(
        "role",
        gettext_lazy("角色"),
        required=True,
        choices=[role.label for role in ROLES],
        example=Role.COMMUNITY_STAFF.label,
    ),
    Column(
        "area",
        gettext_lazy("区域"),
        required=True,
        choices=_areas,
        help=gettext_lazy("街道或社区的名称"),
        example=gettext_lazy("某某社区"),
    ),
    Column(
        "phone",
        gettext_lazy("手机"),
        as_text=True,
        masked=True,
        most=30,
        help=gettext_lazy("只在新建账号时用"),
        example="",
    ),
    Column("starts_on", gettext_lazy("起"), is_date=True, help=gettext_lazy("不填就是今天"), example="2027-01-04"),
    Column("ends_on", gettext_lazy("止"), is_date=True, help=gettext_lazy("这一天起不再担任；长期的不填"), example=""),
    Column(
        "password",
        gettext_lazy("初始密码"),
        secret=True,
        most=60,
        help=gettext_lazy("只在新建账号时用，第一次登录须改；不填就不能登录，等您在人员页里设"),
        example="",
    ),
)


def _role(row: Row) -> str:
    return chosen(ROLES, row["role"])


def _natural(row: Row) -> Sequence[str]:
    return ["/".join(fold(row.get(key, "")) for key in ("username", "role", "area"))]


class _Known:
    """What is there already, for a portion of rows."""

    def __init__(self, rows: Sequence[Row], place: Place) -> None:
        names = {fold(row["username"]) for row in rows}
        self.users = {user.username: user for user in User.objects.filter(username__in=names)}
        self.visible = set(User.objects.visible_to(place.by).filter(username__in=names).values_list("pk", flat=True))
        self.areas, self.grants = areas_in(place.area.code), {}
        for grant in RoleGrant.objects.unended().filter(user__in=list(self.users.values())).order_by("starts_on"):
            self.grants[grant.user_id, grant.role, grant.area_id] = grant


def plan(rows: Sequence[Row], place: Place) -> list[Plan]:
    known = _Known(rows, place)
    named = place.memo.setdefault("named", {})
    return [_two_names(row, named) or _plan(row, place, known) for row in rows]


def _two_names(row: Row, named: dict[str, str]) -> Plan | None:
    """Two lines about one account that call it differently: which is right, a file cannot say."""
    name = clean(row["name"])
    first = named.setdefault(fold(row["username"]), name)
    said = _("同一个用户名，前面写的姓名是“%(name)s”。请核对是不是一个人。") % {"name": first}
    return None if first == name else Plan(ERROR, name, errors=[("name", said)])


def _plan(row: Row, place: Place, known: _Known) -> Plan:
    name, user = clean(row["name"]), known.users.get(fold(row["username"]))
    area = named_area(row["area"], known.areas)
    if problem := _wrong(row, place, known, user, area):
        return Plan(ERROR, name, errors=[problem])
    assert area is not None  # noqa: S101 - said by _wrong
    grant = known.grants.get((user.pk, _role(row), area.pk)) if user else None
    title = f"{name} · {row['role']} · {area.name}"
    if grant is not None and (problem := _other_dates(row, grant)):
        return Plan(ERROR, title, errors=[problem])
    changes = [("name", user.name, name)] if user and user.name != name else []
    if user and not user.is_active:
        changes.append(("username", label_in_table(OFF), label_in_table(ON)))
    if grant is None:
        return Plan(NEW, title, changes)
    return Plan(CHANGED if changes else SAME, title, changes)


def _other_dates(row: Row, grant: RoleGrant) -> tuple[str, str] | None:
    """A role that is held already for other days: ended or begun anew where roles are given, not by a file."""
    for key, stands in (("starts_on", grant.starts_on), ("ends_on", grant.ends_on)):
        if row.get(key) and row[key] != (stands.isoformat() if stands else ""):
            return key, _("这个人已经有这个角色，日期和这一行不一样。要改请到“角色授权”页。")
    return None


def _wrong(row: Row, place: Place, known: _Known, user: User | None, area: Area | None) -> tuple[str, str] | None:
    if area is None:
        return "area", _("没有“%(value)s”这个街道或社区。") % {"value": row["area"][:20]}
    if not _role(row):
        return "role", _("没有这个角色。")
    if user is not None and (user.pk not in known.visible or user.sign_in == SignIn.PHONE):
        return "username", _("这个用户名已经有人用了。")
    if user is not None and user.name != clean(row["name"]) and not may_change_account(place.by, user):
        return "name", _("这个账号的姓名不归您改。")
    if row.get("starts_on") and row.get("ends_on") and row["ends_on"] < row["starts_on"]:
        return "ends_on", _("结束日期不能早于开始日期。")
    return _wrong_account(row, place, user)


def _wrong_account(row: Row, place: Place, user: User | None) -> tuple[str, str] | None:
    """What would be refused of the account itself, said before anything is written."""
    if user is not None:
        if user.pk == place.by.pk:
            return "username", _("不能给自己授角色，请别的系统管理员来。")
        if not user.is_active and not _was_taken_back(user):
            return "username", _("这个账号已停用。请先在人员页启用，再导入。")
    if row.get("phone"):
        try:
            clean_phone(row["phone"], message=PHONE_MESSAGE)
        except DomainError:
            return "phone", str(PHONE_MESSAGE)
    if user is None and row.get("password"):
        try:
            check_password_of(row["username"], row["name"], row["password"])
        except Invalid as error:
            return "password", " ".join(str(text) for texts in error.fields.values() for text in texts)
    return None


def _was_taken_back(user: User) -> bool:
    """Switched off and never used: an account that an import made by mistake, whose file comes again."""
    return user.last_login is None


def apply(row: Row, place: Place) -> Applied:
    area = named_area(row["area"], areas_in(place.area.code))
    if area is None:
        raise Invalid({"area": [_("没有“%(value)s”这个街道或社区。") % {"value": row["area"][:20]}]})
    user = User.objects.filter(username=fold(row["username"])).first()
    created, was = user is None, user.name if user else ""
    if user is None:
        user = create_user(
            username=row["username"],
            name=row["name"],
            phone=row.get("phone", ""),
            password=row.get("password") or None,
            area=place.area,
            by=place.by,
        )
    elif user.name != clean(row["name"]):
        user = rename_user(user=user, by=place.by, name=row["name"])
    if not user.is_active and _was_taken_back(user):
        user = set_active(user=user, by=place.by, active=True)
        created = True  # taken back once more, it is switched off once more
    role = _role(row)
    held = RoleGrant.objects.unended().filter(user=user, role=role, area=area).exists()
    grant = None
    if not held:
        starts, ends = (date.fromisoformat(row[key]) if row.get(key) else None for key in ("starts_on", "ends_on"))
        grant = grant_role(user=user, role=role, area=area, by=place.by, starts_on=starts, ends_on=ends)
    before = {"created": created, "was": was, "now": user.name, "grant": grant.pk if grant else None}
    return Applied(str(user.pk), before)


def revert(subject: str, before: Mapping[str, Any], place: Place) -> None:
    user = User.objects.get(pk=subject)
    if before["created"] and user.last_login is not None:
        raise Untouchable(_("本人已经登录过，没有撤销。请在人员页里结束角色。"))
    if user.name != before["now"]:
        raise Untouchable(_("导入之后有人改过，没有撤销。"))
    grant = RoleGrant.objects.unended().filter(pk=before["grant"]).first() if before["grant"] else None
    if grant is not None:
        end_grant(grant=grant, by=place.by, on=max(timezone.localdate(), grant.starts_on))
    if before["was"] and before["was"] != before["now"]:
        rename_user(user=user, by=place.by, name=before["was"])
    if before["created"]:
        if user.grants.unended().exists():
            raise Untouchable(_("这个账号另有角色，没有停用。"))
        set_active(user=user, by=place.by, active=False)


STAFF = ImportKind(
    "staff",
    label=gettext_lazy("工作人员和角色"),
    columns=COLUMNS,
    roles=frozenset({Role.SYSTEM_ADMIN}),
    natural=_natural,
    plan=plan,
    apply=apply,
    revert=revert,
    order=40,
    help=[
        gettext_lazy("一人有几个角色就写几行。已有的账号只补角色、改姓名；结束角色请到“角色授权”页。"),
        gettext_lazy("三种管理员不能导入，请逐个授权。撤销时，新建的账号停用，授的角色当天结束。"),
    ],
)
