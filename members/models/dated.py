"""Two dates of a row: since when, and the first day no more."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _


def period(start: str, end: str) -> Func:
    """The days from ``start`` until before ``end``."""
    return Func(start, end, RangeBoundary(), function="DATERANGE", output_field=DateRangeField())


def in_order(start: str, end: str, name: str) -> models.CheckConstraint:
    """The row ends no earlier than it began."""
    # Equal dates are allowed: a mistake is ended on the day it began and was never in force.
    return models.CheckConstraint(
        condition=Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gte": F(start)}),
        name=name,
        violation_error_message=_("结束日期不能早于开始日期。"),
    )


def one_at_a_time(
    name: str, *fields: str, start: str, end: str, message: Any, condition: Q | None = None
) -> ExclusionConstraint:
    """Of rows that agree in ``fields`` no two are in force on the same day."""
    return ExclusionConstraint(
        name=name,
        expressions=[
            *((field, RangeOperators.EQUAL) for field in fields),
            (period(start, end), RangeOperators.OVERLAPS),
        ],
        condition=condition,
        violation_error_message=message,
    )


def check_order(start: date | None, end: date | None, field: str) -> None:
    """Raises ``ValidationError`` for ``field``."""
    # Before the exclusion constraints are asked: a range that ends before it starts is a fault to PostgreSQL.
    if start and end and end < start:
        raise ValidationError({field: _("结束日期不能早于开始日期。")})
