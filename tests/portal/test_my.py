"""我的: one sees, takes along, takes back and deletes what is one's own, and never a neighbour's."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from alliance.lib.errors import RuleBroken
from alliance.lib.registry import contributions
from audit.models import AuditEntry
from audit.states import Action
from needs.models import Need
from needs.services.following import urge, withdraw
from needs.services.handling import accept_need, reply_to_resident
from needs.services.retention import anonymise_old
from people.models import Consent, RoleGrant, SignInCode, User
from people.services.consents import withdraw_own
from people.services.residents import erase_account, open_account
from people.states import SignIn
from tests.cast import Cast, say_need
from tests.people.codes import newest_code, other_than

pytestmark = pytest.mark.django_db

MINE, HERS = "13805710001", "13805710002"
BACKEND = "people.backends.PhoneBackend"


@pytest.fixture(autouse=True)
def texts(settings: Any) -> None:
    settings.SMS_CHANNEL = "console"


def resident(phone: str, name: str = "赵阿婆") -> tuple[User, Client]:
    user = open_account(phone=phone, name=name, consented=True, notice_version=1)
    client = Client()
    client.force_login(user, BACKEND)
    return user, client


def text(response: Any) -> str:
    return str(response.content.decode())


def unpacked(response: Any) -> tuple[str, dict[str, Any]]:
    with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as archive:
        page, data = (archive.read(name).decode() for name in sorted(archive.namelist()))
    return page, json.loads(data)


def erase(client: Client) -> Any:
    assert client.post("/my/erase/", {"send": "1"})["Location"] == "/my/erase/"
    return client.post("/my/erase/", {"code": newest_code()})


def test_own_needs_stand_there_with_state_hands_and_promised_day(cast: Cast) -> None:
    here = cast.chengxiang
    waiting = say_need(here.home, phone=MINE, words="井盖松了，车一过就响。")
    taken = say_need(here.home, phone=MINE, words="路灯不亮了。")
    taken = accept_need(pk=taken.pk, by=here.worker)
    _user, client = resident(MINE)
    page = text(client.get("/my/"))
    assert page.index(taken.number) < page.index(waiting.number)
    for need in (waiting, taken):
        assert f'href="/n/{need.link_token}/"' in page
    assert "待受理" in page and "办理中" in page and taken.reply_by
    assert f"{taken.reply_by.month}月{taken.reply_by.day}日" in page
    assert 'href="/inbox/"' not in page, "no messages yet, so nothing more to see"


def test_two_residents_see_and_touch_nothing_of_each_other(cast: Cast) -> None:
    own = say_need(cast.chengxiang.home, phone=MINE)
    other = say_need(cast.chengxiang.home, phone=HERS, words="三楼在漏水。", name="钱大爷")
    (_me, client), (her, _hers) = resident(MINE), resident(HERS, "钱大爷")
    page = text(client.get("/my/"))
    assert own.number in page and other.number not in page and other.link_token not in page and "漏水" not in page
    page = text(client.get("/my/consents/"))
    assert own.number in page and other.number not in page
    for consent in Consent.objects.filter(source__in=[other.number, f"u:{her.pk}"]):
        assert client.post(f"/my/consents/{consent.pk}/withdraw/").status_code == 404
        assert Consent.objects.get(pk=consent.pk).withdrawn_at is None
    parcel, data = unpacked(client.post("/my/download/"))
    assert other.number not in parcel + str(data) and HERS not in parcel + str(data)
    assert erase(client)["Location"] == "/"
    kept = Need.objects.get(pk=other.pk)
    assert (kept.contact_phone, kept.erase_on_end) == (HERS, False)
    assert User.objects.get(pk=her.pk).is_active and Consent.objects.filter(source=other.number, withdrawn_at=None)


def test_an_account_with_a_password_and_the_same_phone_owns_none_of_it(cast: Cast) -> None:
    need = say_need(cast.chengxiang.home, phone=MINE)
    worker = User.objects.get(pk=cast.chengxiang.liaison.pk)
    worker.phone, worker.phone_index = MINE, need.phone_index
    worker.save()
    assert not Need.objects.said_by(worker).exists()
    assert not Consent.objects.own(worker).exists()


def test_one_is_called_as_one_likes() -> None:
    user, client = resident(MINE)
    assert client.post("/my/name/", {"name": "赵大妈"})["Location"] == "/my/"
    assert "赵大妈，您好" in text(client.get("/my/"))
    refused = client.post("/my/name/", {"name": "长" * 31})
    assert refused.status_code == 422 and "长" * 31 in text(refused)
    assert client.post("/my/name/", {"name": ""}).status_code == 302
    assert User.objects.get(pk=user.pk).name == ""
    assert client.get("/my/name/")["Location"] == "/my/"


def test_a_consent_taken_back_hides_an_ended_need_at_once_and_an_open_one_when_it_ends(cast: Cast) -> None:
    ended = withdraw(token=say_need(cast.chengxiang.home, phone=MINE).link_token)
    going_on = say_need(cast.chengxiang.home, phone=MINE)
    user, client = resident(MINE)
    # Withdrawing the need has dated its consent; the other one still holds.
    Consent.objects.filter(source=ended.number).update(withdrawn_at=None)
    for need in (ended, going_on):
        pk = Consent.objects.get(source=need.number).pk
        assert client.post(f"/my/consents/{pk}/withdraw/")["Location"] == "/my/consents/"
        assert Consent.objects.get(pk=pk).withdrawn_at
    assert Need.objects.get(pk=ended.pk).contact_phone == ""
    open_one = Need.objects.get(pk=going_on.pk)
    assert open_one.contact_phone == MINE and open_one.erase_on_end
    withdraw(token=going_on.link_token)
    assert Need.objects.get(pk=going_on.pk).contact_phone == ""
    assert AuditEntry.objects.filter(action=Action.CONSENT_WITHDRAWN, actor=user).count() == 2


def test_control_nobody_asked_so_an_ended_need_keeps_its_phone(cast: Cast) -> None:
    need = withdraw(token=say_need(cast.chengxiang.home, phone=MINE).link_token)
    assert anonymise_old() == 0
    assert Need.objects.get(pk=need.pk).contact_phone == MINE


@pytest.mark.parametrize(("days", "word", "hidden"), [(31, "", True), (29, "", False), (31, "urge", False)])
def test_an_answer_nobody_came_back_to_ends_it_for_whoever_asked(
    cast: Cast, days: int, word: str, hidden: bool
) -> None:
    RoleGrant.objects.update(starts_on="2020-01-01")
    with time_machine.travel(timezone.now() - timedelta(days=days)):
        need = say_need(cast.chengxiang.home, phone=MINE)
        accept_need(pk=need.pk, by=cast.chengxiang.worker)
        user, _client = resident(MINE)
        erase_account(user=user)
        reply_to_resident(pk=need.pk, by=cast.chengxiang.worker, words="修好了，谢谢您。")
    if word:
        urge(token=need.link_token)
    assert anonymise_old() == hidden
    assert (Need.objects.get(pk=need.pk).contact_phone == "") is hidden


def test_control_an_old_answer_hides_nobody_who_did_not_ask(cast: Cast) -> None:
    RoleGrant.objects.update(starts_on="2020-01-01")
    with time_machine.travel(timezone.now() - timedelta(days=40)):
        need = say_need(cast.chengxiang.home, phone=MINE)
        accept_need(pk=need.pk, by=cast.chengxiang.worker)
        reply_to_resident(pk=need.pk, by=cast.chengxiang.worker, words="修好了，谢谢您。")
    assert anonymise_old() == 0
    user, client = resident(MINE)
    assert need.number not in text(client.get("/my/erase/"))
    erase_account(user=user)
    assert Need.objects.get(pk=need.pk).contact_phone == ""


def test_the_accounts_own_consent_is_taken_back_by_no_other_way() -> None:
    user, _client = resident(MINE)
    consent = Consent.objects.get(subject_key=f"u:{user.pk}")
    with pytest.raises(RuleBroken):
        withdraw_own(pk=consent.pk, by=user)
    assert Consent.objects.get(pk=consent.pk).withdrawn_at is None


def test_the_accounts_own_consent_is_taken_back_by_deleting_the_account() -> None:
    user, client = resident(MINE)
    consent = Consent.objects.get(subject_key=f"u:{user.pk}")
    assert client.post(f"/my/consents/{consent.pk}/withdraw/")["Location"] == "/my/erase/"
    assert Consent.objects.get(pk=consent.pk).withdrawn_at is None
    assert "撤回要连账号一起删" in text(client.get("/my/consents/"))


def test_what_is_kept_can_be_taken_along_to_read_and_as_json(cast: Cast) -> None:
    need = say_need(cast.chengxiang.home, phone=MINE, words="井盖<b>松了</b>，车一过就响。")
    user, client = resident(MINE)
    response = client.post("/my/download/")
    assert "attachment" in response["Content-Disposition"]
    page, data = unpacked(response)
    assert data["needs"][0]["words"] == need.words and data["account"][0]["phone"] == MINE
    assert {row["version"] for row in data["consents"]} == {1}
    assert need.number in page and "井盖&lt;b&gt;松了" in page and MINE in page
    assert not re.search(r"<(script|style)\b| style=", page)
    assert AuditEntry.objects.filter(action=Action.DOWNLOAD, actor=user).count() == 1
    for _turn in range(9):
        assert client.post("/my/download/").status_code == 200
    assert client.post("/my/download/").status_code == 429


def test_the_parcel_names_every_key_in_words(cast: Cast) -> None:
    from portal.parcel import LABELS

    say_need(cast.chengxiang.home, phone=MINE, helped_name="钱大爷", helped_phone="13805710009")
    user, client = resident(MINE)
    _page, data = unpacked(client.post("/my/download/"))
    keys = set(data) | {key for rows in data.values() for row in rows for key in row}
    assert keys <= set(LABELS), keys - set(LABELS)
    assert len(contributions("my.data")) >= 2 and user.is_active


def test_the_page_says_what_goes_and_what_stays_before_anything_happens(cast: Cast) -> None:
    need = say_need(cast.chengxiang.home, phone=MINE)
    user, client = resident(MINE)
    page = text(client.get("/my/erase/"))
    assert "马上删" in page and "先留着" in page and need.number in page
    assert not SignInCode.objects.exists() and User.objects.get(pk=user.pk).phone == MINE


def test_deleting_empties_the_account_and_hides_what_has_ended(cast: Cast) -> None:
    ended = withdraw(token=say_need(cast.chengxiang.home, phone=MINE).link_token)
    going_on = say_need(cast.chengxiang.home, phone=MINE)
    user, client = resident(MINE)
    other = Client()
    other.force_login(user, BACKEND)
    assert other.get("/my/").status_code == 200
    assert erase(client)["Location"] == "/"
    gone = User.objects.get(pk=user.pk)
    assert (gone.name, gone.phone, gone.phone_index, gone.is_active) == ("", "", "", False)
    hidden = Need.objects.get(pk=ended.pk)
    assert (hidden.contact_name, hidden.contact_phone, hidden.phone_index) == ("", "", "")
    kept = Need.objects.get(pk=going_on.pk)
    assert kept.contact_phone == MINE and kept.erase_on_end
    assert not Consent.objects.filter(withdrawn_at=None).exists()
    for browser in (client, other):
        assert browser.get("/my/")["Location"].startswith("/sign-in/")
    entry = AuditEntry.objects.get(action=Action.ERASED)
    assert entry.subject == f"u:{user.pk}" and MINE not in str(vars(entry)) and "赵阿婆" not in str(vars(entry))


def test_whoever_comes_again_after_deleting_is_somebody_new(cast: Cast) -> None:
    user, client = resident(MINE)
    erase(client)
    again, _client = resident(MINE, "赵阿婆")
    assert again.pk != user.pk and User.objects.filter(sign_in=SignIn.PHONE, is_active=True).count() == 1


def test_deleting_wants_a_fresh_code_meant_for_it(cast: Cast) -> None:
    user, client = resident(MINE)
    assert client.post("/my/erase/", {"code": "123456"}).status_code == 422
    client.post("/my/erase/", {"send": "1"})
    right = newest_code()
    wrong = client.post("/my/erase/", {"code": other_than(right)})
    assert wrong.status_code == 422 and other_than(right) in text(wrong)
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        visitor = Client()
        visitor.post("/sign-in/", {"phone": MINE})
        assert client.post("/my/erase/", {"code": newest_code()}).status_code == 422
        assert User.objects.get(pk=user.pk).is_active
        # A stranger at the door does not put one's own code out of force.
        assert client.post("/my/erase/", {"code": right})["Location"] == "/"
    assert not User.objects.get(pk=user.pk).is_active


def test_where_no_text_message_can_go_the_page_sends_people_to_the_phone(settings: Any) -> None:
    settings.SMS_CHANNEL = "none"
    settings.SITE = {**settings.SITE, "phone": "0571-0000 0000"}
    _user, client = resident(MINE)
    assert "没法核对是您本人" in text(client.get("/my/erase/"))
    assert client.post("/my/erase/", {"send": "1"}).status_code == 422


def test_the_header_offers_the_door_or_what_is_behind_it() -> None:
    assert 'href="/sign-in/"' in text(Client().get("/"))
    _user, client = resident(MINE)
    page = text(client.get("/"))
    assert 'href="/my/"' in page and 'href="/sign-in/"' not in page
