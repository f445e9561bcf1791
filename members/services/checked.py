"""Save a row after all its rules, in the form and in the database, with one kind of answer."""

from __future__ import annotations

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction

from alliance.lib.errors import Invalid, Text


def save_checked(row: models.Model, *, raced: Text) -> None:
    """Validate and save ``row``. Raises ``Invalid``; with the message ``raced`` if somebody was faster."""
    try:
        row.full_clean()
        with transaction.atomic():
            row.save()
    except ValidationError as error:
        fields = dict(error.message_dict)
        general = fields.pop(NON_FIELD_ERRORS, [])
        raise Invalid(fields, " ".join(general) or None) from error
    except IntegrityError as error:
        raise Invalid(message=raced) from error
