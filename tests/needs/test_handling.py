"""Staff take a need in hand: accept with a promised day, answer, note, call."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken, TooMany
from audit.models import AuditEntry
from audit.states import Action
from needs.models import Category, Need, NeedEvent
from needs.services.following import withdraw
from needs.services.handling import REVEALS, accept_need, add_note, call_resident, reply_to_resident
from needs.states import Audience, State, Verb
from notifications.models import Message
from people.models import User
from tests.cast import Cast, fresh, say_need

pytestmark = pytest.mark.django_db

HANDLERS = ("worker", "secretary", "grid_lead", "grid_full", "clerk", "section_head", "party_office")
ONLOOKERS = ("grid_part", "leader")
STRANGERS = ("neighbour", "system_admin", "security_admin", "audit_admin", "liaison")


@pytest.fixture
def need(cast: Cast) -> Need:
    return say_need(cast.chengxiang.home)


@pytest.fixture
def accepted(cast: Cast, need: Need) -> Need:
    accept_need(pk=need.pk, by=cast.chengxiang.worker)
    return Need.objects.get(pk=need.pk)


@pytest.mark.parametrize("name", HANDLERS)
def test_a_handler_accepts_and_promises_a_day(cast: Cast, need: Need, name: str) -> None:
    by: User = getattr(cast.chengxiang, name)
    accept_need(pk=need.pk, by=by, version=1)
    now = Need.objects.get(pk=need.pk)
    assert (now.state, now.holder, now.version) == (State.IN_PROGRESS, by, 2)
    assert now.reply_by == timezone.localdate() + timedelta(days=7)
    assert now.accepted_at is not None and now.first_reply_at is None
    event = now.events.get(verb=Verb.ACCEPT)
    assert (event.source, event.target, event.actor) == (State.PENDING, State.IN_PROGRESS, by)
    assert event.params["reply_by"] == now.reply_by.isoformat()


VERBS: dict[str, Any] = {
    "accept": lambda pk, by: accept_need(pk=pk, by=by),
    "reply": lambda pk, by: reply_to_resident(pk=pk, by=by, words="好的"),
    "note": lambda pk, by: add_note(pk=pk, by=by, words="好的"),
    "dial": lambda pk, by: call_resident(pk=pk, by=by, reason="核实"),
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("name", ONLOOKERS)
def test_an_onlooker_may_not(cast: Cast, need: Need, accepted: Need, verb: str, name: str) -> None:
    pk = say_need(cast.chengxiang.home).pk if verb == "accept" else accepted.pk
    with pytest.raises(NotAllowed):
        VERBS[verb](pk, getattr(cast.chengxiang, name))


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("name", STRANGERS)
def test_for_whoever_does_not_work_here_there_is_no_such_need(cast: Cast, need: Need, verb: str, name: str) -> None:
    with pytest.raises(NotFound):
        VERBS[verb](need.pk, getattr(cast.chengxiang, name))


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("name", [*HANDLERS, *ONLOOKERS, *STRANGERS])
def test_for_the_other_street_there_is_no_such_need(cast: Cast, accepted: Need, verb: str, name: str) -> None:
    before = Need.objects.filter(pk=accepted.pk).values().get()
    with pytest.raises(NotFound):
        VERBS[verb](accepted.pk, getattr(cast.xiasha, name))
    assert Need.objects.filter(pk=accepted.pk).values().get() == before


def test_what_was_decided_is_kept(cast: Cast, need: Need) -> None:
    category = Category.objects.in_use()[2]
    day = timezone.localdate() + timedelta(days=3)
    accept_need(
        pk=need.pk,
        by=cast.chengxiang.worker,
        reply_by=day,
        nature="help",
        category_id=category.pk,
        urgent=True,
        note=" 先打电话 ",
    )
    now = Need.objects.get(pk=need.pk)
    assert (now.reply_by, now.nature, now.category, now.urgent) == (day, "help", category, True)
    assert now.events.get(verb=Verb.NOTE).words == "先打电话"


@pytest.mark.parametrize(("days", "right"), [(-1, False), (0, True), (60, True), (61, False)])
def test_the_promised_day_lies_between_today_and_sixty_days_off(cast: Cast, need: Need, days: int, right: bool) -> None:
    day = timezone.localdate() + timedelta(days=days)
    if right:
        assert accept_need(pk=need.pk, by=cast.chengxiang.worker, reply_by=day).reply_by == day
        return
    with pytest.raises(Invalid) as refused:
        accept_need(pk=need.pk, by=cast.chengxiang.worker, reply_by=day)
    assert set(refused.value.fields) == {"reply_by"}


def test_an_unknown_nature_or_a_category_out_of_use_is_refused(cast: Cast, need: Need) -> None:
    category = Category.objects.in_use()[0]
    Category.objects.filter(pk=category.pk).update(is_active=False)
    for wrong in ({"nature": "gossip"}, {"category_id": category.pk}, {"category_id": 10**9}):
        with pytest.raises(Invalid):
            accept_need(pk=need.pk, by=cast.chengxiang.worker, **wrong)
    assert Need.objects.get(pk=need.pk).state == State.PENDING


def test_a_stale_form_is_a_conflict_and_changes_nothing(cast: Cast, accepted: Need) -> None:
    for verb in (
        lambda: accept_need(pk=accepted.pk, by=cast.chengxiang.secretary, version=1),
        lambda: reply_to_resident(pk=accepted.pk, by=cast.chengxiang.worker, words="好的", version=1),
        lambda: add_note(pk=accepted.pk, by=cast.chengxiang.worker, words="好的", version=1),
    ):
        with pytest.raises(Conflict, match=r"受理，答应.*请看看最新的再决定"):
            verb()
    assert Need.objects.get(pk=accepted.pk).version == accepted.version


def test_accepting_twice_is_refused_naming_the_state(cast: Cast, accepted: Need) -> None:
    with pytest.raises(RuleBroken, match="办理中"):
        accept_need(pk=accepted.pk, by=cast.chengxiang.secretary)
    assert Need.objects.get(pk=accepted.pk).holder == cast.chengxiang.worker


def test_the_first_reply_keeps_the_promise_and_the_need_stays_open(cast: Cast, accepted: Need) -> None:
    first = reply_to_resident(pk=accepted.pk, by=cast.chengxiang.worker, words="灯已经换好了")
    answered_at = Need.objects.get(pk=accepted.pk).first_reply_at
    reply_to_resident(pk=accepted.pk, by=cast.chengxiang.secretary, words="车位周二来看")
    now = Need.objects.get(pk=accepted.pk)
    assert now.first_reply_at == answered_at is not None
    assert now.state == State.IN_PROGRESS
    assert (first.words, first.audience) == ("灯已经换好了", Audience.RESIDENT)


def test_what_nobody_has_accepted_cannot_be_answered(cast: Cast, need: Need) -> None:
    with pytest.raises(RuleBroken, match="待受理"):
        reply_to_resident(pk=need.pk, by=cast.chengxiang.worker, words="好的")


@pytest.mark.parametrize("words", ["", " \n", "\u200b", "字" * 2001, "字" * 10_000])
def test_an_empty_or_endless_answer_is_refused(cast: Cast, accepted: Need, words: str) -> None:
    for verb in (reply_to_resident, add_note):
        with pytest.raises(Invalid):
            verb(pk=accepted.pk, by=cast.chengxiang.worker, words=words)
    assert not accepted.events.filter(verb__in=[Verb.REPLY, Verb.NOTE]).exists()


def test_a_note_is_for_colleagues_and_the_database_keeps_it_so(cast: Cast, accepted: Need) -> None:
    note = add_note(pk=accepted.pk, by=cast.chengxiang.worker, words="物业说下周")
    assert note.audience == Audience.STAFF
    for verb in (Verb.NOTE, Verb.DIAL):
        with pytest.raises(IntegrityError), transaction.atomic():
            NeedEvent.objects.create(
                need=accepted, verb=verb, target=accepted.state, audience=Audience.RESIDENT, words="泄露"
            )


def test_the_database_refuses_a_need_in_progress_in_nobodys_hands(need: Need) -> None:
    for change in ({"state": State.IN_PROGRESS}, {"state": State.WITHDRAWN}, {"state": "lost"}, {"words": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Need.objects.filter(pk=need.pk).update(**change)


def test_after_withdrawal_nobody_does_anything(cast: Cast, accepted: Need) -> None:
    withdraw(token=accepted.link_token)
    for verb in ("accept", "reply", "note"):
        with pytest.raises(RuleBroken, match="已撤回"):
            VERBS[verb](accepted.pk, cast.chengxiang.worker)
    with pytest.raises(NotAllowed):
        VERBS["dial"](accepted.pk, cast.chengxiang.worker)


def test_whoever_has_it_calls_with_one_tap_and_it_is_logged(cast: Cast, accepted: Need) -> None:
    found = call_resident(pk=accepted.pk, by=cast.chengxiang.worker, ip="203.0.113.9")
    assert found.contact_phone == accepted.contact_phone
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.subject) == (Action.DIAL, cast.chengxiang.worker, accepted.number)
    assert accepted.contact_phone not in str(AuditEntry.objects.values())
    assert accepted.events.get(verb=Verb.DIAL).audience == Audience.STAFF


def test_another_handler_gives_a_reason_which_is_logged_as_looking(cast: Cast, accepted: Need) -> None:
    for reason in ("", "  \u200b"):
        with pytest.raises(Invalid) as refused:
            call_resident(pk=accepted.pk, by=cast.chengxiang.secretary, reason=reason)
        assert "reason" in refused.value.fields
    assert not AuditEntry.objects.exists()
    call_resident(pk=accepted.pk, by=cast.chengxiang.secretary, reason="经办人请假")
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.reason) == (Action.REVEAL, "经办人请假")


def test_before_anybody_has_it_any_handler_calls(cast: Cast, need: Need) -> None:
    assert call_resident(pk=need.pk, by=cast.chengxiang.grid_full).contact_phone == need.contact_phone


def test_looking_at_phones_is_limited_per_person(cast: Cast, accepted: Need) -> None:
    for _time in range(REVEALS[0]):
        call_resident(pk=accepted.pk, by=cast.chengxiang.worker)
    with pytest.raises(TooMany):
        call_resident(pk=accepted.pk, by=cast.chengxiang.worker)
    call_resident(pk=accepted.pk, by=cast.chengxiang.secretary, reason="核实")


def test_a_text_message_tells_the_resident_and_carries_no_words(cast: Cast, need: Need, settings: Any) -> None:
    Message.objects.all().delete()
    accept_need(pk=need.pk, by=cast.chengxiang.worker)
    reply_to_resident(pk=need.pk, by=cast.chengxiang.worker, words="机密的答复")
    assert "机密的答复" not in str(list(Message.objects.values()))
    assert need.contact_phone not in str(list(Message.objects.values("params", "recipient_key", "title", "body")))


def test_a_role_that_has_ended_opens_nothing(cast: Cast, need: Need) -> None:
    worker = cast.chengxiang.worker
    today = timezone.localdate()
    worker.grants.update(starts_on=today - timedelta(days=9), ends_on=today)
    with pytest.raises(NotFound):
        accept_need(pk=need.pk, by=fresh(worker))
