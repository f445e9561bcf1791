"""The errors a service may raise. Each is mapped to an HTTP answer in one place (``lib.http`` and ``lib.api``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class DomainError(Exception):
    """Base of all errors that are an answer to a person, not a fault of the program."""

    status = 400
    code = "error"
    default: Text = _("这一步没有办成，请稍后再试。")

    def __init__(self, message: Text | None = None) -> None:
        self.message: Text = message or self.default
        super().__init__(str(self.message))


class Invalid(DomainError):
    """What was typed cannot be used. ``fields`` maps a field's name to what to do about it."""

    status = 400
    code = "invalid"
    default = _("有几处需要改一下。")

    def __init__(self, fields: Mapping[str, Sequence[Text]] | None = None, message: Text | None = None) -> None:
        super().__init__(message)
        self.fields: dict[str, list[Text]] = {name: list(texts) for name, texts in (fields or {}).items()}


class NotAllowed(DomainError):
    """The person may see the thing but not do this to it."""

    status = 403
    code = "not_allowed"
    default = _("您没有办理这件事的权限，要办请找社区书记或系统管理员。")


class NotFound(DomainError):
    """There is no such thing, or it is another street's: the two are answered alike."""

    status = 404
    code = "not_found"
    default = _("没有找到。请核对后再试。")


class RuleBroken(DomainError):
    """The state of the thing does not admit this step."""

    status = 409
    code = "rule_broken"
    default = _("现在的状态不能这样办，请刷新看看最新情况。")


class Conflict(DomainError):
    """Somebody else changed the thing in between. ``plain``: said where no form keeps what was typed, over the API."""

    status = 409
    code = "conflict"
    default = _("已被他人更新，请刷新后再办。您填的内容还在。")

    def __init__(self, message: Text | None = None, *, plain: Text | None = None) -> None:
        super().__init__(message)
        self.plain: Text = plain or message or _("已被他人更新，请刷新后再办。")


class TooLarge(DomainError):
    """More was sent than is taken."""

    status = 413
    code = "too_large"
    default = _("发来的内容太大了，请分几次发。")


class TooMany(DomainError):
    """Too many tries. ``retry_after`` is in seconds."""

    status = 429
    code = "too_many"
    default = _("您试得太频繁了，请过一会儿再试。")

    def __init__(self, retry_after: int, message: Text | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Busy(DomainError):
    """A lock was not to be had in time (``lock_timeout``); trying again helps."""

    status = 503
    code = "busy"
    default = _("正在忙，请稍后再试。")


def constraint_of(error: Exception) -> str:
    """The name of the constraint that an ``IntegrityError`` of the database names; empty if it names none."""
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
