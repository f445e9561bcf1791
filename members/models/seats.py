"""Liaisons' seats, and the offers by which somebody comes to one."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib.privacy import EncryptedField
from alliance.lib.search import Names
from members.models.dated import check_order, in_order, period
from members.models.unit import MemberUnit
from members.querysets import LiaisonQuerySet, SeatOfferQuerySet
from members.states import OfferState
from people.states import SignIn


class Liaison(models.Model):
    """A seat: who speaks for a unit between two dates. ``ends_on`` is the first day without the seat."""

    unit = models.ForeignKey(MemberUnit, models.PROTECT, related_name="seats", verbose_name=_("共建单位"))
    user = models.ForeignKey("people.User", models.PROTECT, related_name="seats", verbose_name=_("账号"))
    name = models.CharField(
        _("联络员"), max_length=30, blank=True, db_default="", help_text=_("单位报来的姓名；本人怎么称呼自己，由本人定")
    )
    title = models.CharField(_("职务"), max_length=40, blank=True)
    is_second = models.BooleanField(_("第二联络员"), default=False)
    starts_on = models.DateField(_("起"), default=timezone.localdate)
    ends_on = models.DateField(_("止"), null=True, blank=True, help_text=_("这一天起不再担任；长期的不填"))
    created_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)
    names = Names(texts=("name",))
    search_text = names.text_column()
    search = names.search_column()

    objects = LiaisonQuerySet.as_manager()

    class Meta:
        verbose_name = _("联络员")
        verbose_name_plural = pgettext_lazy("plural", "联络员")
        ordering = ("unit", "is_second", "-starts_on")
        indexes = (GinIndex("search", name="liaison_search", fastupdate=False),)
        constraints = (
            in_order("starts_on", "ends_on", "liaison_dates_in_order"),
            ExclusionConstraint(
                name="liaison_one_first_one_second",
                expressions=[
                    ("unit", RangeOperators.EQUAL),
                    ("is_second", RangeOperators.EQUAL),
                    (period("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("这段时间已有联络员，请先给原来的填上结束日期。"),
            ),
            ExclusionConstraint(
                name="liaison_person_once_per_unit",
                expressions=[
                    ("unit", RangeOperators.EQUAL),
                    ("user", RangeOperators.EQUAL),
                    (period("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("这个人这段时间已是该单位的联络员。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.shown_name} · {self.unit}"

    @property
    def shown_name(self) -> str:
        """As the unit named the person; of an account with a password, its name."""
        return self.name or (self.user.name if self.user.sign_in == SignIn.PASSWORD else "")

    def clean(self) -> None:
        check_order(self.starts_on, self.ends_on, "ends_on")


class SeatOffer(models.Model):
    """Somebody is asked by a link to take a seat: a new one, or another's (交接), which then ends."""

    keep_rows = True

    unit = models.ForeignKey(MemberUnit, models.PROTECT, related_name="seat_offers", verbose_name=_("共建单位"))
    name = models.CharField(_("请谁"), max_length=30)
    phone = EncryptedField(_("手机"), blank=True, default="")
    phone_index = models.CharField(max_length=43, blank=True, default="", editable=False)
    title = models.CharField(_("职务"), max_length=40, blank=True)
    is_second = models.BooleanField(_("第二联络员"), default=False)
    hands_over = models.ForeignKey(
        Liaison, models.PROTECT, null=True, blank=True, related_name="hand_overs", verbose_name=_("接谁的")
    )
    words = models.CharField(_("交接的话"), max_length=300, blank=True)
    state = models.CharField(
        _("状态"), max_length=10, choices=OfferState.choices, default=OfferState.OPEN, editable=False
    )
    starts_on = models.DateField(_("从哪天起"), default=timezone.localdate)
    created_at = models.DateTimeField(_("发出时间"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        "people.User", models.PROTECT, related_name="+", verbose_name=_("谁发出"), editable=False
    )
    expires_at = models.DateTimeField(_("有效到"), editable=False)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True, editable=False)
    seat = models.OneToOneField(
        Liaison, models.PROTECT, null=True, blank=True, editable=False, related_name="offer", verbose_name=_("席位")
    )

    objects = SeatOfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("联络员邀请")
        verbose_name_plural = pgettext_lazy("plural", "联络员邀请")
        ordering = ("-created_at", "-id")
        constraints = (
            models.CheckConstraint(condition=Q(state__in=OfferState.values), name="seat_offer_state_known"),
            models.UniqueConstraint(
                fields=("unit", "is_second"),
                condition=Q(state=OfferState.OPEN),
                name="seat_offer_one_open",
                violation_error_message=_("已经请了一位，正等答复。要换人请先撤回。"),
            ),
            models.CheckConstraint(
                condition=Q(state=OfferState.TAKEN, seat__isnull=False)
                | Q(~Q(state=OfferState.TAKEN), seat__isnull=True),
                name="seat_offer_taken_has_seat",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} · {self.unit}"

    @property
    def is_over(self) -> bool:
        """Open, but past its time: as good as gone."""
        return self.state == OfferState.OPEN and self.expires_at <= timezone.now()
