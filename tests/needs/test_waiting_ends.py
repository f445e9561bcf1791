"""等居民补充 has an end: the resident is reminded, then whoever handles it; pages say whose turn it is meanwhile."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from deadlines.models import Due, Stage
from deadlines.services.calendar import calendar
from deadlines.services.sweep import sweep_all
from needs import wording
from needs.defaults import load_clocks
from needs.models import Need
from needs.services.finishing import finish_need
from needs.services.following import supplement, withdraw
from needs.services.triage import escalate_need
from needs.services.waiting import ask_resident, resume_need
from notifications.models import Message
from people.models import User
from tests.cast import Cast, api_of, browser_of, fresh, resident, say_need
from tests.needs.test_tracked import facts_of, page_of
from tests.needs.ways import WHY, in_hand, keys, now, told

pytestmark = pytest.mark.django_db
REMIND, IDLE = "needs.supplement_remind", "needs.supplement_idle"


@pytest.fixture
def need(cast: Cast) -> Need:
    found = in_hand(cast)
    ask_resident(pk=found.pk, by=fresh(cast.chengxiang.worker), words="是哪一幢？")
    return now(found)


def undone() -> list[str]:
    rows = Due.objects.undone().filter(kind__in=[REMIND, IDLE])
    return sorted(rows.values_list("kind", flat=True))


def comes(kind: str) -> None:
    assert Due.objects.undone().filter(kind=kind).update(due_at=timezone.now() - timedelta(minutes=1)) == 1
    sweep_all()


def test_asked_two_reminders_are_laid_out_on_working_mornings(cast: Cast, need: Need) -> None:
    cal, today = calendar(), timezone.localdate()
    found = {due.kind: due.due_at for due in Due.objects.undone().filter(kind__in=[REMIND, IDLE])}
    assert found == {
        REMIND: cal.opening(cal.next_working(today, 3)),
        IDLE: cal.opening(cal.next_working(today, 10)),
    }


def test_the_resident_is_asked_again_in_the_inbox_and_by_text_message(cast: Cast, need: Need) -> None:
    person = resident(need.contact_phone)
    Need.objects.filter(pk=need.pk).update(resident=person)
    comes(REMIND)
    rows = Message.objects.filter(rule="needs.NeedAskedAgain")
    assert set(rows.values_list("channel", "recipient_key")) >= {("inapp", f"u:{person.pk}")}
    assert rows.filter(channel="sms").count() == 1
    assert "哪一幢" not in str(list(Message.objects.values())), "the question stays on the page"
    assert not told("NeedStillWaiting")


def test_whoever_handles_it_hears_that_nothing_came_and_the_clock_still_stands(cast: Cast, need: Need) -> None:
    comes(IDLE)
    assert told("NeedStillWaiting") == keys(cast.chengxiang.worker)
    assert Stage.objects.get(subject=f"need:{need.pk}", kind="needs.reply").paused_at is not None
    assert now(need).waiting_since == need.waiting_since, "nothing ends by itself"


ENDS: dict[str, Any] = {
    "added": lambda need, by: supplement(token=need.link_token, words="6幢"),
    "went on": lambda need, by: resume_need(pk=need.pk, by=by),
    "done": lambda need, by: finish_need(pk=need.pk, by=by, words="换好了"),
    "sent up": lambda need, by: escalate_need(pk=need.pk, by=by, why=WHY),
    "taken back": lambda need, by: withdraw(token=need.link_token),
}


@pytest.mark.parametrize("end", ENDS)
def test_what_ends_the_wait_ends_the_reminders(cast: Cast, need: Need, end: str) -> None:
    assert undone() == [IDLE, REMIND], "the control"
    ENDS[end](need, fresh(cast.chengxiang.worker))
    assert undone() == []


def test_what_came_ends_the_news_that_nothing_came(cast: Cast, need: Need) -> None:
    comes(IDLE)
    assert told("NeedStillWaiting")
    supplement(token=need.link_token, words="6幢")
    assert not told("NeedStillWaiting")


def test_a_second_question_is_reminded_of_anew(cast: Cast, need: Need) -> None:
    comes(REMIND)
    supplement(token=need.link_token, words="6幢")
    ask_resident(pk=need.pk, by=fresh(cast.chengxiang.worker), words="几单元？")
    assert undone() == [IDLE, REMIND]
    comes(REMIND)
    assert Message.objects.filter(rule="needs.NeedAskedAgain", channel="sms").count() == 2


def test_a_reminder_of_a_wait_that_is_over_says_nothing(cast: Cast, need: Need) -> None:
    """Should one be left in the list: it looks at the need as it is."""
    Need.objects.filter(pk=need.pk).update(waiting_since=None)
    comes(REMIND)
    comes(IDLE)
    assert not Message.objects.filter(rule__in=["needs.NeedAskedAgain", "needs.NeedStillWaiting"]).exists()


def test_waits_from_before_are_reminded_of_too(cast: Cast, need: Need) -> None:
    Due.objects.filter(kind__in=[REMIND, IDLE]).delete()
    for _again in range(2):
        load_clocks()
    assert undone() == [IDLE, REMIND]


def test_of_a_wait_from_long_ago_the_office_hears_at_once_and_nobody_twice(cast: Cast, need: Need) -> None:
    Due.objects.filter(kind__in=[REMIND, IDLE]).delete()
    Need.objects.filter(pk=need.pk).update(waiting_since=timezone.now() - timedelta(days=90))
    for _again in range(2):
        load_clocks()
        sweep_all()
    assert told("NeedStillWaiting") == keys(cast.chengxiang.worker)
    assert Message.objects.filter(rule="needs.NeedStillWaiting").count() == 1
    assert not Message.objects.filter(rule="needs.NeedAskedAgain").exists()
    assert not Due.objects.filter(kind__in=[REMIND, IDLE]).exclude(state="done").exists()


def test_staff_read_whose_hands_it_is_in_as_the_resident_does(cast: Cast, need: Need) -> None:
    here = cast.chengxiang
    facts = facts_of(page_of(need))
    assert facts["在谁手里"] == f"您，等您补充，{here.home.name} {here.worker.name}接着办"
    day = calendar().next_working(timezone.localdate(), 10)
    since, reminded = wording.moment(need.waiting_since), wording.day(day)
    for path in (f"/admin/needs/need/{need.pk}/change/", "/admin/needs/need/?tab=open", "/admin/"):
        page = browser_of(here.worker).get(path).content.decode()
        assert "居民，等补充" in page and f"{here.worker.name}接着办" in page, path
        assert f"{since}起" in page and f"{reminded}提醒经办人" in page, path
    hand = api_of(here.worker).get(f"/api/v1/needs/{need.pk}/").json()["hand"]
    assert hand["name"] == "居民，等补充" and hand["until"] is None
    assert hand["since"] == timezone.localtime(need.waiting_since).isoformat()


def test_the_control_a_need_nobody_waits_for_is_with_its_holder(cast: Cast) -> None:
    def name(person: User) -> str:
        return person.name

    here, need = cast.chengxiang, in_hand(cast)
    say_need(here.home)
    hand = api_of(here.worker).get(f"/api/v1/needs/{need.pk}/").json()["hand"]
    assert hand["name"] == name(here.worker) and undone() == []
