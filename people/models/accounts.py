"""People who sign in, and the roles they hold in areas between two dates."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, F, Func, Q, Value, When
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib.privacy import EncryptedField
from people.querysets import GrantQuerySet, UserQuerySet
from people.states import ADMIN_ROLES, WORK_ROLES, Role, SignIn

REST = timedelta(days=90)
"""A carrier lets a number rest at least so long before it gives it to somebody else."""


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Finds people by user name; accounts are made by ``people.services.accounts``."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username=username)


class User(AbstractBaseUser):
    """An account. What it may do follows from its grants (staff) and seats (liaisons), never from the account."""

    username = models.CharField(_("用户名"), max_length=60)
    name = models.CharField(_("姓名"), max_length=30)
    phone = EncryptedField(_("手机"), blank=True, default="")
    phone_index = models.CharField(max_length=43, blank=True, default="", editable=False)
    email = EncryptedField(_("电子邮箱"), blank=True, default="", db_default="")
    sign_in = models.CharField(
        _("登录方式"),
        max_length=10,
        choices=SignIn.choices,
        default=SignIn.PASSWORD,
        db_default=SignIn.PASSWORD,
        editable=False,
    )
    area = models.ForeignKey(
        "people.Area",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("所属区域"),
        help_text=_("由这里的管理员管这个账号；角色另行授予"),
    )
    is_active = models.BooleanField(_("启用"), default=True)
    is_demo = models.BooleanField(_("演示账号"), default=False, editable=False)
    must_change_password = models.BooleanField(_("下次登录须改密码"), default=False)
    session_epoch = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("建立时间"), default=timezone.now, editable=False)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = _("人员")
        verbose_name_plural = pgettext_lazy("plural", "人员")
        constraints = (
            models.UniqueConstraint(
                fields=("username",),
                name="user_username_once",
                violation_error_message=_("这个用户名已经有人用了。"),
            ),
            models.CheckConstraint(condition=Q(sign_in__in=SignIn.values), name="user_sign_in_known"),
            models.UniqueConstraint(
                fields=("phone_index",),
                condition=Q(sign_in=SignIn.PHONE) & ~Q(phone_index=""),
                name="user_phone_account_once",
                violation_error_message=_("这个手机号已经有账号。"),
            ),
            # An account entered by code has its phone, unless it was emptied and closed.
            models.CheckConstraint(
                condition=Q(sign_in=SignIn.PASSWORD) | ~Q(phone_index="") | Q(is_active=False),
                name="user_phone_account_has_phone",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    def _get_session_auth_hash(self, secret: Any = None) -> str:
        # A changed password or a changed role (session_epoch) ends every open session.
        salt = "people.User.session"
        return salted_hmac(salt, f"{self.password}:{self.session_epoch}", secret=secret, algorithm="sha256").hexdigest()

    @property
    def phone_since(self) -> datetime:
        """What was said with the phone from here on is this person's; before, the number may have been another's."""
        return self.created_at - REST

    @property
    def is_asleep(self) -> bool:
        """Not entered for so long that the number may be somebody else's by now. The demo's numbers are nobody's."""
        unused = self.sign_in == SignIn.PHONE and not self.is_demo
        return unused and timezone.now() - self.last_used >= REST

    @property
    def last_used(self) -> datetime:
        """When the door was last opened."""
        return self.last_login or self.created_at

    @cached_property
    def roles(self) -> tuple[tuple[str, str], ...]:
        """(role, area code) of the grants in force today; one query per request."""
        if not self.pk or not self.is_active:
            return ()
        return tuple(self.grants.active().values_list("role", "area_id"))

    def has_role(self, *roles: str) -> bool:
        return any(role in roles for role, _area in self.roles)

    def areas_of(self, *roles: str) -> frozenset[str]:
        """Codes of the areas in which the person holds one of ``roles``."""
        return frozenset(area for role, area in self.roles if role in roles)

    def roles_at(self, area_code: str) -> frozenset[str]:
        """Roles held in ``area_code`` or in an area around it."""
        return frozenset(role for role, area in self.roles if area_code.startswith(area))

    @property
    def is_staff(self) -> bool:
        """Whether the workbench opens: anybody with a grant in force."""
        return bool(self.roles)

    @property
    def is_worker(self) -> bool:
        """Whether the person handles residents' cases."""
        return self.has_role(*WORK_ROLES)

    # Django's admin asks these two; rights come from abilities (ScopedAdmin), so nothing is granted here.
    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False


def _period() -> Func:
    return Func("starts_on", "ends_on", RangeBoundary(), function="DATERANGE", output_field=DateRangeField())


def _check_order(start: date | None, end: date | None) -> None:
    # Before the exclusion constraints are asked: a range that ends before it starts is a fault to PostgreSQL.
    if start and end and end < start:
        raise ValidationError({"ends_on": _("结束日期不能早于开始日期。")})


class RoleGrant(models.Model):
    """Role × area × dates. ``ends_on`` is the first day without the role."""

    user = models.ForeignKey(User, models.PROTECT, related_name="grants", verbose_name=_("人员"))
    role = models.CharField(_("角色"), max_length=24, choices=Role.choices)
    area = models.ForeignKey("people.Area", models.PROTECT, related_name="grants", verbose_name=_("区域"))
    starts_on = models.DateField(_("起"), default=timezone.localdate)
    ends_on = models.DateField(_("止"), null=True, blank=True, help_text=_("这一天起不再担任；长期的不填"))
    granted_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("授权人"),
    )
    note = models.CharField(_("说明"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)

    objects = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("角色授权")
        verbose_name_plural = pgettext_lazy("plural", "角色授权")
        indexes = (models.Index(fields=("area", "role"), name="grant_area_role"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="grant_dates_in_order",
                violation_error_message=_("结束日期不能早于开始日期。"),
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values),
                name="grant_role_known",
                violation_error_message=_("没有这个角色。"),
            ),
            # System, security and audit administration exclude one another (RELIABILITY: separation of duties).
            ExclusionConstraint(
                name="grant_admins_apart",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    (Cast("role", models.TextField()), RangeOperators.NOT_EQUAL),
                    (_period(), RangeOperators.OVERLAPS),
                ],
                condition=Q(role__in=sorted(ADMIN_ROLES)),
                violation_error_message=_("系统、安全、审计三种管理员不能由一人兼任。"),
            ),
            # Nor may an administrator be anything else: two roles overlap only if both or neither administrate.
            ExclusionConstraint(
                name="grant_admins_alone",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    (
                        Case(
                            When(role__in=sorted(ADMIN_ROLES), then=Value(1)),
                            default=Value(0),
                            output_field=models.IntegerField(),
                        ),
                        RangeOperators.NOT_EQUAL,
                    ),
                    (_period(), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("管理员不能同时担任别的角色，请用另一个账号。"),
            ),
            models.UniqueConstraint(
                fields=("user", "role", "area", "starts_on"),
                name="grant_once",
                violation_error_message=_("这个人在这里已有这个角色。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_role_display()} · {self.area}"

    def clean(self) -> None:
        _check_order(self.starts_on, self.ends_on)
