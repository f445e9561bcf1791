"""What was signed stands, whoever tries what; and what was changed nevertheless is found by its digest."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from members.services.merging import merge_units, undo_merge
from projects.models import Agreement, Party
from projects.services.verifying import stands, verify
from projects.services.wording import digest
from tests.cast import Cast, fresh
from tests.claims.things import another_unit
from tests.projects.amending import amended
from tests.projects.attacks import by_columns, by_rows, by_services, refused
from tests.projects.doors import by_doors
from tests.projects.things import again, signed, typed

pytestmark = pytest.mark.django_db


def test_every_way_to_change_it_is_refused(cast: Cast) -> None:
    here = cast.chengxiang
    another_unit(here)
    row = signed(here)
    amendment = amended(row, here)
    row = again(row)
    party, target = row.parties.get(), row.targets.get()
    said = typed(party.unit, theme="别的主题")
    everything = [
        *by_services(row, fresh(here.party_office), said),
        *by_doors(row, fresh(here.party_office), said),
        *by_rows(row),
        *(attack for one in (row, amendment, party, target) for attack in by_columns(one)),
    ]
    assert len(everything) > 200
    assert [name for name, attack in everything if not refused(attack)] == []
    assert stands(again(row)) and stands(again(amendment))
    assert again(party).name == party.name and again(target).amount == target.amount


def test_with_the_guards_off_the_same_statements_go_through_and_the_digest_tells(cast: Cast, as_owner: Any) -> None:
    """The control: without its trigger the table takes it, and only then does the check page find a difference."""
    as_owner.execute("SET ROLE tongxin_app")
    row = signed(cast.chengxiang)
    change = Agreement.objects.filter(pk=row.pk).update
    assert refused(lambda: change(text=row.text.replace("600", "6000")))
    connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    off = "ALTER TABLE projects_agreement DISABLE TRIGGER projects_agreement_stands"
    as_owner.execute(f"RESET ROLE; {off}; SET ROLE tongxin_app")
    change(text=row.text.replace("600", "6000"))
    assert not stands(again(row)) and verify(again(row), code=row.sha256).changed
    forged = again(row)
    change(sha256=digest(forged.text))
    assert verify(again(row), code=row.sha256).paper is None, "the code on the paper is another one's now"


def test_a_merge_moves_the_units_part_and_what_was_signed_reads_as_before(cast: Cast) -> None:
    here = cast.chengxiang
    (gone, user), (kept, _user) = another_unit(here), another_unit(here)
    row = signed(here, (gone, user))
    merge = merge_units(kept_id=kept.pk, gone_id=gone.pk, by=fresh(here.clerk))
    connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    party = Party.objects.get(agreement=row)
    assert (party.unit_id, party.name) == (kept.pk, gone.name) and stands(again(row))
    undo_merge(pk=merge.pk, by=fresh(here.clerk))
    assert again(party).unit_id == gone.pk
