"""A room in a choice."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _


def hall_named(hall: Any) -> Any:
    """文化礼堂（80人）."""
    if not hall.capacity:
        return hall.name
    return _("%(name)s（%(n)d人）") % {"name": hall.name, "n": hall.capacity}
