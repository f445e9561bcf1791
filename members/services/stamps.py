"""What stood in a row when a form was opened: whoever saves it says so, and writes over nobody's change unseen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict

CHANGED = _("别人刚改过这一节。您填的还在，请对照现在的内容，再保存一次。")


def digest(state: Any) -> str:
    text = json.dumps(state, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def stamp_of(row: models.Model, names: Sequence[str]) -> str:
    """A short digest of the fields ``names`` as they stand."""
    return digest([getattr(row, row._meta.get_field(name).attname) for name in names])  # type: ignore[union-attr]


def require_seen(row: models.Model, names: Sequence[str], seen: str | None) -> None:
    """Raises ``Conflict`` unless ``row``, locked, stands as it was ``seen``. None: nobody looked at a form."""
    if seen is not None and seen != stamp_of(row, names):
        raise Conflict(CHANGED)
