"""What the models of meetings have in common: a line of a history, a colleague, the street of an area."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Left
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.appendonly import AppendOnlyModel


def colleague(label: Any = "", **options: Any) -> models.ForeignKey[Any, Any]:
    """Somebody who did something; nobody asks by this column."""
    options = {"null": True, "blank": True, "editable": False, "db_index": False, **options}
    return models.ForeignKey("people.User", models.PROTECT, related_name="+", verbose_name=label, **options)


def place() -> models.ForeignKey[Any, Any]:
    """The street or community whose office keeps it."""
    label = _("街道或社区")
    return models.ForeignKey("people.Area", models.PROTECT, related_name="+", verbose_name=label, db_index=False)


def street_of_area() -> Any:
    """The code of the street, which leads the indexes of lists."""
    return models.GeneratedField(
        expression=Left("area_id", 9), output_field=models.CharField(max_length=9), db_persist=True
    )


def unit(label: Any, *, null: bool = True, **options: Any) -> models.ForeignKey[Any, Any]:
    """A member unit."""
    options = {"null": null, "blank": null, "related_name": "+", "verbose_name": label, **options}
    return models.ForeignKey("members.MemberUnit", models.PROTECT, **options)


def office(label: Any) -> models.ForeignKey[Any, Any]:
    """The office of a street or community, beside or instead of a unit."""
    options: dict[str, Any] = {"null": True, "blank": True, "related_name": "+", "db_index": False}
    return models.ForeignKey("people.Area", models.PROTECT, verbose_name=label, **options)


def exactly_one(*names: str) -> Q:
    """The condition that of nullable columns ``names`` one is filled."""
    each = [Q(**{f"{name}__isnull": name != chosen for name in names}) for chosen in names]
    return reduce(or_, each)


class HistoryLine(AppendOnlyModel):
    """One line of a history: who did what, from which state to which, with which words."""

    at = models.DateTimeField(_("时间"), default=timezone.now)
    actor = colleague(_("经手人"))
    source = models.CharField(max_length=12, blank=True)
    target = models.CharField(max_length=12)
    words = models.TextField(_("内容"), blank=True)
    params = models.JSONField(default=dict, blank=True)

    verb: Any

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.verb} {self.at:%m-%d %H:%M}"
