"""联盟登记 on the workbench: what waits for whoever keeps the register, each line a way to it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.services.keeping import ToKeep, to_keep
from members.states import REGISTER_ROLES
from people.models import User

FEW = 3


def keeping_panel(request: HttpRequest) -> dict[str, Any] | None:
    """For whoever keeps the register of a street."""
    user = request.user
    if not isinstance(user, User) or not user.has_role(*REGISTER_ROLES):
        return None
    lines = _lines(to_keep(user))
    return {
        "title": _("联盟登记"),
        "url": reverse("admin:members_memberunit_changelist"),
        "more": _("共建单位"),
        "lines": lines,
        "empty": _("都理好了，没有要您登记、核对的。"),
        # Without a number: to find out, all names are compared.
        "also": {"text": _("可能重复"), "url": reverse("admin:members_duplicates")},
    }


def _lines(waits: ToKeep) -> list[dict[str, str]]:
    found = [
        _line(
            ngettext("%(n)d家单位还没编组", "%(n)d家单位还没编组", n) % {"n": n},
            reverse("admin:members_alliance_matrix", args=[alliance.pk]) + "?cell=-.-#units",
            alliance.name,
        )
        for alliance, n in waits.unplaced[:FEW]
    ]
    if waits.offers:
        asked = ngettext("%(n)d位联络员还没答复邀请", "%(n)d位联络员还没答复邀请", waits.offers) % {"n": waits.offers}
        found.append(_line(asked, reverse("admin:members_seatoffer_changelist") + "?tab=open"))
    found += [_line(_("草稿还没发布"), _document(one.pk), one.title) for one in waits.drafts[:FEW]]
    found += [
        _line(ngettext("%(n)d家单位还没看文件", "%(n)d家单位还没看文件", n) % {"n": n}, _document(one.pk), one.title)
        for one, n in waits.unread[:FEW]
    ]
    return found


def _line(text: str, url: str, small: str = "") -> dict[str, str]:
    return {"text": text, "small": small, "url": url}


def _document(pk: int) -> str:
    return reverse("admin:members_document_change", args=[pk])
