"""A person's own data to take along: one page to read, and the same as JSON."""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.errors import NotAllowed, Text
from alliance.lib.registry import contributions
from audit.services import record
from audit.states import Action
from people.models import Consent, User
from people.services.consents import consents_of
from people.services.limits import take
from people.states import SignIn

LABELS: dict[str, Text] = {
    "account": gettext_lazy("账号"),
    "consents": gettext_lazy("我同意过的"),
    "needs": gettext_lazy("我反映的事"),
    "messages": gettext_lazy("消息"),
    "cards": gettext_lazy("收到的链接"),
    "seats": gettext_lazy("做过联络员的单位"),
    "claims": gettext_lazy("我接下的"),
    "bookings": gettext_lazy("我的预约"),
    "documents": gettext_lazy("我看过的文件"),
    "agreement_answers": gettext_lazy("我答复过的协议"),
    "meeting_answers": gettext_lazy("我答复过的会议"),
    "topics": gettext_lazy("我提的议题"),
    "calendar_links": gettext_lazy("日历订阅链接"),
    "points": gettext_lazy("积分"),
    "corrections": gettext_lazy("我提的积分疑问"),
    "feedback": gettext_lazy("我说的活动怎么样"),
    "photo_consents": gettext_lazy("活动照片里可不可以有我"),
    "alliance": gettext_lazy("党建联盟"),
    "about": gettext_lazy("对象"),
    "answer": gettext_lazy("答复"),
    "answered_at": gettext_lazy("答复时间"),
    "area": gettext_lazy("社区"),
    "answers": gettext_lazy("您的评价"),
    "at": gettext_lazy("时间"),
    "channel": gettext_lazy("渠道"),
    "ends_on": gettext_lazy("止"),
    "expires_at": gettext_lazy("到期时间"),
    "for": gettext_lazy("事由"),
    "helped_name": gettext_lazy("被帮的人"),
    "helped_phone": gettext_lazy("被帮的人的电话"),
    "history": gettext_lazy("办理经过"),
    "kind": gettext_lazy("种类"),
    "name": gettext_lazy("称呼"),
    "note": gettext_lazy("说明"),
    "notice": gettext_lazy("告知"),
    "number": gettext_lazy("编号"),
    "outcome": gettext_lazy("评价"),
    "phone": gettext_lazy("手机号"),
    "photos": gettext_lazy("照片"),
    "place": gettext_lazy("地点"),
    "seen_at": gettext_lazy("看过的时间"),
    "satisfaction": gettext_lazy("满意度"),
    "starts_on": gettext_lazy("起"),
    "state": gettext_lazy("状态"),
    "text": gettext_lazy("内容"),
    "title": gettext_lazy("标题"),
    "unit": gettext_lazy("单位"),
    "version": gettext_lazy("版本"),
    "withdrawn_at": gettext_lazy("撤回时间"),
    "words": gettext_lazy("您说的"),
}
"""How the keys of the JSON read on the page."""


DOWNLOADS = (10, 3600)


def take_along(*, user: User, ip: str) -> IO[bytes]:
    """``parcel`` for ``user``, noted in the log; ten an hour.

    Raises ``NotAllowed`` (an account with a password) and ``TooMany``.
    """
    if user.sign_in != SignIn.PHONE:
        raise NotAllowed
    take("my-download", str(user.pk), limit=DOWNLOADS[0], seconds=DOWNLOADS[1])
    content = parcel(user)
    record(Action.DOWNLOAD, actor=user, subject=f"u:{user.pk}", ip=ip)
    return content


def parcel(user: User) -> IO[bytes]:
    """A ZIP of everything the apps keep about ``user``, as a file that is gone when closed.

    Each contributes plain values (``my.data``: user → key → rows of key → value) and files (``my.files``: user →
    name, content).
    """
    consents = consents_of(user).select_related("notice").order_by("given_at", "pk")
    data: dict[str, Any] = {"account": [_account(user)], "consents": [_consent(one) for one in consents]}
    for add in contributions("my.data"):
        data.update(add(user))
    made = f"{timezone.localtime():%Y-%m-%d %H:%M}"
    parts = [(_label(key), [list(_lines(row)) for row in rows]) for key, rows in data.items()]
    name = _("我的信息")
    packed = tempfile.TemporaryFile()  # noqa: SIM115 (whoever sends it closes it)
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{name}.html", render_to_string("portal/parcel.html", {"made": made, "parts": parts}))
        archive.writestr(f"{name}.json", json.dumps(data, ensure_ascii=False, indent=2, default=str))
        for add in contributions("my.files"):
            for path, content in add(user):
                archive.writestr(path, content, zipfile.ZIP_STORED)
    packed.seek(0)
    return packed


def _account(user: User) -> dict[str, Any]:
    return {"name": user.name, "phone": user.phone, "at": user.created_at.isoformat()}


def _consent(one: Consent) -> dict[str, Any]:
    return {
        "notice": one.notice.title,
        "version": one.notice.version,
        "number": "" if one.source.startswith("u:") else one.source,
        "at": one.given_at.isoformat(),
        "withdrawn_at": one.withdrawn_at.isoformat() if one.withdrawn_at else "",
    }


def _label(key: str) -> str:
    return str(LABELS.get(key, key))


def _lines(row: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Label and lines of every value there is."""
    for key, value in row.items():
        values = value if isinstance(value, list) else [value]
        if lines := [line for line in (_line(key, one) for one in values) if line]:
            yield _label(key), lines


def _line(key: str, value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(line for line in (_line(name, one) for name, one in value.items()) if line)
    if value and (key == "at" or key.endswith("_at")):
        return f"{timezone.localtime(datetime.fromisoformat(value)):%Y-%m-%d %H:%M}"
    return "" if value is None else str(value)
