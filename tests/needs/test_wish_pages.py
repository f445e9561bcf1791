"""Wishes in the workbench: registering, the page of one, its decision, its claims, the setting."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest

from claims.models import Claim
from claims.services import deliver
from files.models import Attachment
from needs.models import Wish, WishPolicy
from needs.states.wish import WishState
from tests.cast import Cast, browser_of, fresh, say_need
from tests.files.pictures import photo, upload
from tests.needs.wishing import CANARIES, again, published, raised, taken, typed, verified

LIST = "/admin/needs/wish/"


def _form(**changes: Any) -> dict[str, Any]:
    return {
        **{name: value for name, value in typed().items() if value is not None},
        "client_key": str(uuid4()),
        **changes,
    }


def test_a_wish_is_registered_once_on_its_page(cast: Cast) -> None:
    client = browser_of(cast.chengxiang.worker)
    assert client.get(f"{LIST}add/").status_code == 200
    sent = _form()
    first, second = client.post(f"{LIST}add/", sent), client.post(f"{LIST}add/", sent)
    wish = Wish.objects.get()
    assert wish.area_id == cast.chengxiang.home.pk
    assert first["Location"] == second["Location"] == f"{LIST}{wish.pk}/change/"


def test_a_refused_form_keeps_every_word_and_warns_once(cast: Cast) -> None:
    client = browser_of(cast.chengxiang.worker)
    refused = client.post(f"{LIST}add/", _form(story="打13800000102", cap_yuan="900", household="住3幢"))
    page = refused.content.decode()
    assert refused.status_code == 422 and "500元" in page
    for word in ("一床厚被子", "打13800000102", "900", "住3幢", CANARIES["beneficiary"]):
        assert word in page
    warned = client.post(f"{LIST}add/", _form(story="打13800000102"))
    assert warned.status_code == 422 and "我看过了，照样发布" in warned.content.decode()
    assert not Wish.objects.exists()
    other = client.post(f"{LIST}add/", _form(story="打13800000103", seen_warnings=_tick(warned)))
    assert other.status_code == 422 and _tick(other) != _tick(warned), "the words changed since"
    assert client.post(f"{LIST}add/", _form(story="打13800000102", seen_warnings=_tick(warned))).status_code == 302


def _tick(warned: Any) -> str:
    """What the tick on the page sends: nobody has set it yet."""
    (tick,) = re.findall(r'<input type="checkbox" name="seen_warnings"[^>]*>', warned.content.decode())
    assert "checked" not in tick
    return re.findall(r'value="([^"]+)"', tick)[0]


def test_the_page_offers_what_one_may_do(cast: Cast) -> None:
    here = cast.chengxiang
    wish = verified(here)
    offered = {
        "approve": (here.secretary,),
        "verify": (here.worker, here.secretary, here.grid_lead),
        "reject": (here.secretary,),
        "household": (here.worker, here.secretary, here.clerk, here.section_head),
    }
    for person in (here.worker, here.secretary, here.grid_lead, here.clerk, here.section_head, here.leader):
        page = browser_of(person).get(f"{LIST}{wish.pk}/change/").content.decode()
        for verb, whose in offered.items():
            shown = f'action="{LIST}{wish.pk}/{verb}/' in page
            expected = person in whose or (verb == "household" and person == here.grid_lead)
            assert shown == expected, (verb, person.username)
        assert not [canary for canary in CANARIES.values() if canary in page]
    assert browser_of(cast.xiasha.secretary).get(f"{LIST}{wish.pk}/change/").status_code == 404


def test_verify_approve_claim_confirm_on_the_pages(cast: Cast) -> None:
    here = cast.chengxiang
    wish = raised(here)
    worker, secretary = browser_of(here.worker), browser_of(here.secretary)
    empty = worker.post(f"{LIST}{wish.pk}/verify/", {"version": 1, "how": ""})
    assert empty.status_code == 422 and "怎么核实" in empty.content.decode()
    assert worker.post(f"{LIST}{wish.pk}/verify/", {"version": 1, "how": "上门看过"}).status_code == 302
    assert worker.post(f"{LIST}{wish.pk}/approve/", {"version": 2}).status_code == 403
    assert secretary.post(f"{LIST}{wish.pk}/approve/", {"version": 2}).status_code == 302
    claim = taken(here, again(wish))
    step = {"claim": claim.pk, "verb": "deliver", "version": claim.version, "note": "陪着送到了"}
    sent = worker.post(f"{LIST}{wish.pk}/claim/", {**step, "photos": upload(photo())})
    assert sent.status_code == 302, sent.content.decode()
    picture = Attachment.objects.get(owner_kind="claim", owner_id=str(claim.pk))
    page = secretary.get(f"{LIST}{wish.pk}/change/").content.decode()
    assert f"/photo/{picture.pk}/" in page and "代确认：收到了" in page
    assert secretary.get(f"{LIST}{wish.pk}/photo/{picture.pk}/").status_code == 200
    assert browser_of(cast.xiasha.secretary).get(f"{LIST}{wish.pk}/photo/{picture.pk}/").status_code == 404
    claim.refresh_from_db()
    step = {"claim": claim.pk, "verb": "confirm", "version": claim.version, "note": ""}
    assert secretary.post(f"{LIST}{wish.pk}/claim/", step).status_code == 302
    assert "已圆梦" in worker.get(f"{LIST}{wish.pk}/change/").content.decode()


def test_a_claim_of_another_wish_and_an_unknown_step_are_not_found(cast: Cast) -> None:
    here = cast.chengxiang
    one, other = published(here), published(here)
    claim = taken(here, one)
    worker = browser_of(here.worker)
    for pk, verb in ((other.pk, "release"), (one.pk, "claim"), (one.pk, "return")):
        step = {"claim": claim.pk, "verb": verb, "version": claim.version, "note": "收回"}
        assert worker.post(f"{LIST}{pk}/claim/", step).status_code == 404
    assert Claim.objects.get().state == claim.state


def test_a_stale_decision_keeps_its_words(cast: Cast) -> None:
    here = cast.chengxiang
    wish = verified(here)
    answer = browser_of(here.secretary).post(
        f"{LIST}{wish.pk}/reject/", {"reject-version": 1, "reject-words": "要补材料"}
    )
    page = answer.content.decode()
    assert answer.status_code == 409 and "要补材料" in page
    assert f"社工{here.worker.name}：核实了" in page and "您填的内容还在" in page
    assert again(wish).state == WishState.TO_VERIFY


def test_the_household_is_shown_to_whoever_asks(cast: Cast) -> None:
    here = cast.chengxiang
    wish = raised(here)
    shown = browser_of(here.worker).post(f"{LIST}{wish.pk}/household/").content.decode()
    assert CANARIES["beneficiary"] in shown and CANARIES["household"] in shown and "139 1234 5678" in shown
    clerk = browser_of(here.clerk)
    asked = clerk.post(f"{LIST}{wish.pk}/household/")
    assert asked.status_code == 422 and CANARIES["beneficiary"] not in asked.content.decode()
    assert CANARIES["beneficiary"] in clerk.post(f"{LIST}{wish.pk}/household/", {"reason": "陪同"}).content.decode()


@pytest.mark.parametrize("tab", ["to_verify", "to_approve", "open", "under_way", "unclaimed", "fulfilled", "all"])
def test_each_tab_lists_its_wishes_and_nobody_elses(cast: Cast, tab: str) -> None:
    here = cast.chengxiang
    wishes = {
        "to_verify": raised(here, item="等核实的"),
        "to_approve": verified(here, item="等审批的"),
        "open": published(here, item="等认领的"),
        "under_way": published(here, item="在办的"),
    }
    taken(here, wishes["under_way"])
    published(cast.xiasha, item="下沙的")
    page = browser_of(here.clerk).get(f"{LIST}?tab={tab}").content.decode()
    for name, wish in wishes.items():
        assert (f'{LIST}{wish.pk}/change/"' in page) == (tab in (name, "all")), name
    assert "下沙的" not in page


def test_a_need_becomes_a_wish_on_the_same_page(cast: Cast) -> None:
    here = cast.chengxiang
    need = say_need(here.home)
    client = browser_of(here.worker)
    assert need.title in client.get(f"{LIST}add/?need={need.pk}").content.decode()
    sent = _form(beneficiary="", phone="", version=need.version)
    assert client.post(f"{LIST}add/?need={need.pk}", sent).status_code == 302
    assert client.post(f"{LIST}add/?need={need.pk}", sent).status_code == 302  # a second tap
    assert Wish.objects.get().need_id == need.pk
    assert browser_of(cast.xiasha.worker).get(f"{LIST}add/?need={need.pk}").status_code == 404


def test_a_wish_that_was_brought_shows_until_when_the_community_confirms(cast: Cast) -> None:
    here = cast.chengxiang
    claim = taken(here, published(here))
    client = browser_of(here.worker)
    assert "还有15天" in client.get(LIST).content.decode()
    deliver(claim_id=claim.pk, by=fresh(here.liaison))
    page = client.get(LIST).content.decode()
    row = page[page.index("<tbody") : page.index("</tbody")]
    assert "个工作日" in row and "前代确认" in row and "还有15天" not in row and "前送到" not in row
    assert "到什么时候" not in page and ">时间<" in page


def test_the_party_office_sets_who_approves(cast: Cast) -> None:
    here = cast.chengxiang
    client = browser_of(here.party_office)
    page = client.get("/admin/needs/wishpolicy/").content.decode()
    assert "现在由社区书记审批" in page and "谁来审批心愿" in page and "增加" not in page
    page = client.get("/admin/needs/wishpolicy/add/").content.decode()
    assert here.street.pk in page and cast.xiasha.street.pk not in page
    sent = client.post("/admin/needs/wishpolicy/add/", {"street": here.street.pk, "approver": "street"})
    assert sent.status_code == 302
    assert WishPolicy.objects.get().approver == "street"
    changed = client.post(f"/admin/needs/wishpolicy/{here.street.pk}/change/", {"approver": "secretary"})
    assert changed.status_code == 302 and WishPolicy.objects.get().approver == "secretary"
    assert browser_of(here.clerk).get("/admin/needs/wishpolicy/add/").status_code == 403
    assert (
        browser_of(cast.xiasha.party_office).get(f"/admin/needs/wishpolicy/{here.street.pk}/change/").status_code == 404
    )
