"""Whose turn an errand is once it is said to be there: the same words for staff, resident and runner."""

from __future__ import annotations

from django.utils.translation import gettext as _


def to_confirm() -> str:
    """For staff and for whoever brought it."""
    return _("居民，等确认；社区可以代为确认")


def brought() -> str:
    """For whoever looks at an errand that somebody else ran."""
    return _("送到了，等居民确认")


def you_confirm() -> str:
    """For the resident."""
    return _("您，等您说收到没有；社区可以代为确认")
