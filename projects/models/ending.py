"""What an agreement and a project have in common: one colleague asks that it ends, another one agrees."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from projects.models.paper import person
from projects.states import Ending


class EndedByTwo(models.Model):
    """``ending`` is what was asked for last, empty if nothing is; ``ended_by`` who agreed, never who asked."""

    ending = models.CharField(
        _("申请怎样结束"), max_length=8, choices=Ending.choices, blank=True, default="", db_default="", editable=False
    )
    ending_words = models.CharField(
        _("为什么申请"), max_length=500, blank=True, default="", db_default="", editable=False
    )
    ending_by = person(_("申请结束的人"))
    ending_at = models.DateTimeField(_("申请结束的时间"), null=True, blank=True, editable=False)
    ended_by = person(_("同意结束的人"))

    class Meta:
        abstract = True


def ending_rules(name: str, kinds: tuple[Ending, ...]) -> tuple[models.BaseConstraint, ...]:
    """The constraints of an ``EndedByTwo``: nothing is asked for by halves, nobody agrees to what they asked for."""
    nothing = Q(ending="", ending_words="", ending_by__isnull=True, ending_at__isnull=True, ended_by__isnull=True)
    asked = Q(ending__in=kinds, ending_by__isnull=False, ending_at__isnull=False) & ~Q(ending_words="")
    return (
        models.CheckConstraint(condition=nothing | asked, name=f"{name}_ending_wholly"),
        models.CheckConstraint(
            condition=Q(ended_by__isnull=True) | ~Q(ended_by=F("ending_by")), name=f"{name}_ended_by_another"
        ),
    )
