"""A request for more time: the day asked for, who decides and until when stand everywhere; the wait has a limit."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from deadlines.models import Due, Stage
from deadlines.services.calendar import calendar
from deadlines.services.sweep import sweep_all
from needs import wording
from needs.defaults import load_clocks
from needs.models import Extension, Need
from needs.services.extensions import ask_extension, decide_extension
from needs.services.following import withdraw
from needs.services.handling import reply_to_resident
from needs.services.waiting import ask_resident, resume_need
from needs.states import Verb
from notifications.models import Message
from people.models import RoleGrant, User
from tests.cast import Cast, api_of, browser_of, fresh
from tests.needs.ways import in_hand, in_hand_at_street, keys, latest_of, now, told

pytestmark = pytest.mark.django_db
KIND = "needs.extension"


@pytest.fixture
def need(cast: Cast) -> Need:
    return in_hand(cast)


def ask(need: Need, by: User) -> Extension:
    return ask_extension(pk=need.pk, by=fresh(by), until=latest_of(need), reason="等配件")


def clocks() -> list[tuple[str, str]]:
    return list(Stage.objects.filter(kind=KIND).order_by("pk").values_list("outcome", "area_code"))


def last_day() -> date:
    return calendar().next_working(timezone.localdate(), 3)


def rungs(*offsets: int) -> None:
    """The reminders of these rungs come now."""
    stage = Stage.objects.get(kind=KIND)
    if max(offsets) > 0:
        Stage.objects.filter(pk=stage.pk).update(due_at=timezone.now() - timedelta(days=7))
    due = Due.objects.filter(subject=f"stage:{stage.pk}", kind="deadlines.chase", params__offset__in=offsets)
    assert due.update(due_at=timezone.now() - timedelta(minutes=1)) == len(offsets)
    sweep_all()


def test_it_waits_three_working_days_and_the_decision_ends_that(cast: Cast, need: Need) -> None:
    here = cast.chengxiang
    asked = ask(need, here.worker)
    assert clocks() == [("running", here.home.pk)]
    assert Stage.objects.get(kind=KIND).due_on == last_day()
    decide_extension(pk=asked.pk, by=fresh(here.secretary), granted=False)
    assert clocks() == [("met", here.home.pk)]
    assert not Due.objects.undone().filter(subject=f"stage:{Stage.objects.get(kind=KIND).pk}").exists()


def test_what_is_not_needed_any_more_was_missed_by_nobody(cast: Cast, need: Need) -> None:
    here = cast.chengxiang
    ask(need, here.worker)
    reply_to_resident(pk=need.pk, by=fresh(here.worker), words="明天来换")
    other = in_hand(cast)
    ask(other, here.worker)
    withdraw(token=other.link_token)
    assert [outcome for outcome, _area in clocks()] == ["void", "void"]


def test_the_day_who_decides_and_until_when_stand_on_page_list_and_approvals(cast: Cast, need: Need) -> None:
    here = cast.chengxiang
    asked = ask(need, here.worker)
    wanted, until = wording.day(asked.until), wording.day(last_day())
    page = browser_of(here.worker).get(f"/admin/needs/need/{need.pk}/change/").content.decode()
    assert f"申请延到{wanted}，等社区书记审批，{until}前" in page
    for path in ("/admin/", "/admin/needs/need/?tab=open"):
        shown = browser_of(here.worker).get(path).content.decode()
        assert f"申请延到{wanted}" in shown and f"等社区书记审批，{until}前" in shown, path
    inbox = browser_of(here.secretary).get("/admin/approvals/").content.decode()
    assert f"延到{wanted}" in inbox and f"社区书记审批，{until}前" in inbox
    (row,) = api_of(here.secretary).get("/api/v1/approvals/").json()
    assert f"社区书记审批，{until}前" in row["detail"] and row["overdue"] is False
    for_decision = browser_of(here.secretary).get(f"/admin/needs/need/{need.pk}/change/").content.decode()
    assert f"延到{wanted}，请在{until}前审批" in for_decision
    extension = api_of(here.worker).get(f"/api/v1/needs/{need.pk}/").json()["extension"]
    assert (extension["decider"], extension["decide_by"]) == ("社区书记", str(last_day()))


def test_the_day_stands_in_the_history_and_in_the_message(cast: Cast, need: Need) -> None:
    here = cast.chengxiang
    asked = ask(need, here.worker)
    wanted = wording.day(asked.until)
    event = need.events.get(verb=Verb.EXTEND)
    assert wording.event_for_staff(event) == f"申请延到{wanted}"
    message = Message.objects.get(rule="needs.ExtensionAsked", recipient_key=f"u:{here.secretary.pk}")
    assert wanted in message.title and f"请在{wording.day(last_day())}前审批" in message.body
    decide_extension(pk=asked.pk, by=fresh(here.secretary), granted=False)
    assert wording.event_for_staff(need.events.get(verb=Verb.REFUSE)) == f"没有同意延到{wanted}"


def _alone(cast: Cast) -> tuple[Need, User]:
    RoleGrant.objects.filter(user=cast.chengxiang.secretary).delete()
    return in_hand(cast), cast.chengxiang.worker


SITUATIONS: dict[str, Any] = {
    "the worker asks": (lambda cast: (in_hand(cast), cast.chengxiang.worker), "社区书记"),
    "the secretary asks": (lambda cast: (in_hand(cast), cast.chengxiang.secretary), "街道科室负责人或党建办"),
    "at the street": (lambda cast: (in_hand_at_street(cast), cast.chengxiang.clerk), "街道科室负责人或党建办"),
    "no secretary": (_alone, "街道科室负责人或党建办"),
}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_who_decides_is_who_is_told_and_reminded(cast: Cast, situation: str) -> None:
    here = cast.chengxiang
    arrange, post = SITUATIONS[situation]
    need, asker = arrange(cast)
    ask(need, asker)
    shown = api_of(asker).get(f"/api/v1/needs/{need.pk}/").json()["extension"]
    assert shown["decider"] == post
    street = {f"u:{here.section_head.pk}", f"u:{here.party_office.pk}"}
    expected = keys(here.secretary) if post == "社区书记" else street
    assert told("ExtensionAsked") == expected
    rungs(-1)
    assert told("ExtensionDecideSoon") == expected


def test_late_it_goes_up_the_ladder_and_says_so(cast: Cast, need: Need) -> None:
    here = cast.chengxiang
    ask(need, here.worker)
    rungs(1, 3)
    assert told("ExtensionDecideLate") == keys(here.secretary, here.party_office)
    (row,) = api_of(here.secretary).get("/api/v1/approvals/").json()
    assert row["overdue"] is True


def test_while_the_resident_is_waited_for_nobody_is_late_with_it(cast: Cast, need: Need) -> None:
    here = cast.chengxiang
    ask(need, here.worker)
    ask_resident(pk=need.pk, by=fresh(here.worker), words="是哪一幢？")
    stage = Stage.objects.get(kind=KIND)
    assert stage.paused_at is not None
    assert api_of(here.worker).get(f"/api/v1/needs/{need.pk}/").json()["extension"]["decide_by"] is None
    resume_need(pk=need.pk, by=fresh(here.worker))
    stage.refresh_from_db()
    assert stage.paused_at is None and stage.due_on == last_day()


def test_handing_the_need_to_a_unit_leaves_the_limit_with_those_who_decide(cast: Cast, need: Need) -> None:
    ask(need, cast.chengxiang.worker)
    stage = Stage.objects.get(kind=KIND)
    assert stage.holder is None and not Stage.objects.filter(subject=f"need:{need.pk}", kind=KIND).exists()


def test_requests_from_before_get_their_limit(cast: Cast, need: Need) -> None:
    asked = ask(need, cast.chengxiang.worker)
    Due.objects.filter(subject__startswith="stage:").delete()
    Stage.objects.filter(kind=KIND).delete()
    then = timezone.now() - timedelta(days=1)
    Extension.objects.filter(pk=asked.pk).update(asked_at=then)
    for _again in range(2):
        load_clocks()
    stage = Stage.objects.get(kind=KIND)
    assert stage.started_at == then and now(need).version == need.version + 1
