"""Roles in areas between two dates: who gives them, who may not hold what, what they open."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from alliance.lib.errors import Invalid, NotAllowed, NotFound, RuleBroken
from people.models import RoleGrant
from people.services.accounts import create_user, end_grant, grant_role, holders
from people.states import ADMIN_ROLES, COMMUNITY_ROLES, Role
from tests.cast import Cast, browser_of, fresh

pytestmark = pytest.mark.django_db


def test_a_role_opens_its_area_and_what_lies_below(cast: Cast) -> None:
    user = create_user(username="x", name="许佳", by=cast.chengxiang.system_admin)
    grant_role(user=user, role=Role.STREET_STAFF, area=cast.chengxiang.street, by=cast.chengxiang.system_admin)
    now = fresh(user)
    assert now.roles_at(cast.chengxiang.home.pk) == {Role.STREET_STAFF}
    assert now.roles_at(cast.xiasha.home.pk) == frozenset()
    assert now.roles_at("330109") == frozenset()
    assert now.is_staff and now.is_worker


@pytest.mark.parametrize("name", ["worker", "clerk", "leader", "security_admin", "audit_admin", "liaison"])
def test_only_system_administrators_give_roles(cast: Cast, name: str) -> None:
    with pytest.raises(NotAllowed):
        grant_role(
            user=cast.nobody,
            role=Role.COMMUNITY_STAFF,
            area=cast.chengxiang.home,
            by=getattr(cast.chengxiang, name),
        )


def test_nobody_gives_a_role_to_oneself_or_in_another_street(cast: Cast) -> None:
    admin = cast.chengxiang.system_admin
    with pytest.raises(NotAllowed):
        grant_role(user=admin, role=Role.STREET_STAFF, area=cast.chengxiang.street, by=admin)
    with pytest.raises(NotAllowed):
        grant_role(user=cast.nobody, role=Role.STREET_STAFF, area=cast.xiasha.street, by=admin)
    theirs = RoleGrant.objects.get(user=cast.xiasha.worker)
    with pytest.raises(NotAllowed):
        end_grant(grant=theirs, by=admin)


@pytest.mark.parametrize("held", sorted(ADMIN_ROLES))
@pytest.mark.parametrize("wanted", sorted(ADMIN_ROLES))
def test_the_three_administrators_exclude_one_another(cast: Cast, held: str, wanted: str) -> None:
    grant_role(user=cast.nobody, role=held, area=cast.chengxiang.street, by=None)
    if held == wanted:
        grant_role(user=cast.nobody, role=wanted, area=cast.xiasha.street, by=None)
        return
    with pytest.raises(Invalid) as refused:
        grant_role(user=cast.nobody, role=wanted, area=cast.xiasha.street, by=None)
    assert "不能由一人兼任" in str(refused.value.fields)


def test_the_database_refuses_two_administrators_in_one_person_whoever_writes(cast: Cast) -> None:
    rows = [
        RoleGrant(user=cast.nobody, role=role, area=cast.chengxiang.street)
        for role in (Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN)
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.bulk_create(rows)
    grant = RoleGrant.objects.get(user=cast.chengxiang.audit_admin)
    RoleGrant.objects.create(user=cast.nobody, role=Role.SYSTEM_ADMIN, area=cast.chengxiang.street)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.filter(pk=grant.pk).update(user=cast.nobody)


def test_one_kind_after_the_other_is_no_clash(cast: Cast) -> None:
    today = timezone.localdate()
    area = cast.chengxiang.street
    grant_role(user=cast.nobody, role=Role.SYSTEM_ADMIN, area=area, by=None, starts_on=today, ends_on=today + DAY)
    grant_role(user=cast.nobody, role=Role.AUDIT_ADMIN, area=area, by=None, starts_on=today + DAY)
    assert fresh(cast.nobody).has_role(Role.SYSTEM_ADMIN)


DAY = timedelta(days=1)


def test_the_last_day_is_the_day_before_the_end(cast: Cast) -> None:
    today = timezone.localdate()
    grant = grant_role(
        user=cast.nobody,
        role=Role.GRID_PART,
        area=cast.chengxiang.home,
        by=None,
        starts_on=today - DAY,
        ends_on=today + DAY,
    )
    mine = RoleGrant.objects.filter(pk=grant.pk)
    assert [mine.active(today + DAY * n).exists() for n in (-2, -1, 0, 1)] == [False, True, True, False]


def test_a_role_given_by_mistake_ends_the_same_day(cast: Cast) -> None:
    admin = cast.chengxiang.system_admin
    grant = grant_role(user=cast.nobody, role=Role.STREET_STAFF, area=cast.chengxiang.street, by=admin)
    assert fresh(cast.nobody).is_staff
    end_grant(grant=grant, by=admin)
    assert not fresh(cast.nobody).is_staff


def test_dates_out_of_order_are_refused(cast: Cast) -> None:
    today = timezone.localdate()
    with pytest.raises(Invalid):
        grant_role(
            user=cast.nobody,
            role=Role.GRID_PART,
            area=cast.chengxiang.home,
            by=None,
            starts_on=today,
            ends_on=today - DAY,
        )
    grant = RoleGrant.objects.get(user=cast.chengxiang.worker)
    with pytest.raises(Invalid):
        end_grant(grant=grant, by=cast.chengxiang.system_admin, on=grant.starts_on - DAY)


def test_an_administrator_role_with_dates_out_of_order_is_refused_in_words(cast: Cast) -> None:
    today = timezone.localdate()
    with pytest.raises(Invalid):
        grant_role(
            user=cast.nobody,
            role=Role.AUDIT_ADMIN,
            area=cast.chengxiang.home,
            by=None,
            starts_on=today,
            ends_on=today - DAY,
        )


def test_an_unknown_role_is_refused_by_the_service_and_by_the_database(cast: Cast) -> None:
    with pytest.raises(Invalid):
        grant_role(user=cast.nobody, role="king", area=cast.chengxiang.home, by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.create(user=cast.nobody, role="king", area=cast.chengxiang.home)


def test_a_grant_that_is_gone_is_not_found(cast: Cast) -> None:
    grant = RoleGrant.objects.get(user=cast.chengxiang.worker)
    grant.pk += 10_000
    with pytest.raises(NotFound):
        end_grant(grant=grant, by=cast.chengxiang.system_admin)


def test_whoever_holds_a_role_here_comes_narrowest_first(cast: Cast) -> None:
    here = cast.chengxiang
    found = holders([*COMMUNITY_ROLES, Role.STREET_STAFF], here.home.pk)
    assert set(found[:2]) == {here.worker, here.secretary}
    assert found[2:] == [here.clerk]
    assert cast.xiasha.worker not in found
    assert here.neighbour not in found


def test_grants_are_seen_by_the_administrators_of_the_area_and_by_oneself(cast: Cast) -> None:
    here = cast.chengxiang
    for admin in (here.system_admin, here.security_admin, here.audit_admin):
        seen = {grant.user for grant in RoleGrant.objects.visible_to(fresh(admin)).select_related("user")}
        assert here.worker in seen and cast.xiasha.worker not in seen
    assert {grant.user for grant in RoleGrant.objects.visible_to(fresh(here.clerk))} == {here.clerk}


@pytest.mark.parametrize("administrator", sorted(ADMIN_ROLES))
@pytest.mark.parametrize("first", ["administrator", "other"])
def test_an_administrator_is_nothing_else_at_the_same_time(cast: Cast, administrator: str, first: str) -> None:
    held, wanted = (administrator, Role.GRID_PART) if first == "administrator" else (Role.GRID_PART, administrator)
    grant_role(user=cast.nobody, role=held, area=cast.chengxiang.street, by=None)
    with pytest.raises(Invalid) as refused:
        grant_role(user=cast.nobody, role=wanted, area=cast.xiasha.home, by=None)
    assert "不能同时担任别的角色" in str(refused.value.fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.create(user=cast.nobody, role=wanted, area=cast.xiasha.home)


def test_control_two_working_roles_go_together_and_one_after_the_other_too(cast: Cast) -> None:
    today = timezone.localdate()
    for role in (Role.GRID_PART, Role.COMMUNITY_STAFF):
        grant_role(user=cast.nobody, role=role, area=cast.chengxiang.home, by=None, ends_on=today + DAY)
    grant_role(user=cast.nobody, role=Role.AUDIT_ADMIN, area=cast.chengxiang.street, by=None, starts_on=today + DAY)


def test_a_role_that_has_ended_is_not_ended_again(cast: Cast) -> None:
    admin = cast.chengxiang.system_admin
    grant = RoleGrant.objects.get(user=cast.chengxiang.worker)
    end_grant(grant=grant, by=admin)
    for day in (None, timezone.localdate() + DAY):
        with pytest.raises(RuleBroken):
            end_grant(grant=grant, by=admin, on=day)
    assert RoleGrant.objects.get(pk=grant.pk).ends_on == timezone.localdate()


def test_a_planned_end_is_brought_forward_and_never_put_off(cast: Cast) -> None:
    admin, today = cast.chengxiang.system_admin, timezone.localdate()
    grant = RoleGrant.objects.get(user=cast.chengxiang.worker)
    end_grant(grant=grant, by=admin, on=today + 9 * DAY)
    with pytest.raises(Invalid):
        end_grant(grant=grant, by=admin, on=today + 10 * DAY)
    assert end_grant(grant=grant, by=admin, on=today + DAY).ends_on == today + DAY


def test_a_page_saved_as_it_stood_ends_nothing_and_an_emptied_end_is_refused(cast: Cast) -> None:
    desk = browser_of(cast.chengxiang.system_admin)
    grant = RoleGrant.objects.get(user=cast.chengxiang.worker)
    page = f"/admin/people/rolegrant/{grant.pk}/change/"
    assert desk.post(page, {"ends_on": ""}).status_code == 302
    assert RoleGrant.objects.get(pk=grant.pk).ends_on is None
    planned = timezone.localdate() + 9 * DAY
    assert desk.post(page, {"ends_on": planned.isoformat()}).status_code == 302
    assert desk.post(page, {"ends_on": planned.isoformat()}).status_code == 302
    assert "不能清空" in desk.post(page, {"ends_on": ""}).content.decode()
    assert RoleGrant.objects.get(pk=grant.pk).ends_on == planned
    assert fresh(cast.chengxiang.worker).is_staff
