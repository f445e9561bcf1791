"""Somebody who gives time: what they can do, when, how far; their history; the settings of a street."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left, Length
from django.db.models.lookups import GreaterThan
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib.appendonly import AppendOnlyModel
from alliance.lib.privacy import EncryptedField
from alliance.lib.workflow import WorkflowModel
from volunteers.querysets.people import PolicyQuerySet, VolunteerQuerySet
from volunteers.states.people import (
    ERRAND_CALLS,
    MOST_CALLS,
    STARS,
    VOLUNTEER_WORKFLOW,
    FreeTime,
    Reach,
    Skill,
    VolunteerState,
    VolunteerVerb,
    age_on,
)


def who(label: Any = "", **options: Any) -> models.ForeignKey[Any, Any]:
    """Somebody who did something; nobody asks by this column."""
    options = {"null": True, "blank": True, "editable": False, "db_index": False, **options}
    return models.ForeignKey("people.User", models.PROTECT, related_name="+", verbose_name=label, **options)


def _stars() -> list[int]:
    return list(STARS)


class VolunteerPolicy(models.Model):
    """What a street decides about its volunteers. One without a row asks for no approval and gives the usual stars.

    ``stars``: from how many hours one, two … stars are given.
    """

    street = models.OneToOneField(
        "people.Area", models.PROTECT, primary_key=True, related_name="+", verbose_name=_("街道")
    )
    asks_approval = models.BooleanField(_("登记后先由社区审核"), default=False)
    stars = ArrayField(models.PositiveIntegerField(), default=_stars, verbose_name=_("几小时评几星"))
    errand_calls = models.PositiveSmallIntegerField(
        _("跑腿告诉附近几位志愿者"), default=ERRAND_CALLS, db_default=ERRAND_CALLS, help_text=_("0：不告诉")
    )
    changed_by = who(_("谁改的"))
    changed_at = models.DateTimeField(_("修改时间"), default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("志愿服务设置")
        verbose_name_plural = pgettext_lazy("plural", "志愿服务设置")
        constraints = (
            models.CheckConstraint(condition=Q(stars__len__gte=1, stars__len__lte=5), name="policy_one_to_five_stars"),
            models.CheckConstraint(condition=Q(errand_calls__lte=MOST_CALLS), name="policy_calls_in_bounds"),
        )

    def __str__(self) -> str:
        return str(self.street_id)


class Volunteer(WorkflowModel):
    """志愿者, one for each account. ``born`` (first of the month) only of a child below 14, whom a guardian registers.

    ``shows``: agreed to be thanked in public, as 王*明. ``reports_hours``: that name, phone and hours go to the
    province's record of volunteers. ``name_asked``: of whoever has hours already; the name stays
    until somebody has looked at a paper, and what it was is kept in ``name_before``.
    """

    workflow = VOLUNTEER_WORKFLOW
    keep_rows = True

    number = models.CharField(_("编号"), max_length=40, editable=False)
    client_key = models.UUIDField(editable=False)
    user = models.OneToOneField("people.User", models.PROTECT, related_name="volunteer", verbose_name=_("账号"))
    area = models.ForeignKey("people.Area", models.PROTECT, related_name="+", verbose_name=_("社区"), db_index=False)
    street_code = models.GeneratedField(
        expression=Left("area_id", 9), output_field=models.CharField(max_length=9), db_persist=True
    )
    name = models.CharField(_("姓名"), max_length=30, blank=True)
    name_asked = EncryptedField(_("想改成"), blank=True, default="", editable=False)
    name_before = EncryptedField(_("原来的姓名"), blank=True, default="", editable=False)
    skills = ArrayField(
        models.CharField(max_length=10, choices=Skill.choices), default=list, blank=True, verbose_name=_("会什么")
    )
    times = ArrayField(
        models.CharField(max_length=10, choices=FreeTime.choices),
        default=list,
        blank=True,
        verbose_name=_("什么时候有空"),
    )
    reach = models.CharField(_("去哪里帮忙"), max_length=10, choices=Reach.choices, default=Reach.STREET)
    shows = models.BooleanField(_("可以公开感谢"), default=False)
    reports_hours = models.BooleanField(_("可以报志愿浙江"), default=False, db_default=False)
    born = models.DateField(_("出生年月"), null=True, blank=True, editable=False)
    guardian_name = EncryptedField(_("监护人"), blank=True, default="", editable=False)
    guardian_phone = EncryptedField(_("监护人手机"), blank=True, default="", editable=False)
    guardian_agreed_on = models.DateField(_("监护人哪天同意的"), null=True, blank=True, editable=False)
    state = models.CharField(
        _("状态"), max_length=8, choices=VolunteerState.choices, default=VolunteerState.PENDING, editable=False
    )
    refused_why = EncryptedField(_("为什么没通过"), blank=True, default="", editable=False)
    registered_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)

    just_made = False
    """Of the answer of ``register``: whether this call made it, or found what an earlier tap had made."""

    objects = VolunteerQuerySet.as_manager()

    class Meta:
        verbose_name = _("志愿者")
        verbose_name_plural = pgettext_lazy("plural", "志愿者")
        indexes = (
            models.Index("street_code", F("registered_at").desc(), F("id").desc(), name="volunteer_street_newest"),
            models.Index(fields=("area",), name="volunteer_by_area"),
        )
        constraints = (
            models.UniqueConstraint(fields=("number",), name="volunteer_number_once"),
            models.UniqueConstraint(fields=("client_key",), name="volunteer_client_key_once"),
            models.CheckConstraint(condition=Q(state__in=VolunteerState.values), name="volunteer_state_known"),
            models.CheckConstraint(condition=Q(reach__in=Reach.values), name="volunteer_reach_known"),
            models.CheckConstraint(
                condition=Q(born__isnull=True, guardian_agreed_on__isnull=True)
                | Q(born__isnull=False, guardian_agreed_on__isnull=False),
                name="volunteer_child_has_guardian",
                violation_error_message=_("不满14岁的孩子，要有监护人同意。"),
            ),
            models.CheckConstraint(
                condition=~Q(state=VolunteerState.REFUSED) | Q(GreaterThan(Length("refused_why"), 0)),
                name="volunteer_refused_with_words",
            ),
        )

    def __str__(self) -> str:
        return self.name or self.number

    def age(self, on: date) -> int | None:
        """Whole years on ``on``, of a child; the birthday counts from the end of its month. None: not a child's row."""
        return None if self.born is None else age_on(self.born, on)

    def write_event(
        self, *, verb: str, actor: Any, source: str, target: str, note: str, **event: Any
    ) -> VolunteerEvent:
        """Without ``note``: free words about a person stand on the row, which they may have emptied."""
        return VolunteerEvent.objects.create(
            volunteer=self, verb=verb, actor=actor, source=source, target=target, **event
        )


class VolunteerEvent(AppendOnlyModel):
    """One line of a volunteer's history: there for good, and therefore without words. ``params``: what was noted,
    without anything personal."""

    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="events", db_index=False)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    actor = who(_("经手人"), editable=True)
    verb = models.CharField(_("动作"), max_length=10, choices=VolunteerVerb.choices)
    source = models.CharField(max_length=10, blank=True)
    target = models.CharField(max_length=10)
    params = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("志愿者经过")
        verbose_name_plural = pgettext_lazy("plural", "志愿者经过")
        ordering = ("at", "id")
        indexes = (models.Index(fields=("volunteer", "at", "id"), name="volunteerevent_at"),)
        constraints = (
            models.CheckConstraint(condition=Q(verb__in=VolunteerVerb.values), name="volunteerevent_verb_known"),
        )

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.at:%m-%d %H:%M}"
