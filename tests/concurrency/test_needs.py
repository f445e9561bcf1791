"""Many hands on one need. Each safety test stands beside a naive variant that shows the race is real."""

from __future__ import annotations

import itertools
import threading
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from alliance.lib.errors import Conflict, RuleBroken
from needs.models import Need
from needs.services.following import withdraw
from needs.services.handling import accept_need, reply_to_resident
from needs.services.intake import NeedDraft, submit_need
from needs.states import State, Verb
from notifications.models import Message
from people.models import Consent, RoleGrant, User
from people.states import Role
from tests.cast import BACKEND, Cast, at_once, draft, fresh, say_need

THREADS = 20


def _crowd(cast: Cast) -> list[User]:
    """Twenty colleagues of one community."""
    people = User.objects.bulk_create(User(username=f"w{n}", name=f"社工{n}", password="!") for n in range(THREADS))
    RoleGrant.objects.bulk_create(
        RoleGrant(user=person, role=Role.COMMUNITY_STAFF, area=cast.chengxiang.home) for person in people
    )
    return [fresh(person) for person in people]


@pytest.mark.parametrize("version", [1, None], ids=["with a form", "without"])
def test_of_twenty_who_accept_one_wins_and_the_rest_are_told(cast: Cast, version: int | None) -> None:
    need, crowd = say_need(cast.chengxiang.home), _crowd(cast)
    results = at_once(lambda n: accept_need(pk=need.pk, by=crowd[n], version=version), THREADS)
    won = [result for result in results if isinstance(result, Need)]
    assert len(won) == 1
    assert all(isinstance(result, Conflict | RuleBroken) for result in results if result not in won), results
    now = Need.objects.get(pk=need.pk)
    assert (now.holder, now.version) == (won[0].holder, 2)
    assert now.events.filter(verb=Verb.ACCEPT).count() == 1


def _naive_accept(pk: int, by: User, gate: threading.Barrier) -> bool:
    """Reads, then writes, with nothing in between: what the services must not be. ``gate`` widens the gap."""
    with transaction.atomic():
        need = Need.objects.get(pk=pk)
        gate.wait(timeout=30)
        if need.state != State.PENDING:
            return False
        now = timezone.now()
        Need.objects.filter(pk=pk).update(
            state=State.IN_PROGRESS, holder=by, accepted_at=now, reply_by=now.date() + timedelta(days=7)
        )
        return True


def test_control_reading_then_writing_has_several_winners(cast: Cast) -> None:
    need, crowd = say_need(cast.chengxiang.home), _crowd(cast)
    gate = threading.Barrier(THREADS)
    results = at_once(lambda n: _naive_accept(need.pk, crowd[n], gate), THREADS)
    assert results.count(True) > 1


def test_over_http_one_is_redirected_the_rest_get_409_and_nobody_a_fault(cast: Cast) -> None:
    need, crowd = say_need(cast.chengxiang.home), _crowd(cast)
    clients = []
    for person in crowd:
        client = Client(raise_request_exception=False)
        client.force_login(person, BACKEND)
        clients.append(client)
    path, form = f"/admin/needs/need/{need.pk}/accept/", {"version": "1", "note": "我来办"}
    answers = Counter(at_once(lambda n: clients[n].post(path, form).status_code, THREADS))
    assert answers == {302: 1, 409: THREADS - 1}
    assert Need.objects.get(pk=need.pk).events.filter(verb=Verb.NOTE).count() == 1


def test_eight_taps_make_one_need(cast: Cast) -> None:
    one = draft(cast.chengxiang.home, client_key=uuid4())
    results = at_once(lambda _n: submit_need(one), 8)
    assert {result.pk for result in results} == {Need.objects.get().pk}
    assert Consent.objects.count() == 1
    assert Message.objects.filter(channel="inapp").count() == 2
    assert say_need(cast.chengxiang.home).number.endswith("-0002")


def _tap(cast: Cast, key: UUID, words: str) -> NeedDraft:
    return draft(cast.chengxiang.home, client_key=key, words=words, phone="13812345678")


def test_eight_taps_with_two_texts_make_one_need_and_the_other_text_is_refused(cast: Cast) -> None:
    key = uuid4()
    texts = ("灯坏了", "井盖松了")
    results = at_once(lambda n: submit_need(_tap(cast, key, texts[n % 2])), 8)
    kept = Need.objects.get().words
    assert Counter(type(result) for result in results) == {Need: 4, Conflict: 4}
    assert all(result.words == kept for result in results if isinstance(result, Need))


def test_numbers_of_needs_said_at_once_have_no_gap(cast: Cast) -> None:
    results: list[Any] = at_once(lambda _n: [say_need(cast.chengxiang.home).number for _turn in range(3)], 8)
    given = sorted(int(number[-4:]) for numbers in results for number in numbers)
    assert given == list(range(1, 25))


def test_a_withdrawal_and_an_acceptance_at_once_leave_a_need_that_was_one_then_the_other(cast: Cast) -> None:
    for _round in range(6):
        need = say_need(cast.chengxiang.home)

        def work(n: int, need: Need = need) -> Any:
            if n:
                return withdraw(token=need.link_token)
            return accept_need(pk=need.pk, by=cast.chengxiang.worker)

        results = at_once(work, 2)
        assert not [r for r in results if isinstance(r, Exception) and not isinstance(r, RuleBroken | Conflict)]
        now = Need.objects.get(pk=need.pk)
        assert now.state == State.WITHDRAWN
        steps = list(now.events.order_by("id").values_list("source", "target"))
        assert all(before[1] == after[0] for before, after in itertools.pairwise(steps))


def test_two_first_replies_at_once_leave_one_first_moment_and_two_answers(cast: Cast) -> None:
    need = say_need(cast.chengxiang.home)
    accept_need(pk=need.pk, by=cast.chengxiang.worker)
    at_once(lambda n: reply_to_resident(pk=need.pk, by=cast.chengxiang.worker, words=f"答{n}"), 4)
    now = Need.objects.get(pk=need.pk)
    assert now.events.filter(verb=Verb.REPLY).count() == 4
    assert now.version == 1 + 1 + 4
    first = now.events.filter(verb=Verb.REPLY).earliest("id")
    assert now.first_reply_at is not None and now.first_reply_at <= first.at
    assert Message.objects.filter(channel="sms", rule__contains="NeedReplied").count() == 4


def test_a_lock_that_somebody_keeps_too_long_is_503_and_not_a_fault(cast: Cast) -> None:
    need = say_need(cast.chengxiang.home)
    taken, done = threading.Event(), threading.Event()

    def work(n: int) -> Any:
        if n == 0:
            with transaction.atomic():
                Need.objects.locked(need.pk)
                taken.set()
                done.wait(timeout=30)
            return None
        taken.wait(timeout=30)
        client = Client(raise_request_exception=False)
        client.force_login(fresh(cast.chengxiang.worker), BACKEND)
        try:
            return client.post(f"/admin/needs/need/{need.pk}/accept/", {"version": "1"})
        finally:
            done.set()

    response = at_once(work, 2)[1]
    assert response.status_code == 503
    assert "请稍后再试" in response.content.decode()
    assert Need.objects.get(pk=need.pk).state == State.PENDING
