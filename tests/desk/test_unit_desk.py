"""The desk of a member unit: what it was asked, what it took on, and who may sit there."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from alliance.lib.errors import Invalid
from claims.models import Claim
from claims.services import claim_offer, return_claim
from claims.states import ClaimState
from members.models import Liaison
from members.services import restore_unit, seat_person, suspend_unit
from needs.models import Need, NeedEvent
from needs.services.assigning import assign_need
from needs.states import Verb
from people.models import Consent, SignInCode
from tests.cast import Cast, browser_of, fresh, resident, say_need
from tests.claims.things import alliance_of, another_unit, claim_by, offer_in, unit_of
from tests.desk.asking import asked, hidden, text
from tests.needs.wishing import CANARIES, published
from tests.portal.signing_in import CODE, WELCOME, ask, come_in

pytestmark = pytest.mark.django_db
PHONE = "13700000011"


def claim_page(client: Client, offer_pk: int, **typed: Any) -> Any:
    """我来认领, as the page sends it."""
    path = f"/desk/offers/{offer_pk}/"
    return client.post(path, {"client_key": hidden(text(client.get(path)), "client_key"), **typed})


def test_what_the_unit_was_asked_is_there_without_whom_it_is_about(cast: Cast) -> None:
    words = "血压计不准了，请来校一校。我电话138 1234 5678，身份证33010919500101123x"
    need = asked(cast.chengxiang, words=words, name="金丝雀阿婆", phone="13812345678", helped_name="金丝雀大伯")
    client = browser_of(cast.chengxiang.liaison)
    for path in ("/desk/", f"/desk/needs/{need.pk}/"):
        page = text(client.get(path))
        assert "血压计不准了" in page and "商请" in page
        for secret in ("1234", "33010919500101123", "金丝雀", need.tracking_code, need.link_token):
            assert secret not in page, (path, secret)
    assert browser_of(None).get(f"/desk/needs/{need.pk}/")["Location"].startswith("/sign-in/?next=")


def test_the_unit_answers_and_the_community_goes_on(cast: Cast) -> None:
    need = asked(cast.chengxiang)
    client, path = browser_of(cast.chengxiang.liaison), f"/desk/needs/{need.pk}/"
    form = text(client.get(path))
    sent = {"unit": hidden(form, "unit"), "hold_key": hidden(form, "hold_key")}
    empty = client.post(f"{path}report/", {**sent, "words": ""})
    assert empty.status_code == 422
    assert client.post(f"{path}report/", {**sent, "words": "校好了，误差在两格以内。"}).status_code == 302
    assert Need.objects.get(pk=need.pk).unit is None
    assert NeedEvent.objects.get(need=need, verb=Verb.REPORT).words == "校好了，误差在两格以内。"
    over = client.get(path)
    assert over.status_code == 200 and "您回复了办好了" in text(over) and "校好了" in text(over)
    late = client.post(f"{path}report/", {**sent, "words": "还有一句"})
    assert late.status_code == 409 and "还有一句" in text(late)


def test_the_unit_says_that_it_cannot_help(cast: Cast) -> None:
    need = asked(cast.chengxiang)
    client, path = browser_of(cast.chengxiang.liaison), f"/desk/needs/{need.pk}/"
    unit = hidden(text(client.get(path)), "unit")
    assert client.post(f"{path}hand-back/", {"unit": unit, "why": ""}).status_code == 422
    assert client.post(f"{path}hand-back/", {"unit": unit, "why": "设备科这周都在外面"}).status_code == 302
    assert Need.objects.get(pk=need.pk).unit is None


def test_nobody_else_reads_or_answers_what_a_unit_was_asked(cast: Cast) -> None:
    need = asked(cast.chengxiang)
    alliance_of(cast.xiasha)
    _unit, neighbour = another_unit(cast.chengxiang)
    for stranger in (cast.xiasha.liaison, neighbour, cast.chengxiang.worker, resident("13900000001")):
        client = browser_of(stranger)
        assert client.get(f"/desk/needs/{need.pk}/").status_code == 404
        for path in ("report/", "hand-back/"):
            sent = {"unit": need.unit_id, "words": "不是我", "why": "不是我"}
            assert client.post(f"/desk/needs/{need.pk}/{path}", sent).status_code == 404
    assert Need.objects.get(pk=need.pk).unit_id == need.unit_id


def test_a_seat_that_ended_yesterday_opens_nothing(cast: Cast) -> None:
    here = cast.chengxiang
    need, offer = asked(here), offer_in(here.home)
    claim = claim_by(here.liaison, offer, unit_of(here))
    day = timezone.localdate()
    name = unit_of(here).name
    Liaison.objects.filter(user=here.liaison).update(starts_on=day - timedelta(days=9), ends_on=day)
    client = browser_of(here.liaison)
    page = text(client.get("/desk/"))
    assert name not in page and "我来帮忙" in page
    for path in (f"/desk/needs/{need.pk}/", f"/desk/claims/{claim.pk}/"):
        assert client.get(path).status_code == 404


def test_a_wish_is_claimed_after_a_look_at_what_it_means(cast: Cast) -> None:
    here = cast.chengxiang
    alliance_of(here)
    wish = published(here)
    client = browser_of(here.liaison)
    page = text(client.get(f"/desk/offers/{wish.offer_id}/"))
    for said in ("一床厚被子", "李伯", "300元以内", "不收现金", "15天内", "社工陪着", here.home.name):
        assert said in page, said
    assert not any(canary in page for canary in CANARIES.values())
    unit = unit_of(here)
    path = f"/desk/offers/{wish.offer_id}/"
    key = hidden(page, "client_key")
    first, again = (client.post(path, {"client_key": key, "who": str(unit.pk)}) for _tap in range(2))
    claim = Claim.objects.get()
    assert first["Location"] == again["Location"] == f"/desk/claims/{claim.pk}/"
    assert (claim.unit, claim.by) == (unit, here.liaison)
    mine = text(client.get(f"/desk/claims/{claim.pk}/"))
    assert "前送到" in re.sub(r"</?span[^>]*>", "", mine) and here.home.name in mine
    assert not any(canary in mine for canary in CANARIES.values())
    assert "一床厚被子" in text(client.get("/desk/"))


def test_whoever_is_slower_sees_what_else_there_is(cast: Cast) -> None:
    here = cast.chengxiang
    alliance_of(here)
    wish, other = published(here), published(here, item="一盏小夜灯")
    neighbour, liaison = another_unit(here, public=True)
    slow = browser_of(here.liaison)
    key = hidden(text(slow.get(f"/desk/offers/{wish.offer_id}/")), "client_key")
    claim_offer(offer_id=wish.offer_id, by=fresh(liaison), client_key=uuid4(), unit_id=neighbour.pk)
    lost = slow.post(f"/desk/offers/{wish.offer_id}/", {"client_key": key, "who": str(unit_of(here).pk)})
    assert lost.status_code == 409
    assert f"已被{neighbour}认领" in text(lost) and other.item in text(lost)


def test_on_its_way_and_delivered_with_a_note(cast: Cast) -> None:
    here = cast.chengxiang
    alliance_of(here)
    claim = claim_by(here.liaison, published(here).offer, unit_of(here))
    client, path = browser_of(here.liaison), f"/desk/claims/{claim.pk}/"
    assert client.post(f"{path}send/", {"version": "1"}).status_code == 302
    assert client.post(f"{path}deliver/", {"version": "1", "words": "旧的页面"}).status_code == 409
    assert client.post(f"{path}deliver/", {"version": "2", "words": "送到党群服务中心了"}).status_code == 302
    claim.refresh_from_db()
    assert claim.state == ClaimState.AWAITING
    assert "送到了，等确认" in text(client.get("/desk/"))


def test_a_stale_page_keeps_what_was_typed_and_can_be_sent_again(cast: Cast) -> None:
    here = cast.chengxiang
    alliance_of(here)
    claim = claim_by(here.liaison, published(here).offer, unit_of(here))
    client, path = browser_of(here.liaison), f"/desk/claims/{claim.pk}/"
    client.post(f"{path}send/", {"version": "1"})
    stale = client.post(f"{path}deliver/", {"version": "1", "words": "交给社工小许了"})
    assert stale.status_code == 409 and "交给社工小许了" in text(stale)
    again = client.post(f"{path}deliver/", {"version": hidden(text(stale), "version"), "words": "交给社工小许了"})
    assert again.status_code == 302


def test_a_suspended_unit_claims_nothing_but_brings_what_it_has(cast: Cast) -> None:
    here = cast.chengxiang
    alliance_of(here)
    unit, running, wish = unit_of(here), published(here, item="已经认领的"), published(here, item="一盏小夜灯")
    claim = claim_by(here.liaison, running.offer, unit)
    need = asked(here)
    suspend_unit(pk=unit.pk, by=fresh(here.party_office), why="联络员更换")
    client = browser_of(here.liaison)
    page = text(client.get("/desk/"))
    assert "暂停参加" in page and wish.item not in page and running.item in page
    path = f"/desk/offers/{wish.offer_id}/"
    key = hidden(text(client.get(path)), "client_key")
    assert client.post(path, {"client_key": key, "who": str(unit.pk)}).status_code == 403
    assert not Claim.objects.filter(offer=wish.offer).exists()
    assert need.title in page and client.get(f"/desk/needs/{need.pk}/").status_code == 200
    sent = {"unit": str(unit.pk), "words": "校好了"}
    assert client.post(f"/desk/needs/{need.pk}/report/", sent).status_code == 302
    assert NeedEvent.objects.get(need=need, verb=Verb.REPORT).words == "校好了"
    done = client.post(f"/desk/claims/{claim.pk}/deliver/", {"version": "1", "words": "送到了"})
    assert done.status_code == 302
    restore_unit(pk=unit.pk, by=fresh(here.party_office))
    assert claim_page(client, wish.offer_id, who=str(unit.pk)).status_code == 302


def test_a_suspended_unit_is_asked_for_nothing(cast: Cast) -> None:
    here = cast.chengxiang
    need = asked(here)
    unit = unit_of(here)
    suspend_unit(pk=unit.pk, by=fresh(here.party_office), why="联络员更换")
    other = say_need(here.home)
    with pytest.raises(Invalid) as refused:
        assign_need(pk=other.pk, by=fresh(here.worker), to_unit_id=unit.pk, why="再请一次")
    assert list(refused.value.fields) == ["to"] and "没有暂停" in str(refused.value.fields["to"][0])
    assert Need.objects.get(pk=other.pk).unit is None and Need.objects.get(pk=need.pk).unit == unit


def test_the_twin_street_sees_no_wish_and_no_claim(cast: Cast) -> None:
    alliance_of(cast.chengxiang)
    alliance_of(cast.xiasha)
    wish = published(cast.chengxiang)
    claim = claim_by(cast.chengxiang.liaison, wish.offer, unit_of(cast.chengxiang))
    twin = browser_of(cast.xiasha.liaison)
    assert wish.item not in text(twin.get("/desk/"))
    assert twin.get(f"/desk/claims/{claim.pk}/").status_code == 404
    for path in ("send/", "deliver/", "return/"):
        assert twin.post(f"/desk/claims/{claim.pk}/{path}", {"why": "别家的"}).status_code == 404
    unit = unit_of(cast.chengxiang)
    sent = {"client_key": str(uuid4()), "who": str(unit.pk)}
    open_wish = published(cast.chengxiang, item="一盏小夜灯")
    assert twin.post(f"/desk/offers/{open_wish.offer_id}/", sent).status_code in (403, 404)
    assert not Claim.objects.filter(offer=open_wish.offer).exists()


def test_with_several_units_one_chooses_the_desk_and_it_is_remembered(cast: Cast) -> None:
    here = cast.chengxiang
    alliance_of(here)
    second, _user = another_unit(here)
    Liaison.objects.create(unit=second, user=here.liaison, is_second=True)
    client = browser_of(here.liaison)
    assert f"<h1>{unit_of_first(cast)}</h1>" in text(client.get("/desk/"))
    assert f"<h1>{second.name}</h1>" in text(client.get(f"/desk/?unit={second.pk}"))
    assert f"<h1>{second.name}</h1>" in text(client.get("/desk/"))
    assert f"<h1>{second.name}</h1>" in text(client.get("/desk/?unit=999999"))
    both = text(client.get("/my/"))
    assert "单位工作台" in both and second.name in both


def unit_of_first(cast: Cast) -> str:
    seats = Liaison.objects.filter(user=cast.chengxiang.liaison).order_by("is_second")
    return seats[0].unit.name


def test_the_list_of_what_was_claimed_has_pages(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    here = cast.chengxiang
    alliance_of(here)
    monkeypatch.setattr("desk.views.claims.SIZE", 2)
    names = [f"第{number}个心愿" for number in range(5)]
    for name in names:
        over = claim_by(here.liaison, offer_in(here.home, title=name), unit_of(here))
        return_claim(claim_id=over.pk, by=fresh(here.liaison), note="买不到")
    client, path, seen = browser_of(here.liaison), "/desk/claims/", list[str]()
    for _page in range(3):
        page = client.get(path)
        seen += [name for name in names if name in text(page)]
        path = page.context["next_url"]
    assert sorted(seen) == sorted(names) and path == ""


# Coming in


def test_a_new_liaison_comes_in_by_phone_agrees_and_finds_the_desk(cast: Cast, settings: Any) -> None:
    settings.SMS_CHANNEL = "console"
    here = cast.chengxiang
    unit = unit_of(here)
    Liaison.objects.all().delete()
    seat = seat_person(unit=unit, name="王明", phone=PHONE, by=fresh(here.party_office))
    client = Client()
    assert come_in(client, PHONE) == "/desk/"  # through the notice: nobody had agreed to anything yet
    assert unit.name in text(client.get("/desk/"))
    client.post("/sign-out/")
    SignInCode.objects.all().delete()  # a minute has passed
    assert come_in(Client(), PHONE) == "/desk/"
    assert Liaison.objects.get(pk=seat.pk).user.username.startswith("phone-")


def test_the_notice_stands_before_the_desk_of_an_account_made_by_others(cast: Cast, settings: Any) -> None:
    settings.SMS_CHANNEL = "console"
    unit = unit_of(cast.chengxiang)
    Liaison.objects.all().delete()
    seat = seat_person(unit=unit, name="王明", phone=PHONE, by=fresh(cast.chengxiang.party_office))
    client = Client()
    assert client.post(CODE, {"code": ask(client, PHONE, next="/desk/claims/")})["Location"] == WELCOME
    assert client.get("/desk/")["Location"].startswith("/sign-in/")
    refused = client.post(WELCOME, {"name": "", "notice_version": "1"})
    assert refused.status_code == 422 and not Consent.objects.filter(subject_key=f"u:{seat.user_id}").exists()
    agreed = client.post(WELCOME, {"name": "", "consent": "on", "notice_version": "1"})
    assert agreed["Location"] == "/desk/claims/"
    assert Consent.objects.filter(subject_key=f"u:{seat.user_id}").count() == 1


def test_a_resident_without_a_seat_comes_to_her_own_page(cast: Cast, settings: Any) -> None:
    settings.SMS_CHANNEL = "console"
    assert come_in(Client(), "13700000012") == "/my/"
