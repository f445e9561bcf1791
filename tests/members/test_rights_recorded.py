"""Whatever gives or ends a right is in the audit log: joining, leaving, merging."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models import AuditEntry
from audit.states import Action
from members.models import Body, BodyKind, BodySeat, Liaison, MemberUnit
from members.services import join_alliance, leave_alliance, seat_liaison
from members.services.merging import merge_units, preview_merge, undo_merge
from notifications.models import Message
from people.models import User
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


def _doubles(twins: Twins) -> tuple[MemberUnit, Body]:
    here = twins.here
    kind = BodyKind.objects.create(key="g", name="某会", roles=["成员", "组长"])
    body = Body.objects.create(kind=kind, name="某会", area=here.street, alliance=here.alliance)
    return MemberUnit.objects.create(name="甲街道 小学", kind="school", area=here.street), body


def _rights(action: Action, by: User) -> list[tuple[str, object]]:
    """Who was given or lost what since, as (subject, unit)."""
    found = AuditEntry.objects.filter(action=action, actor_id=by.pk).order_by("pk")
    return [(entry.subject, entry.params["unit"]) for entry in found]


def test_seats_in_bodies_that_a_merge_moves_or_ends_and_gives_back(twins: Twins) -> None:
    """What had ended before the merge is no right of anybody: it moves without a word."""
    here, today = twins.here, timezone.localdate()
    double, body = _doubles(twins)
    BodySeat.objects.create(body=body, role="成员", unit=here.unit)
    BodySeat.objects.create(body=body, role="成员", unit=double)
    BodySeat.objects.create(body=body, role="组长", unit=double)
    old = {"starts_on": today - timedelta(days=9), "ends_on": today - timedelta(days=3)}
    BodySeat.objects.create(body=Body.objects.create(kind=body.kind, name="旧会", area=here.street), unit=double, **old)
    merge = merge_units(kept_id=here.unit.pk, gone_id=double.pk, by=here.clerk)
    kept = f"unit:{here.unit.pk}"
    assert _rights(Action.GRANT, here.clerk) == [(kept, here.unit.pk)]
    assert _rights(Action.GRANT_ENDED, here.clerk) == [(f"unit:{double.pk}", double.pk)]
    undo_merge(pk=merge.pk, by=here.clerk)
    gone = (f"unit:{double.pk}", double.pk)
    assert _rights(Action.GRANT, here.clerk) == [(kept, here.unit.pk), gone, gone]


def test_seats_of_liaisons_that_come_back_with_an_undone_merge(twins: Twins) -> None:
    here = twins.here
    double, _body = _doubles(twins)
    seat_liaison(unit=here.unit, user=person("yi", None, None), by=None)
    moved = seat_liaison(unit=double, user=person("er", None, None), by=None)
    ended = seat_liaison(unit=double, user=person("san", None, None), by=None, is_second=True)
    merge = merge_units(kept_id=here.unit.pk, gone_id=double.pk, by=here.clerk)
    undo_merge(pk=merge.pk, by=here.clerk)
    back = _rights(Action.GRANT, here.clerk)[1:]
    assert back == [(f"u:{moved.user_id}", double.pk), (f"u:{ended.user_id}", double.pk)]


def test_a_seat_that_somebody_changed_since_stays_and_is_not_said_to_be_back(twins: Twins) -> None:
    here = twins.here
    double, _body = _doubles(twins)
    moved = seat_liaison(unit=double, user=person("er", None, None), by=None)
    merge = merge_units(kept_id=here.unit.pk, gone_id=double.pk, by=here.clerk)
    before = _rights(Action.GRANT, here.clerk)
    Liaison.objects.filter(pk=moved.pk).update(
        unit=MemberUnit.objects.create(name="丙", kind="other", area=here.street)
    )
    undo_merge(pk=merge.pk, by=here.clerk)
    assert _rights(Action.GRANT, here.clerk) == before


def test_whose_seat_a_merge_ends_is_told_and_told_again_when_it_is_taken_back(twins: Twins) -> None:
    here = twins.here
    double, _body = _doubles(twins)
    seat_liaison(unit=here.unit, user=person("yi", None, None), by=None)
    seat_liaison(unit=double, user=person("er", None, None), by=None)
    third = seat_liaison(unit=double, user=person("san", None, None), by=None, is_second=True)

    def told() -> list[tuple[str, str]]:
        rules = ["members.SeatEndedByMerge", "members.SeatBackAfterMerge"]
        return list(Message.objects.filter(rule__in=rules).order_by("pk").values_list("recipient_key", "rule"))

    preview_merge(kept_id=here.unit.pk, gone_id=double.pk, by=here.clerk)
    assert told() == []
    merge = merge_units(kept_id=here.unit.pk, gone_id=double.pk, by=here.clerk)
    assert told() == [(f"u:{third.user_id}", "members.SeatEndedByMerge")]
    undo_merge(pk=merge.pk, by=here.clerk)
    assert told()[1:] == [(f"u:{third.user_id}", "members.SeatBackAfterMerge")]
