"""Liaisons who come in a file again: the same adds nothing, something else is said where it is changed."""

from __future__ import annotations

import pytest

from members.models import Liaison, MemberUnit
from members.services import seat_liaison
from tests.cast import Cast, resident
from tests.transfers.tables import carry_out, outcomes, said, unit_row, unit_table, upload, xlsx

HEAD = ["单位*", "姓名*", "手机*", "职务", "第二联络员"]
SAME = ["第1小学", "王某", "13800009999", "主任", "否"]


@pytest.mark.parametrize(
    ("line", "outcome"),
    [
        (SAME, "same"),
        ([*SAME[:3], "", ""], "same"),
        ([SAME[0], "李某", *SAME[2:]], "error"),
        ([*SAME[:3], "副校长", "否"], "error"),
        ([*SAME[:4], "是"], "error"),
    ],
    ids=["same", "empty cells", "another name", "another title", "another seat"],
)
def test_a_liaison_again(cast: Cast, line: list[str], outcome: str) -> None:
    here = cast.chengxiang
    carry_out(upload(here.clerk, here.street, unit_table(unit_row(1))), here.clerk)
    unit = MemberUnit.objects.get(name="第1小学")
    seat_liaison(unit=unit, user=resident("13800009999"), by=None, name="王某", title="主任")
    batch = upload(here.clerk, here.street, xlsx(HEAD, line), "liaisons")
    assert outcomes(batch) == {2: outcome}
    assert ("联络员页" in said(batch, 2)) == (outcome == "error")
    assert Liaison.objects.filter(unit=unit).count() == 1
