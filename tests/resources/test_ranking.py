"""The best come first, with the reasons; what cannot be used is never proposed."""

from __future__ import annotations

from django.utils import timezone

from resources import services
from resources.models import Resource
from resources.services.candidates import of_kinds, of_words, row_of
from resources.services.ranking import Criteria, judge, pairs, rank
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
    assert reasons[:2] == ["种类对得上：理发", "就在本社区"] and not any("上门" in reason for reason in reasons)
    assert pairs("三楼，三天：上门，三次") == {"三楼", "三天", "三次"}


def test_what_everybody_says_is_no_reason_and_a_weak_rest_is_left_out(cast: Cast) -> None:
    """No kind was asked for: it is named in the words. 上门 stands in all three; 老人 is beside the point."""
    here = cast.chengxiang
    for kind, name, words in (
        ("haircut", "上门理发", "给走不出家门的老人剪头发"),
        ("measuring", "家庭水质检测", "上门取水样，周末也来，家里有老人的先来"),
        ("repair", "水管维修队", "小毛病上门修"),
    ):
        resource_in(here, kind=kind, name=name, words=words, capacity=None)
    said = "我妈走不动了，想请人上门来，别的店都不肯上门"
    assert "家庭水质检测" not in _named(Criteria(here.home.pk, words=said))
    assert not _named(Criteria(here.home.pk, words="助餐点周末不开")), "when is no reason"
    wanted = Criteria(here.home.pk, words="老人走不出家门，想请人上门理发、剪头发")
    (only,) = rank(wanted)
    reasons = [str(reason) for reason in only.reasons]
    assert reasons[:2] == ["种类对得上：理发", "就在本社区"] and "剪头发" in reasons[2]
    assert not any("上门" in reason for reason in reasons)
    assert "水管维修队" in _named(Criteria(here.home.pk, kinds=["repair"], words=said))


def test_as_people_say_it_names_the_kind_and_every_row_has_a_true_reason(cast: Cast) -> None:
    """理个发 parts the word. What such things are usually met with says so; near, large and free are no reasons."""
    here = cast.chengxiang
    barber = resource_in(here, kind="haircut", name="给走不出家门的剪一剪", capacity=None, serves=here.street.pk)
    Resource.objects.filter(pk=barber.pk).update(area=here.next_door)
    clinic = resource_in(here, kind="clinic", name="每月一次把脉", capacity=None)
    resource_in(here, kind="repair", name="水管维修队", words="上门修，家里楼下都行", capacity=None)
    said = "老伴腿脚不便，三个月没下过楼了，头发长了，想请人上门到家里理个发。"
    for kinds in ([], ["clinic"]):
        found = {one.resource: [str(why) for why in one.reasons] for one in rank(Criteria(here.home.pk, kinds, said))}
        assert list(found) == [barber.pk, clinic.pk][: 1 + len(kinds)]
        assert found[barber.pk][0] == "种类对得上：理发"
    assert found[clinic.pk] == ["这类事常找：义诊", "就在本社区"]
    (judged,) = [one for row in (barber, clinic) if (one := judge(row_of(row), Criteria(here.home.pk, [], said)))]
    assert judged.resource == barber.pk


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
    assert _named(Criteria(here.home.pk, kinds=["haircut"])) == ["理发"], "of the same heading is no reason"
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
