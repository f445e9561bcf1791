"""Requests for more time: those from before have their clocks, and their reminders end with the decision."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from deadlines.models import Due, Stage
from deadlines.services.calendar import calendar
from deadlines.services.sweep import sweep_all
from needs.models import Extension, Need
from needs.services.extension_clock import start_missing_extension_clocks
from needs.services.extensions import ask_extension, decide_extension
from needs.services.following import withdraw
from needs.services.waiting import ask_resident, resume_need
from needs.states import EXTENSION_WAIT
from notifications.models import Message
from people.models import RoleGrant, User
from tests.cast import Cast, fresh
from tests.needs.ways import in_hand, in_hand_at_street, keys, latest_of, told

pytestmark = pytest.mark.django_db


def from_before(need: Need, by: User, *, days: int) -> Extension:
    """A request of ``days`` ago, from when none had a clock."""
    asked = ask_extension(pk=need.pk, by=fresh(by), until=latest_of(need), reason="等配件")
    stages = Stage.objects.filter(kind=EXTENSION_WAIT)
    Due.objects.filter(subject__in=[f"stage:{pk}" for pk in stages.values_list("pk", flat=True)]).delete()
    stages.delete()
    Extension.objects.filter(pk=asked.pk).update(asked_at=timezone.now() - timedelta(days=days))
    return asked


def test_a_request_from_before_stands_since_the_resident_is_waited_for(cast: Cast) -> None:
    here = cast.chengxiang
    need = in_hand(cast)
    asked = from_before(need, here.worker, days=40)
    ask_resident(pk=need.pk, by=fresh(here.worker), words="是哪一幢？")
    since = timezone.now() - timedelta(days=40) + timedelta(hours=1)
    Need.objects.filter(pk=need.pk).update(waiting_since=since)
    assert start_missing_extension_clocks() == 1
    stage = Stage.objects.get(subject=f"extension:{asked.pk}")
    assert stage.breached_at is None and stage.paused_at == since
    left = calendar().working_days_between(timezone.localdate(since), stage.due_on)
    assert stage.remaining == left and 2 <= left <= 3
    sweep_all()
    resume_need(pk=need.pk, by=fresh(here.worker))
    stage.refresh_from_db()
    assert stage.breached_at is None and stage.due_on == calendar().next_working(timezone.localdate(), left)


def test_of_an_old_request_the_last_reminder_comes_at_once_and_alone(cast: Cast) -> None:
    here = cast.chengxiang
    from_before(in_hand(cast), here.worker, days=60)
    for _again in range(2):
        start_missing_extension_clocks()
        sweep_all()
    assert told("ExtensionDecideLate") == keys(here.party_office)
    assert Message.objects.filter(rule__startswith="needs.ExtensionDecide").count() == 1


def test_of_a_request_of_yesterday_nothing_comes_at_once(cast: Cast) -> None:
    from_before(in_hand(cast), cast.chengxiang.worker, days=0)
    start_missing_extension_clocks()
    sweep_all()
    assert not Message.objects.filter(rule__startswith="needs.ExtensionDecide").exists()


def climb(*offsets: int) -> None:
    stage = Stage.objects.get(kind=EXTENSION_WAIT)
    if max(offsets) > 0:
        Stage.objects.filter(pk=stage.pk).update(due_at=timezone.now() - timedelta(days=7))
    rungs = Due.objects.filter(subject=f"stage:{stage.pk}", kind="deadlines.chase", params__offset__in=offsets)
    assert rungs.update(due_at=timezone.now() - timedelta(minutes=1)) == len(offsets)
    sweep_all()


DECISIONS: dict[str, Callable[[Need, Extension, Any], Any]] = {
    "decided": lambda need, asked, here: decide_extension(pk=asked.pk, by=fresh(here.secretary), granted=False),
    "not needed": lambda need, asked, here: withdraw(token=need.link_token),
}


@pytest.mark.parametrize("end", DECISIONS)
def test_the_decision_ends_its_reminders_too(cast: Cast, end: str) -> None:
    here = cast.chengxiang
    need, other = in_hand(cast), in_hand(cast)
    asked = ask_extension(pk=need.pk, by=fresh(here.worker), until=latest_of(need), reason="等配件")
    climb(-1)
    climb(1, 3)
    assert told("ExtensionDecideSoon") and told("ExtensionDecideLate"), "the control"
    Message.objects.filter(rule="needs.ExtensionDecideSoon").update(occurrence=f"chase:0:0:{other.pk}")
    DECISIONS[end](need, asked, here)
    assert not told("ExtensionDecideLate") and told("ExtensionDecideSoon"), "of this request, and of no other"


@pytest.mark.parametrize("alone", [True, False])
def test_no_rung_reminds_whoever_asked(cast: Cast, alone: bool) -> None:
    here = cast.chengxiang
    need = in_hand_at_street(cast)
    if alone:
        RoleGrant.objects.filter(role="section_head").exclude(user=here.section_head).delete()
    ask_extension(pk=need.pk, by=fresh(here.section_head), until=latest_of(need), reason="等配件")
    climb(1)
    assert told("ExtensionDecideLate") == keys(here.party_office), "the next one above"
