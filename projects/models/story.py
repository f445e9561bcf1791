"""A resident's story about a project: what they said, and that they agreed to its being shown."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from projects.models.paper import person
from projects.models.project import Project
from projects.querysets import StoryQuerySet
from projects.states import ConsentHow, StoryState


class Story(models.Model):
    """居民故事. The consent is to these very words: other words ask for it anew. Taken down, the words are gone."""

    keep_rows = True

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="stories", verbose_name=_("共建项目"), db_index=False
    )
    client_key = models.UUIDField(editable=False)
    called = models.CharField(_("怎么称呼"), max_length=20, blank=True, help_text=_("称呼，不写姓名，如 汤大伯"))
    title = models.CharField(_("标题"), max_length=40, blank=True)
    words = models.TextField(_("故事"), max_length=800, blank=True)
    state = models.CharField(
        _("状态"), max_length=10, choices=StoryState.choices, default=StoryState.WRITTEN, editable=False
    )
    written_by = person(_("谁写的"), null=False)
    written_at = models.DateTimeField(_("写的时间"), default=timezone.now, editable=False)
    worded_on = models.DateField(_("哪天写成这样的"), default=timezone.localdate, editable=False)
    consent_on = models.DateField(_("哪天同意的"), null=True, blank=True, editable=False)
    consent_how = models.CharField(
        _("怎么同意的"), max_length=8, choices=ConsentHow.choices, blank=True, default="", editable=False
    )
    consent_kept = models.CharField(_("凭据在哪里"), max_length=120, blank=True, default="", editable=False)
    consent_by = person(_("谁登记的同意"))
    shown_by = person(_("谁展示的"))
    shown_at = models.DateTimeField(_("展示时间"), null=True, blank=True, editable=False)
    ended_by = person(_("谁撤下的"))
    ended_at = models.DateTimeField(_("撤下时间"), null=True, blank=True, editable=False)
    ended_why = models.CharField(_("为什么撤下"), max_length=200, blank=True, default="", editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    just_made = False
    """Of the answer of ``write_story``: whether this call made it, or found an earlier one."""

    objects = StoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("居民故事")
        verbose_name_plural = pgettext_lazy("plural", "居民故事")
        ordering = ("-written_at", "-id")
        indexes = (models.Index(fields=("project", "state"), name="story_of_project"),)
        constraints = (
            models.UniqueConstraint(fields=("client_key",), name="story_client_key_once"),
            models.CheckConstraint(condition=Q(state__in=StoryState.values), name="story_state_known"),
            models.CheckConstraint(
                condition=Q(consent_on__isnull=True, consent_how="", consent_kept="")
                | (Q(consent_on__isnull=False, consent_how__in=ConsentHow.values) & ~Q(consent_kept="")),
                name="story_consent_whole",
            ),
            models.CheckConstraint(
                condition=Q(consent_on__isnull=True) | Q(consent_on__gte=F("worded_on")),
                name="story_consent_to_these_words",
                violation_error_message=_("同意的日子不能早于写成这样的那天。"),
            ),
            models.CheckConstraint(
                condition=~Q(state=StoryState.SHOWN)
                | (Q(consent_on__isnull=False, shown_at__isnull=False) & ~Q(words="")),
                name="story_shown_with_consent",
            ),
            models.CheckConstraint(
                condition=Q(state=StoryState.TAKEN_DOWN, called="", title="", words="", ended_at__isnull=False)
                | (~Q(state=StoryState.TAKEN_DOWN) & Q(ended_at__isnull=True) & ~Q(words="")),
                name="story_taken_down_is_gone",
            ),
        )

    def __str__(self) -> str:
        return self.title
