"""A carrier gives a number on: its next owner finds nothing of the one before, and whoever was away comes back."""

from __future__ import annotations

import json
import zipfile
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from needs.services.following import withdraw
from notifications.models import Message
from people.models import Consent, User
from people.models.accounts import REST
from people.services.residents import erase_account
from people.states import SignIn
from portal.parcel import parcel
from tests.cast import Cast, browser_of, resident, say_need
from tests.people.codes import newest_code

pytestmark = pytest.mark.django_db

PHONE = "13805710001"
CODE, WELCOME, AGAIN, MY = "/sign-in/code/", "/sign-in/welcome/", "/sign-in/again/", "/my/"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def texts(settings: Any) -> None:
    settings.SMS_CHANNEL = "console"


def long_ago(days: float) -> Any:
    return time_machine.travel(timezone.now() - days * DAY)


def prove() -> tuple[Client, str]:
    """A browser whose visitor has just typed the code sent to the phone; where that leads."""
    client = Client()
    client.post("/sign-in/", {"phone": PHONE})
    return client, client.post(CODE, {"code": newest_code()})["Location"]


def agree(client: Client) -> Any:
    return client.post(WELCOME, {"name": "钱大爷", "consent": "on", "notice_version": "1"})


def text(response: Any) -> str:
    return str(response.content.decode())


def everything(user: User) -> str:
    """All pages and the parcel of ``user``."""
    client = browser_of(user)
    pages = "".join(text(client.get(path)) for path in (MY, "/my/consents/", "/my/erase/"))
    with parcel(user) as content, zipfile.ZipFile(content) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".json"))
        return pages + str(json.loads(archive.read(name)))


def used(user: User, at: datetime) -> None:
    User.objects.filter(pk=user.pk).update(created_at=at, last_login=at)


def test_a_new_owner_finds_nothing_of_what_was_said_before_the_number_rested(cast: Cast) -> None:
    with long_ago(91):
        before = say_need(cast.chengxiang.home, phone=PHONE, words="心里难受，想找人聊聊。")
    with long_ago(89):
        since = say_need(cast.chengxiang.home, phone=PHONE, words="路灯不亮了。")
    found = everything(resident(PHONE))
    assert since.number in found and "路灯不亮了" in found
    assert before.number not in found and "聊聊" not in found and before.link_token not in found
    rows = Message.objects.filter(occurrence__startswith=before.number, recipient_key__startswith="p:")
    assert rows.exists() and f"{before.created_at.isoformat()[:13]}" not in found


def test_number_and_code_bring_an_older_need_back_with_its_consent(cast: Cast) -> None:
    with long_ago(200):
        before = say_need(cast.chengxiang.home, phone=PHONE)
        others = say_need(cast.chengxiang.home, phone="13805710002")
    user = resident(PHONE)
    client = browser_of(user)
    assert 'href="/my/add/"' in text(client.get(MY))
    for number, code in ((before.number, others.shown_code), (others.number, others.shown_code)):
        refused = client.post("/my/add/", {"number": number, "code": code})
        assert refused.status_code == 422 and "编号或查询码不对" in text(refused)
    assert before.number not in everything(user) and others.number not in everything(user)
    assert client.post("/my/add/", {"number": before.number, "code": before.shown_code})["Location"] == MY
    assert before.number in text(client.get(MY)) and before.number in text(client.get("/my/consents/"))
    assert others.number not in everything(user)
    erase_account(user=user)
    before.refresh_from_db()
    assert before.erase_on_end and Consent.objects.get(source=before.number).withdrawn_at
    withdraw(token=before.link_token)
    before.refresh_from_db()
    assert (before.contact_phone, before.phone_index, before.resident) == ("", "", None)


def test_deleting_leaves_what_is_not_ones_own_alone(cast: Cast) -> None:
    with long_ago(91):
        before = say_need(cast.chengxiang.home, phone=PHONE)
    erase_account(user=resident(PHONE))
    before.refresh_from_db()
    assert (before.contact_phone, before.erase_on_end) == (PHONE, False)
    assert Consent.objects.get(source=before.number).withdrawn_at is None


def test_an_account_not_used_for_ninety_days_is_not_opened_by_the_code_alone(cast: Cast) -> None:
    with long_ago(120):
        need = say_need(cast.chengxiang.home, phone=PHONE)
        user = resident(PHONE, "赵阿婆")
    client, leads_to = prove()
    assert leads_to == WELCOME and client.get(MY).status_code == 302
    page = text(client.get(WELCOME))
    assert "接着用原来的账号" in page and "赵阿婆" not in page and need.number not in page
    assert agree(client)["Location"] == MY
    fresh = User.objects.get(sign_in=SignIn.PHONE, is_active=True)
    assert fresh.pk != user.pk and need.number not in everything(fresh)
    old = User.objects.get(pk=user.pk)
    assert (old.phone, old.phone_index, old.name, old.is_active) == ("", "", "", False)


def test_control_an_account_used_a_day_less_ago_is_opened(cast: Cast) -> None:
    used(resident(PHONE), timezone.now() - REST + DAY)
    _client, leads_to = prove()
    assert leads_to == MY


def test_number_and_code_of_an_own_need_open_it_again(cast: Cast) -> None:
    with long_ago(120):
        need = say_need(cast.chengxiang.home, phone=PHONE)
        user = resident(PHONE)
    client, _leads_to = prove()
    refused = client.post(AGAIN, {"number": need.number, "code": "ABCDEFGHJK"})
    assert refused.status_code == 422 and "编号或查询码不对" in text(refused)
    assert client.post(AGAIN, {"number": need.number, "code": need.shown_code})["Location"] == MY
    assert need.number in text(client.get(MY))
    assert User.objects.get(sign_in=SignIn.PHONE).pk == user.pk
    assert not User.objects.get(pk=user.pk).is_asleep


def test_what_the_next_owner_said_or_another_phones_need_opens_nothing(cast: Cast) -> None:
    with long_ago(200):
        resident(PHONE)
    own = say_need(cast.chengxiang.home, phone=PHONE)
    with long_ago(190):
        others = say_need(cast.chengxiang.home, phone="13805710002")
    for need in (own, others):
        client, _leads_to = Client(), None
        with time_machine.travel(timezone.now() + timedelta(minutes=2 if need is own else 4)):
            client, _leads_to = prove()
            refused = client.post(AGAIN, {"number": need.number, "code": need.shown_code})
            assert refused.status_code == 422 and "编号或查询码不对" in text(refused)
            assert client.get(MY).status_code == 302


def test_nobody_wakes_an_account_without_its_phone(cast: Cast) -> None:
    with long_ago(120):
        need = say_need(cast.chengxiang.home, phone=PHONE)
        resident(PHONE)
    client = Client()
    assert client.post(AGAIN, {"number": need.number, "code": need.shown_code})["Location"] == WELCOME
    assert client.get(AGAIN)["Location"] == WELCOME
    assert client.get(MY).status_code == 302


def test_whoever_deletes_and_comes_again_finds_nothing_of_before(cast: Cast) -> None:
    need = withdraw(token=say_need(cast.chengxiang.home, phone=PHONE).link_token)
    digest = need.phone_index
    erase_account(user=resident(PHONE))
    assert need.number not in everything(resident(PHONE))
    assert not Message.objects.filter(recipient_key=f"p:{digest}").exists()
    assert not Message.objects.filter(occurrence__startswith=need.number, recipient_key__startswith="p:").exists()
    assert not Consent.objects.filter(subject_key=f"p:{digest}").exists()
