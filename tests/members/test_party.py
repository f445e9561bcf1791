"""Party organisations, the lists on which they are cultivated, buildings and brands: what they take, who keeps them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from alliance.lib.errors import Invalid, NotAllowed, NotFound, RuleBroken
from members.models import PartyOrganisation
from members.services import (
    create_brand,
    create_building,
    create_cultivation,
    create_organisation,
    decide_listed,
    end_organisation,
    last_criteria,
    list_organisation,
    update_brand,
    update_building,
    update_cultivation,
    update_organisation,
)
from members.services.party import Entry
from members.states import Outcome, PartyKind
from people.models import User
from tests.members.conftest import Twins

pytestmark = pytest.mark.django_db
COMMITTEE, GENERAL, BRANCH = PartyKind.COMMITTEE, PartyKind.GENERAL, PartyKind.BRANCH


def entered(twins: Twins, name: str, kind: str, by: User | None = None, **changes: Any) -> PartyOrganisation:
    entry = Entry(name=name, kind=kind, area=changes.pop("area", twins.here.community), **changes)
    return create_organisation(entry=entry, by=by)


def changed(row: PartyOrganisation, by: User, **changes: Any) -> PartyOrganisation:
    stands = {name: getattr(row, name) for name in ("name", "kind", "area", "unit", "parent", "secretary")}
    return update_organisation(pk=row.pk, entry=Entry(**{**stands, **changes}), by=by)


def test_a_community_enters_its_own_and_the_street_everybodys(twins: Twins) -> None:
    own = entered(twins, "甲社区党委", COMMITTEE, by=twins.here.worker, member_count=120, secretary="许佳")
    assert (own.pinyin, own.initials, own.street_code) == ("jiashequdangwei", "jsqdw", "330109001")
    entered(twins, "小学党支部", BRANCH, by=twins.here.clerk, unit=twins.here.unit, parent=own)
    for by, area in ((twins.here.worker, twins.here.street), (twins.there.clerk, twins.here.community)):
        with pytest.raises(NotAllowed):
            entered(twins, "不归我", BRANCH, by=by, area=area)
    with pytest.raises(NotAllowed):
        entered(twins, "不归我", BRANCH, by=twins.here.administrator)
    with pytest.raises(NotFound):
        changed(own, twins.there.clerk, name="改名")
    assert not PartyOrganisation.objects.visible_to(twins.there.clerk).exists()
    with pytest.raises(Invalid):
        entered(twins, "甲社区党委", COMMITTEE)


def test_large_stands_above_small_and_under_a_branch_stands_nothing(twins: Twins) -> None:
    top = entered(twins, "党委", COMMITTEE)
    middle = entered(twins, "党总支", GENERAL, parent=top)
    low = entered(twins, "党支部", BRANCH, parent=middle)
    entered(twins, "第二党委", COMMITTEE, parent=top)
    for kind, parent in ((BRANCH, low), (GENERAL, low), (GENERAL, middle), (COMMITTEE, middle), (COMMITTEE, low)):
        with pytest.raises(Invalid) as refused:
            entered(twins, "错的", kind, parent=parent)
        assert "parent" in refused.value.fields
    with pytest.raises(Invalid) as refused:
        changed(middle, twins.here.clerk, kind=BRANCH)
    assert "kind" in refused.value.fields


def test_nothing_stands_under_itself_however_far(twins: Twins) -> None:
    first = entered(twins, "一", COMMITTEE)
    second = entered(twins, "二", COMMITTEE, parent=first)
    third = entered(twins, "三", COMMITTEE, parent=second)
    for parent in (first, second, third):
        with pytest.raises(Invalid) as refused:
            changed(first, twins.here.clerk, parent=parent)
        assert "parent" in refused.value.fields
    changed(third, twins.here.clerk, parent=None)
    assert changed(first, twins.here.clerk, parent=third).parent == third


def test_parent_and_unit_are_of_the_same_street(twins: Twins) -> None:
    strange = entered(twins, "乙党委", COMMITTEE, area=twins.there.community)
    for given in ({"parent": strange}, {"unit": twins.there.unit}):
        with pytest.raises(Invalid):
            entered(twins, "甲党支部", BRANCH, **given)
    row = entered(twins, "甲党支部", BRANCH)
    with pytest.raises((Invalid, NotAllowed)):
        changed(row, twins.here.clerk, area=twins.there.community)


def test_one_ends_only_when_nothing_stands_under_it(twins: Twins) -> None:
    top = entered(twins, "党委", COMMITTEE)
    low = entered(twins, "党支部", BRANCH, parent=top)
    with pytest.raises(RuleBroken):
        end_organisation(pk=top.pk, by=twins.here.clerk)
    end_organisation(pk=low.pk, by=twins.here.clerk)
    end_organisation(pk=top.pk, by=twins.here.clerk)
    assert not PartyOrganisation.objects.active().exists() and PartyOrganisation.objects.count() == 2
    for step in (lambda: end_organisation(pk=top.pk, by=twins.here.clerk), lambda: changed(low, twins.here.clerk)):
        with pytest.raises(RuleBroken):
            step()
    with pytest.raises(Invalid):
        entered(twins, "新支部", BRANCH, parent=top)
    entered(twins, "党委", COMMITTEE)  # the name is free again


def test_a_list_holds_organisations_with_an_outcome_and_its_day(twins: Twins) -> None:
    clerk, today = twins.here.clerk, timezone.localdate()
    row = create_cultivation(
        area=twins.here.street, name="过硬支部培育", year=2026, by=clerk, criteria="有计划\n\n 有场所 "
    )
    assert row.criteria == "有计划\n有场所" == last_criteria("330109001001")
    branch = entered(twins, "小学党支部", BRANCH)
    listed = list_organisation(pk=row.pk, organisation=branch, by=clerk)
    with pytest.raises(Invalid):
        list_organisation(pk=row.pk, organisation=branch, by=clerk)
    for day in (today + timedelta(days=1), today - timedelta(days=1)):
        with pytest.raises(Invalid):
            decide_listed(pk=listed.pk, by=clerk, outcome=Outcome.REACHED, on=day)
    reached = decide_listed(pk=listed.pk, by=clerk, outcome=Outcome.REACHED, note="六项都到了")
    assert (reached.outcome, reached.decided_on, reached.note) == ("reached", today, "六项都到了")
    with pytest.raises(RuleBroken):
        decide_listed(pk=listed.pk, by=clerk, outcome=Outcome.REACHED)
    assert decide_listed(pk=listed.pk, by=clerk, outcome=Outcome.GROWING).decided_on is None


def test_lists_are_the_streets_and_of_its_own_organisations(twins: Twins) -> None:
    row = create_cultivation(area=twins.here.community, name="过硬支部培育", year=2026, by=twins.here.clerk)
    strange = entered(twins, "乙党支部", BRANCH, area=twins.there.community)
    above = entered(twins, "街道机关党支部", BRANCH, area=twins.here.street)
    for organisation in (strange, above):
        with pytest.raises(Invalid):
            list_organisation(pk=row.pk, organisation=organisation, by=twins.here.clerk)
    own = entered(twins, "甲党支部", BRANCH)
    for by, error in ((twins.here.worker, NotAllowed), (twins.there.clerk, NotFound)):
        with pytest.raises(error):
            list_organisation(pk=row.pk, organisation=own, by=by)
        with pytest.raises(error):
            update_cultivation(pk=row.pk, by=by, name="改", year=2026)
    listed = list_organisation(pk=row.pk, organisation=own, by=twins.here.clerk)
    for by, error in ((twins.here.worker, NotAllowed), (twins.there.clerk, NotFound)):
        with pytest.raises(error):
            decide_listed(pk=listed.pk, by=by, outcome=Outcome.REACHED)
    with pytest.raises(Invalid):
        create_cultivation(area=twins.here.community, name="过硬支部培育", year=2026, by=twins.here.clerk)


def test_a_community_has_one_brand_which_it_writes_itself(twins: Twins) -> None:
    brand = create_brand(area=twins.here.community, name="军民一家", by=twins.here.worker, feature="军警民共建")
    with pytest.raises(Invalid):
        create_brand(area=twins.here.community, name="又一个", by=twins.here.clerk)
    with pytest.raises((Invalid, NotAllowed)):
        create_brand(area=twins.here.street, name="街道的", by=twins.here.clerk)
    assert update_brand(pk=brand.pk, by=twins.here.clerk, name="军民一家亲").name == "军民一家亲"
    with pytest.raises(NotFound):
        update_brand(pk=brand.pk, by=twins.there.worker, name="别人的")
    with pytest.raises(NotAllowed):
        create_brand(area=twins.there.community, name="别人的", by=twins.here.worker)


def test_a_building_stays_in_its_street(twins: Twins) -> None:
    tower = create_building(area=twins.here.community, name="汇金大厦", by=twins.here.worker, floors=30)
    assert (tower.pinyin, tower.initials) == ("huijindasha", "hjds")
    with pytest.raises(Invalid):
        create_building(area=twins.here.community, name=" 汇金大厦", by=twins.here.clerk)
    with pytest.raises((Invalid, NotAllowed)):
        update_building(pk=tower.pk, by=twins.here.clerk, area=twins.there.community, name="汇金大厦")
    with pytest.raises(NotFound):
        update_building(pk=tower.pk, by=twins.there.clerk, area=twins.there.community, name="汇金大厦")
    assert (
        update_building(pk=tower.pk, by=twins.here.clerk, area=twins.here.street, name="汇金", floors=31).floors == 31
    )
