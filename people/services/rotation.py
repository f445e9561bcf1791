"""Personal data under a new key: every encrypted column of every app, in small transactions, as often as one likes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import structlog
from cryptography.fernet import InvalidToken
from django.apps import apps
from django.db import models, transaction
from django.db.models import TextField, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import RuleBroken
from alliance.lib.privacy import EncryptedField, is_newest, rotate

BATCH = 500
_log = structlog.get_logger("tongxin.people")


def encrypted_columns() -> Iterator[tuple[type[models.Model], list[str]]]:
    """Every model with encrypted columns, and their names."""
    for model in sorted(apps.get_models(), key=lambda model: model._meta.label):
        names = [field.name for field in model._meta.concrete_fields if isinstance(field, EncryptedField)]
        if names:
            yield model, names


def rotate_keys(*, only_count: bool = False) -> dict[str, int]:
    """Put what is under an older key under the first of ``PRIVACY_KEYS``; returns the rows concerned by table.

    ``only_count`` changes nothing: when it finds no row, the older keys are needed for backups alone. Every process
    must know the new key before, or it cannot read what this writes. Rows keep their version and their digests.
    Raises ``RuleBroken`` for a row that none of the keys opens; what was rotated until then stays rotated.
    """
    found = {}
    for model, names in encrypted_columns():
        found[model._meta.db_table] = sum(_batches(model, names, only_count))
    _log.info("keys_counted" if only_count else "keys_rotated", **found)
    return found


def _batches(model: type[models.Model], names: list[str], only_count: bool) -> Iterator[int]:
    after: Any = None
    while True:
        with transaction.atomic():
            rows = _stored(model, names, after)
            yield sum(_rotate_row(model, names, pk, tokens, only_count) for pk, *tokens in rows)
        if len(rows) < BATCH:
            return
        after = rows[-1][0]


def _stored(model: type[models.Model], names: list[str], after: Any) -> list[Any]:
    """The next rows, locked, with their ciphertext as it stands: the cast keeps the field from opening it."""
    rows = model._base_manager.order_by("pk").select_for_update(no_key=True)
    rows = rows if after is None else rows.filter(pk__gt=after)
    return list(rows.values_list("pk", *(Cast(name, TextField()) for name in names))[:BATCH])


def _rotate_row(
    model: type[models.Model], names: list[str], pk: Any, tokens: list[str | None], only_count: bool
) -> bool:
    old = {name: token for name, token in zip(names, tokens, strict=True) if token and not is_newest(token)}
    try:
        new = {name: rotate(token) for name, token in old.items()}
    except InvalidToken as error:
        words = _("%(table)s 第%(pk)s行是用别的密钥加密的，请把那把密钥也放进 PRIVACY_KEYS，再运行一次。")
        raise RuleBroken(words % {"table": model._meta.db_table, "pk": pk}) from error
    if new and not only_count:
        changes = {name: Value(token, output_field=TextField()) for name, token in new.items()}
        model._base_manager.filter(pk=pk).update(**changes)
    return bool(new)
