"""What needs and wishes put before those who say yes or no (``workbench.approvals``), and the way there."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from alliance.lib.approvals import approvals_count, counted_by
from alliance.lib.pagination import menu_number
from claims.kinds import OfferKind
from members.states import REGISTER_ROLES
from needs import wish_selectors
from needs.list_querysets import ListLineQuerySet
from needs.models import Extension, ListLine, Wish
from needs.permissions import wish_policy_abilities
from needs.presenting import more_time
from needs.presenting import wishes as presenting
from needs.presenting.around import Around, around
from needs.presenting.wish_around import WishAround, wish_around
from needs.querysets import WishQuerySet
from needs.services.extensions import waiting_extensions
from needs.states import SUPERIORS
from needs.states.wish import APPROVERS
from people.models import User
from people.states import COMMUNITY_ROLES, Role

MOST = 200
LISTS = ("/admin/needs/listround/", "/admin/needs/unitlists/", "/admin/needs/listline/")
"""Pages of the two lists: one entry of the menu."""
DECIDERS = frozenset[str]().union(*APPROVERS.values())

WISHES = OfferKind("wish", label=gettext_lazy("微心愿"), url=lambda offer, user: reverse("desk:offer", args=[offer.pk]))


def menu(request: HttpRequest) -> list[dict[str, Any]]:
    """待我审批 with how many wait, the lists of wishes and errands, and for the street who approves them."""
    here = request.path
    asked, wishes = reverse("admin:approvals"), reverse("admin:needs_wish_changelist")
    errands = reverse("admin:needs_errand_changelist")
    user, policy = request.user, reverse("admin:needs_wishpolicy_changelist")
    decides = isinstance(user, User) and "view" in wish_policy_abilities(user)
    found = [
        {
            "label": _("待我审批"),
            "url": asked,
            "count": menu_number(lambda: approvals_count(request)),
            "current": here.startswith(asked),
        },
        {"label": pgettext("plural", "微心愿"), "url": wishes, "current": here.startswith(wishes)},
        {"label": pgettext("plural", "跑腿"), "url": errands, "current": here.startswith(errands)},
    ]
    rounds = reverse("admin:needs_listround_changelist")
    found.append({"label": pgettext("plural", "两张清单"), "url": rounds, "current": here.startswith(LISTS)})
    own = {"label": _("谁来审批心愿"), "url": policy, "current": here.startswith(policy), "rare": True}
    return [*found, own] if decides else found


def _wishes(request: HttpRequest) -> WishQuerySet:
    user = request.user
    if not isinstance(user, User) or not user.has_role(*DECIDERS):
        return Wish.objects.none()
    return wish_selectors.waiting_wishes(user)


@counted_by(lambda request: [_wishes(request)])
def wishes_to_approve(request: HttpRequest) -> list[dict[str, Any]]:
    """Verified wishes that this person may approve."""
    wishes = list(_wishes(request).select_related("area", "verified_by"))
    beside = wish_around(wishes) if wishes else None
    return [_row(wish, beside) for wish in wishes if beside]


def _extensions(request: HttpRequest) -> list[Extension]:
    user = request.user
    if not isinstance(user, User) or not user.has_role(*SUPERIORS, Role.LEADER):
        return []
    return waiting_extensions(user)


@counted_by(lambda request: len(_extensions(request)))
def extensions_to_decide(request: HttpRequest) -> list[dict[str, Any]]:
    """Requests for more time, decided on the page itself."""
    asked = _extensions(request)
    beside = around([one.need for one in asked]) if asked else None
    return [_extension(one, beside) for one in asked if beside]


def _extension(asked: Extension, beside: Around) -> dict[str, Any]:
    who = {"community": asked.need.area.name, "name": asked.asked_by.name}
    return {
        **more_time.row(asked, beside.decision(asked), beside),
        "pk": asked.pk,
        "title": asked.need.title,
        "what": _("申请延期"),
        "who": _("%(community)s，%(name)s申请") % who,
        "since": asked.asked_at,
        "url": reverse("admin:needs_need_change", args=[asked.need_id]),
        "version": asked.need.version,
        "number": asked.need.number,
        "until": asked.until,
        "template": "admin/needs/_extension.html",
        "decide_url": reverse("admin:approvals_extension", args=[asked.pk]),
    }


def _lines(request: HttpRequest) -> ListLineQuerySet:
    user = request.user
    if not isinstance(user, User) or not user.has_role(*REGISTER_ROLES, *COMMUNITY_ROLES):
        return ListLine.objects.none()
    return ListLine.objects.to_take_up(user).order_by("sent_at", "pk")[:MOST]


@counted_by(lambda request: [_lines(request)])
def lines_to_take(request: HttpRequest) -> list[dict[str, Any]]:
    """What units need, said in the yearly lists, for who keeps the alliance."""
    return [
        {
            "title": line.what,
            "what": _("单位的需求"),
            "who": str(line.lists.unit),
            "since": line.sent_at,
            "url": reverse("admin:needs_listline_change", args=[line.pk]),
            "detail": " · ".join(
                part for part in (line.lists.round.title, line.whom, line.on_when, _("没有定日子")) if part
            ),
            "number": "",
        }
        for line in _lines(request).select_related("lists__unit", "lists__round")
    ]


def _row(wish: Wish, around: WishAround) -> dict[str, Any]:
    since, due = wish.verified_at or wish.created_at, presenting.due(wish, around)
    verified = wish.verified_by.name if wish.verified_by else ""
    return {
        "title": wish.item,
        "what": _("微心愿"),
        "who": _("%(community)s，%(name)s核实") % {"community": wish.area.name, "name": verified},
        "since": since,
        "url": reverse("admin:needs_wish_change", args=[wish.pk]),
        "overdue": due["tone"] == "late",
        "detail": " · ".join((due["note"], due["left"])),
        "number": wish.number,
    }
