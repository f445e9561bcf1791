"""Whatever gives or ends a right is in the audit log: joining, leaving, merging."""

from __future__ import annotations

import pytest
from django.utils import timezone

from audit.models import AuditEntry
from audit.states import Action
from members.models import Body, BodyKind, BodySeat, MemberUnit
from members.services import join_alliance, leave_alliance, seat_liaison
from members.services.merging import merge_units
from tests.members.conftest import Twins, person

pytestmark = pytest.mark.django_db


def test_joining_and_leaving_with_the_seats_in_bodies(twins: Twins) -> None:
    here = twins.here
    unit = MemberUnit.objects.create(name="新单位", kind="other", area=here.street)
    membership = join_alliance(alliance=here.alliance, unit=unit, by=here.clerk)
    joined = AuditEntry.objects.get(action=Action.REGISTER_CHANGED, params__has_key="joined_on", actor=here.clerk)
    assert joined.params["unit"] == unit.pk and joined.params["alliance"] == here.alliance.pk
    kind = BodyKind.objects.create(key="g", name="某会", roles=["成员"])
    body = Body.objects.create(kind=kind, name="某会", area=here.street, alliance=here.alliance)
    BodySeat.objects.create(body=body, role="成员", unit=unit)
    leave_alliance(pk=membership.pk, by=here.clerk)
    assert AuditEntry.objects.filter(action=Action.GRANT_ENDED, actor_id=here.clerk.pk).count() == 1


def test_seats_that_a_merge_moves_or_ends(twins: Twins) -> None:
    here = twins.here
    double = MemberUnit.objects.create(name="甲街道 小学", kind="school", area=here.street)
    seat_liaison(unit=here.unit, user=person("yi", None, None), by=None)
    moved = seat_liaison(unit=double, user=person("er", None, None), by=None)
    ended = seat_liaison(unit=double, user=person("san", None, None), by=None, is_second=True)
    merge_units(kept_id=here.unit.pk, gone_id=double.pk, by=here.clerk)
    given, gone = (
        AuditEntry.objects.get(action=action, subject=f"u:{seat.user_id}", actor_id=here.clerk.pk)
        for action, seat in ((Action.GRANT, moved), (Action.GRANT_ENDED, ended))
    )
    assert given.params["unit"] == here.unit.pk and given.params["seat"] == "second_liaison"
    assert gone.params["unit"] == double.pk and gone.params["ends_on"] == timezone.localdate().isoformat()
