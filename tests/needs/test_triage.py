"""研判: up to the street and back, back to the office, to the right place outside. The promise stays throughout."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from alliance.lib.errors import Conflict, Invalid, NotAllowed
from deadlines.models import Stage
from deadlines.states import Outcome
from needs.models import Need
from needs.services.assigning import assign_need
from needs.services.following import withdraw
from needs.services.handling import accept_need, call_resident, print_slip, reply_to_resident
from needs.services.hands import hands
from needs.services.triage import communities_for, escalate_need, return_need, send_back_need
from needs.services.waiting import ask_resident
from needs.states import Audience, Office, State, Verb
from notifications.models import Message
from people.models import RoleGrant
from tests.cast import Cast, fresh, say_need
from tests.needs.ways import WHY, clocks, in_hand, in_hand_at_street, keys, now, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def need(cast: Cast) -> Need:
    return say_need(cast.chengxiang.home)


def test_sent_up_it_lies_at_the_street_in_nobodys_hands_and_says_why(cast: Cast, need: Need) -> None:
    here = cast.chengxiang
    escalate_need(pk=need.pk, by=here.worker, why=f"  {WHY} ", version=1)
    found = now(need)
    assert (found.state, found.office, found.holder, found.desk) == (State.PENDING, Office.STREET, None, here.street)
    assert found.why_here == WHY and found.held_since > need.held_since
    event = found.events.get(verb=Verb.ESCALATE)
    assert (event.why, event.words, event.audience) == (WHY, "", Audience.RESIDENT)
    assert event.params["area"] == here.home.name, "who sent it, not where it went"
    assert told("NeedSentUp") == keys(here.clerk, here.party_office) == keys(*hands(found))
    assert not told("NeedArrived"), "the community has nothing to accept any more"


def test_a_reason_never_reaches_the_resident(cast: Cast, need: Need) -> None:
    from needs.services.following import find_by_link
    from needs.services.mine import my_data
    from needs.wording import resident_timeline
    from tests.cast import resident

    escalate_need(pk=need.pk, by=cast.chengxiang.worker, why=WHY)
    send_back_need(pk=need.pk, by=cast.chengxiang.clerk, why=WHY)
    events = find_by_link(need.link_token).events.filter(audience=Audience.RESIDENT)
    assert len(events) == 3 and WHY not in str(resident_timeline(events))
    assert WHY not in str(my_data(resident(need.contact_phone)))
    assert WHY not in str(list(Message.objects.values()))


def test_the_first_response_is_awaited_anew_at_each_desk(cast: Cast, need: Need) -> None:
    here = cast.chengxiang
    escalate_need(pk=need.pk, by=here.worker, why=WHY)
    assert clocks(need, "needs.first_response") == [
        (Outcome.MET, here.home.pk, None),
        (Outcome.RUNNING, here.street.pk, None),
    ]
    send_back_need(pk=need.pk, by=here.clerk, why=WHY)
    assert clocks(need, "needs.first_response")[-1] == (Outcome.RUNNING, here.home.pk, None)
    assert len(clocks(need, "needs.first_response")) == 3
    accept_need(pk=need.pk, by=here.worker)
    assert [outcome for outcome, *_rest in clocks(need, "needs.first_response")] == [Outcome.MET] * 3


def test_a_response_that_was_late_at_the_first_desk_stays_late(cast: Cast, need: Need) -> None:
    past = timezone.now() - timedelta(hours=1)
    Stage.objects.filter(subject=f"need:{need.pk}").update(started_at=past - timedelta(days=3), due_at=past)
    escalate_need(pk=need.pk, by=cast.chengxiang.worker, why=WHY)
    assert [outcome for outcome, *_rest in clocks(need, "needs.first_response")] == [Outcome.BREACHED, Outcome.RUNNING]


def test_the_promise_outlives_the_way_up_and_binds_whoever_takes_it_next(cast: Cast) -> None:
    here = cast.chengxiang
    promised = timezone.localdate() + timedelta(days=3)
    need = accept_need(pk=say_need(here.home).pk, by=here.worker, reply_by=promised, nature="help", urgent=True)
    accepted_at = need.accepted_at
    escalate_need(pk=need.pk, by=here.worker, why=WHY)
    assert clocks(need, "needs.reply") == [(Outcome.RUNNING, here.street.pk, None)]
    assert now(need).reply_by == promised
    for other in (promised + timedelta(days=1), promised - timedelta(days=1)):
        with pytest.raises(Invalid) as refused:
            accept_need(pk=need.pk, by=here.clerk, reply_by=other)
        assert "要改请申请延期" in str(refused.value.fields["reply_by"][0])
    accept_need(pk=need.pk, by=here.clerk)
    found = now(need)
    assert (found.reply_by, found.accepted_at, found.nature, found.urgent) == (promised, accepted_at, "help", True)
    assert clocks(need, "needs.reply") == [(Outcome.RUNNING, here.street.pk, here.clerk)]
    assert Message.objects.filter(rule="needs.NeedAccepted").count() == 2, "the resident hears who has it now"
    assert here.street.name in str(Message.objects.filter(rule="needs.NeedAccepted").latest("pk").params)


def test_a_promise_that_was_kept_is_not_started_again(cast: Cast) -> None:
    here = cast.chengxiang
    need = in_hand(cast)
    reply_to_resident(pk=need.pk, by=here.worker, words="在看")
    escalate_need(pk=need.pk, by=here.worker, why=WHY)
    accept_need(pk=need.pk, by=here.clerk)
    assert [outcome for outcome, *_rest in clocks(need, "needs.reply")] == [Outcome.MET]
    assert [outcome for outcome, *_rest in clocks(need, "needs.first_response")] == [Outcome.MET, Outcome.MET]


def test_whoever_had_it_is_told_that_it_is_gone(cast: Cast) -> None:
    here = cast.chengxiang
    need = in_hand(cast)
    escalate_need(pk=need.pk, by=here.secretary, why=WHY)
    assert told("NeedTakenOver") == keys(here.worker)


def test_the_community_looks_on_at_what_it_has_sent_up(cast: Cast, need: Need) -> None:
    here = cast.chengxiang
    escalate_need(pk=need.pk, by=here.worker, why=WHY)
    for name in ("worker", "secretary", "grid_lead", "grid_full"):
        with pytest.raises(NotAllowed, match="城厢街道"):
            accept_need(pk=need.pk, by=getattr(here, name))
        with pytest.raises(Invalid):  # not with one tap: a reason
            call_resident(pk=need.pk, by=getattr(here, name))
    call_resident(pk=need.pk, by=here.clerk)


def test_from_the_street_it_goes_back_to_where_it_is_from_only(cast: Cast, need: Need) -> None:
    here = cast.chengxiang
    escalate_need(pk=need.pk, by=here.worker, why=WHY)
    with pytest.raises(Invalid) as refused:
        send_back_need(pk=need.pk, by=here.clerk, why=WHY, community=here.next_door.pk)
    assert "万寿桥社区" in str(refused.value.fields["community"][0])
    assert communities_for(now(need)) == []
    send_back_need(pk=need.pk, by=here.clerk, why=WHY)
    assert (now(need).office, now(need).area) == (Office.COMMUNITY, here.home)
    assert told("NeedSentBack") == keys(here.worker, here.secretary)
    assert not told("NeedSentUp")


def test_what_was_said_to_the_street_lies_there_and_is_handed_to_a_community(cast: Cast) -> None:
    here = cast.chengxiang
    need = say_need(here.street)
    assert need.office == Office.STREET and told("NeedArrived") == keys(here.clerk, here.party_office)
    assert clocks(need, "needs.first_response") == [(Outcome.RUNNING, here.street.pk, None)]
    assert {area.pk for area in communities_for(need)} == {here.home.pk, here.next_door.pk}
    for wrong in ("", "330109001999", here.street.pk, cast.xiasha.home.pk, "x' OR 1=1"):
        with pytest.raises(Invalid) as refused:
            send_back_need(pk=need.pk, by=here.clerk, why=WHY, community=wrong)
        assert set(refused.value.fields) == {"community"}
    send_back_need(pk=need.pk, by=here.clerk, why=WHY, community=here.home.pk)
    found = now(need)
    assert (found.area, found.office, found.street_code) == (here.home, Office.COMMUNITY, here.street.pk)
    assert clocks(need, "needs.first_response")[-1] == (Outcome.RUNNING, here.home.pk, None)
    assert told("NeedSentBack") == keys(here.worker, here.secretary)
    accept_need(pk=need.pk, by=here.worker)


@pytest.mark.parametrize("why", ["", "  \u200b", "字" * 201])
def test_nothing_goes_elsewhere_without_a_reason_of_a_line(cast: Cast, need: Need, why: str) -> None:
    here = cast.chengxiang
    other = in_hand_at_street(cast)
    for step in (
        lambda: escalate_need(pk=need.pk, by=here.worker, why=why),
        lambda: return_need(pk=other.pk, by=here.clerk, why=why),
        lambda: send_back_need(pk=other.pk, by=here.clerk, why=why),
        lambda: assign_need(pk=need.pk, by=here.worker, why=why, to_user_id=here.secretary.pk),
    ):
        with pytest.raises(Invalid) as refused:
            step()
        assert set(refused.value.fields) == {"why"}
    assert now(need).version == 1


def test_going_elsewhere_ends_the_waiting_for_the_resident(cast: Cast) -> None:
    here = cast.chengxiang
    need = in_hand(cast)
    ask_resident(pk=need.pk, by=here.worker, words="是哪一幢？")
    escalate_need(pk=need.pk, by=here.worker, why=WHY)
    stage = Stage.objects.get(subject=f"need:{need.pk}", kind="needs.reply")
    assert stage.paused_at is None and now(need).waiting_since is None
    assert now(need).reply_by == stage.due_on


def test_a_stale_form_changes_nothing(cast: Cast, need: Need) -> None:
    here = cast.chengxiang
    accept_need(pk=need.pk, by=here.worker)
    for step in (
        lambda: escalate_need(pk=need.pk, by=here.worker, why=WHY, version=1),
        lambda: return_need(pk=need.pk, by=here.worker, why=WHY, version=1),
        lambda: assign_need(pk=need.pk, by=here.worker, why=WHY, to_user_id=here.clerk.pk, version=1),
        lambda: ask_resident(pk=need.pk, by=here.worker, words="哪一幢？", version=1),
    ):
        with pytest.raises(Conflict):
            step()
    assert now(need).version == 2


def test_the_leader_calls_with_one_tap_what_lies_there_and_prints_no_slip(cast: Cast, need: Need) -> None:
    here = cast.chengxiang
    with pytest.raises(NotAllowed):
        call_resident(pk=need.pk, by=here.leader, reason="回访")
    Need.objects.filter(pk=need.pk).update(office=Office.LEADER)
    assert call_resident(pk=need.pk, by=here.leader).contact_phone == need.contact_phone
    with pytest.raises(NotAllowed):
        print_slip(pk=need.pk, by=here.leader)


def test_whoever_lost_the_street_is_told_nothing_of_what_lies_there(cast: Cast) -> None:
    here = cast.chengxiang
    need = in_hand_at_street(cast)
    RoleGrant.objects.filter(user=here.clerk).update(area=here.home, role="community_staff")
    assert {user.pk for user in hands(now(need))} == {here.party_office.pk}
    assert fresh(here.clerk).roles_at(here.home.pk), "still somebody of the community"


def test_withdrawing_ends_the_news_at_every_desk(cast: Cast, need: Need) -> None:
    escalate_need(pk=need.pk, by=cast.chengxiang.worker, why=WHY)
    withdraw(token=need.link_token)
    assert not told("NeedSentUp") and told("NeedSentUp", "read")
