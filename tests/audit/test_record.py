"""What an entry holds, and who may read it."""

from __future__ import annotations

import pytest

from audit.models import AuditEntry
from audit.services import mask_ip, record
from audit.states import Action
from tests.audit.conftest import House


def test_an_entry_keeps_the_name_the_actor_had(house: House) -> None:
    entry = record(
        Action.REVEAL,
        actor=house.clerk,
        subject="XQ-JJ-20261121-0007",
        area_code="330109001",
        reason=" 核实\u200b ",
    )
    house.clerk.name = "许大佳"
    house.clerk.save()
    entry.refresh_from_db()
    assert (entry.actor_label, entry.subject, entry.reason) == ("许佳", "XQ-JJ-20261121-0007", "核实")


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("203.0.113.77", "203.0.113.*"),
        ("2001:db8:1:2::77", "2001:db8:1::*"),
        ("::ffff:203.0.113.77", "203.0.113.*"),
        ("not an address", ""),
        ("", ""),
    ],
)
def test_the_last_part_of_an_address_is_masked(address: str, shown: str) -> None:
    assert mask_ip(address) == shown


def test_equal_addresses_have_equal_digests_and_the_address_itself_is_not_stored(house: House) -> None:
    one = record(Action.DIAL, actor=house.clerk, ip="203.0.113.77")
    two = record(Action.DIAL, actor=house.clerk, ip="203.0.113.77")
    three = record(Action.DIAL, actor=house.clerk, ip="203.0.113.78")
    assert one.ip_key == two.ip_key != three.ip_key
    assert not AuditEntry.objects.filter(ip__contains="77").exists()


def test_an_audit_administrator_sees_the_own_street_and_what_has_no_area(house: House) -> None:
    AuditEntry.objects.filter(pk=0)
    here = record(Action.DIAL, actor=house.clerk, area_code="330109001048")
    there = record(Action.DIAL, actor=house.clerk, area_code="330109002001")
    nowhere = record(Action.SIGN_IN_FAILED, actor=None)
    assert {here, nowhere} <= set(AuditEntry.objects.visible_to(house.auditor))
    assert there not in AuditEntry.objects.visible_to(house.auditor)
    assert set(AuditEntry.objects.visible_to(house.other_auditor)) >= {there, nowhere}
    assert here not in AuditEntry.objects.visible_to(house.other_auditor)


def test_whoever_is_not_an_audit_administrator_sees_nothing(house: House) -> None:
    record(Action.DIAL, actor=house.clerk, area_code="330109001")
    assert not AuditEntry.objects.visible_to(house.clerk).exists()
