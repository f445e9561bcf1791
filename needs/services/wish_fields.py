"""The fields of a wish, checked all at once: what everybody reads, and what stays with its keepers."""

from __future__ import annotations

from typing import Any, TypedDict

from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, Text
from alliance.lib.public_text import require_seen
from alliance.lib.text import clean, fold
from needs.services.intake import check_phone
from needs.states.wish import CAP_YUAN, MOST_SHARES, Delivery, WishKind

CASH = ("现金", "红包", "转账", "汇款", "慰问金", "压岁钱", "微信转", "支付宝")
LENGTHS = {"item": 40, "story": 120, "called": 12, "beneficiary": 30, "household": 500}
PRIVATE = ("beneficiary", "household", "phone")
"""What only the keepers of a wish see."""
Errors = dict[str, list[Text]]


class WishFields(TypedDict, total=False):
    """What is typed. ``item``, ``called`` and ``cap_yuan`` are public; ``story`` is read by whoever has
    it in hand; the last three by nobody outside.
    """

    kind: str
    item: str
    story: str
    called: str
    cap_yuan: int | None
    shares: int
    delivery: str
    beneficiary: str
    household: str
    phone: str


def checked(typed: WishFields, *, seen_warnings: str) -> dict[str, Any]:
    """``typed`` cleaned and complete.

    Raises ``Invalid`` naming every wrong field; ``Warned`` where the public words seem to hold a name, a phone or an
    identity number and nobody has said that this is meant.
    """
    errors: Errors = {}
    found: dict[str, Any] = {name: _words(typed, name, errors) for name in LENGTHS}
    _require(found, errors)
    found["kind"] = _chosen(typed, "kind", WishKind.values, errors, _("请选实物、服务还是陪伴。"))
    found["delivery"] = _chosen(typed, "delivery", Delivery.values, errors, _("请选怎么送。"), Delivery.ACCOMPANIED)
    found["cap_yuan"] = _cap(typed.get("cap_yuan"), found["kind"], errors)
    found["shares"] = shares = typed.get("shares") or 1
    if not 1 <= shares <= MOST_SHARES:
        errors["shares"] = [_("份数请填1到%(n)d。") % {"n": MOST_SHARES}]
    phone = clean(typed.get("phone") or "")
    found["phone"] = check_phone(phone, "phone", errors) if phone else ""
    if errors:
        raise Invalid(errors)
    public = [found["item"], found["story"], found["called"]]
    require_seen(public, [found["beneficiary"]], seen=seen_warnings)
    return found


def _words(typed: WishFields, name: str, errors: Errors) -> str:
    text = clean(str(typed.get(name) or ""))
    text = text if name == "household" else " ".join(text.split())
    if len(text) > LENGTHS[name]:
        errors[name] = [_("请写在%(n)d字以内。") % {"n": LENGTHS[name]}]
    return text


def _require(found: dict[str, Any], errors: Errors) -> None:
    """What may not be left out, and money, which nobody hands over here."""
    empty: dict[str, Text] = {
        "item": _("请写是什么心愿，比如一床厚被子。"),
        "called": _("请写怎么称呼，比如李伯、8岁男孩。"),
        "beneficiary": _("请写受益人姓名，只有社区和街道看得到。"),
    }
    for name, text in empty.items():
        if not found[name]:
            errors.setdefault(name, [text])
    if any(word in fold(found["item"]) for word in CASH):
        errors["item"] = [_("微心愿不收现金，也不转账。请写成一件东西、一次服务或一次陪伴。")]


def _chosen(typed: Any, name: str, values: list[str], errors: Errors, words: Text, default: str = "") -> str:
    value = str(typed.get(name) or default)
    if value not in values:
        errors[name] = [words]
    return value


def _cap(cap: int | None, kind: str, errors: Errors) -> int | None:
    """In yuan; a thing has one, an hour of somebody's time need not."""
    if cap is None:
        if kind == WishKind.GOODS:
            errors["cap_yuan"] = [_("实物心愿要写最多多少元。")]
        return None
    if not 1 <= cap <= CAP_YUAN:
        errors["cap_yuan"] = [_("请填1到%(n)d元，微心愿不超过%(n)d元。") % {"n": CAP_YUAN}]
    return cap
