"""Pictures of a day, who is to be seen on each, and who agreed to that."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from projects.models.paper import person as colleague
from volunteers.models.activity import Slot
from volunteers.models.signup import SignUp
from volunteers.querysets.photos import PhotoQuerySet


class PhotoConsent(models.Model):
    """Whoever comes agrees to be seen on pictures of the day. ``guardian``: said as a guardian, for the children too.

    The row says what holds now; every yes and its end is kept as a consent of theirs (``people.Consent``).
    """

    keep_rows = True

    signup = models.OneToOneField(SignUp, models.PROTECT, related_name="photo_consent", verbose_name=_("报名"))
    guardian = models.BooleanField(_("监护人同意"), default=False)
    given_at = models.DateTimeField(_("同意时间"), default=timezone.now, editable=False)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("照片同意")
        verbose_name_plural = pgettext_lazy("plural", "照片同意")
        constraints = (
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("given_at")),
                name="photoconsent_in_order",
            ),
        )

    def __str__(self) -> str:
        return f"{self.given_at:%Y-%m-%d}"


class DayPhoto(models.Model):
    """One picture. ``nobody``: nobody on it can be recognised; else ``shown`` names everybody who can.

    ``noted_by`` said so last, and somebody else looked: only then, and while everybody on it agrees, is it public.
    """

    slot = models.ForeignKey(Slot, models.PROTECT, related_name="photos", verbose_name=_("场次"))
    file = models.OneToOneField("files.Attachment", models.PROTECT, related_name="+", verbose_name=_("照片"))
    caption = models.CharField(_("说明"), max_length=60, blank=True, default="")
    nobody = models.BooleanField(_("没有认得出的人"), default=False)
    noted_by = colleague(_("登记人"), null=False)
    noted_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)
    looked_by = colleague(_("谁看过"))
    looked_at = models.DateTimeField(_("看过的时间"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PhotoQuerySet.as_manager()

    class Meta:
        verbose_name = _("活动照片")
        verbose_name_plural = pgettext_lazy("plural", "活动照片")
        ordering = ("slot", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(looked_by__isnull=True, looked_at__isnull=True)
                | Q(looked_by__isnull=False, looked_at__isnull=False),
                name="dayphoto_looked_whole",
            ),
            models.CheckConstraint(
                condition=Q(looked_by__isnull=True) | ~Q(looked_by=F("noted_by")), name="dayphoto_looked_by_another"
            ),
        )

    def __str__(self) -> str:
        return self.caption or str(_("活动照片"))


class PhotoShown(models.Model):
    """Somebody on a picture, by their sign-up, with those who came along. ``children``: theirs are to be seen."""

    photo = models.ForeignKey(DayPhoto, models.PROTECT, related_name="shown", verbose_name=_("照片"), db_index=False)
    signup = models.ForeignKey(SignUp, models.PROTECT, related_name="+", verbose_name=_("谁"))
    children = models.BooleanField(_("有孩子"), default=False)

    class Meta:
        verbose_name = _("照片上的人")
        verbose_name_plural = pgettext_lazy("plural", "照片上的人")
        constraints = (models.UniqueConstraint(fields=("photo", "signup"), name="photoshown_once"),)

    def __str__(self) -> str:
        return str(self.pk)
