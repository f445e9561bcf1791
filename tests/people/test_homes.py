"""Whose hands an account is in: those of its home, and of every area where it has a role."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from alliance.lib.errors import NotAllowed
from members.models import MemberUnit
from members.services import seat_person
from people.models import Area, RoleGrant, User
from people.services.accounts import create_user, grant_role, rename_user, reset_password, set_active
from people.states import Role, SignIn
from tests.cast import Cast, browser_of, fresh

pytestmark = pytest.mark.django_db

NEW = "Gong-Xiu-Lu-5"
TOUCHES: dict[str, Callable[[User, User], Any]] = {
    "rename": lambda user, by: rename_user(user=user, by=by, name="别人"),
    "switch": lambda user, by: set_active(user=user, by=by, active=False),
    "reset": lambda user, by: reset_password(user=user, by=by, password=NEW),
}
touches = pytest.mark.parametrize("touch", TOUCHES.values(), ids=TOUCHES)


@touches
def test_a_liaison_of_another_street_is_out_of_reach(cast: Cast, touch: Callable[[User, User], Any]) -> None:
    with pytest.raises(NotAllowed):
        touch(cast.chengxiang.liaison, cast.xiasha.system_admin)
    assert cast.chengxiang.liaison not in User.objects.visible_to(fresh(cast.xiasha.system_admin))
    touch(cast.chengxiang.liaison, cast.chengxiang.system_admin)


@touches
def test_a_role_that_begins_later_counts_already(cast: Cast, touch: Callable[[User, User], Any]) -> None:
    later = timezone.localdate() + timedelta(days=9)
    grant_role(user=cast.nobody, role=Role.LEADER, area=cast.xiasha.street, by=None, starts_on=later)
    with pytest.raises(NotAllowed):
        touch(cast.nobody, cast.chengxiang.system_admin)


@touches
def test_what_the_installation_made_and_nobody_placed_is_nobodys(
    cast: Cast, touch: Callable[[User, User], Any]
) -> None:
    user = create_user(username="installed", name="安装")
    with pytest.raises(NotAllowed):
        touch(user, cast.chengxiang.system_admin)
    assert user not in User.objects.visible_to(fresh(cast.chengxiang.system_admin))


def test_a_new_account_is_at_home_with_whoever_made_it_or_below(cast: Cast) -> None:
    here = cast.chengxiang
    assert create_user(username="a", name="甲", by=here.system_admin).area == here.street
    assert create_user(username="b", name="乙", area=here.home, by=here.system_admin).area == here.home
    with pytest.raises(NotAllowed):
        create_user(username="c", name="丙", area=cast.xiasha.home, by=here.system_admin)
    with pytest.raises(NotAllowed):
        create_user(username="d", name="丁", area=Area.objects.get(pk="330109"), by=here.system_admin)


def test_a_liaison_who_comes_in_by_phone_is_in_nobodys_hands_but_their_own(cast: Cast) -> None:
    here = cast.chengxiang
    unit = MemberUnit.objects.get(area=here.street)
    seat = seat_person(unit=unit, name="王明", phone="138 0000 5678", by=here.clerk, is_second=True)
    assert seat.user.sign_in == SignIn.PHONE and seat.user.area is None
    assert seat.user not in User.objects.visible_to(fresh(here.system_admin))


def test_no_role_is_given_to_an_account_of_other_areas(cast: Cast) -> None:
    here, there = cast.chengxiang, cast.xiasha
    with pytest.raises(NotAllowed):
        grant_role(user=there.liaison, role=Role.AUDIT_ADMIN, area=here.street, by=here.system_admin)
    assert not RoleGrant.objects.filter(user=there.liaison).exists()


@touches
@pytest.mark.parametrize("holder", ["security_admin", "audit_admin"])
def test_a_system_administrator_opens_no_other_office(
    cast: Cast, holder: str, touch: Callable[[User, User], Any]
) -> None:
    account = getattr(cast.chengxiang, holder)
    with pytest.raises(NotAllowed):
        touch(account, cast.chengxiang.system_admin)


@touches
def test_a_security_administrator_keeps_administrators_and_nobody_else(
    cast: Cast, touch: Callable[[User, User], Any]
) -> None:
    here = cast.chengxiang
    for account in (here.worker, here.liaison, here.security_admin, cast.xiasha.audit_admin, cast.xiasha.system_admin):
        with pytest.raises(NotAllowed):
            touch(account, here.security_admin)
    touch(here.audit_admin, here.security_admin)
    touch(here.system_admin, here.security_admin)


def test_in_the_workbench_too(cast: Cast) -> None:
    here = cast.chengxiang
    system, security = browser_of(here.system_admin), browser_of(here.security_admin)
    auditor, worker = (f"/admin/people/user/{user.pk}/change/" for user in (here.audit_admin, here.worker))
    entry = {"name": "改名", "is_active": "on", "password": ""}
    assert system.post(auditor, entry).status_code == 403
    assert security.post(worker, entry).status_code == 403
    assert security.post(auditor, entry).status_code == 302
    assert system.post(worker, entry).status_code == 302
    assert {fresh(here.audit_admin).name, fresh(here.worker).name} == {"改名"}
    made = {"username": "xinren", "name": "新人", "phone": "", "area": "", "password": NEW}
    assert system.post("/admin/people/user/add/", made).status_code == 302
    assert User.objects.get(username="xinren").area == here.street
    page = system.get("/admin/people/user/add/").content.decode()
    assert here.home.name in page and cast.xiasha.home.name not in page


def test_the_page_of_an_account_one_only_looks_at_shows_no_password(cast: Cast) -> None:
    here = cast.chengxiang
    stored = fresh(here.audit_admin).password
    page = browser_of(here.system_admin).get(f"/admin/people/user/{here.audit_admin.pk}/change/").content.decode()
    assert here.audit_admin.username in page
    assert stored and stored not in page
    assert stored.split("$")[0] not in page
    assert "field-password" not in page


def test_the_other_streets_people_are_neither_listed_nor_found(cast: Cast) -> None:
    desk = browser_of(cast.xiasha.system_admin)
    assert cast.chengxiang.liaison.name not in desk.get("/admin/people/user/").content.decode()
    assert desk.get(f"/admin/people/user/{cast.chengxiang.liaison.pk}/change/").status_code == 404
