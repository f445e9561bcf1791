"""The ways to go on with a need, over HTTP: each button exactly for whom the ability is there, each keeps its words."""

from __future__ import annotations

import pytest

from needs.models import Need
from needs.permissions import abilities
from needs.services.handling import accept_need
from needs.states import Office, State, Verb
from needs.views.steps import offered
from needs.views.ways import WAYS
from people.models import User
from tests.cast import Cast, browser_of, fresh, say_need
from tests.needs.steps import at, in_hand, page_of, take, to, typed

pytestmark = pytest.mark.django_db

EVERYBODY = (
    "worker",
    "secretary",
    "grid_full",
    "grid_part",
    "clerk",
    "section_head",
    "party_office",
    "leader",
)


SITUATIONS = {
    "new": at(Office.COMMUNITY),
    "sent up": at(Office.STREET),
    "at the leader's": at(Office.LEADER),
    "in hand": in_hand(Office.COMMUNITY),
    "in the street's hand": in_hand(Office.STREET),
}


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_button_stands_there_exactly_for_whom_the_ability_is(cast: Cast, situation: str, who: str) -> None:
    need = SITUATIONS[situation](cast.chengxiang)
    person = fresh(getattr(cast.chengxiang, who))
    page = page_of(need, person).content.decode()
    may = abilities(person, need)
    for name, step in WAYS.items():
        shown = f'action="{to(name, need)}"' in page
        assert shown == (step.verb in (None, *may) and step.open_to(need, person)), name
    for box in (Verb.ACCEPT, Verb.REPLY, Verb.NOTE):
        assert (f'action="{to(box, need)}"' in page) == (box in may), box


@pytest.mark.parametrize("name", [*WAYS])
def test_who_sees_no_button_changes_nothing_by_its_address(cast: Cast, name: str) -> None:
    here = cast.chengxiang
    need = in_hand(Office.STREET)(here)
    before = Need.objects.filter(pk=need.pk).values().get()
    sent = {f"{name}-version": str(need.version), f"{name}-why": "试试", f"{name}-words": "试试", "choice": "settled"}
    for person, status in ((here.worker, (403, 409, 422)), (here.grid_part, (403, 409, 422)), (here.neighbour, (404,))):
        if step_offered(name, need, person):
            continue
        assert browser_of(person).post(to(name, need), sent).status_code in status, person.username
    assert browser_of(cast.xiasha.clerk).post(to(name, need), sent).status_code == 404
    assert Need.objects.filter(pk=need.pk).values().get() == before


def step_offered(name: str, need: Need, person: User) -> bool:
    person = fresh(person)
    return name in {step.name for step in offered(WAYS, need, person, abilities(person, need))}


def test_done_asks_the_resident_and_leaves_the_hands(cast: Cast) -> None:
    need = in_hand(Office.COMMUNITY)(cast.chengxiang)
    client = browser_of(cast.chengxiang.worker)
    answer = client.post(to("finish", need), {"finish-version": str(need.version), "finish-words": "灯换好了。"})
    assert answer["Location"] == to("change", need)
    now = Need.objects.get(pk=need.pk)
    assert now.state == State.TO_ANSWER and now.events.latest("pk").words == "灯换好了。"
    page = client.get(to("change", need))
    assert page.context["strip"]["hand"]["unit"] == "居民，等评价"
    assert page.context["strip"]["reply"]["left"] == "等居民评价"


def test_each_way_on_goes_where_it_says(cast: Cast) -> None:
    here = cast.chengxiang
    need = say_need(here.home)

    def now() -> Need:
        return Need.objects.get(pk=need.pk)

    assert take("escalate", need, here.worker, here).status_code == 302
    assert (now().office, now().state, now().why_here) == (Office.STREET, State.PENDING, "请帮着看看")
    assert take("send_back", need, here.clerk, here).status_code == 302
    assert (now().office, now().holder) == (Office.COMMUNITY, None)
    assert take("assign", need, here.worker, here, **{"assign-urgent": "on"}).status_code == 302
    assert (now().holder, now().urgent, now().state) == (here.secretary, True, State.IN_PROGRESS)
    assert take("return", need, here.secretary, here).status_code == 302
    assert (now().holder, now().state) == (None, State.PENDING)
    accept_need(pk=need.pk, by=fresh(here.worker))
    assert take("ask", need, here.worker, here).status_code == 302
    assert now().waiting_since is not None
    assert take("resume", need, here.worker, here).status_code == 302
    assert now().waiting_since is None


def test_not_for_this_office_is_told_with_the_right_place(cast: Cast) -> None:
    here, need = cast.chengxiang, say_need(cast.chengxiang.home)
    page = page_of(need, here.worker).content.decode()
    assert "消费纠纷 → 消费投诉12315" in page
    assert take("decline", need, here.worker, here).status_code == 302
    now = Need.objects.get(pk=need.pk)
    assert (now.state, now.declined) == (State.NOT_ACCEPTED, "consumer")
    shown = page_of(now, here.worker).context
    assert shown["decision"]["title"] == "不予受理" and not shown["steps"]


def test_more_time_is_asked_for_and_decided_on_the_page(cast: Cast) -> None:
    here = cast.chengxiang
    need = in_hand(Office.COMMUNITY)(here)
    assert take("extend", need, here.worker, here).status_code == 302
    flags = [flag["label"] for flag in page_of(need, here.worker).context["need"]["flags"]]
    assert any(label.startswith("申请延到") for label in flags)
    assert not step_offered("decide", need, here.worker) and not step_offered("extend", need, here.worker)
    page = page_of(need, here.secretary)
    asked = next(step for step in page.context["steps"] if step["name"] == "decide")
    assert asked["open"] and asked["about"]["said"] == "请帮着看看" and here.worker.name in asked["about"]["line"]
    assert take("decide", need, here.secretary, here, choice="").status_code == 422
    before = Need.objects.get(pk=need.pk).reply_by
    assert take("decide", need, here.secretary, here, choice="granted").status_code == 302
    after = Need.objects.get(pk=need.pk).reply_by
    assert before and after and after > before
    assert "延期中" in {flag["label"] for flag in page_of(need, here.worker).context["need"]["flags"]}


def test_done_without_words_comes_back_open_with_the_reason_at_the_box(cast: Cast) -> None:
    need = in_hand(Office.COMMUNITY)(cast.chengxiang)
    answer = browser_of(cast.chengxiang.worker).post(to("finish", need), {"finish-version": str(need.version)})
    step = next(step for step in answer.context["steps"] if step["name"] == "finish")
    assert answer.status_code == 422 and step["open"] and step["form"].errors["words"]
    assert [other["name"] for other in answer.context["steps"] if other["open"]] == ["finish"]


STALE = ("finish", "escalate", "ask", "extend", "assign", "errand", "return")


@pytest.mark.parametrize("name", STALE)
def test_a_stale_step_is_409_keeps_every_word_and_goes_through_when_sent_again(cast: Cast, name: str) -> None:
    need = in_hand(Office.COMMUNITY)(cast.chengxiang)
    client, words = browser_of(cast.chengxiang.worker), "灯换好了，您看看亮不亮。"
    sent = {**typed(name, words, cast.chengxiang), f"{name}-version": "1"}
    refused = client.post(to(name, need), sent)
    page = refused.content.decode()
    assert refused.status_code == 409 and words in page and "已是最新的，请看一眼再决定" in page
    assert f'name="{name}-version" value="{need.version}"' in page
    again = client.post(to(name, need), {**sent, f"{name}-version": str(need.version)})
    assert again.status_code == 302


def test_what_was_typed_stays_though_the_step_is_gone(cast: Cast) -> None:
    need = in_hand(Office.COMMUNITY)(cast.chengxiang)
    mine, other = browser_of(cast.chengxiang.worker), browser_of(cast.chengxiang.secretary)
    sent = {"finish-version": str(need.version), "finish-words": "我的话"}
    assert other.post(to("finish", need), {**sent, "finish-words": "书记的话"}).status_code == 302
    refused = mine.post(to("finish", need), sent)
    assert refused.status_code == 409 and {"label": "告诉居民", "words": "我的话"} in refused.context["kept"]
    assert "我的话" in refused.content.decode()


@pytest.mark.parametrize(("choice", "state"), [("settled", State.CLOSED), ("again", State.PENDING)])
def test_the_leader_writes_down_the_call_and_says_how_it_goes_on(cast: Cast, choice: str, state: str) -> None:
    need = at(Office.LEADER)(cast.chengxiang)
    client = browser_of(cast.chengxiang.leader)
    assert client.get(to("change", need)).context["steps"][0]["open"]
    sent = {"call_back-version": str(need.version), "call_back-words": "居民说还差一盏灯。", "choice": choice}
    assert client.post(to("call_back", need), sent).status_code == 302
    assert Need.objects.get(pk=need.pk).state == state


def test_what_was_said_to_a_street_goes_to_the_community_chosen_on_its_page(cast: Cast) -> None:
    here, need = cast.chengxiang, say_need(cast.chengxiang.street)
    (step,) = [step for step in page_of(need, here.clerk).context["steps"] if step["name"] == "send_back"]
    offered = {code for code, _name in step["form"].fields["community"].choices if code}
    assert offered == {here.home.pk, here.next_door.pk}, "its own communities and nobody else's"
    assert 'name="send_back-community"' in page_of(need, here.clerk).content.decode()
    for wrong in ("", cast.xiasha.home.pk):
        refused = take("send_back", need, here.clerk, here, **{"send_back-community": wrong})
        assert refused.status_code == 422 and "请帮着看看" in refused.content.decode(), wrong
    assert Need.objects.get(pk=need.pk).area_id == here.street.pk
    chosen = {"send_back-community": here.next_door.pk}
    assert take("send_back", need, here.clerk, here, **chosen).status_code == 302
    found = Need.objects.get(pk=need.pk)
    assert (found.area_id, found.office, found.state) == (here.next_door.pk, Office.COMMUNITY, State.PENDING)
    assert page_of(need, here.neighbour).status_code == 200 and page_of(need, here.worker).status_code == 404


def test_what_has_its_community_asks_for_none(cast: Cast) -> None:
    here, need = cast.chengxiang, at(Office.STREET)(cast.chengxiang)
    page = page_of(need, here.clerk)
    assert any(step["name"] == "send_back" for step in page.context["steps"])
    assert 'name="send_back-community"' not in page.content.decode()
