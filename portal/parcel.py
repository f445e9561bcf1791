"""A person's own data to take along: one page to read, and the same as JSON."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.lib.registry import contributions
from people.models import Consent, User


def parcel(user: User) -> bytes:
    """A ZIP of everything the apps keep about ``user`` (``my.data``: user → heading → rows of label → value)."""
    data: dict[str, Any] = {_("账号"): [_account(user)], _("我同意过的"): [_consent(one) for one in _consents(user)]}
    for add in contributions("my.data"):
        data.update(add(user))
    made = f"{timezone.localtime():%Y-%m-%d %H:%M}"
    page = render_to_string("portal/parcel.html", {"made": made, "parts": [*_parts(data)]})
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as parcel_file:
        parcel_file.writestr(f"{_('我的信息')}.html", page)
        parcel_file.writestr(f"{_('我的信息')}.json", json.dumps(data, ensure_ascii=False, indent=2, default=str))
    return packed.getvalue()


def _account(user: User) -> dict[str, Any]:
    return {_("称呼"): user.name, _("手机号"): user.phone, _("建立时间"): _moment(user.created_at)}


def _consents(user: User) -> Any:
    return Consent.objects.own(user).select_related("notice").order_by("given_at", "pk")


def _consent(one: Consent) -> dict[str, Any]:
    return {
        _("告知"): one.notice.title,
        _("版本"): one.notice.version,
        _("办理编号"): "" if one.source.startswith("u:") else one.source,
        _("同意时间"): _moment(one.given_at),
        _("撤回时间"): _moment(one.withdrawn_at) if one.withdrawn_at else "",
    }


def _moment(value: Any) -> str:
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"


def _parts(data: dict[str, Any]) -> Any:
    """Headings with their rows, each a list of (label, lines); empty values are left out."""
    for heading, rows in data.items():
        given = rows if isinstance(rows, list) else [rows]
        yield heading, [[*_lines(row)] for row in given]


def _lines(row: Any) -> Any:
    for label, value in (row if isinstance(row, dict) else {"": row}).items():
        lines = value if isinstance(value, list) else [value]
        if any(str(line) for line in lines if line is not None):
            yield label, [str(line) for line in lines]
