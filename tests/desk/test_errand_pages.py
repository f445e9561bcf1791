"""Errands on a phone: what is open, taking one, bringing it, giving it back."""

from __future__ import annotations

import zipfile
from datetime import timedelta
from uuid import uuid4

import pytest

from claims.models import Claim
from claims.services import claim_offer
from claims.states import ClaimState
from files.models import Attachment
from members.services import seat_liaison
from needs.models import Need
from needs.services.following import withdraw
from people.services.residents import erase_account
from portal.parcel import take_along
from tests.cast import Cast, api_of, browser_of, fresh, resident, say_need
from tests.claims.things import unit_of
from tests.desk.asking import CANARIES, HANDOVER, errand, hidden, take, text
from tests.files.pictures import HEIC, photo, upload

pytestmark = pytest.mark.django_db
ONE, OTHER = "13900000001", "13900000002"


def test_a_visitor_is_led_to_the_residents_door_and_back(cast: Cast) -> None:
    found = errand(cast.chengxiang)
    response = browser_of(None).get(f"/desk/errands/{found.offer_id}/")
    assert response["Location"] == f"/sign-in/?next=/desk/errands/{found.offer_id}/"


def test_what_is_open_is_listed_without_the_address(cast: Cast) -> None:
    errand(cast.chengxiang)
    page = text(browser_of(resident(ONE)).get("/desk/errands/"))
    assert "买一瓶眼药水" in page and "湘湖路小区" in page and "送到" in page
    assert not any(canary in page for canary in CANARIES)


def test_the_first_gets_it_and_only_they_read_the_address(cast: Cast) -> None:
    found = errand(cast.chengxiang)
    one, other, worker = browser_of(resident(ONE)), browser_of(resident(OTHER)), browser_of(cast.chengxiang.worker)
    response = take(one, found)
    claim = Claim.objects.get()
    assert response["Location"] == f"/desk/claims/{claim.pk}/"
    assert all(canary in text(one.get(f"/desk/claims/{claim.pk}/")) for canary in CANARIES)
    need = f"/admin/needs/need/{found.need_id}/change/"
    for client, path in (
        (other, f"/desk/errands/{found.offer_id}/"),
        (other, "/desk/errands/"),
        (other, f"/desk/claims/{claim.pk}/"),
        (worker, f"/desk/errands/{found.offer_id}/"),
        (worker, f"/desk/claims/{claim.pk}/"),
        (worker, need),
        (browser_of(None), f"/n/{found.need.link_token}/"),
    ):
        page = client.get(path)
        assert not any(canary in text(page) for canary in CANARIES), path
    assert "志愿者接下了" in text(other.get(f"/desk/errands/{found.offer_id}/"))


def test_a_second_tap_takes_it_once_and_the_slower_one_is_told_kindly(cast: Cast) -> None:
    found, spare = errand(cast.chengxiang), errand(cast.chengxiang, what="取一个快递")
    one, other = browser_of(resident(ONE)), browser_of(resident(OTHER))
    path = f"/desk/errands/{found.offer_id}/"
    key, theirs = (hidden(text(client.get(path)), "client_key") for client in (one, other))
    first, again = one.post(path, {"client_key": key}), one.post(path, {"client_key": key})
    assert first["Location"] == again["Location"]
    late = other.post(path, {"client_key": theirs})
    assert late.status_code == 409
    assert "慢了一步" in text(late) and str(spare.what) in text(late)
    assert Claim.objects.count() == 1


def test_somebody_of_another_street_finds_no_errand_and_no_claim(cast: Cast) -> None:
    found = errand(cast.chengxiang)
    stranger = browser_of(cast.xiasha.worker)
    response = stranger.get(f"/desk/errands/{found.offer_id}/")
    assert response.status_code == 404 and found.what not in text(response)
    assert found.what not in text(stranger.get("/desk/errands/"))
    claim = claim_offer(offer_id=found.offer_id, by=resident(ONE), client_key=found.client_key)
    for path in ("", "send/", "deliver/", "return/"):
        method = stranger.post if path else stranger.get
        assert method(f"/desk/claims/{claim.pk}/{path}", {"why": "不是我的"}).status_code == 404
    claim.refresh_from_db()
    assert claim.state == ClaimState.CLAIMED


def test_brought_with_a_word_and_a_photo_and_shown_to_whoever_brought_it_alone(cast: Cast) -> None:
    found = errand(cast.chengxiang)
    one = browser_of(resident(ONE))
    take(one, found)
    claim = Claim.objects.get()
    path = f"/desk/claims/{claim.pk}/"
    form = text(one.get(path))
    sent = {"hold_key": hidden(form, "hold_key"), "version": hidden(form, "version"), "words": "交给阿婆了"}
    assert one.post(f"{path}deliver/", {**sent, "photos": [upload(photo())]}).status_code == 302
    claim.refresh_from_db()
    assert claim.state == ClaimState.AWAITING
    shot = Attachment.objects.get(owner_kind="claim", owner_id=str(claim.pk))
    page = text(one.get(path))
    assert "，等确认" in page and "说送到了" in page and "交给阿婆了" in page and str(shot.pk) in page
    assert one.get(f"{path}photo/{shot.pk}/").status_code == 200
    assert browser_of(resident(OTHER)).get(f"{path}photo/{shot.pk}/").status_code == 404


def test_a_bad_photo_is_named_and_the_good_one_and_the_words_are_kept(cast: Cast) -> None:
    found = errand(cast.chengxiang)
    one = browser_of(resident(ONE))
    take(one, found)
    claim = Claim.objects.get()
    path = f"/desk/claims/{claim.pk}/"
    sent = {"hold_key": hidden(text(one.get(path)), "hold_key"), "version": "1", "words": "交给阿婆了"}
    refused = one.post(f"{path}deliver/", {**sent, "photos": [upload(photo()), upload(HEIC, "坏的.heic")]})
    assert refused.status_code == 422
    assert "交给阿婆了" in text(refused) and "1张照片收好了" in text(refused)
    assert hidden(text(refused), "hold_key") == sent["hold_key"]
    assert one.post(f"{path}deliver/", sent).status_code == 302
    assert Attachment.objects.filter(owner_kind="claim").count() == 1


def test_given_back_with_a_reason_it_is_open_again_and_cannot_be_delivered(cast: Cast) -> None:
    found = errand(cast.chengxiang)
    one = browser_of(resident(ONE))
    take(one, found)
    claim = Claim.objects.get()
    path = f"/desk/claims/{claim.pk}/"
    refused = one.post(f"{path}return/", {"why": " ", "version": "1"})
    assert refused.status_code == 422 and "为什么退回" in text(refused)
    assert one.post(f"{path}return/", {"why": "脚崴了", "version": "1"}).status_code == 302
    late = one.post(f"{path}deliver/", {"words": "其实送到了", "version": "1"})
    assert late.status_code == 409 and "其实送到了" in text(late)
    again = one.post(f"{path}deliver/", {"words": "其实送到了", "version": "2"})
    assert again.status_code == 409 and "您退回了" in text(again)
    assert take(browser_of(resident(OTHER)), found).status_code == 302


def test_taken_back_by_the_resident_it_says_so(cast: Cast) -> None:
    found = errand(cast.chengxiang)
    one = browser_of(resident(ONE))
    take(one, found)
    withdraw(token=Need.objects.get(pk=found.need_id).link_token)
    page = text(one.get(f"/desk/claims/{Claim.objects.get().pk}/"))
    assert "不用跑了" in page and "送到了" not in page
    assert not any(canary in page for canary in CANARIES)
    assert browser_of(resident(OTHER)).get(f"/desk/errands/{found.offer_id}/").status_code == 404


def test_ones_own_community_comes_first_and_others_are_a_choice_away(cast: Cast) -> None:
    here = cast.chengxiang
    home = errand(here, what="买一瓶眼药水")
    away = errand(here, what="修一把雨伞", area=here.next_door, by=here.neighbour)
    say_need(here.home, phone=ONE)
    client = browser_of(resident(ONE))
    first = text(client.get("/desk/errands/"))
    assert home.what in first and away.what not in first
    assert away.what in text(client.get("/desk/errands/?area=all"))
    assert away.what in text(client.get(f"/desk/errands/?area={here.next_door.pk}"))
    assert away.what in text(browser_of(resident(OTHER)).get("/desk/errands/"))
    assert client.get("/desk/errands/?area=%27;--").status_code == 200


def test_the_list_has_pages(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desk.views.errands.SIZE", 2)
    names = [errand(cast.chengxiang, what=f"第{number}件").what for number in range(5)]
    client, path, seen = browser_of(resident(ONE)), "/desk/errands/", list[str]()
    for _page in range(3):
        page = client.get(path)
        seen += [name for name in names if name in text(page)]
        path = page.context["next_url"]
    assert sorted(seen) == sorted(names) and path == ""


def test_whoever_deletes_their_account_leaves_nothing_in_hand(cast: Cast) -> None:
    found, own = errand(cast.chengxiang), resident(ONE)
    take(browser_of(own), found)
    erase_account(user=fresh(own))
    claim = Claim.objects.get()
    assert claim.state == ClaimState.RETURNED
    assert take(browser_of(resident(OTHER)), found).status_code == 302


def test_what_one_took_in_hand_and_spoke_for_is_in_the_copy_of_ones_data(cast: Cast) -> None:
    own, here = resident(ONE), cast.chengxiang
    found = errand(here)
    take(browser_of(own), found)
    seat_liaison(unit=unit_of(here), user=own, by=None, name="刘大", is_second=True)
    copy = zipfile.ZipFile(take_along(user=fresh(own), ip="203.0.113.9"))
    told = " ".join(copy.read(name).decode() for name in copy.namelist())
    assert "买一瓶眼药水" in told and "刘大" in told and "我接下的" in told and "做过联络员的单位" in told
    assert not any(canary in told for canary in CANARIES)


def test_how_soon_somebody_usually_comes_is_said_from_five_on(cast: Cast) -> None:
    one = browser_of(resident(ONE))
    for number in range(5):
        found = errand(cast.chengxiang, what=f"第{number}件")
        claim = claim_offer(offer_id=found.offer_id, by=resident(OTHER), client_key=found.client_key)
        Claim.objects.filter(pk=claim.pk).update(claimed_at=found.published_at + timedelta(minutes=number + 4))
        page = text(one.get(f"/desk/errands/{found.offer_id}/"))
        assert ("多半6分钟内有人接" in page) == (number == 4)


def test_the_api_publishes_and_lists_errands_without_the_address(cast: Cast) -> None:
    here, need = cast.chengxiang, say_need(cast.chengxiang.home)
    words = {"what": "买一瓶眼药水", "where": "湘湖路小区", "handover": HANDOVER, "client_key": str(uuid4())}
    path = f"/api/v1/needs/{need.pk}/errand/"
    for _tap in range(2):
        made = api_of(here.worker).post(path, words, format="json")
        assert made.status_code == 200 and made.json()["state"] == "in_progress"
    assert api_of(cast.xiasha.worker).post(path, words, format="json").status_code == 404
    warned = api_of(here.worker).post(path, {**words, "client_key": str(uuid4())}, format="json")
    assert warned.status_code == 409
    listed = api_of(here.neighbour).get("/api/v1/errands/")
    assert [row["what"] for row in listed.json()["results"]] == ["买一瓶眼药水"]
    assert api_of(cast.xiasha.worker).get("/api/v1/errands/").json()["results"] == []
    for answer in (made, listed):
        assert not any(canary in answer.content.decode() for canary in CANARIES)
    row = listed.json()["results"][0]
    tap = {"client_key": str(uuid4())}
    taken = api_of(here.neighbour).post(f"/api/v1/offers/{row['offer']}/claim/", tap, format="json")
    assert taken.status_code in (200, 201)
    assert api_of(here.worker).get("/api/v1/errands/").json()["results"] == []
