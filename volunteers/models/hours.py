"""Who was there, from when until when, and what of it counts as service."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib.appendonly import AppendOnlyModel
from projects.models.paper import person as colleague
from volunteers.models.signup import SignUp
from volunteers.querysets.activities import HoursQuerySet
from volunteers.states import ON_THE_SPOT, How

STEP, DAY_MOST = 30, 8 * 60
"""Minutes: what hours are counted in, and what counts of one day."""


class Attendance(models.Model):
    """Who signed up was there, as long as the sign-up says so (what was noted by mistake is noted anew on this row).
    ``noted_by`` wrote it down; None: the person, with a code. Confirmed by somebody else than the person and than
    whoever wrote it down; what is confirmed stands (``volunteers.guards``)."""

    keep_rows = True

    signup = models.OneToOneField(SignUp, models.PROTECT, related_name="attendance", verbose_name=_("报名"))
    person = colleague(_("本人"), null=False)
    how = models.CharField(_("怎么签到的"), max_length=8, choices=How.choices)
    came_at = models.DateTimeField(_("签到时间"))
    left_at = models.DateTimeField(_("签退时间"), null=True, blank=True)
    noted_by = colleague(_("登记人"))
    noted_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)
    confirmed_by = colleague(_("确认人"))
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True, editable=False)
    in_time = models.BooleanField(_("按时确认"), null=True, editable=False)

    class Meta:
        verbose_name = _("签到")
        verbose_name_plural = pgettext_lazy("plural", "签到")
        constraints = (
            models.CheckConstraint(condition=Q(how__in=How.values), name="attendance_how_known"),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gte=F("came_at")), name="attendance_in_order"
            ),
            models.CheckConstraint(
                condition=Q(noted_by__isnull=True, how__in=ON_THE_SPOT)
                | (Q(noted_by__isnull=False) & ~Q(how__in=ON_THE_SPOT)),
                name="attendance_noted_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True, in_time__isnull=True)
                | Q(
                    confirmed_by__isnull=False, confirmed_at__isnull=False, in_time__isnull=False, left_at__isnull=False
                ),
                name="attendance_confirmed_wholly",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("person")),
                name="attendance_confirmed_by_another",
                violation_error_message=_("自己的时长要由别人确认。"),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | Q(noted_by__isnull=True) | ~Q(confirmed_by=F("noted_by")),
                name="attendance_noted_and_confirmed_by_two",
                violation_error_message=_("登记的人不能自己确认，要由另一位确认。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_how_display()} {self.came_at:%m-%d %H:%M}"


class Hours(AppendOnlyModel):
    """服务时长: ``minutes`` of service of one person on one day, in steps of half an hour. A correction is a further
    row, with what it ``corrects``, and may take away. ``with_points``: noted in time, so that it earned points."""

    person = models.ForeignKey("people.User", models.PROTECT, related_name="+", verbose_name=_("本人"), db_index=False)
    street = models.ForeignKey("people.Area", models.PROTECT, related_name="+", verbose_name=_("街道"), db_index=False)
    attendance = models.ForeignKey(Attendance, models.PROTECT, null=True, related_name="hours", verbose_name=_("签到"))
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name=_("更正哪一条"))
    source = models.CharField(max_length=80)
    day = models.DateField(_("哪天"))
    minutes = models.IntegerField(_("分钟"))
    label = models.CharField(_("做了什么"), max_length=80)
    why = models.CharField(_("为什么更正"), max_length=200, blank=True)
    with_points = models.BooleanField(_("记积分"), default=False)
    by = models.ForeignKey("people.User", models.PROTECT, related_name="+", verbose_name=_("确认人"), db_index=False)
    at = models.DateTimeField(_("时间"), default=timezone.now)

    objects = HoursQuerySet.as_manager()

    class Meta:
        verbose_name = _("服务时长")
        verbose_name_plural = pgettext_lazy("plural", "服务时长")
        indexes = (
            models.Index("person", "day", "id", name="hours_of_person"),
            models.Index("street", F("day").desc(), F("id").desc(), name="hours_of_street"),
        )
        constraints = (
            models.UniqueConstraint(fields=("source",), name="hours_source_once"),
            models.CheckConstraint(condition=Q(minutes__range=(-DAY_MOST, DAY_MOST)), name="hours_at_most_a_day"),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True, minutes__gte=0) | (Q(corrects__isnull=False) & ~Q(why="")),
                name="hours_corrected_with_a_word",
            ),
            models.CheckConstraint(condition=~Q(by=F("person")), name="hours_by_another"),
        )

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.minutes}"
