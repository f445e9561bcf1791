"""What staff see of a need: whose desk, since when, until when, why; what is under way; counts that agree."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from claims import services as claims
from claims.models import Claim, Offer
from deadlines.models import Stage
from deadlines.selectors import figures as board
from deadlines.selectors import midnight
from needs.links import progress_path
from needs.models import Need
from needs.services.finishing import finish_need
from needs.services.handling import accept_need
from needs.states import Office, State
from people.models import User
from tests.cast import Cast, browser_of, fresh, say_need
from tests.needs.running import publish, runner
from tests.needs.steps import at, in_hand, page_of, take

pytestmark = pytest.mark.django_db
NEW = ("version", "claim", "claim_version")


def test_an_errand_is_on_the_page_with_who_has_it_since_when_and_until_when(cast: Cast) -> None:
    here, need = cast.chengxiang, say_need(cast.chengxiang.home)
    runner = fresh(cast.nobody)
    assert take("errand", need, here.worker, here).status_code == 302
    panel = page_of(need, here.worker).context["under_way"][0]
    assert panel["hand"]["unit"] == "等人接单" and panel["until"] and panel["title"] == "买一瓶眼药水"
    offer = Offer.objects.get(kind="errand")
    claim = claims.claim_offer(offer_id=offer.pk, by=runner, client_key=uuid4())
    page = page_of(need, here.worker)
    assert page.context["under_way"][0]["hand"]["name"] == runner.name
    assert {"errand_release"} == {step["name"] for step in page.context["steps"] if "errand" in step["name"]}
    claims.deliver(claim_id=claim.pk, by=runner, note="放在门口了")
    assert take("errand_not_there", need, here.worker, here).status_code == 302
    claims.deliver(claim_id=claim.pk, by=runner, note="交到手里了")
    assert take("errand_confirm", need, here.worker, here).status_code == 302
    assert Need.objects.get(pk=need.pk).state == State.TO_ANSWER
    panel = page_of(need, here.worker).context["under_way"][0]
    assert panel["hand"]["unit"] == f"{runner.name}送到了" and not panel["until"]
    assert [fact["label"] for fact in panel["facts"]] == ["说了到发出", "发出到接单", "接单到送到"]


def test_reported_brought_it_is_the_residents_turn_on_every_page(cast: Cast) -> None:
    here, need = cast.chengxiang, say_need(cast.chengxiang.home)
    errand, helper = publish(need, here.worker), runner("13900000002")
    claim = claims.claim_offer(offer_id=errand.offer_id, by=fresh(helper), client_key=uuid4())

    def pages() -> tuple[str, str, str, str]:
        hand = page_of(need, here.worker).context["under_way"][0]["hand"]
        follows = browser_of(None).get(reverse("needs:progress", args=[need.link_token])).context["hand"]
        now = next(fact["value"] for fact in follows if fact["label"] == "在谁手里")
        runs = browser_of(helper).get(f"/desk/claims/{claim.pk}/").content.decode()
        looks = browser_of(runner("13900000003")).get(f"/desk/errands/{errand.offer_id}/").content.decode()
        return f"{hand['name']}{hand['unit']}", now, *(_in_whose_hands(page) for page in (runs, looks))

    staff, follows, runs, looks = pages()
    assert (staff, follows) == (helper.name, "跑腿的志愿者")
    assert "您" in runs and "志愿者接下了" in looks
    claims.deliver(claim_id=claim.pk, by=fresh(helper), note="放在门口了")
    staff, follows, runs, looks = pages()
    assert staff == "居民，等确认；社区可以代为确认"
    assert follows == "您，等您说收到没有；社区可以代为确认"
    assert runs.startswith("居民，等确认；社区可以代为确认") and looks.startswith("送到了，等居民确认")
    page = page_of(need, here.worker)
    ends = Stage.objects.get(kind="needs.errand_confirm", outcome="running").due_at
    until = f"社区{timezone.localtime(ends - timedelta(microseconds=1)):%-m月%-d日}前代为确认"
    assert page.context["under_way"][0]["until"] == until
    follows_page = browser_of(None).get(reverse("needs:progress", args=[need.link_token]))
    assert page.context["strip"]["resident"]["headline"] == follows_page.context["headline"]


def _in_whose_hands(page: str) -> str:
    found = re.search(r"<dt>在谁手里</dt><dd>(.*?)</dd>", page, re.S)
    assert found
    return found[1]


def test_what_the_runner_did_stands_in_the_staffs_history(cast: Cast) -> None:
    here, need = cast.chengxiang, say_need(cast.chengxiang.home)
    errand, first, second = publish(need, here.worker), runner("13900000002"), runner("13900000003")
    gone = claims.claim_offer(offer_id=errand.offer_id, by=fresh(first), client_key=uuid4())
    claims.return_claim(claim_id=gone.pk, by=fresh(first), note="脚崴了")
    claim = claims.claim_offer(offer_id=errand.offer_id, by=fresh(second), client_key=uuid4())
    claims.deliver(claim_id=claim.pk, by=fresh(second), note="放在门口了")
    claims.not_there(claim_id=claim.pk, by=fresh(here.worker), note="问过了，还没收到")
    claims.deliver(claim_id=claim.pk, by=fresh(second), note="交到手里了")
    claims.confirm(claim_id=claim.pk, by=fresh(here.worker))
    told = [(line["text"], line["why"]) for line in page_of(need, here.worker).context["timeline"]]
    assert told == [
        ("办好了，请居民评价", ""),
        ("跑腿：社区代居民确认收到", ""),
        ("跑腿：说送到了", "交到手里了"),
        ("跑腿：还没收到，请志愿者再看看", "问过了，还没收到"),
        ("跑腿：说送到了", "放在门口了"),
        ("跑腿：接单", ""),
        ("跑腿：退回，又等人接", "脚崴了"),
        ("跑腿：接单", ""),
        ("转跑腿", ""),
        ("居民提交（网页）", ""),
    ]
    lines = page_of(need, here.worker).context["timeline"]
    assert [line["now"] for line in lines] == [True, *[False] * 9]


@pytest.mark.parametrize("way", ["errand_release", "errand_confirm", "errand_not_there"])
def test_a_page_opened_on_one_runner_does_nothing_to_the_next(cast: Cast, way: str) -> None:
    here, need = cast.chengxiang, say_need(cast.chengxiang.home)
    offer, first, second = publish(need, here.worker).offer, fresh(cast.nobody), runner("13900000002")
    brought = way != "errand_release"

    def taken(person: User) -> Claim:
        claim = claims.claim_offer(offer_id=offer.pk, by=fresh(person), client_key=uuid4())
        return claims.deliver(claim_id=claim.pk, by=fresh(person)) if brought else claim

    shown = taken(first)
    step = next(step for step in page_of(need, here.worker).context["steps"] if step["name"] == way)
    opened = {f"{way}-{name}": str(step["form"][name].value()) for name in NEW}
    assert opened[f"{way}-claim"] == str(shown.pk)
    if brought:
        claims.not_there(claim_id=shown.pk, by=fresh(here.secretary), note="问过了，还没收到")
    claims.return_claim(claim_id=shown.pk, by=fresh(first), note="临时有事")
    now = taken(second)
    assert str(Need.objects.get(pk=need.pk).version) == opened[f"{way}-version"]
    stale = take(way, need, here.worker, here, **opened)
    assert stale.status_code == 409 and "跑腿的情况刚变了" in stale.content.decode()
    after = Claim.objects.get(pk=now.pk)
    assert (after.state, after.version) == (now.state, now.version)
    again = {
        name: str(next(s for s in stale.context["steps"] if s["name"] == way)["form"][name].value()) for name in NEW
    }
    sent = {f"{way}-{name}": value for name, value in again.items()}
    assert take(way, need, here.worker, here, **sent).status_code == 302
    assert Claim.objects.get(pk=now.pk).version == now.version + 1


def test_a_name_in_public_words_comes_back_once_with_a_tick(cast: Cast) -> None:
    here, need = cast.chengxiang, say_need(cast.chengxiang.home, name="赵桂英")
    named = {"errand-what": "给赵桂英买眼药水"}
    warned = take("errand", need, here.worker, here, **named)
    page = warned.content.decode()
    assert warned.status_code == 422 and "errand-seen_warnings" in page and "给赵桂英买眼药水" in page
    assert "errand-seen_warnings" not in page_of(need, here.worker).content.decode()
    (mark,) = re.findall(r'name="errand-seen_warnings"[^>]* value="([^"]+)"', page)
    other = take("errand", need, here.worker, here, **{"errand-what": "替赵桂英买药", "errand-seen_warnings": mark})
    assert other.status_code == 422, "the tick was for other words"
    seen = {**named, "errand-seen_warnings": mark}
    assert take("errand", need, here.worker, here, **seen).status_code == 302


def test_a_reason_for_colleagues_stands_in_the_history_marked_as_such(cast: Cast) -> None:
    here, need = cast.chengxiang, say_need(cast.chengxiang.home)
    take("escalate", need, here.worker, here)
    page = page_of(need, here.clerk)
    newest = page.context["timeline"][0]
    assert newest["why"] == "请帮着看看" and not newest["said"]
    assert page.context["strip"]["why_here"] == "请帮着看看"
    assert "内部说明" in page.content.decode()
    accept_need(pk=need.pk, by=here.clerk)
    finish_need(pk=need.pk, by=here.clerk, words="路灯修好了。")
    assert page_of(need, here.clerk).context["strip"]["why_here"] == "", "it waits for the resident now"
    assert "请帮着看看" not in browser_of(None).get(progress_path(need.link_token)).content.decode()


def test_what_lies_at_ones_own_desk_is_counted_and_nothing_else(cast: Cast) -> None:
    here = cast.chengxiang
    at(Office.COMMUNITY)(here)
    at(Office.STREET)(here)
    at(Office.LEADER)(here)
    for person, label in ((here.worker, "待我受理"), (here.clerk, "待我受理"), (here.leader, "待我回访")):
        tiles = {
            tile["label"]: tile["value"] for tile in browser_of(person).get(reverse("admin:index")).context["tiles"]
        }
        assert tiles[label] == "1"
        assert "待我审批" in tiles
    listed = browser_of(here.clerk).get(reverse("admin:needs_need_changelist"), {"tab": "pending"})
    assert len(listed.context["rows"]) == 2, "at the leader's it is in hand, and a call is awaited"
    working = browser_of(here.clerk).get(reverse("admin:needs_need_changelist"), {"tab": "working"})
    assert len(working.context["rows"]) == 1


def test_today_and_late_are_what_the_board_says(cast: Cast) -> None:
    here = cast.chengxiang
    need, promised = say_need(here.home), in_hand(Office.COMMUNITY)(here)
    now = timezone.now()
    Stage.objects.filter(subject=f"need:{need.pk}").update(due_at=now - timedelta(minutes=5))
    Stage.objects.filter(subject=f"need:{promised.pk}", outcome="running").update(due_at=midnight(1))
    client = browser_of(here.clerk)
    tiles = {tile["label"]: tile["value"] for tile in client.get(reverse("admin:index")).context["tiles"]}
    figures = board(fresh(here.clerk))
    assert (tiles["今天到期"], tiles["已超期"]) == (str(figures.today), str(figures.late)) == ("1", "1")
    late = client.get(reverse("admin:needs_need_changelist"), {"tab": "overdue"})
    assert [row["pk"] for row in late.context["rows"]] == [need.pk]
