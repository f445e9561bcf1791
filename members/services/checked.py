"""Save a row after all its rules, in the form and in the database, with one kind of answer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DataError, IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.lib.errors import Invalid, Text

EARLIEST, AHEAD = date(1949, 10, 1), timedelta(days=5 * 366)
"""Days in a register: nothing here is older than the first, and nobody knows more than five years ahead."""


def require_sensible(**days: date | None) -> None:
    """Raises ``Invalid`` at each of ``days`` (by field) that is a slip of the finger: the year 1, or 2099."""
    last = timezone.localdate() + AHEAD
    words = _("请核对年份：要在%(first)d年到%(last)d年之间。") % {"first": EARLIEST.year, "last": last.year}
    wrong = [name for name, day in days.items() if day is not None and not EARLIEST <= day <= last]
    if wrong:
        raise Invalid({name: [words] for name in wrong})


def save_checked(row: models.Model, *, raced: Text, held: Collection[str] = ()) -> None:
    """Validate and save ``row``. Raises ``Invalid``; with the message ``raced`` if somebody was faster.

    What is unique and what the constraints say is decided by the table as it is written; only when it refuses are
    they asked one by one which sentence to say. Foreign keys whose object the caller has read, or which it names as
    ``held``, are not read again.
    """
    try:
        row.full_clean(exclude=_read(row) | set(held), validate_unique=False, validate_constraints=False)
        try:
            with transaction.atomic():
                row.save(force_insert=row._state.adding)  # a row whose key is chosen never overwrites another
        except (IntegrityError, DataError):
            row.full_clean()
            raise
    except ValidationError as error:
        raise _invalid(error) from error
    except IntegrityError as error:
        raise Invalid(message=raced) from error


def save_all_checked(rows: Sequence[models.Model], *, raced: Text) -> None:
    """Validate new ``rows`` of one table and insert them, all or none, in one statement. Raises ``Invalid``: the first
    that is not valid, or ``raced`` for what the table refuses."""
    try:
        for row in rows:
            row.full_clean(exclude=_read(row), validate_unique=False, validate_constraints=False)
        with transaction.atomic():
            for model in {type(row) for row in rows}:
                model._default_manager.bulk_create(rows)
    except ValidationError as error:
        raise _invalid(error) from error
    except (IntegrityError, DataError) as error:
        raise Invalid(message=raced) from error


def _invalid(error: ValidationError) -> Invalid:
    fields = dict(error.message_dict)
    general = fields.pop(NON_FIELD_ERRORS, [])
    return Invalid(fields, " ".join(general) or None)


def _read(row: models.Model) -> set[str]:
    """Foreign keys whose object is at hand and stands in the database."""
    found = set()
    for field in row._meta.concrete_fields:
        if isinstance(field, models.ForeignKey) and field.is_cached(row):
            there = field.get_cached_value(row)
            if there is not None and not there._state.adding and there.pk == getattr(row, field.attname):
                found.add(field.name)
    return found
