"""A unit's profile: who says what about it, in sections that do not write over each other."""

from __future__ import annotations

from typing import Any

import pytest

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken
from audit.models import AuditEntry
from audit.states import Action
from members.models import MemberUnit, Strength, Tag
from members.services import (
    change_profile,
    create_building,
    create_unit,
    describe_unit,
    place_unit,
    save_strengths,
    seat_liaison,
    set_shown,
    set_tags,
    update_unit,
)
from members.services.profile import Strong, stamp
from members.states import Part, UnitKind
from people.models import Area, User
from people.states import Level
from tests.members.conftest import Twins, person

pytestmark = pytest.mark.django_db
SERVICE, EXPERTISE = "service", "expertise"


def liaison(twins: Twins) -> User:
    """Whoever speaks for this street's unit."""
    user = person("liaison", None, None)
    seat_liaison(unit=twins.here.unit, user=user, by=None, name="许佳")
    return user


def changes(unit: MemberUnit) -> list[str]:
    rows = AuditEntry.objects.filter(action=Action.REGISTER_CHANGED, subject=f"unit:{unit.pk}").order_by("pk")
    return [row.params["part"] for row in rows]


def test_the_street_and_the_unit_itself_describe_it_and_each_change_is_written_down(twins: Twins) -> None:
    unit, speaker = twins.here.unit, liaison(twins)
    describe_unit(pk=unit.pk, by=speaker, intro="  百年老校，\u200b操场大。 ")
    save_strengths(pk=unit.pk, by=speaker, strengths=[Strong(SERVICE, "操场周末开放", "周六上午")])
    set_shown(pk=unit.pk, by=speaker, is_public=True, shows=["strengths", "intro"])
    set_tags(pk=unit.pk, by=twins.here.clerk, tags={"place": ["北干片"], "trade": ["教育"]})
    unit.refresh_from_db()
    assert (unit.intro, unit.is_public, unit.shows) == ("百年老校，操场大。", True, ["intro", "strengths"])
    assert [tag.name for tag in unit.tags.order_by("near")] == ["北干片", "教育"]
    assert changes(unit) == [Part.INTRO, Part.STRENGTHS, Part.SHOWN, Part.TAGS]
    describe_unit(pk=unit.pk, by=speaker, intro="百年老校，操场大。")
    assert len(changes(unit)) == 4, "saved without a change"
    assert "百年" not in str(list(AuditEntry.objects.values_list("params", "subject", "reason")))


def test_tags_and_place_are_the_streets_to_sort(twins: Twins) -> None:
    unit, speaker = twins.here.unit, liaison(twins)
    with pytest.raises(NotAllowed):
        set_tags(pk=unit.pk, by=speaker, tags={"trade": ["教育"]})
    with pytest.raises(NotAllowed):
        place_unit(pk=unit.pk, by=speaker, building=None)
    assert not Tag.objects.exists()


def test_nobody_else_describes_a_unit(twins: Twins) -> None:
    refused: list[tuple[MemberUnit, User, type[Exception]]] = [
        (twins.here.unit, twins.there.clerk, NotFound),
        (twins.shared, twins.there.clerk, NotAllowed),
        (twins.here.unit, twins.here.worker, NotAllowed),
        (twins.here.unit, twins.here.administrator, NotAllowed),
        (twins.there.unit, liaison(twins), NotFound),
    ]
    for unit, by, error in refused:
        with pytest.raises(error):
            describe_unit(pk=unit.pk, by=by, intro="不归我写")
        with pytest.raises(error):
            set_shown(pk=unit.pk, by=by, is_public=True, shows=["intro"])
    assert not MemberUnit.objects.filter(intro="不归我写").exists()


def test_what_somebody_changed_meanwhile_is_not_written_over(twins: Twins) -> None:
    unit, clerk = twins.here.unit, twins.here.clerk
    opened = {part: stamp(unit, part) for part in (Part.INTRO, Part.STRENGTHS, Part.TAGS, Part.PLACE, Part.SHOWN)}
    describe_unit(pk=unit.pk, by=liaison(twins), intro="单位自己写的")
    with pytest.raises(Conflict):
        describe_unit(pk=unit.pk, by=clerk, intro="街道写的", seen=opened[Part.INTRO])
    assert MemberUnit.objects.get(pk=unit.pk).intro == "单位自己写的"
    # other sections are free, and without a stamp the last one counts
    save_strengths(pk=unit.pk, by=clerk, strengths=[Strong(EXPERTISE, "书法")], seen=opened[Part.STRENGTHS])
    describe_unit(pk=unit.pk, by=clerk, intro="街道写的")
    assert MemberUnit.objects.get(pk=unit.pk).intro == "街道写的"
    with pytest.raises(Conflict):
        save_strengths(pk=unit.pk, by=clerk, strengths=[], seen=opened[Part.STRENGTHS])


def test_strengths_are_replaced_as_a_whole_and_what_stays_keeps_its_row(twins: Twins) -> None:
    unit, clerk = twins.here.unit, twins.here.clerk
    save_strengths(pk=unit.pk, by=clerk, strengths=[Strong(SERVICE, "义诊"), Strong(EXPERTISE, "骨科", "副高两名")])
    kept = Strength.objects.get(name="骨科").pk
    save_strengths(pk=unit.pk, by=clerk, strengths=[Strong(EXPERTISE, "骨科", "副高三名"), Strong(SERVICE, "送药")])
    assert sorted(unit.strengths.values_list("name", flat=True)) == ["送药", "骨科"]
    assert (Strength.objects.get(name="骨科").pk, Strength.objects.get(name="骨科").detail) == (kept, "副高三名")


@pytest.mark.parametrize(
    "lines",
    [
        [Strong(SERVICE, "长" * 41)],
        [Strong(SERVICE, "", "只有说明")],
        [Strong(SERVICE, "义诊", "长" * 201)],
        [Strong(SERVICE, "义诊"), Strong(SERVICE, "义诊 ")],
        [Strong(SERVICE, f"第{n}项") for n in range(13)],
    ],
)
def test_a_line_that_cannot_be_kept_is_refused_and_nothing_changes(twins: Twins, lines: list[Strong]) -> None:
    save_strengths(pk=twins.here.unit.pk, by=twins.here.clerk, strengths=[Strong(SERVICE, "原来的")])
    with pytest.raises(Invalid) as refused:
        save_strengths(pk=twins.here.unit.pk, by=twins.here.clerk, strengths=lines)
    assert SERVICE in refused.value.fields
    assert [row.name for row in twins.here.unit.strengths.all()] == ["原来的"]


def test_a_tag_is_one_however_it_is_typed_and_belongs_to_one_street(twins: Twins) -> None:
    clerk = twins.here.clerk
    set_tags(pk=twins.here.unit.pk, by=clerk, tags={"trade": ["IT服务", "ＩＴ服务 ", ""], "interest": ["跑步"]})
    set_tags(pk=twins.shared.pk, by=clerk, tags={"trade": ["it服务"]})
    assert Tag.objects.filter(near="trade").count() == 1
    set_tags(pk=twins.there.unit.pk, by=twins.there.clerk, tags={"trade": ["IT服务"]})
    assert sorted(Tag.objects.filter(near="trade").values_list("area_id", flat=True)) == ["330109001", "330109002"]
    assert set(Tag.objects.visible_to(clerk).values_list("area_id", flat=True)) == {"330109001"}
    for tags in ({"trade": ["长" * 21]}, {"trade": [str(n) for n in range(13)]}, {"guild": ["工会"]}):
        with pytest.raises(Invalid):
            set_tags(pk=twins.here.unit.pk, by=clerk, tags=tags)
    set_tags(pk=twins.here.unit.pk, by=clerk, tags={})
    assert not twins.here.unit.tags.exists()


def test_a_unit_is_placed_in_a_building_and_a_grid_of_its_own_street(twins: Twins) -> None:
    clerk, unit = twins.here.clerk, twins.here.unit
    tower = create_building(area=twins.here.community, name="汇金大厦", floors=30, by=clerk)
    elsewhere = create_building(area=twins.there.street, name="别处大厦", by=twins.there.clerk)
    grid, strange = (
        Area.objects.create(code=f"{area.code}-001", name="第一网格", level=Level.GRID, parent=area)
        for area in (twins.here.community, twins.there.community)
    )
    placed = place_unit(pk=unit.pk, by=clerk, building=tower, floor="3-5层", grid=grid)
    assert (placed.building, placed.floor, placed.grid) == (tower, "3-5层", grid)
    wrong: list[dict[str, Any]] = [
        {"building": elsewhere},
        {"building": tower, "grid": strange},
        {"building": None, "floor": "3层"},
        {"building": tower, "grid": twins.here.community},
        {"building": tower, "floor": "长" * 21},
    ]
    for given in wrong:
        with pytest.raises(Invalid):
            place_unit(pk=unit.pk, by=clerk, **given)
    assert MemberUnit.objects.get(pk=unit.pk).grid == grid


def test_several_parts_are_saved_together_or_not_at_all(twins: Twins) -> None:
    unit = twins.here.unit
    parts: dict[str, Any] = {Part.INTRO: {"intro": "新的"}, Part.SHOWN: {"is_public": True, "shows": ["secrets"]}}
    with pytest.raises(Invalid):
        change_profile(pk=unit.pk, by=twins.here.clerk, parts=parts)
    assert MemberUnit.objects.get(pk=unit.pk).intro == ""
    parts[Part.SHOWN]["shows"] = ["intro"]
    changed = change_profile(pk=unit.pk, by=twins.here.clerk, parts=parts)
    assert (changed.intro, changed.is_public) == ("新的", True)


def test_a_merged_unit_is_changed_no_more(twins: Twins) -> None:
    gone = create_unit(name="同一所小学", kind=UnitKind.SCHOOL, area=twins.here.community, by=twins.here.clerk)
    MemberUnit.objects.filter(pk=gone.pk).update(merged_into=twins.here.unit)
    with pytest.raises((RuleBroken, NotFound)):
        describe_unit(pk=gone.pk, by=twins.here.clerk, intro="晚了")


def test_changing_the_entry_leaves_what_the_unit_agreed_to(twins: Twins) -> None:
    unit = twins.shared
    values: dict[str, Any] = {"name": unit.name, "kind": unit.kind, "area": unit.area, "note": "新备注"}
    assert update_unit(pk=unit.pk, by=twins.here.clerk, **values).is_public
    assert changes(unit) == [Part.ENTRY]
