"""The register: what it takes, and what the table refuses whoever writes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from alliance.lib.errors import Invalid, NotAllowed, NotFound, RuleBroken
from members.models import Alliance, Membership, MemberUnit
from members.permissions import unit_abilities
from members.services import (
    alliance_of,
    create_alliance,
    create_unit,
    join_alliance,
    leave_alliance,
    public_units,
    update_alliance,
    update_unit,
)
from members.states import UnitKind
from tests.members.conftest import Twins

pytestmark = pytest.mark.django_db
CODE = "91350100M000100Y43"


def _new(twins: Twins, **changes: Any) -> MemberUnit:
    values: dict[str, Any] = {
        "name": "平安银行某支行",
        "kind": UnitKind.BANK,
        "area": twins.here.community,
        "by": twins.here.clerk,
        **changes,
    }
    return create_unit(**values)


def test_a_unit_is_registered_with_its_code_normalised_and_its_sound(twins: Twins) -> None:
    unit = _new(twins, uscc="９１３５０１００m０００１００y４３", short_name="平安")
    assert (unit.uscc, unit.pinyin, unit.initials[:6]) == (CODE, "pingan", "pa pay")
    unit.refresh_from_db()
    assert unit.street_code == "330109001"


def test_bodies_without_a_code_are_many(twins: Twins) -> None:
    assert _new(twins).uscc is None
    assert _new(twins, name="第二党支部", uscc="  ").uscc is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"uscc": "91350100M000100Y44"}, "uscc"),
        ({"uscc": "123"}, "uscc"),
        ({"name": "  "}, "name"),
        ({"name": "长" * 81}, "name"),
        ({"kind": "guild"}, "kind"),
    ],
)
def test_a_wrong_entry_is_refused_at_its_field(twins: Twins, change: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        _new(twins, **change)
    assert field in refused.value.fields


def test_one_code_is_one_unit(twins: Twins) -> None:
    _new(twins, uscc=CODE)
    with pytest.raises(Invalid) as refused:
        _new(twins, name="另一个", uscc=CODE)
    assert "uscc" in refused.value.fields


def test_a_unit_another_street_registered_joins_as_it_stands(twins: Twins) -> None:
    unit = _new(twins, uscc=CODE, alliance=twins.here.alliance)
    there = {"by": twins.there.clerk, "area": twins.there.street, "alliance": twins.there.alliance}
    assert _new(twins, uscc=CODE, **there).pk == unit.pk
    assert Membership.objects.filter(unit=unit).count() == 2
    with pytest.raises(Invalid):
        _new(twins, uscc=CODE, **there)
    with pytest.raises(Invalid) as refused:
        _new(twins, uscc=CODE, **{**there, "name": "冒名"})
    assert "uscc" in refused.value.fields


def test_only_the_streets_own_register_keepers_write(twins: Twins) -> None:
    for stranger in (twins.there.clerk, twins.here.worker, twins.here.administrator):
        with pytest.raises(NotAllowed):
            _new(twins, by=stranger)
        with pytest.raises(NotAllowed):
            join_alliance(alliance=twins.here.alliance, unit=twins.there.unit, by=stranger)


def test_a_unit_is_described_by_its_own_street_and_read_by_those_it_joined(twins: Twins) -> None:
    values: dict[str, Any] = {"name": "新名", "kind": UnitKind.SCHOOL, "area": twins.here.community}
    with pytest.raises(NotFound):
        update_unit(pk=twins.here.unit.pk, by=twins.there.clerk, **values)
    with pytest.raises(NotAllowed):
        update_unit(pk=twins.here.unit.pk, by=twins.here.worker, **values)
    assert update_unit(pk=twins.here.unit.pk, by=twins.here.clerk, **values).name == "新名"
    for area in (twins.here.community, twins.there.community):
        with pytest.raises(NotAllowed):
            update_unit(pk=twins.shared.pk, by=twins.there.clerk, **{**values, "area": area})
    assert twins.shared in MemberUnit.objects.visible_to(twins.there.clerk)
    assert "change" not in unit_abilities(twins.there.clerk, twins.shared)
    assert update_unit(pk=twins.shared.pk, by=twins.here.clerk, **values).pinyin == "xinming"


def test_no_unit_is_registered_or_moved_into_another_street(twins: Twins) -> None:
    for joining in (None, twins.here.alliance):
        with pytest.raises(NotAllowed):
            _new(twins, area=twins.there.community, alliance=joining)
    values: dict[str, Any] = {"name": "新名", "kind": UnitKind.SCHOOL, "area": twins.there.community}
    with pytest.raises(NotAllowed):
        update_unit(pk=twins.here.unit.pk, by=twins.here.clerk, **values)


def test_an_alliance_is_set_up_by_the_streets_administrator_and_described_by_its_office(twins: Twins) -> None:
    made = create_alliance(area=twins.here.street, name="新联盟", by=twins.here.administrator)
    assert made.office_name == "联盟服务中心"
    assert alliance_of(twins.here.community.pk) == twins.here.alliance
    for stranger in (twins.there.administrator, twins.here.clerk):
        with pytest.raises(NotAllowed):
            create_alliance(area=twins.here.street, name="又一个", by=stranger)
    words: dict[str, Any] = {
        "name": "平常心党建联盟",
        "brand": "平常心",
        "office_name": "秘书处",
        "founded_on": date(2020, 7, 13),
        "intro": "",
    }
    assert update_alliance(pk=made.pk, by=twins.here.clerk, **words).office_name == "秘书处"
    with pytest.raises(NotFound):
        update_alliance(pk=made.pk, by=twins.there.clerk, **words)


def test_an_alliance_belongs_to_a_street(twins: Twins) -> None:
    with pytest.raises(Invalid):
        create_alliance(area=twins.here.community, name="社区子联盟", by=None)
    with pytest.raises(Invalid):
        create_alliance(area=twins.here.street, name=twins.here.alliance.name, by=None)


def test_a_unit_leaves_and_may_come_back(twins: Twins) -> None:
    membership = Membership.objects.get(unit=twins.here.unit)
    with pytest.raises(Invalid):
        join_alliance(alliance=twins.here.alliance, unit=twins.here.unit, by=twins.here.clerk)
    with pytest.raises(Invalid):
        leave_alliance(pk=membership.pk, by=twins.here.clerk, on=date(2019, 1, 1))
    with pytest.raises(NotFound):
        leave_alliance(pk=membership.pk, by=twins.there.clerk)
    assert leave_alliance(pk=membership.pk, by=twins.here.clerk).left_on == timezone.localdate()
    with pytest.raises(RuleBroken):
        leave_alliance(pk=membership.pk, by=twins.here.clerk)
    join_alliance(alliance=twins.here.alliance, unit=twins.here.unit, by=twins.here.clerk)


def test_the_home_page_names_present_members_that_agreed(twins: Twins, django_assert_num_queries: Any) -> None:
    _new(twins, name="爱心药店", alliance=twins.here.alliance, is_public=True)
    gone = _new(twins, name="已退出单位", alliance=twins.here.alliance, is_public=True, joined_on=date(2021, 1, 1))
    leave_alliance(pk=gone.memberships.get().pk, by=twins.here.clerk)
    later = timezone.localdate() + timedelta(days=9)
    _new(twins, name="下周加入", alliance=twins.here.alliance, is_public=True, joined_on=later)
    _new(twins, name="不在联盟", is_public=True)
    with django_assert_num_queries(1):
        assert public_units("330109001") == ["爱心药店", "某某区图书馆"]
    assert public_units("330109002") == ["某某区图书馆"]


@pytest.mark.parametrize(
    "change",
    [
        {"uscc": "91350100m000100y43"},
        {"uscc": "91350100I000100Y43"},
        {"uscc": "9135010"},
        {"uscc": ""},
        {"kind": "guild"},
    ],
)
def test_the_table_refuses_a_wrong_unit(twins: Twins, change: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        MemberUnit.objects.filter(pk=twins.shared.pk).update(**change)


def test_the_table_refuses_doubles_and_dates_out_of_order(twins: Twins) -> None:
    MemberUnit.objects.filter(pk=twins.shared.pk).update(uscc=CODE)
    with pytest.raises(IntegrityError), transaction.atomic():
        MemberUnit.objects.filter(pk=twins.here.unit.pk).update(uscc=CODE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(unit=twins.here.unit).update(left_on=date(2000, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(alliance=twins.here.alliance, unit=twins.here.unit)
    with pytest.raises(IntegrityError), transaction.atomic():
        Alliance.objects.filter(pk=twins.here.alliance.pk).update(area=twins.here.community)
