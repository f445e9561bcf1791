"""The demo's needs run by the clocks they would have: nothing that waits is without a limit."""

from __future__ import annotations

from typing import Any

import pytest

from deadlines.models import Stage
from needs.defaults import load_defaults
from needs.models import Need
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
