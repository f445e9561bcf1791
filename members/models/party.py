"""Party organisations (党组织) under a community or a unit, and the lists on which some are cultivated."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib.ordering import SortKeyField
from alliance.lib.search import Names
from members.models.dated import check_order, in_order
from members.models.unit import MemberUnit
from members.querysets import CultivationQuerySet, ListedQuerySet, OrganisationQuerySet
from members.states import Outcome, PartyKind


class PartyOrganisation(models.Model):
    """A party committee, general branch or branch."""

    name = models.CharField(_("名称"), max_length=60)
    kind = models.CharField(_("类型"), max_length=16, choices=PartyKind.choices)
    area = models.ForeignKey(
        "people.Area", models.PROTECT, related_name="party_organisations", verbose_name=_("所在地")
    )
    unit = models.ForeignKey(
        MemberUnit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="party_organisations",
        verbose_name=_("所属单位"),
        help_text=_("社区自己的党组织不填"),
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("上级党组织")
    )
    secretary = models.CharField(_("书记"), max_length=30, blank=True)
    member_count = models.PositiveIntegerField(_("党员人数"), null=True, blank=True)
    set_up_on = models.DateField(_("成立日期"), null=True, blank=True)
    ended_on = models.DateField(_("撤销日期"), null=True, blank=True)
    is_public = models.BooleanField(_("公开展示"), default=False)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    pinyin = models.CharField(_("拼音"), max_length=300, blank=True, editable=False)
    initials = models.CharField(_("拼音首字母"), max_length=80, blank=True, editable=False)
    street_code = models.GeneratedField(
        expression=Left("area_id", 9), output_field=models.CharField(max_length=9), db_persist=True
    )
    sorted_as = SortKeyField()
    names = Names(texts=("name",), sounds=("pinyin", "initials"))
    search_text = names.text_column()
    search = names.search_column()

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("党组织")
        verbose_name_plural = pgettext_lazy("plural", "党组织")
        ordering = ("sorted_as", "id")
        indexes = (
            models.Index(fields=("street_code", "sorted_as", "id"), name="party_street_sorted"),
            GinIndex("search", name="party_search", fastupdate=False),
        )
        constraints = (
            in_order("set_up_on", "ended_on", "party_dates_in_order"),
            models.UniqueConstraint(
                fields=("area", "name"),
                condition=Q(ended_on__isnull=True),
                name="party_name_once",
                violation_error_message=_("这里已有同名的党组织。"),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=PartyKind.values),
                name="party_kind_known",
                violation_error_message=_("没有这个党组织类型。"),
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("pk")),
                name="party_not_below_itself",
                violation_error_message=_("上级不能是自己。"),
            ),
        )

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        check_order(self.set_up_on, self.ended_on, "ended_on")


class Cultivation(models.Model):
    """A list on which organisations are cultivated: 过硬支部 and the like, with its criteria."""

    area = models.ForeignKey("people.Area", models.PROTECT, related_name="+", verbose_name=_("所在地"))
    name = models.CharField(_("名称"), max_length=40, help_text=_("如 过硬支部培育"))
    year = models.PositiveSmallIntegerField(_("年度"))
    criteria = models.TextField(_("标准"), max_length=600, blank=True, help_text=_("每行一条"))
    street_code = models.GeneratedField(
        expression=Left("area_id", 9), output_field=models.CharField(max_length=9), db_persist=True
    )

    objects = CultivationQuerySet.as_manager()

    class Meta:
        verbose_name = _("培育名单")
        verbose_name_plural = pgettext_lazy("plural", "培育名单")
        ordering = ("-year", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("area", "name", "year"),
                name="cultivation_once_a_year",
                violation_error_message=_("这一年已有这个名单。"),
            ),
            models.CheckConstraint(
                condition=Q(year__gte=1921, year__lte=2100),
                name="cultivation_year_plausible",
                violation_error_message=_("请核对年度。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.year}"


class Listed(models.Model):
    """An organisation on a list, and what became of it. Organisations are listed, never people."""

    cultivation = models.ForeignKey(Cultivation, models.PROTECT, related_name="listed", verbose_name=_("培育名单"))
    organisation = models.ForeignKey(PartyOrganisation, models.PROTECT, related_name="listed", verbose_name=_("党组织"))
    listed_on = models.DateField(_("列入日期"), default=timezone.localdate)
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome.choices, default=Outcome.GROWING)
    decided_on = models.DateField(_("认定日期"), null=True, blank=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)

    objects = ListedQuerySet.as_manager()

    class Meta:
        verbose_name = _("培育对象")
        verbose_name_plural = pgettext_lazy("plural", "培育对象")
        ordering = ("cultivation", "organisation__sorted_as", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("cultivation", "organisation"),
                name="listed_once",
                violation_error_message=_("这个党组织已在名单上。"),
            ),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="listed_outcome_known"),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.GROWING, decided_on__isnull=True)
                | Q(~Q(outcome=Outcome.GROWING), decided_on__isnull=False),
                name="listed_decided_has_date",
                violation_error_message=_("有了结果请填认定日期。"),
            ),
        )

    def __str__(self) -> str:
        return str(self.organisation)
