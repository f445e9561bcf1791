"""The best come first, with the reasons; what cannot be used is never proposed."""

from __future__ import annotations

from django.utils import timezone

from resources import services
from resources.models import Resource
from resources.services.candidates import of_kinds, of_words
from resources.services.ranking import Criteria, pairs, rank
from tests.cast import Cast, fresh
from tests.claims.things import unit_of
from tests.resources.things import at, book, given_by_unit, hall_of_two, in_days, office_of, resource_in


def _named(criteria: Criteria, most: int = 5) -> list[str]:
    names = dict(Resource.objects.values_list("pk", "name"))
    return [names[proposal.resource] for proposal in rank(criteria, most=most)]


def test_the_barber_next_door_comes_first_and_says_why(cast: Cast) -> None:
    here = cast.chengxiang
    for name, words in (("上门理发", "为行动不便的老人理发"), ("乐器维修", ""), ("法律咨询日", "")):
        kind = {"上门理发": "haircut", "乐器维修": "repair", "法律咨询日": "legal"}[name]
        resource_in(here, kind=kind, name=name, words=words, capacity=None, for_people=True)
    wanted = Criteria(here.home.pk, kinds=["haircut"], words="老人腿脚不便，想请人上门理发")
    (first, *_rest) = rank(wanted)
    reasons = [str(reason) for reason in first.reasons]
    assert Resource.objects.get(pk=first.resource).name == "上门理发"
    assert reasons[:2] == ["正是要找的种类", "就在本社区"]
    assert pairs("三楼，三天：上门，三次") == {"三楼", "三天", "上门", "三次"}
    assert "上门理发" in reasons[2]


def test_words_find_what_no_kind_was_named_for(cast: Cast) -> None:
    here = cast.chengxiang
    resource_in(here, kind="repair", name="小家电维修", words="修电饭煲、修台灯", capacity=None)
    resource_in(here, kind="haircut", name="理发", capacity=None)
    assert _named(Criteria(here.home.pk, words="家里的电饭煲坏了谁会修"))[:1] == ["小家电维修"]


def test_too_small_and_taken_rooms_come_last(cast: Cast) -> None:
    here, day = cast.chengxiang, in_days(2)
    small = resource_in(here, name="小间", capacity=10)
    taken = resource_in(here, name="忙的", capacity=60)
    free = resource_in(here, name="空的", capacity=60)
    book(here.worker, taken, at(day, 9), at(day, 11), booker=office_of(here))
    wanted = Criteria(here.home.pk, kinds=["meeting-room"], people=40, starts=at(day, 10), ends=at(day, 11))
    found = rank(wanted)
    assert found[0].resource == free.pk
    assert {proposal.resource for proposal in found[1:]} == {taken.pk, small.pk}
    by_key = {proposal.resource: [str(reason) for reason in proposal.reasons] for proposal in found}
    assert "这个时间有人约了" in by_key[taken.pk]
    assert "那个时间还空着" in by_key[free.pk]


def test_other_streets_other_areas_and_suspended_units_are_not_proposed(cast: Cast) -> None:
    here, there = cast.chengxiang, cast.xiasha
    resource_in(there, kind="haircut", name="别街的", capacity=None)
    resource_in(here, kind="haircut", name="只服务隔壁", capacity=None, serves=here.next_door.pk)
    given_by_unit(here, kind="haircut", name="暂停的单位", capacity=None)
    unit = unit_of(here)
    unit.suspended_at = timezone.now()
    unit.save(update_fields=["suspended_at"])
    assert _named(Criteria(here.home.pk, kinds=["haircut"], words="理发")) == []


def test_wider_only_when_few(cast: Cast) -> None:
    here = cast.chengxiang
    resource_in(here, kind="clinic", name="义诊", capacity=None)
    resource_in(here, kind="haircut", name="理发", capacity=None)
    assert set(_named(Criteria(here.home.pk, kinds=["haircut"]))) == {"理发", "义诊"}
    for number in range(2):
        resource_in(here, kind="haircut", name=f"理发{number}", capacity=None)
    assert set(_named(Criteria(here.home.pk, kinds=["haircut"]))) == {"理发", "理发0", "理发1"}


def test_what_is_looked_at_is_what_is_usable_and_serves_the_place(cast: Cast) -> None:
    here, there = cast.chengxiang, cast.xiasha
    for name, more in (("甲", {}), ("乙", {"for_units": False, "for_people": True}), ("丙", {"for_people": True})):
        resource_in(here, kind="haircut", name=f"理发{name}", capacity=None, **more)
    resource_in(here, kind="haircut", name="理发隔壁", capacity=None, serves=here.next_door.pk)
    over = resource_in(here, kind="haircut", name="理发过期", capacity=None, until=in_days(1))
    Resource.objects.filter(pk=over.pk).update(until=in_days(-1))
    resource_in(here, by=here.worker, kind="haircut", name="理发待批", capacity=None)
    resource_in(there, kind="haircut", name="理发别街", capacity=None)
    resource_in(here, kind="clinic", name="义诊也理发", capacity=None)
    usable = Resource.objects.usable().serving(here.home.pk)
    for whom, narrow in ((None, {}), (True, {"for_units": True}), (False, {"for_people": True})):
        wanted = usable.filter(**narrow)
        found = {row.pk for row in of_kinds(here.home.pk, ["haircut"], whom)}
        assert found == set(wanted.filter(kind__key="haircut").values_list("pk", flat=True)) and len(found) >= 2
        said = {row.pk for row in of_words(here.home.pk, ["理发"], whom)}
        assert said == set(wanted.filter(search_text__contains="理发").values_list("pk", flat=True)) and len(said) >= 2
    beside = {row.kind for row in of_kinds(here.home.pk, ["haircut"], None, beside=True)}
    assert beside == {"haircut", "clinic"}


def test_a_suspended_unit_takes_nobodys_place(cast: Cast) -> None:
    here = cast.chengxiang
    for number in range(25):
        given_by_unit(here, kind="haircut", name=f"理发{number}", capacity=None)
    resource_in(here, kind="haircut", name="街道的理发", capacity=None)
    assert "街道的理发" not in _named(Criteria(here.home.pk, kinds=["haircut"]))
    unit = unit_of(here)
    unit.suspended_at = timezone.now()
    unit.save(update_fields=["suspended_at"])
    assert _named(Criteria(here.home.pk, kinds=["haircut"])) == ["街道的理发"]
    assert _named(Criteria(here.home.pk, words="想请人理发")) == ["街道的理发"]


def test_what_cannot_be_had_then_says_why_as_the_finder_does(cast: Cast) -> None:
    here, day = cast.chengxiang, in_days(2)
    hall, one, _two = hall_of_two(here)
    book(here.worker, one, at(day, 9), at(day, 11), booker=office_of(here))
    shut = resource_in(here, name="检修的厅", capacity=60)
    close = {"starts_on": day, "ends_on": day, "why": "检修"}
    services.close_days(pk=shut.pk, by=fresh(here.party_office), version=None, **close)
    wanted = Criteria(here.home.pk, kinds=["meeting-room"], starts=at(day, 10), ends=at(day, 11))
    said = {found.resource: [str(reason) for reason in found.reasons] for found in rank(wanted)}
    assert "这个时间有人约了" in said[hall.pk] and "这个时间有人约了" in said[one.pk]
    assert "那天关门：检修" in said[shut.pk]
    assert [key for key, reasons in said.items() if "那个时间还空着" in reasons] == [_two.pk]
