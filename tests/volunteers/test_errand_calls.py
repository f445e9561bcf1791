"""An errand is told to some who live near and said that they run errands; the first to take it has it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from alliance.lib.errors import Invalid
from notifications.models import Message
from people.models import Area, User
from tests.cast import Cast, fresh, say_need
from tests.needs.running import publish, take
from tests.volunteers.things import comer, volunteer
from volunteers.services.policies import save_policy
from volunteers.states.people import Skill, VolunteerState

RULE = "volunteers.ErrandNear"


def _runner(area: Area, **changes: Any) -> User:
    row = volunteer(comer(), area)
    for name, value in {"skills": [Skill.ERRANDS], **changes}.items():
        setattr(row, name, value)
    row.save()
    found: User = row.user
    return found


def _keys(people: Iterable[User]) -> set[str]:
    return {f"u:{person.pk}" for person in people}


def _told() -> set[str]:
    return set(Message.objects.filter(rule=RULE).values_list("recipient_key", flat=True))


def _at(clock: int) -> datetime:
    """So late tomorrow: the database's own clock stays behind."""
    tomorrow = timezone.localtime() + timedelta(days=1)
    return tomorrow.replace(hour=clock, minute=0, second=0, microsecond=0)


@pytest.fixture
def open_sms(settings: Any) -> None:
    """Text messages go out (to the terminal)."""
    settings.DEMO, settings.SMS_CHANNEL = True, "console"


@pytest.fixture
def by_day() -> Iterator[None]:
    with time_machine.travel(_at(12), tick=False):
        yield


def test_those_of_the_community_who_run_errands_hear_of_it_and_nobody_else(cast: Cast, by_day: None) -> None:
    here = cast.chengxiang
    wanted = [_runner(here.home), _runner(here.home)]
    _runner(here.home, skills=[Skill.HAIR])
    _runner(here.home, state=VolunteerState.LEFT)
    _runner(here.home, born=timezone.localdate() - timedelta(days=4000), guardian_agreed_on=timezone.localdate())
    _runner(cast.xiasha.home)
    errand = publish(say_need(here.home), here.worker)
    assert _told() == _keys(wanted)
    said = [str(row) for row in Message.objects.filter(rule=RULE).values_list("params", "title", "body", "text")]
    assert any(errand.what in one for one in said)
    assert not [one for one in said if "9幢" in one or "赵阿婆" in one], "only the words everybody may read"


def test_no_more_hear_of_it_than_the_street_says_and_nobody_where_it_says_so(cast: Cast, by_day: None) -> None:
    here = cast.chengxiang
    for _each in range(4):
        _runner(here.home)
    typed: dict[str, Any] = {"street_code": here.street.pk, "asks_approval": False, "stars": [10]}
    with pytest.raises(Invalid):
        save_policy(by=fresh(here.party_office), errand_calls=51, version=0, **typed)
    policy = save_policy(by=fresh(here.party_office), errand_calls=2, version=0, **typed)
    publish(say_need(here.home), here.worker)
    assert len(_told()) == 2
    Message.objects.filter(rule=RULE).update(rule="before")
    save_policy(by=fresh(here.party_office), errand_calls=0, version=policy.version, **typed)
    publish(say_need(here.home), here.worker)
    assert not _told()


def test_at_night_it_waits_for_the_morning_or_is_not_told_at_all(cast: Cast) -> None:
    here, night = cast.chengxiang, _at(22)
    morning = night + timedelta(hours=10)
    _runner(here.home)
    with time_machine.travel(night, tick=False):
        publish(say_need(here.home), here.worker, deliver_by=morning - timedelta(hours=1))
        assert not _told()
        publish(say_need(here.home), here.worker, deliver_by=morning + timedelta(hours=5))
    assert set(Message.objects.filter(rule=RULE, channel="sms").values_list("not_before", flat=True)) == {morning}


def test_once_somebody_has_it_what_has_not_gone_out_stays(cast: Cast, by_day: None, open_sms: None) -> None:
    here = cast.chengxiang
    first = _runner(here.home)
    _runner(here.home)
    errand = publish(say_need(here.home), here.worker)
    assert Message.objects.filter(rule=RULE, channel="sms", state="waiting").exists(), "the control"
    take(errand, first)
    assert not Message.objects.filter(rule=RULE, channel="sms", state="waiting").exists()
    assert not Message.objects.filter(rule=RULE, channel="inapp", read_at=None).exists()
