"""Projects, agreements, livelihood items and the menu over the API: the same services, seen as far as one may."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.models import Alliance
from projects.models import Agreement, Deed, Project
from tests.api.calls import post, problem
from tests.cast import Cast, Street, api_of, say_need
from tests.projects.running import branch_of, project_in, running
from tests.projects.things import again, signed, today, two_units

pytestmark = pytest.mark.django_db
API = "/api/v1/"


def call(browser: Any, path: str, status: int = 200, **said: Any) -> Any:
    answer = post(browser, f"{API}{path}", said)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def typed(here: Street) -> dict[str, Any]:
    """A project as it is sent."""
    return {
        "client_key": str(uuid4()),
        "area": here.street.pk,
        "name": "厢气厨房",
        "kind": "partner",
        "aim": "给老人送餐。",
        "starts_on": today().isoformat(),
        "ends_on": (today() + timedelta(days=60)).isoformat(),
        "commissioner": here.clerk.pk,
        "branch": branch_of(here).pk,
    }


def test_a_project_goes_from_draft_to_outcome(cast: Cast) -> None:
    here = cast.chengxiang
    (unit, liaison), (other, _second) = two_units(here)
    need, clerk, mine = say_need(here.home), api_of(here.clerk), api_of(liaison)
    day, sent = today().isoformat(), {**typed(here), "origin": f"need:{need.pk}"}
    one = call(clerk, "projects/", 201, **sent)
    assert call(clerk, "projects/", **sent)["id"] == one["id"]
    base = f"projects/{one['id']}/"
    assert one["share"] == 0 and "start" in one["abilities"] and one["commissioner"] == here.clerk.name
    assert api_of(liaison).get(f"{API}{base}").status_code == 404

    def step(verb: str, status: int = 200, /, browser: Any = clerk, **said: Any) -> Any:
        version = Project.objects.get().version
        return call(browser, f"{base}{verb}/", status, **{"version": version, **said})

    plan = [{"name": "装修", "weight": 60, "due_on": day}, {"name": "开张", "weight": 30, "due_on": day}]
    assert "milestones" in step("plan", 400, milestones=plan)["fields"]
    plan[1]["weight"] = 40
    assert [mile["weight"] for mile in step("plan", milestones=plan)["milestones"]] == [60, 40]
    step("plan", 409, version=1, milestones=plan)
    step("join", unit=unit.pk, is_lead=True)
    step("agree", 404, unit=other.pk, browser=mine)
    assert step("agree", unit=unit.pk, browser=mine)["parts"][0]["confirmed"] is True
    step("start", 403, browser=mine)
    step("start")
    first, second = (mile["id"] for mile in step("link", subject=f"need:{need.pk}")["milestones"])
    step("reach", 400, milestone=first, done_on=(today() + timedelta(days=1)).isoformat())
    step("reach", milestone=first, done_on=day, browser=mine)
    assert step("reach", milestone=second, done_on=day)["share"] == 100
    found = step("indicators", name="助餐", measure="人次")
    call(clerk, f"{base}indicators/{found['id']}/readings/", 201, day=day, value="270")
    step("scale", yardsticks=[{"name": "满意度", "weight": 100}])
    judged = {"client_key": str(uuid4()), "first_day": day, "last_day": day, "consequence": "keep", "words": "好"}
    judged |= {"scores": [{"name": "满意度", "points": 95, "evidence": "问卷60份"}]}
    assert step("assessments", 201, **judged)["total"] == "95.00"
    _ended(step, api_of(here.leader))
    public = api_of(cast.xiasha.worker).get(f"{API}{base}").json()
    assert public["outcome"] == "每天270人吃上热饭。" and public["abilities"] == ["view"]
    assert not (public["commissioner"] or public["events"]) and need.number not in str(public["thread"])
    assert api_of(cast.xiasha.worker).get(f"{API}{base}assessments/").status_code == 404


def _ended(step: Any, leader: Any) -> None:
    """Asked for, taken back, asked for again, agreed to by another one."""
    asked = step("finish", outcome="每天270人吃上热饭。")
    assert (asked["state"], asked["ending"]) == ("running", "finish") and "finish" not in asked["abilities"]
    step("agree-to-end", 403)
    step("keep-on", words="还有一张照片")
    step("finish", outcome="每天270人吃上热饭。")
    assert step("agree-to-end", browser=leader)["state"] == "done"


def test_lists_show_what_one_may_see_in_a_fixed_number_of_queries(cast: Cast) -> None:
    here = cast.chengxiang
    (_unit, liaison), _other = two_units(here)
    running(here, 60, 40, name="早该完的").milestones.update(due_on=today() - timedelta(days=2))
    project_in(here, name="还在拟的")
    running(here, 100, name="不公开的", is_public=False)
    clerk, outside = api_of(here.clerk), api_of(liaison)

    def names(browser: Any, query: str = "") -> set[str]:
        return {row["name"] for row in browser.get(f"{API}projects/{query}").json()["results"]}

    assert names(clerk) == {"早该完的", "还在拟的", "不公开的"} and names(outside) == {"早该完的"}
    assert names(clerk, "?late=true") == {"早该完的"} == names(clerk, "?q=早该")
    assert clerk.get(f"{API}projects/?sate=done").status_code == 400
    miles = clerk.get(f"{API}milestones/?open=true").json()["results"]
    assert [one["standing"] for one in miles[:2]] == ["超期", "超期"] and len(miles) == 3

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            clerk.get(f"{API}projects/")
        return len(queries)

    asked()
    few = asked()
    for number in range(8):
        running(here, 60, 40, name=f"第{number}个")
    assert asked() == few


def test_an_agreement_goes_to_its_signing_and_nothing_of_it_is_read_by_others(cast: Cast) -> None:
    here = cast.chengxiang
    (unit, liaison), (_other, second) = two_units(here)
    clerk, mine, office = api_of(here.clerk), api_of(liaison), api_of(here.party_office)
    day, last = today().isoformat(), (today() + timedelta(days=364)).isoformat()
    sent = {"client_key": str(uuid4()), "area": here.street.pk, "theme": "清厢之旅", "aim": "一起办党课。"}
    sent |= {"office_duties": "联系参观点。", "starts_on": day, "ends_on": last}
    sent |= {"parties": [{"unit": unit.pk, "duties": "安排车辆。"}]}
    one = call(clerk, "agreements/", 201, **sent)
    base = f"agreements/{one['id']}/"
    assert mine.get(f"{API}{base}").status_code == 404, "a draft is the office's own"

    def step(browser: Any, name: str, status: int = 200, **said: Any) -> Any:
        return call(browser, f"{base}{name}/", status, **{"version": Agreement.objects.get().version, **said})

    step(clerk, "send")
    read = mine.get(f"{API}{base}").json()
    assert "安排车辆。" in read["text"] and read["events"] == []
    assert api_of(second).get(f"{API}{base}").status_code == 404
    (ask,) = read["asks"]
    assert ask["open"] and ask["unit"] == unit.pk
    call(mine, f"asks/{ask['id']}/answer/", 409, yes=True, sha256="0" * 64)
    call(clerk, f"asks/{ask['id']}/answer/", 403, yes=True, sha256=ask["sha256"])
    step(clerk, "sign", 409, signed_on=day, place="会议室")
    call(mine, f"asks/{ask['id']}/answer/", yes=True, sha256=ask["sha256"])
    step(clerk, "approve", 403)
    step(office, "approve")
    done = step(clerk, "sign", signed_on=day, place="会议室")
    assert done["state"] == "running" and len(done["sha256"]) == 64
    step(clerk, "edit", 409, **{name: sent[name] for name in sent if name not in ("client_key", "area")})
    added = step(clerk, "amend", client_key=str(uuid4()), words="再加两趟。")["amendments"][0]
    assert mine.get(f"{API}{base}").json()["amendments"] == []
    assert call(clerk, f"amendments/{added['id']}/send/", version=added["version"])["state"] == "confirming"
    assert len(mine.get(f"{API}{base}").json()["amendments"]) == 1
    assert [row["theme"] for row in mine.get(f"{API}agreements/").json()["results"]] == ["清厢之旅"]
    assert api_of(second).get(f"{API}agreements/").json()["results"] == []
    assert clerk.get(f"{API}agreements/?unit={unit.pk}&state=running").json()["results"]


def test_a_livelihood_item_is_published_reported_and_cleared(cast: Cast) -> None:
    here = cast.chengxiang
    (unit, liaison), _other = two_units(here)
    clerk, office, mine = api_of(here.clerk), api_of(here.party_office), api_of(liaison)
    day, year = today().isoformat(), today().year
    sent = {"client_key": str(uuid4()), "area": here.street.pk, "year": year, "name": "加装电梯", "words": "装电梯。"}
    sent |= {"goal": "20台", "field": "building", "source": "resident", "unit": unit.pk}
    one = call(clerk, "deeds/", 201, **sent)
    base = f"deeds/{one['id']}/"

    def step(verb: str, status: int = 200, /, browser: Any = clerk, **said: Any) -> Any:
        version = {} if verb == "report" else {"version": Deed.objects.get().version}
        return call(browser, f"{base}{verb}/", status, **{**version, **said})

    step("screen", on_day=day, for_all=True, doable=True, countable=True)
    step("note", verb="argue", on_day=day, words="都说可行")
    step("note", 400, verb="vote", on_day=day, words="票决")
    step("note", verb="vote", on_day=day, words="票决", yes=30, of=32)
    publish = {"street": here.street.pk, "year": year, "deeds": [one["id"]]}
    call(clerk, "deeds/publish/", 403, **publish)
    assert call(office, "deeds/publish/", most=9, **publish)[0]["position"] == 1
    assert step("report", browser=mine, month=day, percent=100, words="装好了")["wanting"] == ["验收", "满意度"]
    step("report", 409, browser=mine, month=day, percent=100, words="又报")
    step("clear", 409)
    step("note", verb="accept", on_day=day, words="都在用")
    step("ask", on_day=day, asked=100, satisfied=96)
    assert step("clear")["state"] == "cleared"
    public = api_of(cast.xiasha.worker).get(f"{API}{base}").json()
    assert public["percent"] == 100 and public["records"] == [] and len(public["reports"]) == 1


def test_the_menu_is_opened_and_signed_up_for(cast: Cast) -> None:
    here = cast.chengxiang
    (unit, liaison), (other, _second) = two_units(here)
    clerk, mine = api_of(here.clerk), api_of(liaison)
    alliance = Alliance.objects.get(area=here.street).pk
    rows = call(clerk, "menu/open/", alliance=alliance, year=today().year)
    assert len(rows) == 10 and here.home.pk in rows[0]["gaps"]
    call(mine, f"menu/{rows[0]['id']}/sign-up/", 403, unit=other.pk)
    row = call(mine, f"menu/{rows[0]['id']}/sign-up/", unit=unit.pk, covers=[here.home.pk])
    assert row["sign_ups"][0]["unit"] == unit.pk and here.home.pk not in row["gaps"]
    assert mine.get(f"{API}menu/?year={today().year}").json()["results"][0]["sign_ups"]
    left = call(mine, f"sign-ups/{row['sign_ups'][0]['id']}/leave/", words="人手不够")
    assert left["sign_ups"] == [] and here.home.pk in left["gaps"]
    call(mine, "menu/", 404, alliance=alliance, year=today().year, kind="optional", name="修伞")
    call(clerk, "menu/", 201, alliance=alliance, year=today().year, kind="optional", name="修伞")


def test_what_cannot_be_used_is_refused_at_its_field(cast: Cast) -> None:
    here = cast.chengxiang
    row, clerk = signed(here), api_of(here.clerk)
    body = problem(post(clerk, f"{API}agreements/{row.pk}/end/", {"version": row.version, "word": "x"}), 400, "invalid")
    assert "words" in body["fields"]["word"][0] and "words" in body["fields"]
    assert again(row).state == "running"
    body = problem(post(clerk, f"{API}agreements/{row.pk}/end/", {"version": 1, "words": "不办了"}), 409, "conflict")
    assert again(row).state == "running" and body["message"]
