"""The residents' door as pages: phone, code, notice, in; and what happens to those who do it otherwise."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from people.models import Consent, SignInCode, User
from people.states import SignIn
from tests.people.codes import newest_code, other_than
from tests.portal.signing_in import CODE, DOOR, MY, PHONE, WELCOME, agree, ask, come_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def texts(settings: Any) -> None:
    settings.SMS_CHANNEL = "console"


def test_the_first_time_a_notice_stands_between_code_and_account() -> None:
    client = Client()
    response = client.post(CODE, {"code": ask(client)})
    assert response["Location"] == WELCOME
    assert not User.objects.filter(sign_in=SignIn.PHONE).exists()
    page = text(client.get(WELCOME))
    assert "删除我的信息" in page and not re.search(r"<input[^>]*type=\"checkbox\"[^>]*checked", page)
    refused = agree(client, consent="")
    assert refused.status_code == 422 and "打勾" in text(refused)
    assert 'value="赵阿婆"' in text(refused)
    assert client.get(MY).status_code == 302 and not Consent.objects.filter(notice__key="account").exists()
    assert agree(client)["Location"] == MY
    assert "赵阿婆，您好" in text(client.get(MY))
    assert client.get(WELCOME)["Location"] == MY


def test_the_second_time_the_code_is_enough() -> None:
    come_in(Client())
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        client = Client()
        assert client.post(CODE, {"code": ask(client)})["Location"] == MY
    assert User.objects.filter(sign_in=SignIn.PHONE).count() == 1


def test_a_wrong_code_keeps_what_was_typed_and_the_right_one_still_opens() -> None:
    code = ask(client := Client())
    response = client.post(CODE, {"code": other_than(code)})
    assert response.status_code == 422
    assert f'value="{other_than(code)}"' in text(response) and "重新发送" in text(response)
    assert client.post(CODE, {"code": code})["Location"] == WELCOME


def test_after_the_fifth_wrong_code_the_page_says_so_and_offers_another_one() -> None:
    code = ask(client := Client())
    for _turn in range(4):
        live = text(client.post(CODE, {"code": other_than(code)}))
    assert "还可以试1次" in live and 'name="code"' in live
    over = text(client.post(CODE, {"code": other_than(code)}))
    assert re.search(r'role="alert".*这条验证码作废了，请重新发送', over, re.S) and 'name="code"' not in over
    assert re.search(r'<button class="btn btn--main[^>]*name="again"', over)
    late = client.post(CODE, {"code": code})
    assert late.status_code == 422 and "这条验证码作废了" in text(late)


def test_the_field_takes_what_the_phone_suggests() -> None:
    ask(client := Client())
    field = re.search(r"<input id=\"id_code\"[^>]*>", text(client.get(CODE)))
    assert field and 'autocomplete="one-time-code"' in field[0] and 'inputmode="numeric"' in field[0]
    assert "13805710001" not in text(client.get(CODE)) and "138 0571 0001" in text(client.get(CODE))


def test_another_code_may_be_asked_for_after_a_minute_also_without_a_script() -> None:
    with time_machine.travel("2026-11-23 12:00:10+08:00", tick=False) as clock:
        client = Client()
        first = ask(client)
        refused = client.post(CODE, {"again": "1"})
        assert refused.status_code == 429 and "还没收到" in text(refused)
        clock.shift(timedelta(seconds=61))
        assert client.post(CODE, {"again": "1"}).status_code == 302
        assert SignInCode.objects.count() == 2
        if first != newest_code():
            assert client.post(CODE, {"code": first}).status_code == 422
        assert client.post(CODE, {"code": newest_code()})["Location"] == WELCOME


def test_whoever_waits_for_the_message_is_told_what_else_there_is(settings: Any) -> None:
    settings.SITE = {**settings.SITE, "phone": "0571-0000 0099"}
    with time_machine.travel("2026-11-23 12:00:10+08:00", tick=False) as clock:
        ask(client := Client())
        page = text(client.get(CODE))
        assert "没收到短信？" in page and "短信一般半分钟内就到" in page and 'data-late="30"' in page
        assert 'href="/track/"' in page and "0571-0000 0099" in page and 'name="again"' in page
        clock.shift(timedelta(seconds=31))
        late = text(client.get(CODE))
        assert "半分钟过去了，还没收到？" in late and "data-late" not in late
        assert 'data-wait="29"' in late, "another one is sent after a minute"
        clock.shift(timedelta(seconds=30))
        assert "data-wait" not in text(client.get(CODE))
        client.post(CODE, {"again": "1"})
        assert "短信一般半分钟内就到" in text(client.get(CODE)), "the new one is waited for anew"


def test_a_second_tap_on_send_leads_on_and_sends_nothing() -> None:
    ask(client := Client())
    ask(client)
    assert SignInCode.objects.count() == 1
    assert Client().post(DOOR, {"phone": PHONE}).status_code == 429


def test_what_is_on_its_way_is_forgotten_after_ten_minutes() -> None:
    with time_machine.travel("2026-11-23 12:00:10+08:00", tick=False) as clock:
        client = Client()
        client.post(CODE, {"code": ask(client)})
        clock.shift(timedelta(minutes=10))
        assert agree(client)["Location"] == DOOR
        assert client.get(CODE)["Location"] == DOOR
    assert not User.objects.filter(sign_in=SignIn.PHONE).exists()


def test_a_proven_phone_is_forgotten_after_five_minutes() -> None:
    with time_machine.travel("2026-11-23 12:00:10+08:00", tick=False) as clock:
        client = Client()
        client.post(CODE, {"code": ask(client)})
        clock.shift(timedelta(minutes=4, seconds=59))
        assert client.get(WELCOME).status_code == 200
        clock.shift(timedelta(seconds=1))
        assert agree(client)["Location"] == DOOR
    assert not User.objects.filter(sign_in=SignIn.PHONE).exists()


def test_a_planted_session_learns_nothing_of_the_sign_in_that_follows() -> None:
    victim, thief = Client(), Client()
    victim.post(reverse("needs:say"), {"words": "井盖松了"})
    thief.cookies["sessionid"] = victim.cookies["sessionid"].value
    code = ask(victim)
    assert thief.get(CODE)["Location"] == DOOR
    thief.cookies["sessionid"] = victim.cookies["sessionid"].value
    assert thief.get(CODE).status_code == 200  # control: with the key of now, the step is there
    assert victim.post(CODE, {"code": code})["Location"] == WELCOME
    assert thief.get(WELCOME)["Location"] == DOOR
    assert agree(thief)["Location"] == DOOR
    assert agree(victim)["Location"] == MY
    assert thief.get(MY).status_code == 302


def test_nobody_reaches_the_notice_without_a_proven_phone() -> None:
    ask(client := Client())
    assert agree(client)["Location"] == DOOR
    assert not User.objects.filter(sign_in=SignIn.PHONE).exists()


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/track/", "/track/"),
        *((bad, MY) for bad in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)")),
        *((bad, MY) for bad in ("abc", "portal:home", "my/", "http://testserver/track/", "\x00", "")),
    ],
)
def test_one_comes_back_to_where_one_was_on_this_site_only(wanted: str, reached: str) -> None:
    assert come_in(Client(), next=wanted) == reached


def test_whoever_must_sign_in_is_led_to_the_right_door() -> None:
    assert Client().get(MY)["Location"] == "/sign-in/?next=/my/"
    assert 'value="/my/consents/"' in text(Client().get("/sign-in/?next=/my/consents/"))
    assert Client().get("/admin/needs/need/")["Location"].startswith("/admin/login/?next=/admin/needs/need/")


def test_where_no_text_message_can_go_the_page_says_so_and_asks_for_nothing(settings: Any) -> None:
    settings.SMS_CHANNEL = "none"
    settings.SITE = {**settings.SITE, "phone": "0571-0000 0000"}
    client = Client()
    page = text(client.get(DOOR))
    assert "还没有开通短信" in page and reverse("needs:track") in page and "tel:057100000000" in page
    assert 'name="phone"' not in page
    assert client.post(DOOR, {"phone": PHONE}).status_code == 422
    assert not SignInCode.objects.exists()


def test_a_robot_that_fills_the_trap_gets_no_code() -> None:
    assert Client().post(DOOR, {"phone": PHONE, "website": "x"}).status_code == 422
    assert not SignInCode.objects.exists()


def test_without_script_there_are_five_tries_an_hour_for_an_address(settings: Any) -> None:
    settings.CAPTCHA_ENABLED = True
    with time_machine.travel("2026-11-23 12:00:10+08:00", tick=False):
        for number in range(5):
            assert Client().post(DOOR, {"phone": f"1380572000{number}"}, secure=True).status_code == 302
        assert Client().post(DOOR, {"phone": "13805720009"}, secure=True).status_code == 429
        assert Client().post(DOOR, {"phone": "13805720009", "altcha": "nonsense"}, secure=True).status_code == 422
