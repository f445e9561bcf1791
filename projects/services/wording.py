"""The text of an agreement or amendment as it is confirmed and signed. In Chinese, whoever reads it: it is a paper.

The same rows always give the same text, and the text its digest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from projects.models import Agreement, Amendment, Paper, Party

INDENT = "　　"


def digest(text: str) -> str:
    """SHA-256 of ``text``, in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def compose(paper: Paper) -> str:
    """The text that the units are asked to confirm: without the day and the place of the signing."""
    if isinstance(paper, Amendment):
        return _amendment(paper)
    if isinstance(paper, Agreement):
        return _agreement(paper)
    raise TypeError("no paper")


def with_signing(text: str, *, on: date, place: str) -> str:
    """The whole text: what was confirmed, and when and where it was signed."""
    return f"{text}\n签订日期：{written(on)}\n签订地点：{place}\n"


def written(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def number(amount: Decimal) -> str:
    """40000, 98.5: no zeros behind."""
    plain = f"{amount:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _agreement(row: Agreement) -> str:
    parties, targets = _present(row), list(row.targets.all())
    lines = ["共建协议", f"编号：{row.number}", f"主题：{row.theme}", *_names(row, parties)]
    if row.renews is not None:
        lines.append(f"续签：{row.renews.number}")
    lines += [f"期限：{written(row.starts_on)}至{written(row.ends_on)}", "", "一、共建内容", *_indented(row.aim), ""]
    lines += ["二、各方责任", f"甲方（{row.area.name}）：", *_indented(row.office_duties)]
    for place, party in enumerate(parties):
        lines += [f"{_called(place, parties)}（{party.name}）：", *_indented(party.duties)]
    if targets:
        lines += ["", "三、指标"]
        lines += [f"{INDENT}{n}. {one.name}：{number(one.amount)}{one.measure}" for n, one in enumerate(targets, 1)]
    return "\n".join(lines) + "\n"


def _amendment(row: Amendment) -> str:
    agreement = row.agreement
    parties = _present(agreement)
    lines = [f"补充协议（第{row.ordinal}号）", f"原协议：{agreement.number} {agreement.theme}"]
    lines += [
        f"原协议校验码：{agreement.sha256}",
        *_names(agreement, parties),
        "",
        "一、补充内容",
        *_indented(row.words),
    ]
    if row.new_ends_on is not None:
        lines += ["", "二、期限", f"{INDENT}履行到{written(row.new_ends_on)}。"]
    return "\n".join(lines) + "\n"


def _present(agreement: Agreement) -> list[Party]:
    return [party for party in agreement.parties.all() if party.left_on is None]


def _names(agreement: Agreement, parties: list[Party]) -> Iterable[str]:
    yield f"甲方：{agreement.area.name}"
    for place, party in enumerate(parties):
        yield f"{_called(place, parties)}：{party.name}"


def _called(place: int, parties: list[Party]) -> str:
    """乙方; of several 乙方1, 乙方2."""
    return "乙方" if len(parties) == 1 else f"乙方{place + 1}"


def _indented(text: str) -> Iterable[str]:
    return (f"{INDENT}{line.strip()}" for line in text.split("\n") if line.strip())
