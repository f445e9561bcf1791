"""The demo's needs run by the clocks they would have: nothing that waits is without a limit."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from deadlines.models import Due, Stage
from needs.defaults import load_defaults
from needs.models import Need
from needs.services.asking import ASK_AGAIN, LAPSE, last_day
from needs.states import FIRST_RESPONSE, REPLY, Office, State, Verb
from portal.demo import loading


@pytest.fixture
def demo(as_owner: Any) -> None:
    load_defaults()
    loading.load_areas()
    loading.load_needs(loading.load_people())


def clocks(need: Need) -> set[str]:
    return set(Stage.objects.running().filter(subject=f"need:{need.pk}").values_list("kind", flat=True))


@pytest.mark.usefixtures("demo")
def test_every_open_need_of_the_demo_has_its_limit() -> None:
    pending = Need.objects.pending()
    assert pending.filter(office=Office.STREET).exists() and pending.filter(office=Office.COMMUNITY).exists()
    for need in pending:
        assert FIRST_RESPONSE in clocks(need), need.title
    for need in Need.objects.filter(state=State.IN_PROGRESS, first_reply_at__isnull=True):
        assert REPLY in clocks(need), need.title


@pytest.mark.usefixtures("demo")
def test_what_was_sent_up_is_the_streets_since_then() -> None:
    need = Need.objects.get(office=Office.STREET, accepted_at__isnull=False)
    sent_up = need.events.get(verb=Verb.ESCALATE)
    stage = Stage.objects.running().get(subject=f"need:{need.pk}", kind=FIRST_RESPONSE)
    assert need.held_since == sent_up.at == stage.started_at
    assert need.accepted_at is not None and need.held_since >= need.accepted_at
    assert stage.area_code == need.street_code


@pytest.mark.usefixtures("demo")
def test_the_days_of_a_need_follow_one_another_and_its_history() -> None:
    assert Need.objects.filter(state=State.TO_ANSWER).exists(), "the control"
    for need in Need.objects.all():
        told = [need.created_at, need.accepted_at, need.first_reply_at, need.finished_at, need.ended_at]
        moments = [at for at in told if at]
        assert moments == sorted(moments), need.number
        ends = {Verb.ACCEPT: need.accepted_at, Verb.FINISH: need.finished_at, Verb.WITHDRAW: need.ended_at}
        for event in need.events.filter(verb__in=ends):
            assert event.at == ends[Verb(event.verb)], (need.number, event.verb)
        if need.finished_at:
            lapse = Due.objects.undone().get(subject=f"need:{need.pk}", kind=LAPSE)
            assert lapse.key.endswith(str(last_day(need)))
            assert not Due.objects.undone().filter(due_at__lt=timezone.now(), kind=ASK_AGAIN).exists()
