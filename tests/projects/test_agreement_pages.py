"""An agreement in the workbench: drafted, sent, approved, signed, printed, amended; what is refused is said there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from projects.models import Agreement, Amendment
from tests.cast import Cast, browser_of
from tests.projects.amending import amendment_of
from tests.projects.things import again, approved, drafted, say_yes, sent, signed, today, two_units

pytestmark = pytest.mark.django_db
LIST = "/admin/projects/agreement/"


def filled(unit: Any, area: str, **changes: Any) -> dict[str, Any]:
    """The form as a browser sends it."""
    said: dict[str, Any] = {
        "client_key": str(uuid4()),
        "area": area,
        "theme": "清厢之旅",
        "aim": "一起办行走的党课。",
        "starts_on": today().isoformat(),
        "ends_on": (today() + timedelta(days=364)).isoformat(),
        "office_duties": "联系参观点。",
        "unit1": unit.pk,
        "duties1": "安排车辆。",
        "goal1": "参加党员",
        "amount1": "600",
        "measure1": "人次",
    }
    return {**said, **changes}


def test_it_is_drafted_changed_and_sent_on_its_pages(cast: Cast) -> None:
    here = cast.chengxiang
    (unit, _liaison), _other = two_units(here)
    clerk = browser_of(here.clerk)
    assert "拟协议" in clerk.get(LIST).content.decode()
    answer = clerk.post(f"{LIST}add/", filled(unit, here.street.pk, theme="", amount1="-1"))
    page = answer.content.decode()
    assert answer.status_code == 422 and "请写主题" in page and "联系参观点。" in page
    answer = clerk.post(f"{LIST}add/", filled(unit, here.street.pk))
    row = Agreement.objects.get()
    assert answer.status_code == 302 and answer.url == f"{LIST}{row.pk}/change/"
    assert row.targets.get().amount == 600 and row.parties.get().unit == unit
    page = clerk.get(answer.url).content.decode()
    assert "请单位确认" in page and "修改" in page
    stale = filled(unit, here.street.pk, version=99, theme="改了主题")
    refused = clerk.post(f"{LIST}{row.pk}/edit/", stale)
    assert refused.status_code == 409 and "改了主题" in refused.content.decode()
    clerk.post(f"{LIST}{row.pk}/edit/", {**stale, "version": row.version})
    row.refresh_from_db()
    assert row.theme == "改了主题"
    clerk.post(f"{LIST}{row.pk}/send/", {"send-version": row.version})
    row.refresh_from_db()
    assert row.state == "confirming"
    assert clerk.get(f"{LIST}{row.pk}/edit/").status_code == 403


def test_it_is_approved_from_the_inbox_signed_and_printed(cast: Cast) -> None:
    here = cast.chengxiang
    (unit, liaison), _other = two_units(here)
    clerk, office, row = browser_of(here.clerk), browser_of(here.party_office), sent(here, unit)
    say_yes(unit, liaison)
    waiting = office.get("/admin/approvals/").content.decode()
    assert row.theme in waiting and row.theme not in browser_of(here.clerk).get("/admin/approvals/").content.decode()
    row.refresh_from_db()
    assert clerk.post(f"{LIST}{row.pk}/approve/", {"approve-version": row.version}).status_code == 403
    office.post(f"{LIST}{row.pk}/approve/", {"approve-version": row.version})
    row.refresh_from_db()
    signing = {"version": row.version, "signed_on": today().isoformat(), "place": ""}
    refused = clerk.post(f"{LIST}{row.pk}/sign/", signing)
    assert refused.status_code == 422 and "请写在哪里签的" in refused.content.decode()
    clerk.post(f"{LIST}{row.pk}/sign/", {**signing, "place": "党群服务中心"})
    row.refresh_from_db()
    assert row.state == "running"
    page = clerk.get(f"{LIST}{row.pk}/change/").content.decode()
    assert row.sha256 in page and "申请提前终止" in page and "确认了" in page
    sheet = clerk.get(f"{LIST}{row.pk}/print/").content.decode()
    assert row.sha256 in sheet and "签订地点：党群服务中心" in sheet
    twin = browser_of(cast.xiasha.clerk)
    assert twin.get(f"{LIST}{row.pk}/change/").status_code == 404
    assert row.theme not in twin.get(LIST).content.decode()


def test_an_amendment_goes_its_way_on_the_page_of_its_agreement(cast: Cast) -> None:
    here = cast.chengxiang
    row, clerk = signed(here), browser_of(cast.chengxiang.clerk)
    page = f"{LIST}{row.pk}/"
    said = {"amend-version": row.version, "amend-words": "再加两趟。", "amend-client_key": str(uuid4())}
    assert clerk.post(f"{page}amend/", said).status_code == 302
    amendment = Amendment.objects.get()
    clerk.post(f"{page}send-added/", {"send_added-version": amendment.version})
    assert again(amendment).state == "confirming"
    say_yes(row.parties.get().unit, here.liaison)
    office = browser_of(here.party_office)
    assert "补充协议" in office.get("/admin/approvals/").content.decode()
    office.post(f"{page}approve-added/", {"approve_added-version": again(amendment).version})
    done = {"signed_on": today().isoformat(), "place": "会议室"}
    clerk.post(f"{page}sign-added/", {**done, "version": again(amendment).version})
    assert again(amendment).state == "signed"
    assert "再加两趟。" in clerk.get(f"{page}change/").content.decode()


def test_the_list_tells_what_waits_for_whom_and_exports_what_it_shows(cast: Cast) -> None:
    here = cast.chengxiang
    drafted(here, theme="还在拟"), sent(here, theme="送出去了"), approved(here, theme="可以签")
    old = signed(here, theme="到期了", starts_on=today() - timedelta(days=400), ends_on=today() - timedelta(days=1))
    amendment_of(signed(here, theme="在履行"), here)
    clerk = browser_of(here.clerk)

    def shown(**query: str) -> list[str]:
        text = clerk.get(LIST, query).content.decode()
        return [name for name in ("还在拟", "送出去了", "可以签", "到期了", "在履行") if name in text]

    assert len(shown()) == 5
    assert shown(tab="running") == ["到期了", "在履行"] and shown(tab="over") == ["到期了"]
    assert shown(q=old.number) == ["到期了"] and shown(q="可以签") == ["可以签"]
    assert shown(unit=str(old.parties.get().unit_id)) == shown()


def test_the_parties_and_the_office_read_whom_to_call_and_nobody_else(cast: Cast) -> None:
    here = cast.chengxiang
    (one, first), (two, second) = two_units(here)
    row = signed(here, (one, first), (two, second))
    staff = browser_of(here.clerk).get(f"{LIST}{row.pk}/change/").content.decode()
    party = browser_of(first).get(f"/desk/agreements/{row.pk}/").content.decode()
    for page in (staff, party):
        assert "联系人" in page and second.name in page.partition("联系人")[2]
    assert second.name not in browser_of(None).get(f"/agreements/{row.number}/").content.decode()


def test_everything_that_is_missing_is_said_at_once(cast: Cast) -> None:
    clerk = browser_of(cast.chengxiang.clerk)
    for what, names in (("agreement", ("area", "theme", "aim", "starts_on")), ("project", ("area", "name", "aim"))):
        answer = clerk.post(f"/admin/projects/{what}/add/", {})
        assert answer.status_code == 422 and set(names) <= set(answer.context["form"].errors)
