"""Accounts of people and of streets; what is left of what was given in which year."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from points.querysets import AccountQuerySet
from points.states import Kind


class Account(models.Model):
    """Points of one person in one street, or one of the four accounts the street has in common.

    A person's ``balance`` is what the last line says (``seq`` lines so far) and what the lots hold together: triggers
    of the database refuse anything else. A shared ``balance`` is folded: what the lines up to ``folded_to`` sum up to.
    Whoever deletes their account, or lost it to whoever had the number after it had rested, leaves an account that is
    nobody's (``closed_at``).
    """

    keep_rows = True

    kind = models.CharField(_("种类"), max_length=8, choices=Kind.choices, editable=False)
    street = models.ForeignKey(
        "people.Area", models.PROTECT, related_name="+", verbose_name=_("街道"), db_index=False, editable=False
    )
    person = models.ForeignKey(
        "people.User",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("本人"),
        db_index=False,
        editable=False,
    )
    number = models.CharField(_("账户编号"), max_length=40, blank=True, editable=False)
    balance = models.BigIntegerField(_("余额"), default=0, editable=False)
    seq = models.PositiveIntegerField(default=0, editable=False)
    folded_to = models.BigIntegerField(default=0, editable=False)
    opened_at = models.DateTimeField(_("开户时间"), default=timezone.now, editable=False)
    closed_at = models.DateTimeField(_("销户时间"), null=True, editable=False)

    objects = AccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("积分账户")
        verbose_name_plural = pgettext_lazy("plural", "积分账户")
        indexes = (models.Index("street", F("opened_at").desc(), F("id").desc(), name="account_street_newest"),)
        constraints = (
            models.UniqueConstraint(
                fields=("person", "street"), name="account_of_person_once", condition=Q(person__isnull=False)
            ),
            models.UniqueConstraint(
                fields=("street", "kind"), name="account_shared_once", condition=~Q(kind=Kind.PERSON)
            ),
            models.UniqueConstraint(fields=("number",), name="account_number_once", condition=~Q(number="")),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="account_kind_known"),
            models.CheckConstraint(
                condition=~Q(kind=Kind.PERSON) | Q(balance__gte=0),
                name="account_never_overdrawn",
                violation_error_message=_("积分不够。"),
            ),
            models.CheckConstraint(
                condition=(Q(kind=Kind.PERSON) & ~Q(number="") & Q(folded_to=0))
                | (~Q(kind=Kind.PERSON) & Q(number="", seq=0)),
                name="account_person_or_shared",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False, kind=Kind.PERSON, closed_at__isnull=True)
                | Q(person__isnull=True, kind=Kind.PERSON, closed_at__isnull=False, balance=0)
                | (Q(person__isnull=True, closed_at__isnull=True) & ~Q(kind=Kind.PERSON)),
                name="account_somebodys_or_closed",
            ),
        )

    def __str__(self) -> str:
        return self.number or f"{self.street_id} {self.get_kind_display()}"


class Lot(models.Model):
    """What is left of the points of one account that end with the same day, the last on which they count."""

    keep_rows = True

    account = models.ForeignKey(
        Account, models.PROTECT, related_name="lots", verbose_name=_("账户"), db_index=False, editable=False
    )
    expires_on = models.DateField(_("有效期到"), editable=False)
    rest = models.BigIntegerField(_("还剩"), default=0, editable=False)
    announced_at = models.DateTimeField(_("提醒时间"), null=True, editable=False)

    class Meta:
        verbose_name = _("一批积分")
        verbose_name_plural = pgettext_lazy("plural", "一批积分")
        constraints = (
            models.UniqueConstraint(fields=("account", "expires_on"), name="lot_once"),
            models.CheckConstraint(condition=Q(rest__gte=0), name="lot_never_overdrawn"),
        )

    def __str__(self) -> str:
        return f"{self.expires_on:%Y-%m-%d}"


class Day(models.Model):
    """How much one account was given for one day: a day has a limit."""

    keep_rows = True

    account = models.ForeignKey(Account, models.PROTECT, related_name="days", db_index=False, editable=False)
    day = models.DateField(_("哪天"), editable=False)
    given = models.BigIntegerField(_("给了多少"), default=0, editable=False)

    class Meta:
        verbose_name = _("当天得分")
        verbose_name_plural = pgettext_lazy("plural", "当天得分")
        constraints = (
            models.UniqueConstraint(fields=("account", "day"), name="points_day_once"),
            models.CheckConstraint(condition=Q(given__gte=0), name="points_day_not_negative"),
        )

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}"
