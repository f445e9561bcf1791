"""What needs add to the workbench: menu, tiles, the queue."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.approvals import approvals_count
from alliance.lib.pagination import capped_count, count_label, menu_number
from alliance.lib.registry import contribute, contributions
from claims.kinds import register_offer_kind
from claims.models import Claim
from deadlines.kinds import register_kind, register_stage
from members.models import Alliance, MemberUnit
from members.services.in_hand import InHand, OpenThing
from members.services.journal import Journal
from needs import approvals, digests, presenting, selectors, wording
from needs.defaults import load_clocks, load_defaults, load_kinds
from needs.links import list_url, progress_path
from needs.listings.three import of_alliance, three
from needs.models import Errand, Need, Wish
from needs.permissions import abilities
from needs.presenting.brief import brief
from needs.presenting.fitting import met_rows
from needs.presenting.points import things as points_things
from needs.service_card import given
from needs.services import (
    errand_clock,
    errand_confirm,
    errands,
    extension_clock,
    list_dues,
    list_merging,
    silence,
    waiting_ends,
    wish_limits,
)
from needs.services.asking import DUES
from needs.services.follow_up import FOLLOW_UP
from needs.services.limits import STAGES
from needs.services.mine import added, forget_all, my_data, my_needs, my_photos, open_needs, spoken_from
from needs.states import HANDLERS
from needs.views import answers
from notifications.cards import register_card
from people.models import User
from people.states import Role, SignIn
from resources.services.subjects import Subject

OPEN_MOST = 50
FEW = 6


def _worker(request: HttpRequest) -> User | None:
    user = request.user
    return user if isinstance(user, User) and "view" in abilities(user) else None


def nav(request: HttpRequest) -> dict[str, Any] | None:
    """办事: the workbench itself and the list of needs."""
    from_here = request.path
    user = _worker(request)
    if user is None:
        return None
    home, needs = "/admin/", list_url()
    return {
        "key": "work",
        "title": _("办事"),
        "items": [
            {"label": _("工作台"), "url": home, "current": from_here == home},
            {
                "label": _("诉求"),
                "url": needs,
                "count": menu_number(lambda: selectors.at_desk(user)),
                "current": from_here.startswith(needs),
            },
            *approvals.menu(request),
        ],
    }


def tiles(request: HttpRequest) -> list[dict[str, Any]]:
    """待我受理 (of the leader: 待我回访) / 今天到期 / 已超期 / 待我审批."""
    user = _worker(request)
    if user is None:
        return []
    counts = selectors.counts(user)
    return [
        {"label": _at_desk(user), "value": count_label(counts["desk"]), "url": list_url(tab="desk")},
        {"label": _("今天到期"), "value": count_label(counts["today"]), "url": list_url(tab="today")},
        {
            "label": _("已超期"),
            "value": count_label(counts["overdue"]),
            "url": list_url(tab="overdue"),
            "tone": "late" if counts["overdue"] else "",
        },
        {"label": _("待我审批"), "value": count_label(approvals_count(request)), "url": reverse("admin:approvals")},
    ]


def _at_desk(user: User) -> str:
    """What waits at one's own desk: leaders accept nothing, they call back."""
    return _("待我受理") if user.has_role(*HANDLERS) or not user.has_role(Role.LEADER) else _("待我回访")


def unit_panel(request: HttpRequest, unit: MemberUnit) -> dict[str, Any] | None:
    """On a unit's page: what it is being asked to help with."""
    user = _worker(request)
    if user is None:
        return None
    asked = Need.objects.visible_to(user).at_units([unit.pk]).order_by("reply_by", "pk")
    lines = [
        {"text": need.title, "small": need.number, "url": reverse("admin:needs_need_change", args=[need.pk])}
        for need in asked[:FEW]
    ]
    return {"title": _("正在请它帮的事"), "lines": lines, "empty": _("现在没有请它帮忙的。")}


def queue(request: HttpRequest) -> dict[str, Any]:
    """The ten most urgent needs."""
    user = _worker(request)
    if user is None:
        return {"rows": None}
    return {
        "rows": presenting.rows(selectors.queue(user), user),
        # Whatever is remembered of the list: here it says all.
        "all_url": list_url(tab="open"),
        "tiles": [tile for add in contributions("workbench.tiles") for tile in add(request)],
    }


def who(request: HttpRequest) -> dict[str, Any]:
    """The person in the header: name and first place of work."""
    user = request.user
    if not isinstance(user, User):
        return {}
    grant = user.grants.active().select_related("area").order_by("id").first()
    return {"user_line": f"{user.name} · {grant.area.name}" if grant else user.name}


def my_section(request: HttpRequest) -> dict[str, Any] | None:
    """A resident's own needs: what it is, in whose hands, by when."""
    user = request.user
    if not isinstance(user, User) or user.sign_in != SignIn.PHONE:
        return None
    needs = my_needs(user)
    beside = presenting.around(needs)
    rows = [_own(need, beside) for need in needs]
    more = {"url": reverse("needs:my_add"), "url_label": _("把以前反映的事加进来")}
    return {"title": _("我反映的事"), "template": "needs/_mine.html", "rows": rows, "order": 10, **more}


def _own(need: Need, beside: presenting.Around) -> dict[str, Any]:
    return {
        "title": need.title,
        "number": need.number,
        "said_on": need.created_at,
        "badge": wording.badge(need),
        "headline": wording.headline(need),
        "hand": brief(need, beside),
        "url": progress_path(need.link_token),
    }


def my_stays(user: User) -> list[str]:
    """What is kept for a while though everything is deleted, and why."""
    needs = open_needs(user)
    if not needs:
        return []
    numbers = format_html_join(_("、"), '<span class="num">{}</span>', ((need.number,) for need in needs))
    words = _(
        "还在办的事（%(numbers)s）：办完之前要留着您的称呼和手机号，不然没法给您回话。一办完就隐去；答复您满30天没有新的话，也隐去。"
    )
    return [format_html(words % {"numbers": "{}"}, numbers)]


def asked_of_unit(unit_id: int) -> InHand:
    """What the unit was asked to help with and has not answered."""
    return InHand(gettext_lazy("等单位回复的"), Need.objects.at_units([unit_id]).count())


def merge_needs(journal: Journal) -> None:
    """What the unit is helping with just now."""
    journal.move(gettext_lazy("等单位回复的"), journal.hold(Need.objects.filter(unit=journal.gone)))
    list_merging.merge_lists(journal)


def need_page(pk: int) -> str:
    """Where staff go on with a need."""
    return reverse("admin:needs_need_change", args=[pk])


def open_things(user: User, unit_id: int) -> list[OpenThing]:
    """What the unit was asked, and its claims, with the page on which staff go on with each."""
    asked = Need.objects.visible_to(user).at_units([unit_id]).order_by("pk")[:OPEN_MOST]
    found = [OpenThing(need.title, _("商请协助"), need_page(need.pk)) for need in asked]
    claims = Claim.objects.visible_to(user).live().filter(unit_id=unit_id).select_related("offer").order_by("pk")
    held = {claim.offer_id: claim for claim in claims[:OPEN_MOST]}
    for wish in Wish.objects.visible_to(user).filter(offer__in=held):
        url = reverse("admin:needs_wish_change", args=[wish.pk])
        found.append(OpenThing(held[wish.offer_id or 0].offer.title, _("微心愿"), url))
    for errand in Errand.objects.filter(offer__in=held, need__in=Need.objects.visible_to(user)):
        found.append(OpenThing(held[errand.offer_id].offer.title, _("跑腿"), need_page(errand.need_id)))
    return found


BOOKED_FOR = ("number", "title", "place", "spot")


def booked_for_need(user: User, key: str) -> Subject | None:
    """The need for which something is booked, for whoever may see it: by its number, nothing of the resident; what is
    proposed for the booking's form staff look through before they send it.
    """
    kind, _colon, pk = key.partition(":")
    if kind != "need" or not (pk.isdecimal() and len(pk) < 10):
        return None
    need = Need.objects.visible_to(user).filter(pk=int(pk)).only(*BOOKED_FOR).first()
    if need is None:
        return None
    title = wording.veiled(need.title)[:60]
    return Subject(need.number, need_page(need.pk), title, wording.where(need))


def due_titles(user: User, subjects: list[str]) -> dict[str, str]:
    """What limits and dues are about, for whoever may read the need: its sentence, or the errand's."""
    return presenting.titles(user, subjects) | presenting.round_titles(user, subjects)


def listed_door(alliance: Alliance) -> dict[str, Any] | None:
    """需求清单, on the alliance's public page, where something stands in it."""
    number = capped_count(of_alliance(alliance))
    if not number:
        return None
    return {
        "label": _("需求清单"),
        "n": count_label(number),
        "url": reverse("portal:list", args=[alliance.pk, "needs"]),
    }


for _stage in (*STAGES, extension_clock.STAGE, errand_clock.STAGE, errand_confirm.STAGE, *wish_limits.STAGES):
    register_stage(_stage)
for _due in (*DUES, *waiting_ends.DUES, *list_dues.DUES, *silence.DUES):
    register_kind(_due)
register_card(FOLLOW_UP)
contribute("service.card", given, order=50)
contribute("digest.daily", digests.daily, order=20)
contribute("digest.weekly", digests.weekly, order=20)
contribute("defaults", load_defaults, order=20)
contribute("defaults", load_kinds, order=25)  # after categories and kinds
contribute("defaults", load_clocks, order=95)  # after limits and ladders
contribute("my.sections", my_section, order=10)
contribute("my.data", my_data, order=10)
contribute("my.files", my_photos, order=10)
contribute("my.sources", added, order=10)
contribute("my.stays", my_stays, order=10)
contribute("person.places", spoken_from, order=10)
contribute("my.erase", forget_all, order=10)
contribute("seat.in_hand", asked_of_unit, order=10)
contribute("unit.merge", merge_needs, order=30)
contribute("unit.open", open_things, order=10)
contribute("due.titles", due_titles, order=10)
contribute("alliance.doors", listed_door, order=5)
contribute("lists.three", three, order=10)
contribute("booking.subject", booked_for_need, order=10)
contribute("resource.meets", met_rows, order=10)
contribute("points.things", points_things, order=10)
contribute("notice.about", presenting.titles_by_number, order=10)
contribute("workbench.nav", nav, order=10)
contribute("workbench.tiles", tiles, order=10)
contribute("workbench.queue", queue)
contribute("workbench.urls", answers.urls)
contribute("workbench.panels", answers.call_backs, order=4)
contribute("workbench.panels", answers.leftovers, order=6)
contribute("workbench.panels", answers.answer_sums, order=40)
contribute("workbench.context", who)
contribute("workbench.approvals", approvals.extensions_to_decide, order=10)
contribute("workbench.approvals", approvals.wishes_to_approve, order=20)
contribute("workbench.approvals", approvals.lines_to_take, order=25)
register_offer_kind(approvals.WISHES)
register_offer_kind(replace(errand_clock.ERRANDS, once_more=errands.once_more))
contribute("workbench.unit", unit_panel, order=50)
