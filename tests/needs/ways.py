"""Needs on their way: at every desk and in every state; and every step of staff as one call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from deadlines.models import Due, Stage
from members.models import MemberUnit
from members.services import create_alliance, join_alliance
from needs.models import Extension, Need
from needs.services.assigning import assign_need
from needs.services.call_back import call_back
from needs.services.errands import publish_errand
from needs.services.extensions import ask_extension, decide_extension
from needs.services.finishing import finish_need
from needs.services.following import withdraw
from needs.services.handling import accept_need, add_note, reply_to_resident
from needs.services.proposing import propose_resource
from needs.services.triage import decline_need, escalate_need, return_need, send_back_need
from needs.services.waiting import ask_resident, resume_need
from needs.states import Office, State, Verb
from notifications.models import Message
from people.models import User
from resources.models import Resource
from tests.cast import Cast, Street, fresh, say_need

WHY = "车主多是菜场摊主，社区劝过两次"


def now(need: Need) -> Need:
    """``need`` as it stands in the table."""
    return Need.objects.select_related("area__parent", "holder", "unit").get(pk=need.pk)


def member_unit(here: Street) -> MemberUnit:
    """The street's unit, with its liaison, a member of the street's alliance."""
    unit = MemberUnit.objects.get(area=here.street)
    alliance = create_alliance(area=here.street, name="平常心党建联盟", by=None)
    join_alliance(alliance=alliance, unit=unit, by=None)
    return unit


def clocks(need: Need, kind: str) -> list[tuple[str, str, User | None]]:
    """Every limit of ``kind`` that ran for ``need``: what came of it, where, in whose hands."""
    rows = Stage.objects.filter(subject=f"need:{need.pk}", kind=kind).order_by("pk")
    return [(row.outcome, row.area_code, row.holder) for row in rows]


def told(rule: str, state: str = "sent") -> set[str]:
    """Who has the notice ``rule`` in the inbox, unread."""
    rows = Message.objects.filter(rule=f"needs.{rule}", channel="inapp", state=state)
    return set(rows.values_list("recipient_key", flat=True))


def keys(*people: User) -> set[str]:
    """``people`` as recipients."""
    return {f"u:{user.pk}" for user in people}


@dataclass(frozen=True)
class Way:
    """A situation: state, office, and how a need gets there."""

    state: State
    office: Office
    go: Callable[[Cast], Need]
    waiting: bool = False


def _pending(cast: Cast) -> Need:
    return say_need(cast.chengxiang.home)


def _sent_up(cast: Cast) -> Need:
    return escalate_need(pk=_pending(cast).pk, by=fresh(cast.chengxiang.worker), why=WHY)


def _at_leader(cast: Cast) -> Need:
    need = _pending(cast)
    Need.objects.filter(pk=need.pk).update(office=Office.LEADER)
    return need


def in_hand(cast: Cast) -> Need:
    """Accepted by the community's worker."""
    return accept_need(pk=_pending(cast).pk, by=fresh(cast.chengxiang.worker))


def in_hand_at_street(cast: Cast) -> Need:
    """Accepted by the street's clerk."""
    return accept_need(pk=_sent_up(cast).pk, by=fresh(cast.chengxiang.clerk))


def _waiting(cast: Cast) -> Need:
    need = in_hand(cast)
    ask_resident(pk=need.pk, by=fresh(cast.chengxiang.worker), words="是哪一幢？")
    return need


def _finished(cast: Cast) -> Need:
    return finish_need(pk=in_hand(cast).pk, by=fresh(cast.chengxiang.worker), words="灯换好了")


def _declined(cast: Cast) -> Need:
    return decline_need(pk=_pending(cast).pk, by=fresh(cast.chengxiang.worker), reason="consumer", words="请打12315")


def _withdrawn(cast: Cast) -> Need:
    return withdraw(token=_pending(cast).link_token)


WAYS = {
    "pending": Way(State.PENDING, Office.COMMUNITY, _pending),
    "sent_up": Way(State.PENDING, Office.STREET, _sent_up),
    "at_leader": Way(State.PENDING, Office.LEADER, _at_leader),
    "in_hand": Way(State.IN_PROGRESS, Office.COMMUNITY, in_hand),
    "waiting": Way(State.IN_PROGRESS, Office.COMMUNITY, _waiting, waiting=True),
    "in_hand_at_street": Way(State.IN_PROGRESS, Office.STREET, in_hand_at_street),
    "finished": Way(State.TO_ANSWER, Office.COMMUNITY, _finished),
    "declined": Way(State.NOT_ACCEPTED, Office.COMMUNITY, _declined),
    "withdrawn": Way(State.WITHDRAWN, Office.COMMUNITY, _withdrawn),
}


def _decide(need: Need, by: User, granted: bool) -> Any:
    asked = Extension.objects.get(need=need)
    return decide_extension(pk=asked.pk, by=by, granted=granted)


def _errand(need: Need, by: User) -> Any:
    typed = {"what": "买一瓶眼药水", "where": "湘湖路小区", "handover": "2单元门口"}
    until = timezone.now() + timedelta(hours=20)
    return publish_errand(need_pk=need.pk, by=by, version=None, client_key=uuid4(), deliver_by=until, **typed)


STAFF_STEPS: dict[Verb, Callable[[Need, User], Any]] = {
    Verb.ACCEPT: lambda need, by: accept_need(pk=need.pk, by=by),
    Verb.ASSIGN: lambda need, by: assign_need(
        pk=need.pk, by=by, why=WHY, to_user_id=User.objects.get(username="cx-section_head").pk
    ),
    Verb.ERRAND: _errand,
    Verb.ESCALATE: lambda need, by: escalate_need(pk=need.pk, by=by, why=WHY),
    Verb.SEND_BACK: lambda need, by: send_back_need(pk=need.pk, by=by, why=WHY),
    Verb.RETURN: lambda need, by: return_need(pk=need.pk, by=by, why=WHY),
    Verb.DECLINE: lambda need, by: decline_need(pk=need.pk, by=by, reason="petition", words="请找信访部门"),
    Verb.REPLY: lambda need, by: reply_to_resident(pk=need.pk, by=by, words="明天来看"),
    Verb.ASK: lambda need, by: ask_resident(pk=need.pk, by=by, words="是哪一幢？"),
    Verb.RESUME: lambda need, by: resume_need(pk=need.pk, by=by),
    Verb.EXTEND: lambda need, by: ask_extension(pk=need.pk, by=by, until=latest_of(need), reason="等配件"),
    Verb.GRANT: lambda need, by: _decide(need, by, True),
    Verb.REFUSE: lambda need, by: _decide(need, by, False),
    Verb.FINISH: lambda need, by: finish_need(pk=need.pk, by=by, words="灯换好了"),
    Verb.NOTE: lambda need, by: add_note(pk=need.pk, by=by, words="物业说下周"),
    Verb.CALL_BACK: lambda need, by: call_back(pk=need.pk, by=by, words="说是灯没换", settled=False),
    Verb.PROPOSE: lambda need, by: propose_resource(pk=need.pk, by=by, resource=Resource.objects.latest("pk").pk),
    Verb.SETTLE: lambda need, by: call_back(pk=need.pk, by=by, words="说是已经好了", settled=True),
}
"""Every step of staff, typed rightly."""


def latest_of(need: Need) -> Any:
    """A day later than promised, and not too late."""
    return (now(need).reply_by or timezone.localdate()) + timedelta(days=3)


def traces(need: Need) -> Any:
    """Everything a step could have changed."""
    return (
        Need.objects.filter(pk=need.pk).values().get(),
        list(need.events.order_by("pk").values()),
        list(Extension.objects.filter(need=need).values()),
        list(Stage.objects.filter(subject=f"need:{need.pk}").order_by("pk").values()),
        list(Due.objects.order_by("pk").values_list("pk", "state", "due_at")),
        list(Message.objects.order_by("pk").values_list("pk", "state")),
    )
