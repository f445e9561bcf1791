"""What happened to a need, line by line."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.fields.json import KeyTransform
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib.appendonly import AppendOnlyModel
from needs.states import GIVEN_BACK, OWN_WORDS, STAFF_ONLY, Audience, Verb

FOR_RESIDENTS = (*OWN_WORDS, Verb.SUPPLEMENT, Verb.WITHDRAW)
"""Lines whose words the resident wrote or is meant to read."""

LEFT = "left_unit_id"
"""Which unit had been asked when somebody else's step ended that."""
LEFT_NAME = "left_unit"
"""Its name, as it was."""
LEAVING = (Verb.ASSIGN, Verb.ESCALATE, Verb.SEND_BACK, Verb.RETURN, Verb.FINISH, Verb.WITHDRAW)
"""The steps that may."""


class NeedEvent(AppendOnlyModel):
    """One line of a need's history: verb and parameters, shown in either language; ``words`` as they were written."""

    need = models.ForeignKey(
        "needs.Need", models.PROTECT, related_name="events", verbose_name=_("诉求"), db_index=False
    )
    at = models.DateTimeField(_("时间"), default=timezone.now)
    actor = models.ForeignKey(
        "people.User", models.PROTECT, null=True, related_name="+", verbose_name=_("经手人"), db_index=False
    )
    verb = models.CharField(_("动作"), max_length=16, choices=Verb.choices)
    source = models.CharField(max_length=24, blank=True)
    target = models.CharField(max_length=24)
    audience = models.CharField(_("谁能看"), max_length=10, choices=Audience.choices)
    words = models.TextField(_("内容"), blank=True)
    why = models.TextField(_("内部说明"), blank=True, db_default="", help_text=_("为什么转到这里；居民看不到"))
    params = models.JSONField(default=dict)
    client_key = models.UUIDField(null=True, editable=False)

    class Meta:
        verbose_name = _("办理经过")
        verbose_name_plural = pgettext_lazy("plural", "办理经过")
        ordering: ClassVar[list[str]] = ["at", "id"]
        indexes = (
            models.Index(fields=("need", "at", "id"), name="needevent_need_at"),
            # What one unit has replied, newest first.
            models.Index(
                KeyTransform("unit_id", "params"),
                F("at").desc(),
                F("id").desc(),
                name="needevent_unit_answers",
                condition=Q(verb__in=GIVEN_BACK),
            ),
            # What one unit had been asked and others settled, newest first.
            models.Index(
                KeyTransform(LEFT, "params"),
                F("at").desc(),
                F("id").desc(),
                name="needevent_unit_left",
                condition=Q(verb__in=LEAVING, params__has_key=LEFT),
            ),
            # Where a resource was proposed: few among all lines.
            models.Index("need", name="needevent_proposed", condition=Q(verb=Verb.PROPOSE)),
        )
        constraints = (
            models.CheckConstraint(condition=Q(verb__in=Verb.values), name="needevent_verb_known"),
            models.CheckConstraint(condition=Q(audience__in=Audience.values), name="needevent_audience_known"),
            # A second tap on 补充 finds the first.
            models.UniqueConstraint(fields=("client_key",), name="needevent_client_key_once"),
            # Reasons of staff stand in ``why``: a step the resident reads carries words meant for them, or none.
            models.CheckConstraint(
                condition=Q(words="") | Q(audience=Audience.STAFF) | Q(verb__in=FOR_RESIDENTS),
                name="needevent_words_have_a_reader",
            ),
            # An internal note can never be stored as something the resident reads.
            models.CheckConstraint(
                condition=~Q(verb__in=STAFF_ONLY) | Q(audience=Audience.STAFF),
                name="needevent_notes_stay_inside",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.at:%m-%d %H:%M}"
