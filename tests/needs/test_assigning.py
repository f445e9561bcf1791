"""转给: a colleague has it from now on; a unit is asked to help while whoever has it answers for it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from alliance.lib.errors import Invalid, NotFound, RuleBroken
from deadlines.models import Stage
from files.services import attachments, hold_photo
from members.models import Liaison, Membership, MemberUnit
from members.services import leave_alliance
from needs.models import Need
from needs.services.assigning import assign_need, assignees, units_to_ask
from needs.services.extensions import ask_extension
from needs.services.finishing import finish_need
from needs.services.triage import escalate_need
from needs.services.units import needs_at_units, unit_hand_back, unit_photos, unit_report
from needs.states import Audience, ExtensionState, State, Verb
from notifications.models import Message
from people.models import User
from tests.cast import Cast, fresh, say_need
from tests.files.pictures import photo, upload
from tests.needs.ways import WHY, in_hand, in_hand_at_street, member_unit, now

pytestmark = pytest.mark.django_db
AT_HOME = {"worker", "secretary", "grid_lead", "grid_full", "clerk", "section_head", "party_office"}
UPSTAIRS = {"clerk", "section_head", "party_office"}


@pytest.fixture
def unit(cast: Cast) -> MemberUnit:
    return member_unit(cast.chengxiang)


@pytest.fixture
def helped(cast: Cast, unit: MemberUnit) -> Need:
    """In the worker's hands, and the unit has been asked to help."""
    need = in_hand(cast)
    assign_need(pk=need.pk, by=cast.chengxiang.worker, why=WHY, to_unit_id=unit.pk)
    return now(need)


def told(rule: str, channel: str = "inapp") -> list[str]:
    return sorted(Message.objects.filter(rule=f"needs.{rule}", channel=channel).values_list("recipient_key", flat=True))


def names(cast: Cast, people: Any) -> set[str]:
    by_pk = {user.pk: name for name, user in cast.chengxiang.people().items()}
    return {by_pk[row.id] for row in people}


def test_whom_one_may_choose_follows_from_where_it_lies(cast: Cast) -> None:
    here = cast.chengxiang
    pending, held = say_need(here.home), in_hand(cast)
    assert names(cast, assignees(pending, here.worker)) == AT_HOME
    assert names(cast, assignees(now(held), here.worker)) == AT_HOME - {"worker"}
    assert names(cast, assignees(now(in_hand_at_street(cast)), here.section_head)) == UPSTAIRS - {"clerk"}
    assert names(cast, assignees(say_need(here.street), here.clerk)) == UPSTAIRS


def test_the_form_says_who_they_are_and_how_much_they_have(cast: Cast) -> None:
    here = cast.chengxiang
    in_hand(cast)
    rows = {row.id: row for row in assignees(say_need(here.home), here.clerk)}
    assert next(iter(rows)) == here.clerk.pk, "oneself first"
    assert "1件在办" in rows[here.worker.pk].label and "社工" in rows[here.worker.pk].label
    assert "0件在办" in rows[here.secretary.pk].label
    assert list(rows)[-1] == here.worker.pk, "whoever has most comes last"


def test_assigned_before_anybody_accepted_it_is_accepted_with_it(cast: Cast) -> None:
    here = cast.chengxiang
    day = timezone.localdate() + timedelta(days=4)
    need = say_need(here.home)
    assign_need(
        pk=need.pk, by=here.secretary, why=WHY, to_user_id=here.grid_full.pk, reply_by=day, nature="help", urgent=True
    )
    found = now(need)
    assert (found.state, found.holder, found.reply_by) == (State.IN_PROGRESS, here.grid_full, day)
    assert (found.nature, found.urgent, found.why_here) == ("help", True, WHY)
    stage = Stage.objects.running().get(subject=f"need:{need.pk}")
    assert (stage.kind, stage.holder, stage.due_on) == ("needs.reply", here.grid_full, day)
    assert told("NeedAssigned") == [f"u:{here.grid_full.pk}"]
    assert Message.objects.filter(rule="needs.NeedAccepted").count() == 1
    event = found.events.get(verb=Verb.ASSIGN)
    assert (event.why, event.words, event.params["holder"]) == (WHY, "", here.grid_full.name)


def test_handed_on_the_promise_stays_and_both_hear_of_it(cast: Cast) -> None:
    here = cast.chengxiang
    need = in_hand(cast)
    promised = need.reply_by
    other = timezone.localdate() + timedelta(days=30)
    assign_need(pk=need.pk, by=here.secretary, why=WHY, to_user_id=here.clerk.pk, reply_by=other)
    found = now(need)
    assert (found.holder, found.reply_by) == (here.clerk, promised) and found.held_since > need.held_since
    assert Stage.objects.running().get(subject=f"need:{need.pk}").holder == here.clerk
    assert told("NeedAssigned") == [f"u:{here.clerk.pk}"] and told("NeedTakenOver") == [f"u:{here.worker.pk}"]
    assert Message.objects.filter(rule="needs.NeedAccepted").count() == 1, "the resident hears once"


def test_taking_it_over_oneself_is_no_news_to_oneself(cast: Cast) -> None:
    here = cast.chengxiang
    assign_need(pk=in_hand(cast).pk, by=here.secretary, why=WHY, to_user_id=here.secretary.pk)
    assert not told("NeedAssigned") and told("NeedTakenOver") == [f"u:{here.worker.pk}"]


@pytest.mark.parametrize("name", ["grid_part", "leader", "system_admin", "neighbour", "liaison", "worker"])
def test_nobody_gets_it_who_may_not_handle_it_or_has_it_already(cast: Cast, name: str) -> None:
    here = cast.chengxiang
    need = in_hand(cast)
    with pytest.raises(Invalid) as refused:
        assign_need(pk=need.pk, by=here.secretary, why=WHY, to_user_id=getattr(here, name).pk)
    assert set(refused.value.fields) == {"to"} and now(need).holder == here.worker


def test_nor_the_twin_nor_somebody_switched_off_nor_the_community_once_it_is_upstairs(cast: Cast) -> None:
    here = cast.chengxiang
    need = in_hand_at_street(cast)
    User.objects.filter(pk=here.party_office.pk).update(is_active=False)
    for person in (here.worker, here.secretary, here.party_office, cast.xiasha.clerk):
        with pytest.raises(Invalid):
            assign_need(pk=need.pk, by=here.clerk, why=WHY, to_user_id=person.pk)
    assert now(need).holder == here.clerk


def test_one_target_and_only_one(cast: Cast, unit: MemberUnit) -> None:
    here = cast.chengxiang
    need = in_hand(cast)
    for target in ({}, {"to_user_id": here.secretary.pk, "to_unit_id": unit.pk}):
        with pytest.raises(Invalid) as refused:
            assign_need(pk=need.pk, by=here.worker, why=WHY, **target)
        assert set(refused.value.fields) == {"to"}


def test_a_unit_is_asked_politely_and_whoever_has_it_still_answers_for_it(cast: Cast, helped: Need) -> None:
    here = cast.chengxiang
    assert (helped.holder, helped.state, str(helped.unit)) == (here.worker, State.IN_PROGRESS, "城厢街道中医院")
    assert told("UnitAsked") == [f"u:{here.liaison.pk}"]
    words = Message.objects.get(rule="needs.UnitAsked", channel="inapp")
    assert "商请" in words.title and not any(
        word in words.title + words.body for word in ("派单", "催办", "督办", "超期")
    )
    assert words.url == f"/desk/needs/{helped.pk}/"
    assert Stage.objects.running().get(subject=f"need:{helped.pk}").holder == here.worker


def test_a_unit_asked_before_anybody_accepted_makes_it_the_askers(cast: Cast, unit: MemberUnit) -> None:
    need = say_need(cast.chengxiang.home)
    assign_need(pk=need.pk, by=cast.chengxiang.grid_lead, why=WHY, to_unit_id=unit.pk)
    assert (now(need).holder, now(need).unit) == (cast.chengxiang.grid_lead, unit)


def test_only_members_of_today_that_somebody_speaks_for_are_asked(cast: Cast, unit: MemberUnit) -> None:
    here = cast.chengxiang
    need = in_hand(cast)
    foreign = member_unit(cast.xiasha)
    mute = MemberUnit.objects.create(name="没有联络员的公司", kind="private_company", area=here.street)
    assert units_to_ask(now(need)) == [unit]
    for other in (foreign, mute):
        with pytest.raises(Invalid):
            assign_need(pk=need.pk, by=here.worker, why=WHY, to_unit_id=other.pk)
    MemberUnit.objects.filter(pk=unit.pk).update(suspended_at=timezone.now())
    assert units_to_ask(now(need)) == []
    MemberUnit.objects.filter(pk=unit.pk).update(suspended_at=None)
    Liaison.objects.filter(unit=unit).update(
        starts_on=timezone.localdate() - timedelta(9), ends_on=timezone.localdate()
    )
    assert units_to_ask(now(need)) == []
    Liaison.objects.filter(unit=unit).update(ends_on=None)
    leave_alliance(pk=Membership.objects.get(unit=unit).pk, by=here.clerk)
    assert units_to_ask(now(need)) == []


def test_the_unit_sees_what_it_is_asked_and_nothing_of_who_asked(cast: Cast, helped: Need) -> None:
    (found,) = needs_at_units(fresh(cast.chengxiang.liaison))
    assert (found.pk, found.words) == (helped.pk, helped.words)
    assert {"contact_name", "contact_phone", "tracking_code", "link_token"} <= found.get_deferred_fields()
    assert not needs_at_units(fresh(cast.xiasha.liaison)) and not needs_at_units(fresh(cast.nobody))


def test_the_unit_reports_and_the_holder_goes_on(cast: Cast, helped: Need) -> None:
    here = cast.chengxiang
    hold_photo(upload(photo()), hold_key="desk")
    event = unit_report(pk=helped.pk, by=here.liaison, unit_id=helped.unit_id or 0, words="药送到了", hold_key="desk")
    found = now(helped)
    assert (found.unit, found.holder, found.state) == (None, here.worker, State.IN_PROGRESS)
    assert (event.words, event.audience, event.actor) == ("药送到了", Audience.STAFF, here.liaison)
    assert event.params["unit"] == "城厢街道中医院"
    assert told("NeedUnitReported") == [f"u:{here.worker.pk}"]
    assert len(unit_photos(found)) == 1
    assert not attachments("need", str(found.pk)), "the resident hears from staff"
    assert not Message.objects.filter(rule="needs.UnitAsked", channel="inapp", state="sent").exists()
    finish_need(pk=helped.pk, by=here.worker, words="药送到了，您试试")


def test_a_unit_that_cannot_help_gives_a_reason(cast: Cast, helped: Need) -> None:
    here = cast.chengxiang
    with pytest.raises(Invalid):
        unit_hand_back(pk=helped.pk, by=here.liaison, unit_id=helped.unit_id or 0, why=" ")
    unit_hand_back(pk=helped.pk, by=here.liaison, unit_id=helped.unit_id or 0, why="这几天人手不够")
    assert now(helped).unit is None and told("NeedUnitCannot") == [f"u:{here.worker.pk}"]


def test_a_second_tap_and_a_late_one_are_answered_kindly(cast: Cast, helped: Need) -> None:
    here, unit_id = cast.chengxiang, helped.unit_id or 0
    unit_report(pk=helped.pk, by=here.liaison, unit_id=unit_id, words="药送到了")
    before = now(helped).version
    for again in (
        lambda: unit_report(pk=helped.pk, by=here.liaison, unit_id=unit_id, words="药送到了"),
        lambda: unit_hand_back(pk=helped.pk, by=here.liaison, unit_id=unit_id, why="不行"),
    ):
        with pytest.raises(RuleBroken, match="谢谢"):
            again()
    assert now(helped).version == before


def test_others_have_no_such_need(cast: Cast, helped: Need) -> None:
    other = say_need(cast.chengxiang.home)
    foreign = member_unit(cast.xiasha)
    for by, unit_id, pk in (
        (cast.xiasha.liaison, helped.unit_id, helped.pk),
        (cast.xiasha.liaison, foreign.pk, helped.pk),
        (cast.chengxiang.worker, helped.unit_id, helped.pk),
        (cast.chengxiang.liaison, helped.unit_id, other.pk),
    ):
        with pytest.raises(NotFound):
            unit_report(pk=pk, by=fresh(by), unit_id=unit_id or 0, words="好了")
    Liaison.objects.filter(user=cast.chengxiang.liaison).update(
        starts_on=timezone.localdate() - timedelta(9), ends_on=timezone.localdate()
    )
    with pytest.raises(NotFound):
        unit_report(pk=helped.pk, by=cast.chengxiang.liaison, unit_id=helped.unit_id or 0, words="好了")
    assert now(helped).unit_id == helped.unit_id


def test_a_suspended_unit_answers_for_what_it_has(cast: Cast, helped: Need) -> None:
    MemberUnit.objects.filter(pk=helped.unit_id).update(suspended_at=timezone.now())
    assert list(needs_at_units(cast.chengxiang.liaison)) == [helped]
    unit_report(pk=helped.pk, by=cast.chengxiang.liaison, unit_id=helped.unit_id or 0, words="好了")
    assert now(helped).unit_id is None and not needs_at_units(cast.chengxiang.liaison)


@pytest.mark.parametrize("way", ["up", "taken_back", "handed_on", "finished", "withdrawn"])
def test_when_it_goes_another_way_the_unit_is_thanked(cast: Cast, helped: Need, way: str) -> None:
    from needs.services.following import withdraw

    here = cast.chengxiang
    ways: dict[str, Any] = {
        "up": lambda: escalate_need(pk=helped.pk, by=here.worker, why=WHY),
        "taken_back": lambda: assign_need(pk=helped.pk, by=here.worker, why=WHY, to_user_id=here.worker.pk),
        "handed_on": lambda: assign_need(pk=helped.pk, by=here.worker, why=WHY, to_user_id=here.clerk.pk),
        "finished": lambda: finish_need(pk=helped.pk, by=here.worker, words="好了"),
        "withdrawn": lambda: withdraw(token=helped.link_token),
    }
    ways[way]()
    assert now(helped).unit is None and told("UnitThanked") == [f"u:{here.liaison.pk}"]


def test_a_request_for_more_time_goes_with_whoever_asked(cast: Cast) -> None:
    here = cast.chengxiang
    need = in_hand(cast)
    later = (need.reply_by or timezone.localdate()) + timedelta(days=3)
    asked = ask_extension(pk=need.pk, by=here.worker, until=later, reason="等配件")
    assign_need(pk=need.pk, by=here.secretary, why=WHY, to_user_id=here.clerk.pk)
    asked.refresh_from_db()
    assert asked.state == ExtensionState.DROPPED
