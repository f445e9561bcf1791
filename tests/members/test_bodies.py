"""Bodies, who sits in them, their kinds: what the services take, what the tables refuse whoever writes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from alliance.lib.errors import Invalid, NotAllowed, NotFound, RuleBroken
from audit.models import AuditEntry
from audit.states import Action
from members.defaults import KINDS, load_body_kinds
from members.models import Body, BodyKind, BodySeat
from members.services import create_alliance
from members.services.bodies import create_body, end_body, update_body
from members.services.body_kinds import save_body_kind
from members.services.body_seats import add_body_seat, colleagues, end_body_seat
from people.states import Role
from tests.members.conftest import Twins, person

pytestmark = pytest.mark.django_db


def kind(key: str) -> BodyKind:
    return BodyKind.objects.get(key=key)


def committee(twins: Twins, **changes: Any) -> Body:
    values: dict[str, Any] = {"kind": kind("owners"), "name": "南苑业委会", "area": twins.here.community}
    return create_body(**{**values, "by": twins.here.clerk, **changes})


def test_the_usual_kinds_stand_and_what_was_changed_survives(twins: Twins) -> None:
    assert set(BodyKind.objects.values_list("key", flat=True)) >= {row[0] for row in KINDS}
    BodyKind.objects.filter(key="think-tank").update(name="顾问团", roles=["顾问"], single_roles=[])
    load_body_kinds()
    assert BodyKind.objects.count() == len(KINDS)
    assert (kind("think-tank").name, kind("think-tank").roles) == ("顾问团", ["顾问"])


def test_a_body_is_set_up_changed_and_ended_and_each_is_written_down(twins: Twins) -> None:
    body = committee(twins)
    update_body(pk=body.pk, by=twins.here.clerk, name="南苑小区业委会", intro="管小区的公共收益")
    end_body(pk=body.pk, by=twins.here.clerk)
    with pytest.raises(RuleBroken):
        end_body(pk=body.pk, by=twins.here.clerk)
    said = AuditEntry.objects.filter(action=Action.REGISTER_CHANGED, subject=f"body:{body.pk}").order_by("pk")
    assert [entry.params["what"] for entry in said] == ["created", "changed", "ended"]
    committee(twins, name="南苑小区业委会")  # the name is free again


@pytest.mark.parametrize(
    ("change", "field"),
    [({"name": "  "}, "name"), ({"name": "长" * 41}, "name"), ({"intro": "长" * 301}, "intro")],
)
def test_a_wrong_entry_is_refused_at_its_field(twins: Twins, change: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        committee(twins, **change)
    assert field in refused.value.fields


def test_a_body_stands_where_its_alliance_and_its_upper_body_are(twins: Twins) -> None:
    with pytest.raises(Invalid):
        committee(twins, area=twins.here.street.parent, by=None)
    with pytest.raises(Invalid):
        committee(twins, kind=kind("group"))
    with pytest.raises(NotFound):
        committee(twins, alliance=twins.there.alliance)
    with pytest.raises(Invalid):
        committee(twins, alliance=twins.there.alliance, by=None)
    upper = committee(twins)
    lower = committee(twins, name="翠玉业委会", parent=upper)
    with pytest.raises(Invalid):
        update_body(pk=upper.pk, by=twins.here.clerk, name="南苑业委会", parent=lower)
    with pytest.raises(RuleBroken):
        end_body(pk=upper.pk, by=twins.here.clerk)
    with pytest.raises(Invalid):
        committee(twins)
    with pytest.raises(IntegrityError), transaction.atomic():
        Body.objects.create(kind=upper.kind, name=upper.name, area=upper.area)


def test_a_community_keeps_its_own_bodies_and_its_sub_alliance_and_no_other(twins: Twins) -> None:
    worker = twins.here.worker
    committee(twins, by=worker)
    with pytest.raises(NotAllowed):
        committee(twins, by=worker, area=twins.here.street, name="街道的")
    zone = {"kind": kind("zone"), "name": "甲片区"}
    with pytest.raises(NotAllowed):  # the street's alliance says what its zones are
        committee(twins, by=worker, alliance=twins.here.alliance, **zone)
    below = {"area": twins.here.community, "name": "甲社区子联盟", "parent": twins.here.alliance}
    with pytest.raises(NotAllowed):
        create_alliance(by=worker, **below)
    sub = create_alliance(by=twins.here.clerk, **below)
    assert committee(twins, by=worker, alliance=sub, **zone).alliance == sub


def test_nobody_else_keeps_a_body(twins: Twins) -> None:
    body = committee(twins)
    with pytest.raises(NotFound):
        update_body(pk=body.pk, by=twins.there.clerk, name="别的")
    for stranger in (twins.there.clerk, twins.there.worker, twins.here.administrator):
        with pytest.raises(NotAllowed):
            committee(twins, by=stranger, name="越界")
    with pytest.raises(NotAllowed):
        end_body(pk=body.pk, by=twins.here.administrator)
    assert body in Body.objects.visible_to(twins.here.worker)
    assert body not in Body.objects.visible_to(twins.there.worker)


def test_a_sub_alliance_stands_below_its_own_street(twins: Twins) -> None:
    with pytest.raises(Invalid):
        create_alliance(area=twins.here.community, name="子", by=None, parent=twins.there.alliance)
    with pytest.raises(Invalid):
        create_alliance(area=twins.here.community, name="子", by=None)
    with pytest.raises(Invalid):
        create_alliance(area=twins.here.street, name="子", by=None, parent=twins.here.alliance)
    sub = create_alliance(area=twins.here.community, name="子", by=None, parent=twins.here.alliance)
    with pytest.raises(Invalid):
        create_alliance(area=twins.here.community, name="孙", by=None, parent=sub)


def seat(body: Body, twins: Twins, **changes: Any) -> BodySeat:
    return add_body_seat(pk=body.pk, by=twins.here.clerk, **{"role": "主任", "name": "演示甲", **changes})


def test_a_single_role_has_one_holder_at_a_time_and_history_stays(twins: Twins) -> None:
    body, today = committee(twins), timezone.localdate()
    first = seat(body, twins, starts_on=today - timedelta(days=400))
    with pytest.raises(Invalid):
        seat(body, twins, name="演示乙")
    seat(body, twins, role="委员", name="演示丙")
    seat(body, twins, role="委员", name="演示丁")
    end_body_seat(pk=first.pk, by=twins.here.clerk)
    second = seat(body, twins, name="演示乙")
    assert set(BodySeat.objects.active().filter(body=body, role="主任")) == {second}
    assert BodySeat.objects.active(today - timedelta(days=1)).get(body=body, role="主任") == first
    with pytest.raises(RuleBroken):
        end_body_seat(pk=first.pk, by=twins.here.clerk)
    given = AuditEntry.objects.filter(action__in=[Action.GRANT, Action.GRANT_ENDED], params__body=body.pk)
    assert given.count() == 5 and not any("演示" in str(entry.params) + entry.subject for entry in given)


def test_the_table_refuses_a_second_holder_whoever_writes(twins: Twins) -> None:
    first = seat(committee(twins), twins)
    clash = {"body": first.body, "role": "主任", "name": "演示乙"}
    with pytest.raises(IntegrityError), transaction.atomic():
        BodySeat.objects.create(**clash, is_single=True)
    BodySeat.objects.create(**clash, is_single=False)  # the control: without the mark nothing refuses
    with pytest.raises(IntegrityError), transaction.atomic():
        BodySeat.objects.create(body=first.body, role="委员")


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "  "},
        {"role": "皇帝"},
        {"starts_on": date(2026, 5, 1), "ends_on": date(2026, 4, 1)},
        {"name": "长" * 31},
    ],
)
def test_a_wrong_seat_is_refused(twins: Twins, wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        seat(committee(twins), twins, **wrong)


def test_seats_are_held_by_units_colleagues_or_names(twins: Twins) -> None:
    body = committee(twins, kind=kind("think-tank"), area=twins.here.street, name="智库")
    unit = seat(body, twins, role="专家", unit=twins.shared, name="演示戊", title="律师")
    assert unit.holder == f"{twins.shared} 演示戊"
    colleague = person("expert", Role.SECTION_HEAD, twins.here.street)
    assert seat(body, twins, role="团长", name="", user=colleague).holder == colleague.name
    with pytest.raises(Invalid):
        seat(body, twins, role="专家", name="", user=colleague)
    abroad = person("abroad", Role.SECTION_HEAD, twins.there.street)
    resident = person("resident", None, None)
    for stranger in (abroad, resident):
        with pytest.raises(Invalid):
            seat(body, twins, role="专家", name="", user=stranger)
    with pytest.raises(NotFound):
        seat(body, twins, role="专家", unit=twins.there.unit)
    assert colleague in colleagues(body) and abroad not in colleagues(body)


def test_only_the_keepers_seat_and_end(twins: Twins) -> None:
    body = committee(twins, area=twins.here.street)
    held = seat(body, twins)
    for outsider, error in ((twins.there.clerk, NotFound), (twins.here.worker, NotAllowed)):
        with pytest.raises(error):
            add_body_seat(pk=body.pk, by=outsider, role="委员", name="演示己")
        with pytest.raises(error):
            end_body_seat(pk=held.pk, by=outsider)
    assert BodySeat.objects.get(pk=held.pk).ends_on is None


def test_a_body_that_ends_takes_its_seats_along_that_day(twins: Twins) -> None:
    body = committee(twins)
    held = seat(body, twins)
    end_body(pk=body.pk, by=twins.here.clerk)
    held.refresh_from_db()
    assert held.ends_on == timezone.localdate()
    with pytest.raises(RuleBroken):
        seat(body, twins, role="委员")


def test_kinds_are_kept_by_the_district_alone(twins: Twins) -> None:
    keeper = person("keeper", Role.SYSTEM_ADMIN, twins.district)
    body = committee(twins)
    first = seat(body, twins)
    values: dict[str, Any] = {"pk": body.kind_id, "name": "业委会", "roles": ["主任", "委员"], "single_roles": ["主任"]}
    for stranger in (twins.here.administrator, twins.here.clerk):
        with pytest.raises(NotAllowed):
            save_body_kind(by=stranger, **values)
    save_body_kind(by=keeper, **values)
    with pytest.raises(Invalid):
        save_body_kind(by=keeper, **{**values, "roles": ["委员"], "single_roles": []})  # somebody is 主任
    with pytest.raises(Invalid):
        save_body_kind(by=keeper, **{**values, "single_roles": ["楼长"]})
    with pytest.raises(RuleBroken):
        save_body_kind(by=keeper, **values, axis="group")
    save_body_kind(by=keeper, **{**values, "single_roles": []})
    first.refresh_from_db()
    assert not first.is_single
    seat(body, twins, name="演示乙")
    with pytest.raises(Invalid):
        save_body_kind(by=keeper, **values)  # two hold it now
    own = save_body_kind(by=keeper, name="红色家长会", roles=["会长", "成员"], single_roles=["会长"])
    assert BodyKind.objects.get(pk=own.pk).roles == ["会长", "成员"]
