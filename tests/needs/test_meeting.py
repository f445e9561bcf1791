"""Resources for a wish, and the other way round: what a resource could meet. Both sides of a proposal are told."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from alliance.lib.errors import Conflict, NotAllowed, NotFound, RuleBroken
from needs.models import Category, Need, NeedEvent, Wish, WishEvent
from needs.services.handling import accept_need
from needs.services.meeting import could_meet
from needs.services.proposing import fitting, propose_resource
from needs.services.wish_proposing import fitting_wish, propose_for_wish
from needs.states import Nature, Origin
from needs.states.wish import WishVerb
from notifications.models import Message
from resources import services
from resources.models import Resource
from tests.api.calls import post, problem
from tests.cast import Cast, Street, api_of, browser_of, fresh, resident, say_need
from tests.claims.things import another_unit
from tests.needs.wishing import published, raised
from tests.resources.things import at, given_by_unit, in_days, resource_in

WORDS = "老人腿脚不便，想请人上门理发"


def _barber(here: Street, **more: Any) -> Resource:
    return given_by_unit(here, kind="haircut", name="上门理发", words="为行动不便的老人理发", capacity=None, **more)


def _told(rule: str) -> set[str]:
    return set(Message.objects.filter(rule=rule, channel="inapp").values_list("recipient_key", flat=True))


def test_whoever_asked_is_told_that_somebody_is_being_asked_and_not_whom(cast: Cast) -> None:
    here = cast.chengxiang
    barber, asker = _barber(here), resident("13800000617")
    need = say_need(here.home, words=WORDS, phone="13800000617")
    propose_resource(pk=need.pk, by=fresh(here.worker), resource=barber.pk)
    assert _told("needs.ResourceProposed") == {f"u:{here.liaison.pk}"}
    another = _barber(here)
    propose_resource(pk=need.pk, by=fresh(here.worker), resource=another.pk)
    assert _told("needs.HelpLookedFor") == {f"u:{asker.pk}"}
    assert Message.objects.filter(rule="needs.HelpLookedFor", channel="inapp").count() == 1
    inbox = browser_of(asker).get(reverse("notifications:inbox")).content.decode()
    assert need.number in inbox and "正在帮您联系" in inbox
    assert barber.name not in inbox and str(barber.unit) not in inbox


def test_a_units_own_need_finds_what_units_may_use_and_its_liaisons_are_told(cast: Cast) -> None:
    here = cast.chengxiang
    unit, asker = another_unit(here)
    need = say_need(here.home, words="想借个会议室给职工上课")
    Need.objects.filter(pk=need.pk).update(origin=Origin.UNIT, asker=unit)
    hall = given_by_unit(here, name="职工会议室")
    resource_in(here, name="居民会议室", for_units=False, for_people=True)
    assert [one.resource for one in fitting(Need.objects.get(pk=need.pk))] == [hall]
    propose_resource(pk=need.pk, by=fresh(here.worker), resource=hall.pk)
    assert _told("needs.HelpLookedFor") == {f"u:{asker.pk}"}
    told = Message.objects.get(rule="needs.HelpLookedFor", channel="inapp")
    assert browser_of(asker).get(told.url).status_code == 200


def test_a_wish_on_the_wall_finds_what_may_fulfil_it_and_both_sides_know(cast: Cast) -> None:
    here = cast.chengxiang
    barber = _barber(here)
    resource_in(here, name="理发室", words="上门理发的师傅在这里")
    wish = published(here, item="上门理发", story="老人出不了门", kind="service", cap_yuan=None)
    worker, page = browser_of(here.neighbour), reverse("admin:needs_wish_change", args=[wish.pk])
    assert worker.get(page).status_code == 404
    clerk, url = browser_of(here.clerk), reverse("admin:needs_wish_propose", args=[wish.pk])
    shown = clerk.get(page).content.decode()
    assert "上门理发" in shown and "就在本社区" in shown and url in shown
    assert clerk.post(url, {"resource": barber.pk, "version": wish.version}).status_code == 302
    assert _told("needs.ResourceForWish") == {f"u:{here.liaison.pk}"}
    assert _told("needs.WishHelpLookedFor") == {f"u:{here.worker.pk}"}
    secrets = {wish.beneficiary, wish.household, wish.phone}
    said = [str(value) for row in Message.objects.all() for value in row.params.values()]
    assert not secrets & set(said)
    told = Message.objects.get(rule="needs.ResourceForWish", channel="inapp")
    assert browser_of(here.liaison).get(told.url).status_code == 200
    after = clerk.get(page).content.decode()
    assert "推荐过了" in after and "已经告诉对方" in after
    assert clerk.post(url, {"resource": barber.pk, "version": wish.version}).status_code == 409
    with pytest.raises(RuleBroken, match="推荐过了"):
        propose_for_wish(pk=wish.pk, by=fresh(here.worker), resource=barber.pk)
    with pytest.raises(NotAllowed):
        propose_for_wish(pk=wish.pk, by=fresh(here.leader), resource=barber.pk)
    with pytest.raises(NotFound):
        propose_for_wish(pk=wish.pk, by=fresh(cast.xiasha.clerk), resource=barber.pk)
    with pytest.raises(Conflict):
        propose_for_wish(pk=wish.pk, by=fresh(here.clerk), resource=barber.pk, version=wish.version)
    with pytest.raises(RuleBroken, match="没有在等人认领"):
        propose_for_wish(pk=raised(here).pk, by=fresh(here.worker), resource=barber.pk)
    assert WishEvent.objects.filter(verb=WishVerb.PROPOSE).count() == 1
    assert [(one.resource, one.proposed) for one in fitting_wish(Wish.objects.get(pk=wish.pk))] == [(barber, True)]


def test_a_resource_finds_what_it_could_meet_and_says_why(cast: Cast) -> None:
    here = cast.chengxiang
    barber = _barber(here)
    hair = say_need(here.home, words=WORDS)
    sick = say_need(here.home, words="膝盖疼了半个月，想找人看一看")
    accept_need(pk=sick.pk, by=here.worker, category_id=Category.objects.get(name="医疗健康").pk)
    clinic = resource_in(here, kind="clinic", name="社区门诊日", capacity=None)
    thanks = say_need(here.home, words="谢谢社区请人上门理发")
    accept_need(pk=thanks.pk, by=here.worker, nature=Nature.PRAISE)
    over = say_need(here.home, words="家里想请人理发，已经不用了")
    Need.objects.filter(pk=over.pk).update(state="withdrawn", ended_at=over.created_at)
    say_need(here.home, words="楼道灯坏了")
    say_need(cast.xiasha.home, words=WORDS)
    wish = published(here, item="上门理发", kind="service", cap_yuan=None)
    by = fresh(here.clerk)
    found = could_meet(barber, by)
    assert {one.thing for one in found} == {hair, wish} and not any(one.proposed for one in found)
    assert "种类对得上：理发" in [str(reason) for reason in found[0].reasons]
    (first, *_rest) = could_meet(clinic, by)
    assert (first.thing, str(first.reasons[0])) == (sick, "这类事常找：义诊")
    propose_resource(pk=hair.pk, by=by, resource=barber.pk)
    assert {one.thing for one in could_meet(barber, by) if one.proposed} == {hair}
    assert could_meet(barber, fresh(here.liaison)) == could_meet(barber, fresh(cast.xiasha.clerk)) == []
    narrow = resource_in(here, kind="haircut", name="理发", capacity=None, serves=here.next_door.pk)
    assert could_meet(narrow, by) == []
    page = browser_of(here.worker).get(reverse("admin:resources_resource_change", args=[barber.pk])).content.decode()
    assert "可能帮得上" in page and hair.number in page and wish.number in page and "楼道灯" not in page
    services.stop_resource(pk=barber.pk, by=fresh(here.party_office), version=None, words="不办了")
    assert could_meet(Resource.objects.get(pk=barber.pk), by) == []


def test_looking_asks_no_more_for_more(cast: Cast) -> None:
    here = cast.chengxiang
    barber, costs = _barber(here), []
    for number in range(6):
        say_need(here.home, words=f"{WORDS}，{number}号楼")
        with CaptureQueriesContext(connection) as captured:
            assert len(could_meet(barber, fresh(here.clerk))) == min(number + 1, 5)
        costs.append(len(captured))
    assert costs[1] == costs[5] <= 10


def test_the_same_over_the_api(cast: Cast) -> None:
    here, api = cast.chengxiang, "/api/v1/"
    barber, need = _barber(here), say_need(here.home, words=WORDS)
    wish = published(here, item="上门理发", kind="service", cap_yuan=None)
    worker = api_of(here.worker)
    for thing, path in ((need, f"{api}needs/{need.pk}/"), (wish, f"{api}wishes/{wish.pk}/")):
        (fits,) = worker.get(f"{path}resources/").json()
        assert (fits["resource"], fits["unit"], fits["proposed"]) == (barber.pk, barber.unit_id, False)
        assert "就在本社区" in fits["reasons"]
        sent = {"resource": barber.pk, "version": thing.version}
        for stranger in (here.liaison, here.leader, cast.xiasha.worker, here.system_admin):
            assert post(api_of(stranger), f"{path}proposals/", sent).status_code in (403, 404)
        assert post(worker, f"{path}proposals/", sent).status_code == 201
        problem(post(worker, f"{path}proposals/", sent), 409, "conflict")
        problem(post(worker, f"{path}proposals/", {"resource": "x"}), 400, "invalid")
        (made,) = worker.get(f"{path}proposals/").json()
        assert (made["resource"], made["giver"], made["by"]) == (barber.pk, str(barber.unit), here.worker.name)
        assert worker.get(f"{path}resources/").json()[0]["proposed"] is True
    when = {"starts": at(in_days(3), 9).isoformat(), "ends": at(in_days(3), 10).isoformat(), "people": 1}
    (then,) = worker.get(f"{api}needs/{need.pk}/resources/", when).json()
    assert "那个时间还空着" in then["reasons"]
    for wrong in ({"starts": when["starts"]}, {**when, "ends": when["starts"]}, {**when, "people": "x"}):
        problem(worker.get(f"{api}needs/{need.pk}/resources/", wrong), 400, "invalid")
    met = worker.get(f"{api}resources/{barber.pk}/could-meet/").json()
    assert {(one["kind"], one["id"], one["proposed"]) for one in met} == {
        ("need", need.pk, True),
        ("wish", wish.pk, True),
    }
    for stranger, status in ((here.liaison, 403), (cast.xiasha.worker, 404)):
        assert api_of(stranger).get(f"{api}resources/{barber.pk}/could-meet/").status_code == status
    assert NeedEvent.objects.filter(verb="propose").count() == WishEvent.objects.filter(verb="propose").count() == 1
