"""Whoever has come in by the residents' door: for how long, out again, where not, and what is kept of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEntry
from audit.states import Action
from needs.models import Need
from people.models import User
from people.services.residents import open_account
from people.states import SignIn
from tests.cast import Cast, browser_of, say_need
from tests.portal.signing_in import CODE, DOOR, MY, PHONE, agree, ask, come_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def texts(settings: Any) -> None:
    settings.SMS_CHANNEL = "console"


def test_signing_in_changes_the_session_key_and_signing_out_empties_it() -> None:
    client = Client()
    client.post(reverse("needs:say"), {"words": "井盖松了"})
    code = ask(client)
    before = client.session.session_key
    client.post(CODE, {"code": code})
    agree(client)
    assert client.session.session_key != before
    assert "井盖松了" in text(client.get(reverse("needs:say")))
    assert client.get("/sign-out/").status_code == 302 and client.get(MY).status_code == 200
    assert client.post("/sign-out/")["Location"] == "/"
    assert client.get(MY).status_code == 302
    assert "井盖松了" not in text(client.get(reverse("needs:say")))


def test_residents_stay_in_for_thirty_days_and_a_draft_for_two_hours() -> None:
    with time_machine.travel("2026-11-23 12:00:10+08:00", tick=False) as clock:
        client = Client()
        come_in(client)
        client.post(reverse("needs:say"), {"words": "井盖松了"})
        for _day in range(29):
            clock.shift(timedelta(days=1))
            assert client.get(MY).status_code == 200
        assert "井盖松了" not in text(client.get(reverse("needs:say")))
        clock.shift(timedelta(days=1, seconds=-30))
        assert client.get(MY).status_code == 200
        clock.shift(timedelta(minutes=1))
        assert client.get(MY).status_code == 302


def test_leaving_everywhere_ends_the_other_device_too() -> None:
    here, there = Client(), Client()
    come_in(here)
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        come_in(there)
        assert here.get(MY).status_code == there.get(MY).status_code == 200
        assert there.get("/my/leave/").status_code == 302 and here.get(MY).status_code == 200
        assert there.post("/my/leave/")["Location"] == "/"
        assert here.get(MY).status_code == there.get(MY).status_code == 302


def test_a_resident_is_nobody_on_the_workbench_and_in_the_api(cast: Cast) -> None:
    client = Client()
    need = say_need(cast.chengxiang.home, phone=PHONE)
    come_in(client)
    for path in ("/admin/", "/admin/needs/need/", f"/admin/needs/need/{need.pk}/change/", "/admin/inbox/"):
        assert client.get(path)["Location"].startswith("/admin/login/"), path
    assert client.get("/api/v1/needs/").status_code == 403
    user = User.objects.get(sign_in=SignIn.PHONE)
    assert not Need.objects.visible_to(user).exists()


def test_a_workers_session_gives_way_and_says_so_before(cast: Cast) -> None:
    client = browser_of(cast.chengxiang.worker)
    assert "工作账号" in text(client.get(DOOR))
    assert come_in(client) == MY
    assert client.get("/admin/")["Location"].startswith("/admin/login/")


def test_staff_have_their_own_desk(cast: Cast) -> None:
    assert browser_of(cast.chengxiang.worker).get(MY)["Location"] == "/admin/"
    assert browser_of(cast.chengxiang.liaison).get(MY).status_code == 200
    for path in ("/my/consents/", "/my/erase/"):
        assert browser_of(cast.chengxiang.worker).get(path).status_code == 403
    assert browser_of(cast.chengxiang.worker).post("/my/download/").status_code == 403


def test_whoever_was_switched_off_is_told_and_stays_out() -> None:
    user = open_account(phone=PHONE, name="", consented=True, notice_version=1)
    User.objects.filter(pk=user.pk).update(is_active=False)
    client = Client()
    response = client.post(CODE, {"code": ask(client)})
    assert response.status_code == 403 and "停用" in text(response)
    assert client.get(MY).status_code == 302


def test_coming_and_going_is_in_the_log_without_the_phone() -> None:
    come_in(client := Client())
    client.post("/sign-out/")
    entries = list(AuditEntry.objects.order_by("pk"))
    assert [entry.action for entry in entries] == [Action.ACCOUNT_CREATED, Action.SIGN_IN, Action.SIGN_OUT]
    assert PHONE not in str([vars(entry) for entry in entries]) and "赵阿婆" not in str([vars(e) for e in entries])


def test_the_session_row_holds_no_readable_phone() -> None:
    ask(client := Client())
    kept = str(dict(client.session.items()))
    assert PHONE not in kept and "sign_in" in kept


def test_the_page_of_a_code_sends_no_phone_or_code_into_an_address() -> None:
    code = ask(client := Client())
    for response in (client.post(CODE, {"code": code}), agree(client)):
        assert PHONE not in response["Location"] and code not in response["Location"]
