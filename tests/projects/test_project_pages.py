"""A project in the workbench from the draft to its outcome, its lists, and the public 项目清单."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from claims.models import Offer
from members.models import Alliance
from projects.models import Assessment, Link, Project, Reading
from tests.cast import Cast, browser_of, say_need
from tests.projects.ends import agreed
from tests.projects.running import branch_of, project_in, running
from tests.projects.things import again, today, two_units

pytestmark = pytest.mark.django_db
LIST = "/admin/projects/project/"


def filled(here: Any, **changes: Any) -> dict[str, Any]:
    """The form as a browser sends it."""
    said: dict[str, Any] = {
        "client_key": str(uuid4()),
        "area": here.street.pk,
        "name": "厢气厨房",
        "kind": "partner",
        "aim": "给老人送餐。",
        "field": "food",
        "six": ["built", "shared"],
        "campaigns": "平安西湖，老有所养",
        "commissioner": here.clerk.pk,
        "branch": branch_of(here).pk,
        "starts_on": (today() - timedelta(days=60)).isoformat(),
        "ends_on": (today() + timedelta(days=60)).isoformat(),
        "money": "12.5",
        "is_public": "on",
    }
    return {**said, **changes}


class Page:
    """The page of one project, as one person uses it."""

    def __init__(self, row: Project, user: Any) -> None:
        self.row, self.browser = row, browser_of(user)

    def take(self, act: str, status: int = 302, **said: Any) -> str:
        """Send the form of ``act`` with the version as it stands."""
        given = {"version": again(self.row).version, **said}
        answer = self.browser.post(
            f"{LIST}{self.row.pk}/{act.replace('_', '-')}/", {f"{act}-{name}": value for name, value in given.items()}
        )
        text: str = answer.content.decode()
        assert answer.status_code == status, text[-3000:]
        return text

    @property
    def text(self) -> str:
        found: str = self.browser.get(f"{LIST}{self.row.pk}/change/").content.decode()
        return found


def test_it_goes_from_draft_to_outcome_on_its_page(cast: Cast) -> None:
    here = cast.chengxiang
    (unit, _liaison), _other = two_units(here)
    need = say_need(here.home)
    clerk = browser_of(here.clerk)
    refused = clerk.post(f"{LIST}add/", filled(here, name="", money="-1"))
    assert refused.status_code == 422 and "给老人送餐。" in refused.content.decode()
    answer = clerk.post(f"{LIST}add/", filled(here, origin=f"need:{need.pk}"))
    row = Project.objects.get()
    assert answer.url == f"{LIST}{row.pk}/change/" and row.origin_label == need.number
    assert row.campaigns == ["平安西湖", "老有所养"]
    stale = clerk.post(f"{LIST}{row.pk}/edit/", filled(here, version=99, name="改了名"))
    assert stale.status_code == 409 and "改了名" in stale.content.decode()
    clerk.post(f"{LIST}{row.pk}/edit/", filled(here, version=row.version, name="厢气厨房二期"))
    assert again(row).name == "厢气厨房二期"
    page = Page(row, here.clerk)
    _planned(page, need)
    page.take("publish")
    assert "正等单位认领" in page.text
    page.take("unpublish", 422, words="")
    page.take("unpublish", words="改为街道自己办")
    assert not Offer.objects.filter(state="open").exists()
    page.take("join", unit=unit.pk, does="出厨师")
    assert "还没有确认" in page.take("start", 409)
    page.take("leave", unit=unit.pk, words="调走了")
    page.take("start")
    assert again(row).state == "running" and "实施中" in page.text
    _counted(page)
    first, second = row.milestones.all()
    page.take("reach", milestone=first.pk, done_on=today().isoformat(), evidence="装好了")
    assert "60%" in page.text
    page.take("reach", 422, milestone=second.pk, done_on=(today() + timedelta(days=1)).isoformat())
    page.take("reach", milestone=second.pk, done_on=today().isoformat())
    page.take("reopen", milestone=second.pk, words="又关了")
    page.take("reach", milestone=second.pk, done_on=today().isoformat())
    page.take("finish", outcome="每天270人吃上热饭。")
    assert again(row).state == "running" and "等另一位同意" in page.text
    agreed(cast.chengxiang.leader, row)
    shown = page.text
    assert "每天270人吃上热饭。" in shown and "原来是8000" in shown and "开始实施" not in shown.split("怎么办")[1][:200]


def _planned(page: Page, need: Any) -> None:
    """Milestones that make a hundred, and a case that belongs to it."""
    day = (today() + timedelta(days=9)).isoformat()
    plan = {"name1": "装修", "weight1": 60, "due1": day, "name2": "开张", "weight2": 30, "due2": day}
    assert "要正好100%" in page.take("plan", 422, **plan)
    page.take("plan", **{**plan, "weight2": 40})
    page.take("link", subject=need.number)
    assert Link.objects.get().subject == f"need:{need.pk}"
    assert "没有这个编号" in page.take("link", 422, subject="XQ-没有")


def _counted(page: Page) -> None:
    """An indicator, a figure, the figure put right, measures, an assessment and one that puts it right."""
    row = page.row
    page.take("indicator", name="助餐", measure="人次", period="month", reckon="sum", is_public="on")
    one = row.indicators.get()
    day = today().isoformat()
    assert "不小于0" in page.take("figure", 422, indicator=one.pk, day=day, value="-1")
    page.take("figure", indicator=one.pk, day=day, value="8000")
    assert "已经记了8000" in page.take("figure", 409, indicator=one.pk, day=day, value="8100")
    reading = Reading.objects.get()
    page.take("mend", reading=f"{reading.pk}:{reading.version}", value="8100", note="漏了一天")
    assert "8100人次" in page.text
    assert "要正好100%" in page.take("scale", 422, name1="满意度", weight1=70)
    page.take("scale", name1="满意度", weight1=70, name2="价格", weight2=30)
    said = {"first_day": day, "last_day": day, "points1": 90, "evidence1": "问卷60份", "points2": 80}
    said |= {"consequence": "keep", "words": "办得好", "client_key": str(uuid4())}
    assert "请写依据" in page.take("assess", 422, **said)
    page.take("assess", **said, evidence2="比外面便宜")
    first = Assessment.objects.get()
    assert first.total == 87 and "87分" in page.text
    again_ = {**said, "points2": 60, "evidence2": "涨价了", "client_key": str(uuid4())}
    assert "已经考核过了" in page.take("assess", 409, **again_)
    page.take("assess", **again_, replaces=first.pk)
    listed = page.browser.get("/admin/projects/assessment/").content.decode()
    assert "<span>81</span>" in listed and "<span>87</span>" not in listed


def test_the_lists_say_how_each_stands_in_whose_hands_and_until_when(cast: Cast) -> None:
    here, there = cast.chengxiang, cast.xiasha
    late = running(here, 100, name="早该完的")
    late.milestones.update(due_on=today() - timedelta(days=2))
    running(here, 100, name="快到期的")
    Project.objects.get(name="快到期的").milestones.update(due_on=today() + timedelta(days=3))
    running(here, 100, name="还早的").milestones.update(due_on=today() + timedelta(days=40))
    project_in(here, name="还在拟的")
    running(there, 100, name="别处的")
    clerk = browser_of(here.clerk)
    names = ("早该完的", "快到期的", "还早的", "还在拟的", "别处的")

    def shown(path: str = LIST, **query: str) -> list[str]:
        text = clerk.get(path, query).content.decode()
        return [name for name in names if name in text]

    assert shown() == list(names[:4]) == shown("/admin/lists/projects/")
    assert shown(tab="late") == ["早该完的"] and shown(tab="soon") == ["快到期的"]
    assert shown(tab="draft") == ["还在拟的"] and shown(q=late.number) == ["早该完的"]
    assert shown("/admin/projects/milestone/") == list(names[:3])
    assert shown("/admin/projects/milestone/", tab="late") == ["早该完的"]
    text = clerk.get(LIST).content.decode()
    assert "超2天" in text and here.clerk.name in text
    assert clerk.get(f"{LIST}{Project.objects.get(name='别处的').pk}/change/").status_code == 404


def test_everybody_reads_what_is_public_and_no_unit_that_did_not_agree(cast: Cast) -> None:
    here = cast.chengxiang
    (unit, liaison), (other, second) = two_units(here)
    type(unit).objects.filter(pk=unit.pk).update(is_public=True)
    type(unit).objects.filter(pk=other.pk).update(is_public=False)
    row = running(here, 60, 40, name="看得到的")
    for one, user in ((unit, liaison), (other, second)):
        Page(row, here.clerk).take("join", unit=one.pk, does="")
        row.units.filter(unit=one).update(confirmed_at=row.drafted_at, confirmed_by=user)
    running(here, 100, name="不公开的", is_public=False)
    project_in(here, name="还在拟的")
    alliance = Alliance.objects.get(area=here.street)
    for path in (f"/alliance/{alliance.pk}/lists/projects/", f"/alliance/{alliance.pk}/lists/projects/table.csv"):
        text = Client().get(path).content.decode()
        assert "看得到的" in text and unit.name in text and other.name not in text, path
        assert "不公开的" not in text and "还在拟的" not in text and here.clerk.name not in text
    assert "没有找到" in Client().get(f"/alliance/{alliance.pk}/lists/projects/", {"q": other.name}).content.decode()
