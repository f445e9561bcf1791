"""Sessions end: when nobody is there, after a working day, and when rights or the password change."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from knox.models import AuthToken

from people.models import RoleGrant, User
from people.services.accounts import change_password, create_user, end_grant, grant_role, set_active
from people.states import Role
from tests.cast import BACKEND, PASSWORD, Cast, api_of, browser_of, say_need

pytestmark = pytest.mark.django_db

MORNING = "2026-11-23 08:30:00+08:00"
MINUTE = timedelta(minutes=1)
INDEX, QUEUE = "/admin/", "/admin/workbench/queue/"


def _is_in(client: Client, path: str = INDEX, **headers: Any) -> bool:
    response = client.get(path, **headers)
    if response.status_code == 302:
        assert response["Location"].startswith("/admin/login/")
    return response.status_code == 200


def test_thirty_minutes_without_a_request_end_it(cast: Cast) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        client = browser_of(cast.chengxiang.worker)
        assert _is_in(client)
        clock.shift(30 * MINUTE)
        assert _is_in(client)
        clock.shift(30 * MINUTE + timedelta(seconds=1))
        assert not _is_in(client)
        assert not _is_in(client)


def test_twelve_hours_end_it_whatever_is_done(cast: Cast) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        client = browser_of(cast.chengxiang.worker)
        for _turn in range(25):
            assert _is_in(client)
            clock.shift(28 * MINUTE + 48 * timedelta(seconds=1))
        clock.shift(timedelta(seconds=1))
        assert not _is_in(client)


def test_an_open_workbench_that_asks_by_itself_keeps_nobody_signed_in(cast: Cast) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        client = browser_of(cast.chengxiang.worker)
        assert _is_in(client)
        for _minute in range(30):
            clock.shift(MINUTE)
            assert _is_in(client, QUEUE, headers={"hx-request": "true"})
        clock.shift(MINUTE)
        assert client.get(QUEUE, headers={"hx-request": "true"})["HX-Redirect"].startswith("/admin/login/")
        assert not _is_in(client)


def test_an_open_progress_page_that_asks_by_itself_keeps_nobody_signed_in(cast: Cast) -> None:
    need = say_need(cast.chengxiang.home)
    path = reverse("needs:progress", args=[need.link_token])
    with time_machine.travel(MORNING, tick=False) as clock:
        client = browser_of(cast.chengxiang.worker)
        assert _is_in(client)
        for _minute in range(31):
            clock.shift(MINUTE)
            client.get(path, headers={"hx-request": "true"})
        assert not _is_in(client)


def test_a_visitors_draft_is_not_touched_by_these_limits(cast: Cast) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        client = Client()
        client.post(reverse("needs:say"), {"words": "井盖松了"})
        clock.shift(90 * MINUTE)
        assert "井盖松了" in client.get(reverse("needs:say")).content.decode()
        clock.shift(121 * MINUTE)
        assert "井盖松了" not in client.get(reverse("needs:say")).content.decode()


def test_a_changed_role_ends_every_open_session(cast: Cast) -> None:
    here = cast.chengxiang
    client = browser_of(here.worker)
    assert _is_in(client)
    grant_role(user=here.worker, role=Role.GRID_PART, area=here.next_door, by=here.system_admin)
    assert not _is_in(client)
    client = browser_of(here.worker)
    assert _is_in(client)
    end_grant(grant=RoleGrant.objects.get(user=here.worker, role=Role.GRID_PART), by=here.system_admin)
    assert not _is_in(client)


def test_switching_an_account_off_ends_it_at_once_for_browser_and_token(cast: Cast) -> None:
    here = cast.chengxiang
    client, script = browser_of(here.worker), api_of(here.worker)
    assert _is_in(client)
    assert script.get("/api/v1/needs/").status_code == 200
    set_active(user=here.worker, by=here.system_admin, active=False)
    assert not _is_in(client)
    assert script.get("/api/v1/needs/").status_code == 401


def test_a_new_password_ends_other_sessions_and_tokens_and_keeps_this_one(cast: Cast) -> None:
    worker = cast.chengxiang.worker
    other, this, script = browser_of(worker), browser_of(worker), api_of(worker)
    assert _is_in(other) and script.get("/api/v1/needs/").status_code == 200
    form = {"old_password": PASSWORD, "new_password1": "Gong-Xiu-Lu-5", "new_password2": "Gong-Xiu-Lu-5"}
    assert this.post("/admin/password_change/", form).status_code == 302
    assert _is_in(this)
    assert not _is_in(other)
    assert script.get("/api/v1/needs/").status_code == 401
    assert not AuthToken.objects.filter(user=worker).exists()


def test_whoever_has_a_first_password_can_do_nothing_before_choosing_another(cast: Cast) -> None:
    user = create_user(username="new", name="新来的", password=PASSWORD)
    grant_role(user=user, role=Role.COMMUNITY_STAFF, area=cast.chengxiang.home, by=None)
    need = say_need(cast.chengxiang.home)
    client = Client()
    client.post("/admin/login/?next=/admin/", {"username": "new", "password": PASSWORD})
    for path in (INDEX, QUEUE, "/admin/needs/need/", f"/admin/needs/need/{need.pk}/change/", "/admin/inbox/"):
        response = client.get(path)
        assert (response.status_code, response.headers.get("Location")) == (302, "/admin/password_change/")
    assert client.post(f"/admin/needs/need/{need.pk}/accept/", {}).status_code == 302
    assert client.get("/api/v1/needs/").status_code == 403
    signed_in = Client().post(
        "/api/v1/auth/sign-in/", {"username": "new", "password": PASSWORD}, content_type="application/json"
    )
    assert signed_in.status_code == 403
    assert "改密码" in signed_in.json()["message"]
    form = {"old_password": PASSWORD, "new_password1": "Gong-Xiu-Lu-5", "new_password2": "Gong-Xiu-Lu-5"}
    assert client.post("/admin/password_change/", form).status_code == 302
    assert _is_in(client)
    assert client.get("/api/v1/needs/").status_code == 200


def test_a_first_password_keeps_nobody_from_the_public_pages(cast: Cast) -> None:
    user = create_user(username="new", name="新来的", password=PASSWORD)
    client = Client()
    client.force_login(user, BACKEND)
    assert client.get("/").status_code == 200


def test_demo_accounts_are_refused_everywhere_when_the_demo_is_off(cast: Cast, settings: Any) -> None:
    user = create_user(username="xujia", name="许佳（演示）", password=PASSWORD, is_demo=True)
    grant_role(user=user, role=Role.COMMUNITY_STAFF, area=cast.chengxiang.home, by=None)
    client, script = browser_of(user), api_of(user)
    assert _is_in(client)
    assert script.get("/api/v1/needs/").status_code == 200
    settings.DEMO = False
    assert not _is_in(client)
    assert script.get("/api/v1/needs/").status_code in (401, 403)
    fresh = Client()
    fresh.post("/admin/login/", {"username": "xujia", "password": PASSWORD})
    assert not _is_in(fresh)
    sent = {"username": "xujia", "password": PASSWORD}
    assert fresh.post("/api/v1/auth/sign-in/", sent, content_type="application/json").status_code == 401


def test_a_token_ends_after_twelve_hours(cast: Cast) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        script = api_of(cast.chengxiang.worker)
        clock.shift(timedelta(hours=11, minutes=59))
        assert script.get("/api/v1/needs/").status_code == 200
        clock.shift(timedelta(minutes=2))
        assert script.get("/api/v1/needs/").status_code == 401


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(cast: Cast) -> None:
    client = Client()
    client.post("/admin/login/", {"username": cast.chengxiang.worker.username, "password": PASSWORD})
    cookie = client.cookies["sessionid"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"


def test_signing_in_gives_a_new_session_key(cast: Cast) -> None:
    client = Client()
    client.post(reverse("needs:say"), {"words": "灯坏了"})
    before = client.session.session_key
    client.post("/admin/login/", {"username": cast.chengxiang.worker.username, "password": PASSWORD})
    assert client.session.session_key != before


def test_change_password_by_service_ends_the_sessions_too(cast: Cast) -> None:
    client = browser_of(cast.chengxiang.worker)
    assert _is_in(client)
    change_password(user=cast.chengxiang.worker, password="Gong-Xiu-Lu-5")
    assert not _is_in(client)
    assert User.objects.get(pk=cast.chengxiang.worker.pk).check_password("Gong-Xiu-Lu-5")
