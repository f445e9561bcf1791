"""Who comes, with whom, and who has to wait. Nobody is in two places at one time: the database itself refuses."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib.appendonly import AppendOnlyModel
from alliance.lib.privacy import EncryptedField
from alliance.lib.workflow import WorkflowModel
from projects.models.paper import person as colleague
from resources.models.opening import only
from volunteers.models.activity import Post
from volunteers.querysets.activities import ComingQuerySet
from volunteers.states import BUSY, SIGNUP_WORKFLOW, Appeal, SignUpState, SignUpVerb


class SignUp(WorkflowModel):
    """``person`` comes to ``post``, with grown-ups and children beside, or waits for seats.

    ``ages``: of the children, in years, no names. ``real_name``: where a bus or an insurance asks for it; gone
    once the day is over. ``appeal_words``: what the person says against 没有来. ``queued_at`` is the place in the
    line: who was offered a seat and let it go stands last.
    """

    workflow = SIGNUP_WORKFLOW
    keep_rows = True

    post = models.ForeignKey(Post, models.PROTECT, related_name="signups", verbose_name=_("岗位"), db_index=False)
    person = models.ForeignKey("people.User", models.PROTECT, related_name="+", verbose_name=_("本人"), db_index=False)
    by = colleague(_("经手人"), null=False)
    street_code = models.CharField(max_length=9, editable=False)
    client_key = models.UUIDField(editable=False)
    during = DateTimeRangeField(_("时间"), editable=False)
    myself = models.BooleanField(_("本人去"), default=True)
    companions = models.PositiveSmallIntegerField(_("同行人"), default=0)
    children = models.PositiveSmallIntegerField(_("孩子"), default=0)
    ages = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("孩子几岁"), default=list, blank=True)
    guardian_ok = models.BooleanField(_("监护人同意"), default=False)
    seats = models.GeneratedField(
        expression=F("companions") + F("children") + Case(When(myself=True, then=Value(1)), default=Value(0)),
        output_field=models.IntegerField(),
        db_persist=True,
        verbose_name=_("人数"),
    )
    real_name = EncryptedField(_("姓名"), null=True, editable=False)
    state = models.CharField(_("状态"), max_length=10, choices=SignUpState.choices, editable=False)
    made_at = models.DateTimeField(_("报名时间"), default=timezone.now, editable=False)
    queued_at = models.DateTimeField(_("排队时间"), null=True, blank=True, editable=False)
    answer_by = models.DateTimeField(_("最晚何时确认"), null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(_("取消时间"), null=True, blank=True, editable=False)
    appeal = models.CharField(
        _("说明情况"), max_length=8, choices=Appeal.choices, blank=True, default=Appeal.NONE, editable=False
    )

    appeal_words = EncryptedField(_("说明"), blank=True, default="", db_default="", editable=False)

    just_made = False
    """Of the answer of ``sign_up``: whether this tap made it, or found an earlier one."""

    objects = ComingQuerySet.as_manager()

    class Meta:
        verbose_name = _("报名")
        verbose_name_plural = pgettext_lazy("plural", "报名")
        indexes = (
            models.Index("post", "state", "queued_at", "id", name="coming_of_post"),
            models.Index("person", F("made_at").desc(), F("id").desc(), name="coming_of_person"),
            models.Index("street_code", "made_at", name="coming_appealed", condition=Q(appeal=Appeal.ASKED)),
        )
        constraints = (
            models.UniqueConstraint(fields=("client_key",), name="coming_client_key_once"),
            models.CheckConstraint(condition=Q(state__in=SignUpState.values), name="coming_state_known"),
            models.CheckConstraint(condition=Q(seats__range=(1, 10)), name="coming_seats_in_bounds"),
            models.CheckConstraint(condition=Q(ages__len=F("children")), name="coming_age_of_every_child"),
            models.CheckConstraint(
                condition=Q(children=0) | Q(guardian_ok=True),
                name="coming_child_with_guardian",
                violation_error_message=_("孩子报名要监护人同意。"),
            ),
            models.CheckConstraint(
                condition=Q(state=SignUpState.OFFERED, answer_by__isnull=False)
                | (~Q(state=SignUpState.OFFERED) & Q(answer_by__isnull=True)),
                name="coming_offered_until",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[SignUpState.WAITING, SignUpState.OFFERED]) | Q(queued_at__isnull=False),
                name="coming_waits_since",
            ),
            models.CheckConstraint(
                condition=Q(state=SignUpState.CANCELLED, ended_at__isnull=False)
                | (~Q(state=SignUpState.CANCELLED) & Q(ended_at__isnull=True)),
                name="coming_ended_has_time",
            ),
            models.CheckConstraint(
                condition=Q(appeal="") | Q(state__in=[SignUpState.NO_SHOW, SignUpState.CANCELLED]),
                name="coming_appeal_of_a_no_show",
            ),
            ExclusionConstraint(
                name="coming_one_place_at_a_time",
                expressions=[(only("person"), RangeOperators.OVERLAPS), ("during", RangeOperators.OVERLAPS)],
                condition=Q(state__in=BUSY),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.made_at:%m-%d %H:%M}"

    def write_event(self, *, verb: str, actor: Any, source: str, target: str, note: str, **event: Any) -> SignUpEvent:
        """Without ``note``: free words of or about a person stand on the row, which they may have emptied."""
        return SignUpEvent.objects.create(signup=self, verb=verb, actor=actor, source=source, target=target, **event)


class SignUpEvent(AppendOnlyModel):
    """One line of a sign-up's history. It is there for good, and therefore carries no words."""

    signup = models.ForeignKey(SignUp, models.PROTECT, related_name="events", db_index=False)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    actor = models.ForeignKey(
        "people.User", models.PROTECT, null=True, related_name="+", verbose_name=_("经手人"), db_index=False
    )
    verb = models.CharField(_("动作"), max_length=12, choices=SignUpVerb.choices)
    source = models.CharField(max_length=12, blank=True)
    target = models.CharField(max_length=12)

    class Meta:
        verbose_name = _("报名经过")
        verbose_name_plural = pgettext_lazy("plural", "报名经过")
        ordering = ("at", "id")
        indexes = (models.Index(fields=("signup", "at", "id"), name="signupevent_at"),)
        constraints = (models.CheckConstraint(condition=Q(verb__in=SignUpVerb.values), name="signupevent_verb_known"),)

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.at:%m-%d %H:%M}"
