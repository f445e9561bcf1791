"""Two windows on one thing: the second save writes over nothing unseen, and shows what both say."""

from __future__ import annotations

import re
from typing import Any

import pytest

from members.models import Alliance, Body, MemberUnit
from members.services.bodies import create_body
from tests.cast import browser_of
from tests.members.conftest import Twins
from tests.members.test_bodies import kind

pytestmark = pytest.mark.django_db
Thing = tuple[Any, str, dict[str, Any], str, str]


def _thing(twins: Twins, which: str) -> Thing:
    """Row, address, what a form sends, the field two people change, the prefix of its fields."""
    if which == "unit":
        unit = twins.here.unit
        plain = {"name": unit.name, "kind": unit.kind, "area": unit.area_id}
        return unit, f"/admin/members/memberunit/{unit.pk}/change/", plain, "note", "entry-"
    if which == "body":
        body = create_body(kind=kind("owners"), name="业委会", area=twins.here.street, by=None)
        return body, f"/admin/members/body/{body.pk}/change/", {"name": body.name, "position": 100}, "intro", ""
    alliance = twins.here.alliance
    plain = {"name": alliance.name, "office_name": "秘书处"}
    return alliance, f"/admin/members/alliance/{alliance.pk}/change/", plain, "brand", ""


@pytest.mark.parametrize("which", ["unit", "body", "alliance"])
def test_a_second_window_does_not_wipe_what_the_first_one_saved(twins: Twins, which: str) -> None:
    row, address, plain, field, prefix = _thing(twins, which)
    first, second = browser_of(twins.here.clerk), browser_of(twins.here.clerk)
    opened = first.get(address).content.decode()

    def send(browser: Any, page: str, words: str) -> Any:
        found = re.search(rf'name="{prefix}seen" value="(\w+)"', page)
        typed = {**plain, field: words, "seen": found[1] if found else ""}
        return browser.post(address, {f"{prefix}{name}": value for name, value in typed.items()})

    assert send(first, opened, "先写的").status_code == 302
    stale = send(second, opened, "后写的")
    shown = stale.content.decode()
    model: Any = {"unit": MemberUnit, "body": Body, "alliance": Alliance}[which]
    assert getattr(model.objects.get(pk=row.pk), field) == "先写的"
    assert "先写的" in shown and "后写的" in shown and "别人刚改过" in shown
    assert send(second, shown, "后写的").status_code == 302
    assert getattr(model.objects.get(pk=row.pk), field) == "后写的"


def test_lines_that_nobody_touched_are_not_said_to_be_changed(twins: Twins) -> None:
    alliance, address, plain, _field, _prefix = _thing(twins, "alliance")
    Alliance.objects.filter(pk=alliance.pk).update(principles="四共：组织共融\n三联：党建联做")
    typed = {**plain, "principles": "四共：组织共融\r\n三联：党建联做", "brand": "后写的", "seen": "0" * 16}
    shown = browser_of(twins.here.clerk).post(address, typed).content.decode()
    assert "别人刚改过" in shown and shown.count("现在是：") == 2, "brand and office name alone"
