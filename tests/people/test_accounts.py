"""Accounts: made by system administrators, checked passwords, switched off and on again."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from alliance.lib.errors import Invalid, NotAllowed
from alliance.lib.privacy import blind_index
from audit.models import AuditEntry
from audit.states import Action
from people.models import User
from people.services.accounts import (
    change_email,
    change_password,
    create_user,
    grant_role,
    rename_user,
    reset_password,
    set_active,
)
from people.states import Role
from tests.cast import PASSWORD, Cast, browser_of, fresh

pytestmark = pytest.mark.django_db


def test_an_account_starts_without_any_right_and_with_a_password_to_change(cast: Cast) -> None:
    user = create_user(
        username=" ＸuJia ", name="许佳", password=PASSWORD, phone="１３８ 0000 0001", by=cast.chengxiang.system_admin
    )
    made = fresh(user)
    assert (made.username, made.phone, made.must_change_password) == ("xujia", "13800000001", True)
    assert made.phone_index == blind_index("phone", "13800000001")
    assert made.roles == () and not made.is_staff
    assert made.check_password(PASSWORD)


@pytest.mark.parametrize("password", ["Short-1", "alllowercase", "onlyletters-and", "1234567890", "password123"])
def test_a_weak_password_is_refused_with_what_to_do(password: str) -> None:
    with pytest.raises(Invalid) as refused:
        create_user(username="xujia", name="许佳", password=password)
    assert refused.value.fields["password"]
    assert not User.objects.filter(username="xujia").exists()


def test_a_user_name_is_given_once_however_it_is_written(cast: Cast) -> None:
    create_user(username="xujia", name="许佳")
    for again in ("xujia", "XuJia", "ｘujia", " xujia "):
        with pytest.raises(Invalid) as refused:
            create_user(username=again, name="许嘉")
        assert "username" in refused.value.fields


def test_a_wrong_phone_is_refused() -> None:
    with pytest.raises(Invalid):
        create_user(username="xujia", name="许佳", phone="123")


@pytest.mark.parametrize("name", ["worker", "clerk", "leader", "security_admin", "audit_admin", "liaison"])
def test_nobody_but_a_system_administrator_makes_accounts(cast: Cast, name: str) -> None:
    with pytest.raises(NotAllowed):
        create_user(username="new", name="新", by=getattr(cast.chengxiang, name))


def test_ones_new_password_is_checked_and_lifts_the_duty_to_change(cast: Cast) -> None:
    user = create_user(username="xujia", name="许佳", password=PASSWORD)
    for same_or_weak in ("weak", PASSWORD):
        with pytest.raises(Invalid):
            change_password(user=user, password=same_or_weak)
    changed = change_password(user=user, password="Gong-Xiu-Lu-5")
    assert not changed.must_change_password
    assert fresh(user).check_password("Gong-Xiu-Lu-5")


def test_an_account_is_switched_off_and_on_again(cast: Cast) -> None:
    here = cast.chengxiang
    assert not set_active(user=here.worker, by=here.system_admin, active=False).is_active
    assert not fresh(here.worker).is_staff
    assert set_active(user=here.worker, by=here.system_admin, active=True).is_active
    assert fresh(here.worker).is_staff


def test_an_account_without_a_role_can_be_switched_off_too(cast: Cast) -> None:
    assert not set_active(user=cast.nobody, by=cast.chengxiang.system_admin, active=False).is_active


@pytest.mark.parametrize("name", ["worker", "clerk", "leader", "security_admin", "audit_admin"])
def test_others_switch_no_account(cast: Cast, name: str) -> None:
    here = cast.chengxiang
    with pytest.raises(NotAllowed):
        set_active(user=here.neighbour, by=getattr(here, name), active=False)
    assert fresh(here.neighbour).is_active


def test_the_other_streets_administrator_neither_switches_nor_renames(cast: Cast) -> None:
    for change in (
        lambda: set_active(user=cast.chengxiang.worker, by=cast.xiasha.system_admin, active=False),
        lambda: rename_user(user=cast.chengxiang.worker, by=cast.xiasha.system_admin, name="别人"),
    ):
        with pytest.raises(NotAllowed):
            change()
    assert fresh(cast.chengxiang.worker).name == cast.chengxiang.worker.name


def test_an_administrator_does_not_switch_off_their_own_account(cast: Cast) -> None:
    admin = cast.chengxiang.system_admin
    with pytest.raises(NotAllowed):
        set_active(user=admin, by=admin, active=False)


def test_a_name_is_kept_clean_and_never_empty(cast: Cast) -> None:
    here = cast.chengxiang
    assert rename_user(user=here.worker, by=here.system_admin, name=" 许\x00佳 ").name == "许佳"
    with pytest.raises(Invalid):
        rename_user(user=here.worker, by=here.system_admin, name=" \u200b ")


def test_a_demo_account_cannot_be_made_where_the_demo_is_off(settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises(NotAllowed):
        create_user(username="xujia", name="许佳", password=PASSWORD, is_demo=True)
    assert not User.objects.exists()


def test_people_are_seen_by_the_administrators_of_their_areas(cast: Cast) -> None:
    here, there = cast.chengxiang, cast.xiasha
    for admin in (here.system_admin, here.security_admin):
        seen = set(User.objects.visible_to(fresh(admin)))
        assert here.worker in seen and cast.nobody in seen
        assert there.worker not in seen
    assert set(User.objects.visible_to(fresh(here.clerk))) == {here.clerk}


def test_a_person_moved_here_is_seen_here(cast: Cast) -> None:
    grant_role(user=cast.xiasha.worker, role=Role.GRID_PART, area=cast.chengxiang.home, by=None)
    assert cast.xiasha.worker in User.objects.visible_to(fresh(cast.chengxiang.system_admin))


def test_a_forgotten_password_is_reset_to_one_that_must_be_changed(cast: Cast) -> None:
    here = cast.chengxiang
    reset_password(user=here.worker, by=here.system_admin, password="Gong-Xiu-Lu-5")
    worker = fresh(here.worker)
    assert worker.must_change_password and worker.check_password("Gong-Xiu-Lu-5")
    with pytest.raises(Invalid):
        reset_password(user=here.worker, by=here.system_admin, password="weak")


def test_a_password_is_reset_only_by_whoever_may_give_every_role_it_opens(cast: Cast) -> None:
    here, there = cast.chengxiang, cast.xiasha
    grant_role(user=here.worker, role=Role.GRID_PART, area=there.home, by=None)
    for by in (here.system_admin, there.system_admin, here.security_admin, here.clerk, here.worker):
        with pytest.raises(NotAllowed):
            reset_password(user=here.worker, by=by, password="Gong-Xiu-Lu-5")
    assert fresh(here.worker).check_password(PASSWORD)


def test_the_page_refuses_the_password_one_had_and_says_so(cast: Cast) -> None:
    desk = browser_of(cast.chengxiang.worker)
    entry = {"old_password": PASSWORD, "new_password1": PASSWORD, "new_password2": PASSWORD}
    page = desk.post("/admin/password_change/", entry)
    assert page.status_code == 200 and "不能和原来的一样" in page.content.decode()
    entry = {**entry, "new_password1": "Gong-Xiu-Lu-5", "new_password2": "Gong-Xiu-Lu-5"}
    assert desk.post("/admin/password_change/", entry).status_code == 302


def test_an_email_is_checked_kept_encrypted_and_changed_by_those_who_keep_the_account(cast: Cast) -> None:
    here = cast.chengxiang
    user = create_user(username="youjian", name="有邮箱", email=" Xu@Example.CN ", by=here.system_admin)
    assert User.objects.get(pk=user.pk).email == "xu@example.cn"
    with connection.cursor() as cursor:
        cursor.execute("SELECT email FROM people_user WHERE id = %s", [user.pk])
        assert "example" not in cursor.fetchone()[0]
    for wrong in ("xu", "xu@", "许@例"):
        with pytest.raises(Invalid) as refused:
            change_email(user=user, by=here.system_admin, email=wrong)
        assert set(refused.value.fields) == {"email"}
    for stranger in (here.worker, cast.xiasha.system_admin, user):
        with pytest.raises(NotAllowed):
            change_email(user=user, by=stranger, email="other@example.cn")
    assert change_email(user=user, by=here.system_admin, email="").email == ""


def test_the_form_shows_and_saves_the_email(cast: Cast) -> None:
    here = cast.chengxiang
    client, path = browser_of(here.system_admin), f"/admin/people/user/{here.worker.pk}/change/"
    sent = {"name": here.worker.name, "is_active": "on", "email": "xu@example.cn", "password": ""}
    assert client.post(path, sent).status_code == 302
    assert 'value="xu@example.cn"' in client.get(path).content.decode()
    refused = client.post(path, {**sent, "email": "xu"})
    assert refused.status_code == 200 and "邮箱地址不对" in refused.content.decode()
    assert AuditEntry.objects.filter(action=Action.ACCOUNT_CONTACT, subject=f"u:{here.worker.pk}").count() == 1
    assert "xu@example.cn" not in browser_of(here.security_admin).get(path).content.decode()
