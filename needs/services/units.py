"""A unit that was asked to help answers: that it will and when, what it has done, or that it cannot. The holder goes on
from there, and residents hear from the office alone.
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.dates import kept_day
from alliance.lib.errors import Busy, Invalid, NotFound, RuleBroken
from files.models import Attachment
from files.services import attach_held, attachment, attachments
from members.models import Liaison, MemberUnit
from members.services.merging import known_as, leads_to
from needs.messages.triage import (
    NeedUnitCannot,
    NeedUnitComing,
    NeedUnitReported,
    NeedUnitWilling,
    UnitAsked,
    for_staff,
)
from needs.models import Need, NeedEvent
from needs.models.event import LEAVING, LEFT
from needs.models.need import NO_UNIT
from needs.querysets import NeedQuerySet
from needs.services.hands import hands
from needs.services.locked import checked_words
from needs.states import GIVEN_BACK, Verb
from notifications.messages import in_source_language
from notifications.services import queue, retire
from people.models import User

WHY_MOST = 200
LATEST = timedelta(days=90)
"""How far ahead a unit may say that it comes."""
NOT_ASKED = _("这件事已经不用贵单位办了，谢谢。")
PHOTOS = "need_unit"
"""Whose photos a unit's are: staff see them, the resident hears from staff."""


def needs_at_units(by: User) -> NeedQuerySet:
    """What units that ``by`` speaks for have been asked to help with, newest first; who said it is not loaded."""
    rows = Need.objects.at_units_of(by).select_related("area__parent", "unit")
    hidden = ("contact_name", "contact_phone", "helped_name", "helped_phone", "tracking_code", "link_token")
    return rows.defer(*hidden).order_by("-held_since", "-pk")


@transaction.atomic
def unit_will_help(*, pk: int, by: User, unit_id: int, words: str, comes_on: date | None = None) -> NeedEvent:
    """可以帮: how the unit will help, and the day it comes if it knows; the need stays with it, the holder is told.

    Said again it takes the place of what was said before; the same words and day twice are one. Raises ``NotFound``
    and ``RuleBroken`` as ``unit_report``, ``Invalid`` (no words, too many; a day past or too far off).
    """
    need, unit = _locked(pk, by, unit_id)
    most = Need._meta.get_field("unit_said").max_length or 0
    text = checked_words(words, empty=_("请写几个字，说说怎么帮。"), most=most)
    _check_day(comes_on)
    said = need.events.filter(verb=Verb.WILL_HELP).order_by("-pk").first()
    if said is not None and (need.unit_said, need.unit_comes_on) == (text, comes_on):
        return said
    changes = {"unit_said": text, "unit_comes_on": comes_on}
    params = {"comes_on": comes_on.isoformat()} if comes_on else {}
    event: NeedEvent = need.move_to(Verb.WILL_HELP, actor=by, note=text, changes=changes, params=params)
    told = {"unit": str(unit), **({"day": kept_day(comes_on)} if comes_on else {})}
    message = for_staff(NeedUnitComing if comes_on else NeedUnitWilling, need, **told)
    queue(message, occurrence=f"{need.number}:{event.pk}", users=hands(need))
    return event


def _check_day(comes_on: date | None) -> None:
    today = timezone.localdate()
    if comes_on and not today <= comes_on <= today + LATEST:
        raise Invalid({"comes_on": [_("请选今天以后、三个月以内的日子；还没定就空着。")]})


@transaction.atomic
def unit_report(*, pk: int, by: User, unit_id: int, words: str, hold_key: str = "") -> NeedEvent:
    """The unit says what it has done, with the photos held under ``hold_key``; then it is the holder's again.

    A unit that was suspended meanwhile answers for what it has. Raises ``NotFound`` (no seat in the unit, or it was
    never asked), ``RuleBroken`` (not in its hands any more) and ``Invalid`` (no words).
    """
    need, unit = _locked(pk, by, unit_id)
    text = checked_words(words, empty=_("请写几个字，说说办得怎么样。"))
    event = _given_back(need, unit, by=by, verb=Verb.REPORT, note=text)
    if hold_key:
        attach_held(hold_key=hold_key, owner_kind=PHOTOS, owner_id=str(need.pk), area_code=need.area_id)
    message = for_staff(NeedUnitReported, need, unit=str(unit))
    queue(message, occurrence=f"{need.number}:{event.pk}", users=hands(need))
    return event


@transaction.atomic
def unit_hand_back(*, pk: int, by: User, unit_id: int, why: str) -> NeedEvent:
    """帮不了: the unit cannot help this time; the holder is told. Raises as ``unit_report``."""
    need, unit = _locked(pk, by, unit_id)
    text = checked_words(why, field="why", empty=_("请写一句为什么，我们好另想办法。"))
    event = _given_back(need, unit, by=by, verb=Verb.HAND_BACK, note=text)
    message = for_staff(NeedUnitCannot, need, unit=str(unit))
    queue(message, occurrence=f"{need.number}:{event.pk}", users=hands(need))
    return event


def last_word(*, pk: int, by: User, unit_id: int) -> NeedEvent | None:
    """With what the unit gave the need back since it was last asked, or what else ended that; None: nothing is known.

    For whoever speaks for the unit; what another unit said that was asked later is not theirs. Raises ``NotFound``
    (no seat in the unit, or it was never asked).
    """
    if not Liaison.objects.active().filter(unit_id=unit_id, user_id=by.pk).exists():
        raise NotFound
    keys, events = known_as(unit_id), NeedEvent.objects.filter(need_id=pk).order_by("-pk")
    asked = events.filter(verb=Verb.ASSIGN, params__unit_id__in=keys).first()
    if asked is None:
        raise NotFound
    over = Q(verb__in=GIVEN_BACK, params__unit_id__in=keys) | Q(verb__in=LEAVING, **{f"params__{LEFT}__in": keys})
    return events.filter(over, pk__gt=asked.pk).select_related("need__area__parent").last()


def answers_of_unit(*, by: User, unit_id: int) -> QuerySet[NeedEvent]:
    """With what the unit gave back what it was asked, for whoever speaks for it; nothing of whom it was about.

    Empty without a seat in the unit.
    """
    return replied_and_settled(by=by, unit_id=unit_id)[0]


def settled_without_unit(*, by: User, unit_id: int) -> QuerySet[NeedEvent]:
    """With what others ended that the unit was asked. As ``answers_of_unit``."""
    return replied_and_settled(by=by, unit_id=unit_id)[1]


def replied_and_settled(*, by: User, unit_id: int) -> tuple[QuerySet[NeedEvent], QuerySet[NeedEvent]]:
    """``answers_of_unit`` and ``settled_without_unit``."""
    keys = _keys(by, unit_id)
    ended = NeedEvent.objects.filter(verb__in=LEAVING, params__has_key=LEFT, **{f"params__{LEFT}__in": keys})
    return _brief(NeedEvent.objects.filter(verb__in=GIVEN_BACK, params__unit_id__in=keys)), _brief(ended)


def _keys(by: User, unit_id: int) -> list[int]:
    """The unit under every key it had, for whoever speaks for it; none for others."""
    seated = Liaison.objects.active().filter(unit_id=unit_id, user_id=by.pk).exists()
    return list(known_as(unit_id)) if seated else []


def _brief(rows: QuerySet[NeedEvent]) -> QuerySet[NeedEvent]:
    shown = ("at", "verb", "words", "params", "need__number", "need__area__name", "need__category")
    named = ("need__category__name", "need__category__name_en")
    return rows.select_related("need__area", "need__category").only(*shown, *named)


def unit_photos(need: Need) -> list[Attachment]:
    """The photos that units sent with their reports, for staff."""
    return attachments(PHOTOS, str(need.pk))


def staff_photo(need: Need, pk: UUID) -> Attachment:
    """A photo of ``need`` as staff see it: the resident's, or one that a unit sent. Raises ``NotFound``."""
    try:
        return attachment("need", str(need.pk), pk)
    except NotFound:
        return attachment(PHOTOS, str(need.pk), pk)


def _locked(pk: int, by: User, unit_id: int) -> tuple[Need, MemberUnit]:
    seat = Liaison.objects.active().filter(unit_id=unit_id, user_id=by.pk).select_related("unit").first()
    if seat is None:
        raise NotFound
    asked = NeedEvent.objects.filter(verb=Verb.ASSIGN, params__unit_id__in=known_as(unit_id))
    need: Need = Need.objects.filter(pk__in=asked.filter(need_id=pk).values("need_id")).locked(pk)
    if need.unit_id != unit_id:
        # Merged in the meantime: it is still theirs, under the other entry.
        raise Busy if need.unit_id and need.unit_id == leads_to(unit_id) else RuleBroken(NOT_ASKED)
    return need, seat.unit


def _given_back(need: Need, unit: MemberUnit, *, by: User, verb: Verb, note: str) -> NeedEvent:
    asked = need.events.filter(verb=Verb.ASSIGN, params__unit_id__in=known_as(unit.pk)).order_by("-pk").first()
    told = {Verb.REPORT: _("%(unit)s回复了，请答复居民"), Verb.HAND_BACK: _("%(unit)s帮不了，请另想办法")}
    why = in_source_language(told[verb], {"unit": unit})[:WHY_MOST]
    changes = {**NO_UNIT, "held_since": timezone.now(), "why_here": why}
    event: NeedEvent = need.move_to(
        verb, actor=by, note=note, changes=changes, params={"unit": str(unit), "unit_id": unit.pk}
    )
    if asked is not None:
        retire(UnitAsked, occurrence=f"{need.number}:{asked.pk}")
    return event
