"""A unit that takes no part for the time being: who says so, and that it is written down."""

from __future__ import annotations

import pytest

from alliance.lib.errors import Invalid, NotAllowed, NotFound, RuleBroken
from audit.models import AuditEntry
from audit.states import Action
from members.models import MemberUnit
from members.services import restore_unit, suspend_unit
from tests.cast import browser_of
from tests.members.conftest import Twins

pytestmark = pytest.mark.django_db


def test_whoever_keeps_the_register_suspends_and_restores_a_unit(twins: Twins) -> None:
    unit, clerk = twins.here.unit, twins.here.clerk
    assert suspend_unit(pk=unit.pk, by=clerk, why="联络员离职，等新的人").is_suspended
    with pytest.raises(RuleBroken):
        suspend_unit(pk=unit.pk, by=clerk, why="再来一次")
    assert not restore_unit(pk=unit.pk, by=clerk).is_suspended
    with pytest.raises(RuleBroken):
        restore_unit(pk=unit.pk, by=clerk)
    entries = AuditEntry.objects.filter(actor=clerk, params__unit=unit.pk).order_by("pk")
    assert [entry.action for entry in entries] == [Action.UNIT_SUSPENDED, Action.UNIT_RESTORED]
    assert entries[0].reason == "联络员离职，等新的人"


@pytest.mark.parametrize("why", ["", "  ", "因" * 121])
def test_a_suspension_says_why_in_a_line(twins: Twins, why: str) -> None:
    with pytest.raises(Invalid):
        suspend_unit(pk=twins.here.unit.pk, by=twins.here.clerk, why=why)
    assert not MemberUnit.objects.get(pk=twins.here.unit.pk).is_suspended


def test_nobody_else_suspends_a_unit(twins: Twins) -> None:
    with pytest.raises(NotFound):
        suspend_unit(pk=twins.here.unit.pk, by=twins.there.clerk, why="别的街道")
    with pytest.raises(NotAllowed):
        suspend_unit(pk=twins.shared.pk, by=twins.there.clerk, why="加入了，但不在这里")
    for stranger in (twins.here.worker, twins.here.administrator):
        with pytest.raises(NotAllowed):
            suspend_unit(pk=twins.here.unit.pk, by=stranger, why="不归他管")
    assert not MemberUnit.objects.filter(suspended_at__isnull=False).exists()


def test_the_workbench_has_the_button_where_it_may_be_pressed(twins: Twins) -> None:
    desk, page = browser_of(twins.here.clerk), f"/admin/members/memberunit/{twins.here.unit.pk}/"
    assert "暂停参加" in desk.get(f"{page}change/").content.decode()
    assert desk.post(f"{page}suspend/", {"why": ""}).status_code == 422
    assert desk.post(f"{page}suspend/", {"why": "联络员离职"}).status_code == 302
    shown = desk.get(f"{page}change/").content.decode()
    assert "联络员离职" in shown and "恢复参加" in shown
    assert desk.post(f"{page}restore/").status_code == 302
    assert not MemberUnit.objects.get(pk=twins.here.unit.pk).is_suspended
    for stranger, status in ((twins.here.worker, 403), (twins.there.clerk, 404)):
        assert browser_of(stranger).post(f"{page}suspend/", {"why": "不归他管"}).status_code == status
        assert "suspend/" not in browser_of(stranger).get(f"{page}change/").content.decode()
