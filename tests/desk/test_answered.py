"""What a unit, or a person, has replied to and done stands in one list afterwards: without the household it was for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from claims.models import Claim
from claims.services import confirm, deliver, return_claim
from needs.models import NeedEvent
from needs.services.assigning import assign_need
from needs.services.finishing import finish_need
from needs.services.following import withdraw
from needs.services.triage import escalate_need
from needs.services.units import answers_of_unit, settled_without_unit, unit_hand_back, unit_report
from needs.states import Verb
from tests.cast import Cast, browser_of, fresh, resident
from tests.claims.things import another_unit, unit_of
from tests.desk.asking import asked, errand, hidden, take, text
from tests.needs.wishing import CANARIES, published, taken

pytestmark = pytest.mark.django_db
ONE = "13900000001"
SECRET = {
    "words": "楼道灯坏了，我是金丝雀阿婆",
    "name": "金丝雀阿婆",
    "phone": "13812345678",
    "helped_name": "金丝雀大伯",
}


def rows(client: Client, path: str = "/desk/claims/") -> str:
    page = text(client.get(path))
    return page[page.index("<main") : page.index("</main>")]


def replied(client: Client, pk: int, form: str, **typed: str) -> Any:
    page = text(client.get(f"/desk/needs/{pk}/"))
    sent = {"unit": hidden(page, "unit"), "hold_key": hidden(page, "hold_key"), **typed}
    return client.post(f"/desk/needs/{pk}/{form}/", sent, follow=True)


@pytest.mark.parametrize(
    ("form", "typed", "said"),
    [
        ("will-help", {"words": "周二来"}, "太好了"),
        ("report", {"words": "校好了"}, "谢谢贵单位"),
        ("hand-back", {"why": "这周都在外面"}, "没关系"),
    ],
)
def test_every_reply_is_acknowledged_in_a_live_region(cast: Cast, form: str, typed: dict[str, str], said: str) -> None:
    need, client = asked(cast.chengxiang), browser_of(cast.chengxiang.liaison)
    page = text(replied(client, need.pk, form, **typed))
    region = page[page.index('class="toasts"') :]
    assert 'role="status"' in region[:60] and said in region[: region.index("</div>")]


def test_an_errand_given_back_is_acknowledged_and_stands_in_the_list(cast: Cast) -> None:
    client, found = browser_of(resident(ONE)), errand(cast.chengxiang)
    take(client, found)
    back = client.post(f"/desk/claims/{Claim.objects.get().pk}/return/", {"version": "1", "why": "脚崴了"}, follow=True)
    assert "退回好了" in text(back) and "/desk/claims/" in text(back)
    listed = rows(client)
    assert found.what in listed and "退回了" in listed


def test_what_the_unit_replied_stands_beside_what_it_claimed_and_names_nobody(cast: Cast) -> None:
    here = cast.chengxiang
    client = browser_of(here.liaison)
    for form, typed in (
        ("report", {"words": "灯换好了，打13812345678回过"}),
        ("hand-back", {"why": "电工这周都在外面"}),
    ):
        replied(client, asked(here, **SECRET).pk, form, **typed)
    done, back = taken(here, published(here, item="一床厚被子")), taken(here, published(here, item="一副老花镜"))
    deliver(claim_id=done.pk, by=fresh(here.liaison))
    confirm(claim_id=done.pk, by=fresh(here.worker))
    return_claim(claim_id=back.pk, by=fresh(here.liaison), note="买不到")
    taken(here, published(here, item="一盏小夜灯"))
    listed = rows(client)
    assert all(said in listed for said in ("回复：办好了", "回复：帮不了", "灯换好了", "电工这周都在外面"))
    assert all(said in listed for said in ("一床厚被子", "完成了，谢谢", "一副老花镜", "退回了", "一盏小夜灯"))
    assert listed.index("一盏小夜灯") < listed.index("一副老花镜") < listed.index("一床厚被子") < listed.index("帮不了")
    assert not any(canary in listed for canary in ("金丝雀", "1381234", *CANARIES.values(), "楼道灯坏了"))
    assert "/desk/claims/" in rows(client, "/desk/") and "/desk/claims/?who=me" in rows(client, "/desk/")


def test_another_unit_that_was_asked_later_has_a_list_of_its_own(cast: Cast) -> None:
    here = cast.chengxiang
    need = asked(here)
    other, theirs = another_unit(here)
    unit_hand_back(pk=need.pk, by=fresh(here.liaison), unit_id=unit_of(here).pk, why="我们的人在外面")
    assign_need(pk=need.pk, by=fresh(here.worker), to_unit_id=other.pk, why="他们有梯子")
    unit_report(pk=need.pk, by=fresh(theirs), unit_id=other.pk, words="他们家换好了")
    ours, their_own = rows(browser_of(here.liaison)), rows(browser_of(theirs))
    assert "我们的人在外面" in ours and "他们家换好了" not in ours
    assert "他们家换好了" in their_own and "我们的人在外面" not in their_own
    for stranger in (cast.xiasha.liaison, here.worker, resident(ONE)):
        seen = rows(browser_of(stranger), f"/desk/claims/?unit={other.pk}")
        assert "他们家换好了" not in seen and "我们的人在外面" not in seen
        assert not answers_of_unit(by=fresh(stranger), unit_id=other.pk).exists()


def test_the_list_has_pages_over_both_kinds_without_a_gap(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desk.views.claims.SIZE", 2)
    here = cast.chengxiang
    client, names = browser_of(here.liaison), []
    for number in range(3):
        names.append(f"第{number}次换好了")
        unit_report(pk=asked(here).pk, by=fresh(here.liaison), unit_id=unit_of(here).pk, words=names[-1])
        names.append(f"第{number}床被子")
        over = taken(here, published(here, item=names[-1]))
        return_claim(claim_id=over.pk, by=fresh(here.liaison), note="买不到")
    # Two rows of one moment, of one key: neither is left out or shown twice.
    event, claim = NeedEvent.objects.filter(verb=Verb.REPORT).latest("pk"), Claim.objects.latest("pk")
    Claim.objects.filter(pk=claim.pk).update(claimed_at=event.at)
    path, seen = "/desk/claims/", list[str]()
    while path:
        page = client.get(path)
        seen += [name for name in names if name in rows_of(page)]
        path = page.context["next_url"]
    assert sorted(seen) == sorted(names)
    assert client.get("/desk/claims/?cursor=%27--").status_code == 400


@pytest.mark.parametrize(
    ("end", "said"),
    [
        (lambda need, here: finish_need(pk=need.pk, by=fresh(here.worker), words="金丝雀换好了"), "{home}已经办好了"),
        (lambda need, here: withdraw(token=need.link_token, reason="金丝雀"), "居民撤回了"),
        (lambda need, here: escalate_need(pk=need.pk, by=fresh(here.worker), why="金丝雀"), "{home}另作了安排"),
        (
            lambda need, here: assign_need(
                pk=need.pk, by=fresh(here.worker), to_unit_id=another_unit(here)[0].pk, why="金丝雀"
            ),
            "{home}另作了安排",
        ),
    ],
)
def test_what_others_settled_stands_in_the_list_and_a_late_form_says_who_and_when(
    cast: Cast, end: Any, said: str
) -> None:
    here = cast.chengxiang
    client, need = browser_of(here.liaison), asked(here, **SECRET)
    page, words = text(client.get(f"/desk/needs/{need.pk}/")), said.format(home=here.home.name)
    sent = {"unit": hidden(page, "unit"), "hold_key": hidden(page, "hold_key"), "words": "我们周三来"}
    end(need, here)
    listed = rows(client)
    assert f"，{words}" in listed and need.number in listed and "不用再办" in listed
    late = text(client.post(f"/desk/needs/{need.pk}/report/", sent))
    assert f"，{words}，不用贵单位办了" in late and "今天" in late and "我们周三来" in late
    assert "金丝雀" not in listed + late and here.worker.name not in listed + late
    for stranger in (cast.xiasha.liaison, here.worker):
        assert not settled_without_unit(by=fresh(stranger), unit_id=unit_of(here).pk).exists()


def test_what_is_still_in_hand_stands_above_what_is_over(cast: Cast) -> None:
    here = cast.chengxiang
    client = browser_of(here.liaison)
    later, sooner = taken(here, published(here, item="一盏小夜灯")), taken(here, published(here, item="一床厚被子"))
    Claim.objects.filter(pk=later.pk).update(deliver_by=later.deliver_by + timedelta(days=3))
    over = taken(here, published(here, item="一副老花镜"))
    return_claim(claim_id=over.pk, by=fresh(here.liaison), note="买不到")
    listed = rows(client)
    assert listed.index("一床厚被子") < listed.index("一盏小夜灯") < listed.index("一副老花镜")
    deliver(claim_id=sooner.pk, by=fresh(here.liaison))
    listed = rows(client)
    assert listed.index("一盏小夜灯") < listed.index("一床厚被子") < listed.index("一副老花镜")
    assert [listed.count(name) for name in ("一床厚被子", "一盏小夜灯", "一副老花镜")] == [1, 1, 1]


def rows_of(page: Any) -> str:
    found = text(page)
    return found[found.index("<main") : found.index("</main>")]


def test_the_answers_of_a_unit_are_found_by_an_index(cast: Cast) -> None:
    here = cast.chengxiang
    unit_report(pk=asked(here).pk, by=fresh(here.liaison), unit_id=unit_of(here).pk, words="换好了")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plans = {
            name: find(by=fresh(here.liaison), unit_id=unit_of(here).pk).order_by("-at", "-pk").explain()
            for name, find in (
                ("needevent_unit_answers", answers_of_unit),
                ("needevent_unit_left", settled_without_unit),
            )
        }
    assert all(name in plan for name, plan in plans.items()), plans
