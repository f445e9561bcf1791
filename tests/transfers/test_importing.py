"""Importing from the file to the end: looked at first, once only, and back again."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from alliance.lib.errors import NotAllowed, NotFound, RuleBroken
from alliance.lib.importing import importer, register_importer
from audit.models import AuditEntry
from audit.states import Action
from members.models import Alliance, Membership, MemberUnit
from members.services import update_unit
from people.models import RoleGrant
from tests.cast import Cast
from tests.transfers.tables import carry_out, outcomes, results, said, unit_row, unit_table, upload
from transfers.models import ImportBatch, ImportRow
from transfers.services.importing import confirm_import, drop_import, start_import, undo_import
from transfers.services.purging import purge_imports
from transfers.services.working import work_all
from transfers.states import BatchState, Mode


def test_a_file_is_looked_at_and_nothing_is_registered_until_it_is_confirmed(cast: Cast) -> None:
    clerk, street = cast.chengxiang.clerk, cast.chengxiang.street
    before = MemberUnit.objects.count()
    batch = upload(clerk, street, unit_table(*(unit_row(number) for number in range(1, 6))))
    assert batch.state == BatchState.READY and batch.counts == {"new": 5} and batch.done == 5
    assert MemberUnit.objects.count() == before
    carry_out(batch, clerk)
    assert batch.state == BatchState.DONE and batch.counts["result_done"] == 5
    assert MemberUnit.objects.count() == before + 5


def test_importing_a_file_twice_adds_nothing(cast: Cast) -> None:
    clerk, street = cast.chengxiang.clerk, cast.chengxiang.street
    table = unit_table(*(unit_row(number) for number in range(1, 6)))
    carry_out(upload(clerk, street, table), clerk)
    count = MemberUnit.objects.count()
    again = upload(clerk, street, table)
    assert again.counts == {"same": 5}
    carry_out(again, clerk)
    assert MemberUnit.objects.count() == count and again.counts["result_skipped"] == 5


def test_bad_rows_say_which_column_and_why_and_the_others_go_on(cast: Cast) -> None:
    clerk, street = cast.chengxiang.clerk, cast.chengxiang.street
    rows = [
        unit_row(1),
        unit_row(2, uscc="91350100M000100Y44"),
        unit_row(3, kind="饭店"),
        unit_row(4, area="智格社区"),
        unit_row(1),
        unit_row(6, name=""),
    ]
    batch = upload(clerk, street, unit_table(*rows))
    assert list(outcomes(batch).values()) == ["new", "error", "error", "error", "error", "error"]
    assert "校验不符" in said(batch, 3) and "可以填" in said(batch, 4) and "智格社区" in said(batch, 5)
    assert "第2行重复" in said(batch, 6) and "请填写" in said(batch, 7)
    carry_out(batch, clerk)
    assert list(results(batch).values()) == ["done", "failed", "failed", "failed", "failed", "failed"]


def test_what_is_registered_is_updated_or_skipped_as_chosen(cast: Cast, alliance: Alliance) -> None:
    clerk, street = cast.chengxiang.clerk, cast.chengxiang.street
    carry_out(upload(clerk, street, unit_table(unit_row(1), unit_row(2))), clerk)
    changed = unit_table(unit_row(1, note="新备注"), unit_row(2, alliance="平常心党建联盟"))
    skipped = carry_out(upload(clerk, street, changed), clerk, Mode.SKIP)
    assert skipped.counts == {"changed": 2, "result_skipped": 2}
    assert not MemberUnit.objects.filter(note="新备注").exists() and not Membership.objects.exists()
    batch = upload(clerk, street, changed)
    found = json.loads(ImportRow.objects.get(batch=batch, line=2).found)
    assert found["changes"] == [["note", "", "新备注"]]
    carry_out(batch, clerk)
    assert MemberUnit.objects.get(name="第1小学").note == "新备注"
    assert Membership.objects.get().unit.name == "第2小学"


def test_what_has_changed_since_it_was_looked_at_is_not_written_over(cast: Cast) -> None:
    clerk, street = cast.chengxiang.clerk, cast.chengxiang.street
    carry_out(upload(clerk, street, unit_table(unit_row(1))), clerk)
    batch = upload(clerk, street, unit_table(unit_row(1, note="名单上的")))
    unit = MemberUnit.objects.get(name="第1小学")
    update_unit(pk=unit.pk, by=clerk, name=unit.name, kind=unit.kind, area=unit.area, note="别人刚写的")
    carry_out(batch, clerk)
    unit.refresh_from_db()
    assert unit.note == "别人刚写的" and "有了变化" in said(batch, 2)


def test_an_import_is_taken_back_but_for_what_was_touched_since(cast: Cast, alliance: Alliance) -> None:
    clerk, street = cast.chengxiang.clerk, cast.chengxiang.street
    before = MemberUnit.objects.count()
    carry_out(upload(clerk, street, unit_table(unit_row(9, note="原来"))), clerk)
    rows = [unit_row(number, alliance="平常心党建联盟") for number in (1, 2, 3)]
    batch = carry_out(upload(clerk, street, unit_table(*rows, unit_row(9, note="后来"))), clerk)
    touched = MemberUnit.objects.get(name="第2小学")
    update_unit(pk=touched.pk, by=clerk, name="第二小学", kind=touched.kind, area=touched.area)
    undo_import(pk=batch.pk, by=clerk)
    work_all()
    batch.refresh_from_db()
    assert batch.state == BatchState.UNDONE
    assert results(batch) == {2: "undone", 3: "kept", 4: "undone", 5: "undone"} and "有人改过" in said(batch, 3)
    assert MemberUnit.objects.count() == before + 2
    assert MemberUnit.objects.get(name="第9小学").note == "原来"
    assert [m.unit.name for m in Membership.objects.all()] == ["第二小学"]
    with pytest.raises(RuleBroken):
        undo_import(pk=batch.pk, by=clerk)


def test_only_who_keeps_the_register_imports_and_another_street_sees_nothing(cast: Cast) -> None:
    table = unit_table(unit_row(1))
    here = cast.chengxiang
    for person in (here.worker, here.leader, here.system_admin, here.liaison, cast.xiasha.clerk):
        with pytest.raises(NotAllowed):
            start_import(by=person, kind="units", area=here.street, name="a.xlsx", content=table)
    batch = upload(here.clerk, here.street, table)
    assert ImportBatch.objects.visible_to(here.party_office).filter(pk=batch.pk).exists()
    for person in (cast.xiasha.clerk, cast.xiasha.party_office, here.system_admin, here.worker):
        assert not ImportBatch.objects.visible_to(person).exists()
        with pytest.raises(NotFound):
            confirm_import(pk=batch.pk, by=person, mode=Mode.UPDATE)


def test_a_role_that_ended_meanwhile_writes_nothing(cast: Cast) -> None:
    clerk, street = cast.chengxiang.clerk, cast.chengxiang.street
    batch = upload(clerk, street, unit_table(unit_row(1)))
    confirm_import(pk=batch.pk, by=clerk, mode=Mode.UPDATE)
    RoleGrant.objects.filter(user=clerk).update(ends_on=timezone.localdate())
    work_all()
    batch.refresh_from_db()
    assert batch.counts == {"new": 1, "result_failed": 1} and not MemberUnit.objects.filter(name="第1小学").exists()


def test_a_dropped_file_is_forgotten_and_cannot_be_imported(cast: Cast) -> None:
    clerk = cast.chengxiang.clerk
    batch = upload(clerk, cast.chengxiang.street, unit_table(unit_row(1)))
    drop_import(pk=batch.pk, by=clerk)
    assert not ImportRow.objects.filter(batch=batch).exists()
    with pytest.raises(RuleBroken):
        confirm_import(pk=batch.pk, by=clerk, mode=Mode.UPDATE)


def test_an_import_is_confirmed_once(cast: Cast) -> None:
    clerk = cast.chengxiang.clerk
    batch = carry_out(upload(clerk, cast.chengxiang.street, unit_table(unit_row(1))), clerk)
    with pytest.raises(RuleBroken):
        confirm_import(pk=batch.pk, by=clerk, mode=Mode.UPDATE)


def test_what_files_said_is_forgotten_after_thirty_days(cast: Cast) -> None:
    clerk = cast.chengxiang.clerk
    old = carry_out(upload(clerk, cast.chengxiang.street, unit_table(unit_row(1))), clerk)
    fresh = upload(clerk, cast.chengxiang.street, unit_table(unit_row(2)))
    then = timezone.now() - timedelta(days=31)
    ImportBatch.objects.filter(pk=old.pk).update(made_at=then, applied_at=then, ended_at=then)
    assert purge_imports() == 1 and purge_imports() == 0
    assert set(ImportRow.objects.values_list("batch", flat=True)) == {fresh.pk}
    old.refresh_from_db()
    assert old.purged_at is not None and old.counts["result_done"] == 1
    with pytest.raises(RuleBroken):
        undo_import(pk=old.pk, by=clerk)


@pytest.mark.parametrize("state", [BatchState.DONE, BatchState.FAILED])
def test_the_thirty_days_begin_when_it_is_imported(cast: Cast, state: str) -> None:
    """Sent long ago, imported yesterday, in full or half: it can still be taken back."""
    clerk = cast.chengxiang.clerk
    batch = carry_out(upload(clerk, cast.chengxiang.street, unit_table(unit_row(1))), clerk)
    lately, mine = timezone.now() - timedelta(days=1), ImportBatch.objects.filter(pk=batch.pk)
    applied = lately if state == BatchState.DONE else None
    mine.update(state=state, made_at=timezone.now() - timedelta(days=45), applied_at=applied, ended_at=lately)
    assert purge_imports() == 0
    undo_import(pk=batch.pk, by=clerk)
    work_all()
    assert not MemberUnit.objects.filter(name="第1小学").exists()


def test_what_was_sent_and_never_imported_is_forgotten_by_the_day_it_came(cast: Cast) -> None:
    batch = upload(cast.chengxiang.clerk, cast.chengxiang.street, unit_table(unit_row(1)))
    assert purge_imports() == 0
    ImportBatch.objects.filter(pk=batch.pk).update(made_at=timezone.now() - timedelta(days=31))
    assert purge_imports() == 1
    batch.refresh_from_db()
    assert batch.state == BatchState.DROPPED and not ImportRow.objects.exists()


def test_what_a_row_says_is_ciphertext_and_the_log_holds_nothing_of_it(cast: Cast, as_owner: object) -> None:
    clerk = cast.chengxiang.clerk
    batch = upload(clerk, cast.chengxiang.street, unit_table(unit_row(1, note="金丝雀13812345678")))
    as_owner.execute("SELECT cells || found || before FROM transfers_importrow")  # type: ignore[attr-defined]
    assert all("金丝雀" not in text and "13812345678" not in text for (text,) in as_owner.fetchall())  # type: ignore[attr-defined]
    carry_out(batch, clerk)
    entry = AuditEntry.objects.get(action="imported")
    assert entry.params == {"kind": "units", "rows": 1, "mode": "update"} and entry.area_code == "330109001"


def test_every_kind_is_declared_with_labels_that_differ() -> None:
    for key in ("areas", "staff", "units", "liaisons", "party"):
        kind = importer(key)
        assert kind is not None
        labels = [str(column.label) for column in kind.columns] + [word for c in kind.columns for word in c.also]
        assert len(labels) == len(set(labels)), key


def test_many_new_units_take_few_statements_and_come_out_as_one_by_one(
    cast: Cast, alliance: Alliance, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    clerk, street = cast.chengxiang.clerk, cast.chengxiang.street
    units = importer("units")
    assert units is not None
    before = set(AuditEntry.objects.values_list("pk", flat=True))
    together = [unit_row(n, alliance="平常心党建联盟", short=f"{n}小", public="是") for n in range(1, 61)]
    batch = upload(clerk, street, unit_table(*together))
    confirm_import(pk=batch.pk, by=clerk, mode=Mode.UPDATE)
    with django_assert_max_num_queries(60):
        work_all()
    noted = AuditEntry.objects.exclude(pk__in=before).filter(action=Action.REGISTER_CHANGED)
    assert noted.count() == 60 and _all_results(batch) == {"done"}
    try:
        register_importer(replace(units, apply_new=None))
        alone = upload(clerk, street, unit_table(unit_row(99, alliance="平常心党建联盟", short="99小", public="是")))
        carry_out(alone, clerk)
    finally:
        register_importer(units)
    assert _made(batch, "60") == _made(alone, "99")


def _all_results(batch: ImportBatch) -> set[str]:
    return set(ImportRow.objects.filter(batch=batch).values_list("result", flat=True))


def _made(batch: ImportBatch, number: str) -> tuple[object, ...]:
    """All that the last row of ``batch`` wrote, without what must differ."""
    row = ImportRow.objects.filter(batch=batch).order_by("line").last()
    assert row is not None
    unit = MemberUnit.objects.values().get(pk=row.subject)
    joined = Membership.objects.values().get(unit_id=row.subject)
    entry = AuditEntry.objects.filter(params__unit=unit["id"]).values("action", "actor", "area_code", "subject").get()
    # What the names are sought by is split differently for 60 and 99; it is the table's own work.
    own = ("id", "created_at", "unit_id", "search")
    plain = [
        {key: str(value).replace(number, "N") for key, value in one.items() if key not in own}
        for one in (unit, joined, {**entry, "actor": ""})
    ]
    plain.append({"actor": entry["actor"]})  # a key: it may contain the number by chance
    logged = json.loads(row.before)
    return (*plain, sorted(logged), row.result)


def test_a_row_that_the_table_refuses_does_not_take_those_written_with_it_along(
    cast: Cast, alliance: Alliance, as_owner: Any
) -> None:
    clerk, street = cast.chengxiang.clerk, cast.chengxiang.street
    as_owner.execute("ALTER TABLE members_memberunit ADD CHECK (name <> '第2小学')")
    as_owner.execute("SET ROLE tongxin_app")
    batch = upload(clerk, street, unit_table(*(unit_row(n, alliance="平常心党建联盟") for n in (1, 2, 3))))
    assert batch.counts == {"new": 3}
    carry_out(batch, clerk)
    assert list(results(batch).values()) == ["done", "failed", "done"]
    assert Membership.objects.filter(unit__name__in=("第1小学", "第3小学")).count() == 2
    as_owner.execute("RESET ROLE")
