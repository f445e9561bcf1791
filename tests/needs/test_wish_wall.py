"""心愿墙: what can be taken and what came true, and nothing of the household, on the page and in the API."""

from __future__ import annotations

from django.test import Client

from claims.services import steps
from members.models import MemberUnit
from needs.services.wish_from_need import wish_from_need
from needs.services.wishes import approve_wish, verify_wish
from tests.cast import Cast, browser_of, fresh, say_need
from tests.needs.wishing import CANARIES, published, raised, taken, typed, unit_of, verified

WALL, API = "/wishes/", "/api/v1/wishes/"


def _page(path: str = WALL) -> str:
    answer = Client().get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_empty_wall_says_so(cast: Cast) -> None:
    assert "现在没有等人认领的心愿" in _page()


def test_only_what_can_be_taken_hangs_there(cast: Cast) -> None:
    here = cast.chengxiang
    raised(here, item="没核实的")
    verified(here, item="没审批的")
    taken(here, published(here, item="领走的"))
    wish = published(here, item="一床厚被子", shares=3)
    page = _page()
    assert wish.offer is not None and f"/desk/offers/{wish.offer.pk}/" in page
    for word in ("一床厚被子", "李伯", here.home.name, "每份300元", "共3份，还差3份"):
        assert word in page, word
    for word in ("没核实的", "没审批的", "领走的"):
        assert word not in page, word


def test_nothing_of_the_household_is_on_the_wall_or_in_the_api(cast: Cast) -> None:
    here = cast.chengxiang
    need = say_need(here.home, name="王金丝", words="家里冷，金丝雀原话", place="金丝雀小区")
    wish = wish_from_need(need_pk=need.pk, by=fresh(here.worker), version=None, client_key=need.client_key, **typed())
    verify_wish(pk=wish.pk, by=fresh(here.worker), version=None, how="金丝雀核实")
    approve_wish(pk=wish.pk, by=fresh(here.secretary), version=None)
    done = published(here, item="圆了的")
    claim = taken(here, done)
    steps.deliver(claim_id=claim.pk, by=fresh(here.liaison), note="金丝雀便条")
    steps.confirm(claim_id=claim.pk, by=fresh(here.worker))
    said = _page() + _page("/wishes/done/") + Client().get(API).content.decode()
    assert wish.item in said and "圆了的" in said
    secrets = [*CANARIES.values(), need.number, need.contact_name, need.contact_phone, "金丝雀", here.worker.name]
    assert not [secret for secret in secrets if secret in said]


def test_a_unit_is_named_only_if_it_agreed(cast: Cast) -> None:
    here = cast.chengxiang
    claim = taken(here, published(here))
    steps.deliver(claim_id=claim.pk, by=fresh(here.liaison))
    steps.confirm(claim_id=claim.pk, by=fresh(here.worker))
    unit = MemberUnit.objects.get(pk=claim.unit_id)
    assert unit.name not in _page()
    MemberUnit.objects.filter(pk=unit.pk).update(is_public=True)
    assert f"{unit}认领" in _page()


def test_the_filters_narrow_it(cast: Cast) -> None:
    published(cast.chengxiang, item="厚被子")
    published(cast.xiasha, item="陪着散步", kind="company", cap_yuan=None)
    both = _page()
    assert "厚被子" in both and "陪着散步" in both
    only = _page(f"{WALL}?kind=company")
    assert "厚被子" not in only and "陪着散步" in only
    there = _page(f"{WALL}?community={cast.chengxiang.home.pk}")
    assert "厚被子" in there and "陪着散步" not in there
    assert "这里现在没有心愿" in _page(f"{WALL}?kind=service")
    assert "厚被子" in _page(f"{WALL}?kind=x")


def test_the_wall_goes_on_page_by_page(cast: Cast) -> None:
    for number in range(26):
        published(cast.chengxiang, item=f"第{number}床被子")
    first = Client().get(WALL)
    assert len(first.context["cards"]) == 24
    second = Client().get(first.context["next_url"])
    assert len(second.context["cards"]) == 2 and not second.context["next_url"]
    shown = {card["item"] for page in (first, second) for card in page.context["cards"]}
    assert len(shown) == 26
    assert Client().get(f"{WALL}?cursor=broken").status_code == 400


def test_what_the_household_says_is_read_by_whoever_has_it_in_hand(cast: Cast) -> None:
    """``story``: not on the wall, in its API or on a card of the desk; on the claim's own page, and by staff."""
    here, words = cast.chengxiang, "夜里翻身时被子太沉"
    wish = published(here, story=words)
    assert wish.offer is not None
    unit_of(here)
    liaison = browser_of(here.liaison)
    offer = f"/desk/offers/{wish.offer.pk}/"
    outside = [
        _page(),
        Client().get(API).content.decode(),
        *(liaison.get(at).content.decode() for at in ("/desk/", offer)),
    ]
    assert all(wish.item in page for page in outside)
    assert not [page for page in outside if words in page]
    staff = browser_of(here.clerk).get(f"/admin/needs/wish/{wish.pk}/change/").content.decode()
    assert words in staff
    claim = taken(here, wish)
    address = f"/desk/claims/{claim.pk}/"
    assert words in liaison.get(address).content.decode()
    steps.return_claim(claim_id=claim.pk, by=fresh(here.liaison), note="买不到")
    assert words not in liaison.get(address).content.decode()
