"""Undoing an import of units: what was lived in since is kept, and the unit is locked before it is judged."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from alliance.lib.importing import Place, importer, register_importer
from audit.models import AuditEntry
from members.models import (
    Alliance,
    Body,
    BodyKind,
    BodySeat,
    Building,
    Membership,
    MemberUnit,
    PartyOrganisation,
    Placement,
)
from members.services import create_alliance, join_alliance, leave_alliance, seat_liaison
from members.services.documents import create_document, publish_version
from members.services.profile import describe_unit, place_unit, set_shown, set_tags
from members.services.receipts import readings
from members.services.units import suspend_unit
from members.states import DocumentKind
from people.models import Area, User
from tests.cast import Cast, browser_of, resident
from tests.transfers.tables import carry_out, results, said, unit_row, unit_table, upload, xlsx
from transfers.models import ImportBatch
from transfers.services.importing import undo_import
from transfers.services.working import work_all

JOINS = {"alliance": "平常心党建联盟"}


def undone(batch: ImportBatch, by: User) -> ImportBatch:
    undo_import(pk=batch.pk, by=by)
    work_all()
    batch.refresh_from_db()
    return batch


def _seated(unit: MemberUnit, street: Area) -> None:
    seat_liaison(unit=unit, user=resident("13800009999"), by=None)


def _in_a_body(unit: MemberUnit, street: Area) -> None:
    kind = BodyKind.objects.create(key="x", name="某会", roles=["成员"])
    body = Body.objects.create(kind=kind, name="某会", area=street)
    BodySeat.objects.create(body=body, role="成员", unit=unit)


def _left(unit: MemberUnit, street: Area) -> None:
    day = timezone.localdate() + timedelta(9)
    Membership.objects.filter(unit=unit).update(left_on=day)


def _described(unit: MemberUnit, street: Area) -> None:
    describe_unit(pk=unit.pk, by=None, intro="教书。")


def _described_and_emptied_again(unit: MemberUnit, street: Area) -> None:
    for intro in ("教书。", ""):
        describe_unit(pk=unit.pk, by=None, intro=intro)


def _tagged(unit: MemberUnit, street: Area) -> None:
    set_tags(pk=unit.pk, by=None, tags={"place": ["运河沿线"]})


def _in_a_building(unit: MemberUnit, street: Area) -> None:
    place_unit(pk=unit.pk, by=None, building=Building.objects.create(area=street, name="某楼"), floor="3层")


def _shown(unit: MemberUnit, street: Area) -> None:
    set_shown(pk=unit.pk, by=None, is_public=unit.is_public, shows=["intro"])


def _suspended(unit: MemberUnit, street: Area) -> None:
    suspend_unit(pk=unit.pk, by=User.objects.get(username="cx-clerk"), why="装修")


def _in_a_cell(unit: MemberUnit, street: Area) -> None:
    kind = BodyKind.objects.create(key="y", name="某界别", roles=["成员"], axis="group")
    alliance = Alliance.objects.get(parent=None)
    group = Body.objects.create(kind=kind, name="某界别", area=street, alliance=alliance)
    Placement.objects.create(membership=Membership.objects.get(unit=unit), group=group)


def _in_a_sub_alliance(unit: MemberUnit, street: Area) -> None:
    home = Area.objects.get(code="330109001048")
    below = create_alliance(area=home, name="万寿桥子联盟", parent=Alliance.objects.get(parent=None), by=None)
    join_alliance(alliance=below, unit=unit, by=None)


LIVED = [
    _seated,
    _in_a_body,
    _left,
    _described,
    _described_and_emptied_again,
    _tagged,
    _in_a_building,
    _shown,
    _suspended,
    _in_a_cell,
    _in_a_sub_alliance,
]


@pytest.mark.parametrize("lived", LIVED)
def test_a_unit_that_was_lived_in_is_left_alone(cast: Cast, alliance: Alliance, lived: Any) -> None:
    clerk, street = cast.chengxiang.clerk, cast.chengxiang.street
    batch = carry_out(upload(clerk, street, unit_table(unit_row(1, **JOINS), unit_row(2, **JOINS))), clerk)
    lived(MemberUnit.objects.get(name="第1小学"), street)
    before = list(Membership.objects.filter(unit__name="第1小学").values())
    undone(batch, clerk)
    assert results(batch) == {2: "kept", 3: "undone"} and "有人改过" in said(batch, 2)
    assert list(Membership.objects.filter(unit__name="第1小学").values()) == before
    assert not MemberUnit.objects.filter(name="第2小学").exists()
    assert AuditEntry.objects.filter(params__change="taken_back", params__part="membership").count() == 1


@pytest.mark.parametrize("lived", [_described, _tagged, _in_a_building, _shown, _suspended, _in_a_cell])
def test_a_registered_unit_that_was_lived_in_stays_in_the_alliance(cast: Cast, alliance: Alliance, lived: Any) -> None:
    clerk, street = cast.chengxiang.clerk, cast.chengxiang.street
    carry_out(upload(clerk, street, unit_table(unit_row(1))), clerk)
    batch = carry_out(upload(clerk, street, unit_table(unit_row(1, **JOINS))), clerk)
    lived(MemberUnit.objects.get(name="第1小学"), street)
    undone(batch, clerk)
    assert results(batch) == {2: "kept"} and Membership.objects.get().left_on is None


def test_who_has_got_a_document_stays_registered_and_is_counted_apart(cast: Cast, alliance: Alliance) -> None:
    clerk, street = cast.chengxiang.clerk, cast.chengxiang.street
    batch = upload(clerk, street, unit_table(*(unit_row(n, **(JOINS if n < 3 else {})) for n in (1, 2, 3))))
    carry_out(batch, clerk)
    draft = create_document(alliance=alliance, kind=DocumentKind.CHARTER, title="章程", text="第一条", by=clerk)
    version = publish_version(pk=draft.pk, by=clerk)
    assert readings([version.pk])[version.pk].delivered == 2
    describe_unit(pk=MemberUnit.objects.get(name="第1小学").pk, by=None, intro="教书。")
    undone(batch, clerk)
    assert results(batch) == {2: "kept", 3: "left", 4: "undone"}
    assert "登记留着" in said(batch, 3)
    assert {row.unit.name: row.left_on for row in Membership.objects.all()} == {
        "第1小学": None,
        "第2小学": timezone.localdate(),
    }
    assert readings([version.pk])[version.pk].delivered == 1
    page = browser_of(clerk).get(f"/admin/import/{batch.pk}/").content.decode()
    assert "拿掉或改回1行，1行留下登记、已退出，1行没有撤销。" in page
    tabs = page[page.index('class="tabs"') :]
    assert tabs.index("没有撤销") < tabs.index("留下登记、已退出") < tabs.index("已拿掉或改回")


def test_a_registered_unit_that_joined_by_the_file_leaves_and_its_membership_stays(
    cast: Cast, alliance: Alliance
) -> None:
    clerk, street = cast.chengxiang.clerk, cast.chengxiang.street
    carry_out(upload(clerk, street, unit_table(unit_row(1))), clerk)
    batch = carry_out(upload(clerk, street, unit_table(unit_row(1, **JOINS))), clerk)
    undone(batch, clerk)
    assert Membership.objects.get().left_on == timezone.localdate() and "退出联盟" in said(batch, 2)
    assert AuditEntry.objects.filter(action="register_changed", params__has_key="left_on").count() == 1


def test_a_unit_whose_leaving_is_announced_is_a_member_still(cast: Cast, alliance: Alliance) -> None:
    clerk, street = cast.chengxiang.clerk, cast.chengxiang.street
    carry_out(upload(clerk, street, unit_table(unit_row(1, **JOINS))), clerk)
    leave_alliance(pk=Membership.objects.get().pk, by=clerk, on=timezone.localdate() + timedelta(9))
    assert upload(clerk, street, unit_table(unit_row(1, **JOINS))).counts == {"same": 1}


@pytest.mark.parametrize("kind", ["units", "party"])
def test_what_changes_between_the_look_and_the_lock_is_not_written_over(cast: Cast, kind: str) -> None:
    clerk, street = cast.chengxiang.clerk, cast.chengxiang.street
    head = ["党组织名称*", "类型*", "所在地*", "备注"]
    tables = {
        "units": lambda note: unit_table(unit_row(1, note=note)),
        "party": lambda note: xlsx(head, ["甲支部", "党支部", "万寿桥社区", note]),
    }
    model: Any = MemberUnit if kind == "units" else PartyOrganisation
    carry_out(upload(clerk, street, tables[kind]("原来"), kind), clerk)
    batch = upload(clerk, street, tables[kind]("名单上的"), kind)
    found = importer(kind)
    assert found is not None

    def apply(row: Any, place: Place) -> Any:
        model.objects.update(note="别人刚写的")  # taken back with the row that is refused
        return found.apply(row, place)

    register_importer(replace(found, apply=apply))
    try:
        carry_out(batch, clerk)
    finally:
        register_importer(found)
    assert "有了变化" in said(batch, 2) and not model.objects.filter(note="名单上的").exists()
