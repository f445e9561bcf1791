"""研判: a need goes to the desk where it can be handled, or to the right place outside."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, RuleBroken
from deadlines.services.calendar import calendar
from deadlines.services.stages import limit_of
from needs.messages.triage import NeedDeclined, for_resident
from needs.models import Need
from needs.services import limits
from needs.services.errand_ends import call_off, need_with_errand_held
from needs.services.hands import account_of
from needs.services.leaving import leave_hands
from needs.services.locked import checked_why, checked_words, locked_need
from needs.services.news import no_news
from needs.services.retention import forget_at_end
from needs.states import Declined, Office, State, Verb
from needs.wording.channels import CHANNELS
from notifications.messages import source_text
from notifications.services import queue
from people.models import Area, User
from people.states import Level


@transaction.atomic
def escalate_need(*, pk: int, by: User, why: str, version: int | None = None) -> Need:
    """上报街道: from the community to the street's desk, in nobody's hands there yet.

    An errand that is out is called off. Raises ``NotFound``, ``NotAllowed`` (not the community's people), ``Conflict``,
    ``RuleBroken`` and ``Invalid`` (no reason).
    """
    need, errand = need_with_errand_held(pk, lambda: locked_need(pk=pk, by=by, verb=Verb.ESCALATE, version=version))
    leave_hands(need, by=by, verb=Verb.ESCALATE, why=checked_why(why), office=Office.STREET)
    call_off(errand, by=by)
    return need


@transaction.atomic
def send_back_need(*, pk: int, by: User, why: str, version: int | None = None, community: str = "") -> Need:
    """退回社区: from the street to the community it is from, or to ``community`` if it was said to the street.

    Raises as ``escalate_need``; ``Invalid`` on ``community`` (none chosen, not one of this street, or chosen though the
    need has its community).
    """
    need, errand = need_with_errand_held(pk, lambda: locked_need(pk=pk, by=by, verb=Verb.SEND_BACK, version=version))
    reason, area = checked_why(why), _community_for(need, community)
    leave_hands(need, by=by, verb=Verb.SEND_BACK, why=reason, office=Office.COMMUNITY, area=area)
    call_off(errand, by=by)
    return need


def _community_for(need: Need, code: str) -> Area:
    if need.area.level != Level.STREET:
        if code and code != need.area_id:
            raise Invalid({"community": [_("这件事是%(community)s的，只能退回那里。") % {"community": need.area.name}]})
        return need.area
    rows = Area.objects.takes_needs(code).filter(level=Level.COMMUNITY, code__startswith=need.area_id)
    area: Area | None = rows.first() if code else None
    if area is None:
        raise Invalid({"community": [_("请选归哪个社区办。")]})
    return area


def communities_for(need: Need) -> list[Area]:
    """The communities to which the street may hand ``need``; none where the need has its community."""
    if need.area.level != Level.STREET:
        return []
    rows = Area.objects.served().filter(level=Level.COMMUNITY, code__startswith=need.area_id)
    return list(rows.order_by("pinyin"))


@transaction.atomic
def return_need(*, pk: int, by: User, why: str, version: int | None = None) -> Need:
    """退回: whoever has it gives it back to the office, within the limit for that (one working day).

    Raises as ``escalate_need``; ``RuleBroken`` also when the limit is over.
    """
    need, errand = need_with_errand_held(pk, lambda: locked_need(pk=pk, by=by, verb=Verb.RETURN, version=version))
    if not may_return(need):
        raise RuleBroken(_("接手时间长了，不能再退回。办不了的，可以转给别人或上报街道。"))
    leave_hands(need, by=by, verb=Verb.RETURN, why=checked_why(why))
    call_off(errand, by=by)
    return need


def may_return(need: Need) -> bool:
    """Whether whoever has ``need`` may still give it back: not long after it came into their hands.

    A unit that was asked to help meanwhile gives no new time.
    """
    taken = Q(source=State.PENDING, target=State.IN_PROGRESS) | Q(verb=Verb.ASSIGN, params__unit="")
    event = need.events.filter(taken).order_by("-at", "-pk").first()
    since = event.at if event else need.held_since
    return timezone.now() < calendar().due_at(since, *limit_of(limits.GIVE_BACK))


@transaction.atomic
def decline_need(*, pk: int, by: User, reason: str, words: str, version: int | None = None) -> Need:
    """不予受理: not for this office; the resident is told why in ``words``, and where to go instead.

    Raises as ``escalate_need``; ``Invalid`` on ``reason`` (none chosen) and ``words`` (empty, too long).
    """
    need, errand = need_with_errand_held(pk, lambda: locked_need(pk=pk, by=by, verb=Verb.DECLINE, version=version))
    if reason not in Declined.values:
        raise Invalid({"reason": [_("请选不予受理的原因。")]})
    text = checked_words(words, empty=_("请写几句，让居民明白为什么、该怎么办。"))
    changes = {"declined": reason, "ended_at": timezone.now(), "why_here": ""}
    event = need.move_to(Verb.DECLINE, actor=by, note=text, changes=changes)
    limits.ended(need)
    call_off(errand, noted_by=by)
    no_news(need, before=event)
    message = for_resident(NeedDeclined, need, where=source_text(CHANNELS[reason].name))
    queue(message, occurrence=need.number, users=account_of(need), phones=[need.contact_phone])
    forget_at_end(need)
    return need
