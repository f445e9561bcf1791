"""What a unit agreed on and does together with others, at its desk: read, answered, reported, typed, claimed, left."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest

from claims.models import Claim
from notifications.models import Message
from projects import services
from projects.models import Agreement, Ask, DeedReport, ProjectUnit, Reading, SignUp
from projects.services import menu
from projects.services.figures import set_indicator
from tests.cast import Cast, Street, browser_of, fresh
from tests.claims.things import alliance_of, another_unit
from tests.desk.asking import text
from tests.projects.running import project_in, running
from tests.projects.test_deeds import published, ready
from tests.projects.things import again, sent, signed, today, two_units

pytestmark = pytest.mark.django_db


def hidden(page: str, action: str) -> dict[str, str]:
    """The hidden fields of the form that goes to ``action``."""
    form = re.search(rf'<form[^>]*action="{action}".*?</form>', page, re.S)
    assert form, action
    return dict(re.findall(r'type="hidden" name="(?!csrf)(\w+)" value="([^"]*)"', form[0]))


def test_an_agreement_is_read_whole_and_confirmed_or_sent_back_with_words(cast: Cast) -> None:
    here = cast.chengxiang
    (one, first), (two, second) = two_units(here)
    row = sent(here, one, two)
    path, browser = f"/desk/agreements/{row.pk}/", browser_of(first)
    assert path in text(browser.get("/desk/")) and path in text(browser.get("/desk/agreements/"))
    page = text(browser.get(path))
    assert "每年五趟" in page and "等您确认" in page and two.name in page
    told = Message.objects.filter(recipient_key=f"u:{first.pk}", subject_label=row.number).first()
    assert told is not None and told.url == path
    yes = hidden(page, f"{path}confirm/")
    read_other = browser.post(f"{path}confirm/", {**yes, "sha256": "0" * 64, "words": "看过"})
    assert read_other.status_code == 409 and "看过" in text(read_other) and not Ask.objects.exclude(answer="").exists()
    assert browser.post(f"{path}confirm/", yes)["Location"] == path
    assert "等您确认" not in text(browser.get(path))
    late = browser.post(f"{path}change/", {**yes, "words": "还想改车次"})
    assert late.status_code == 409 and "还想改车次" in text(late)
    other = browser_of(second)
    no = hidden(text(other.get(path)), f"{path}change/")
    empty = other.post(f"{path}change/", {**no, "words": " "})
    assert empty.status_code == 422 and again(row).state == "confirming"
    other.post(f"{path}change/", {**no, "words": "车辆一年三趟"})
    assert (
        again(row).state == "draft" and "收回" in text(browser.get(path)) and "每年五趟" not in text(browser.get(path))
    )
    _unit, stranger = another_unit(here)
    for get in (path, f"{path}print/", f"{path}agreement/{row.pk}/{uuid4()}/"):
        assert browser_of(stranger).get(get).status_code == 404
    assert browser_of(stranger).post(f"{path}confirm/", yes).status_code == 404


def test_what_was_signed_is_printed_by_its_parties_and_an_amendment_is_asked_in_the_same_place(cast: Cast) -> None:
    here = cast.chengxiang
    (one, first), (two, second) = two_units(here)
    row = signed(here, (one, first), (two, second))
    path, browser = f"/desk/agreements/{row.pk}/", browser_of(first)
    page = text(browser.get(path))
    assert "履行中" in page and row.sha256 in page and f"/agreements/{row.number}/" in page
    sheet = text(browser.get(f"{path}print/"))
    assert row.sha256 in sheet and one.name in sheet and two.name in sheet and path in sheet
    from projects.models import Amendment

    draft = services.draft_amendment(
        agreement=row.pk, client_key=uuid4(), by=fresh(here.clerk), version=None, words="加开一趟", new_ends_on=None
    )
    assert "加开一趟" not in text(browser.get(path))
    services.send_paper(of=Amendment, pk=draft.pk, by=fresh(here.clerk), version=draft.version)
    page = text(browser.get(path))
    assert "加开一趟" in page and "补充协议第1号" in page
    browser.post(f"{path}confirm/", hidden(page, f"{path}confirm/"))
    assert Ask.objects.get(amendment=draft, party__unit=one).answer == "yes"


def test_a_unit_joins_a_project_reports_its_milestone_and_types_figures(cast: Cast) -> None:
    here = cast.chengxiang
    (one, first), (_two, second) = two_units(here)
    row, by = running(here, 40, 60), fresh(here.clerk)
    services.join_project(pk=row.pk, by=by, version=None, unit=one.pk, does="出两位师傅")
    counted = set_indicator(pk=row.pk, by=by, version=None, name="助餐", measure="人次")
    path, browser = f"/desk/projects/{row.pk}/", browser_of(first)
    assert path in text(browser.get("/desk/")) and "出两位师傅" in text(browser.get("/desk/projects/"))
    page = text(browser.get(path))
    browser.post(f"{path}join/", hidden(page, f"{path}join/"))
    assert ProjectUnit.objects.get(project=row).confirmed_by_id == first.pk
    step = row.milestones.order_by("position")[0]
    reach = {"milestone": step.pk, "done_on": today().isoformat(), "evidence": "做完了" * 120}
    refused = browser.post(f"{path}reach/", reach)
    assert refused.status_code == 422 and "做完了" in text(refused)
    assert browser.post(f"{path}reach/", {**reach, "evidence": "做完了"})["Location"] == path
    assert again(step).evidence == "做完了"
    again_ = browser.post(f"{path}reach/", {**reach, "evidence": "另一句话"})
    assert again_.status_code == 409 and "另一句话" in text(again_)
    _figures(browser, f"{path}figure/", counted.pk)
    assert browser_of(second).get(path).status_code == 404
    assert browser_of(second).post(f"{path}figure/", {"indicator": counted.pk}).status_code == 404


def _figures(browser: Any, path: str, indicator: int) -> None:
    """Typed once; the same period again is a decision; a stale one is refused and can then be sent."""
    month = today().replace(day=1).isoformat()
    given = {"indicator": indicator, "period": month, "value": "4200", "note": ""}
    assert browser.post(path, {**given, "value": "-1"}).status_code == 422
    browser.post(path, given)
    assert Reading.objects.get().value == 4200
    assert browser.post(path, {**given, "value": "4300"}).status_code == 409
    browser.post(path, {**given, "value": "4300", "period": f"{month}@1"})
    assert Reading.objects.get().value == 4300
    stale = browser.post(path, {**given, "value": "4400", "period": f"{month}@1"})
    assert stale.status_code == 409 and "4400" in text(stale) and f'value="{month}@2" selected' in text(stale)
    assert Reading.objects.get().value == 4300


def test_a_published_project_is_claimed_and_given_back_from_the_desk(cast: Cast) -> None:
    here = cast.chengxiang
    (one, first), (_two, second) = two_units(here)
    row = project_in(here)
    offer = services.publish_project(pk=row.pk, by=fresh(here.clerk), version=None)
    browser, path = browser_of(first), f"/desk/projects/offers/{offer.pk}/"
    assert path in text(browser.get("/desk/projects/"))
    assert row.name not in text(browser.get("/desk/"))  # no wish
    assert browser.get(f"/desk/offers/{offer.pk}/")["Location"] == path
    page, key = text(browser.get(path)), str(uuid4())
    assert row.aim in page
    assert browser.post(path, {"client_key": key, "who": "me"}).status_code == 422
    for _tap in range(2):
        assert browser.post(path, {"client_key": key, "who": one.pk})["Location"] == f"/desk/projects/{row.pk}/"
    claim = Claim.objects.get()
    assert browser.get(f"/desk/claims/{claim.pk}/")["Location"] == path and path in text(browser.get("/desk/claims/"))
    assert "已经有单位认领" in text(browser_of(second).get(path))
    leave = hidden(text(browser.get(f"/desk/projects/{row.pk}/")), f"/desk/projects/{row.pk}/leave/")
    assert browser.post(f"/desk/projects/{row.pk}/leave/", {**leave, "words": ""}).status_code == 422
    browser.post(f"/desk/projects/{row.pk}/leave/", {**leave, "words": "人手不够"})
    assert again(claim).state == "returned" and path in text(browser.get("/desk/projects/"))


def test_the_responsible_unit_reports_every_month_and_signs_up_for_the_menu(cast: Cast) -> None:
    here = cast.chengxiang
    (one, first), (_two, second) = two_units(here)
    (row,) = published(here, ready(here, unit=one.pk).pk)
    path, browser = f"/desk/deeds/{row.pk}/", browser_of(first)
    assert path in text(browser.get("/desk/projects/"))
    month = today().replace(day=1).isoformat()
    assert browser.post(path, {"month": month, "percent": "140", "words": "快了"}).status_code == 422
    browser.post(path, {"month": month, "percent": "40", "words": "八台进场"})
    twice = browser.post(path, {"month": month, "percent": "50", "words": "十台"})
    assert twice.status_code == 409 and "十台" in text(twice) and f'value="{month}@1" selected' in text(twice)
    browser.post(path, {"month": f"{month}@1", "percent": "50", "words": "十台"})
    assert DeedReport.objects.get().percent == 50 and "八台进场" not in text(browser.get(path))
    assert browser_of(second).get(path).status_code == 404
    _signs_up(here, browser, one)


def _signs_up(here: Street, browser: Any, unit: Any) -> None:
    items = menu.open_menu(alliance=alliance_of(here).pk, year=today().year, by=fresh(here.party_office))
    page = text(browser.get("/desk/menu/"))
    assert items[0].name in page and "还没有单位报名" in page
    path, given = f"/desk/menu/{items[0].pk}/sign-up/", {"unit": unit.pk, "covers": [here.home.pk], "does": "每月两次"}
    browser.post(path, given)
    row = SignUp.objects.get()
    assert list(row.covers.all()) == [here.home] and "每月两次" in text(browser.get("/desk/menu/"))
    assert browser.post(path, {**given, "covers": ["330109"]}).status_code == 422
    browser.post(path, {**given, "covers": []})
    assert not SignUp.objects.get().covers.exists()
    leave = f"/desk/menu/sign-ups/{row.pk}/leave/"
    assert browser.post(leave, {"unit": unit.pk, "words": ""}).status_code == 422
    browser.post(leave, {"unit": unit.pk, "words": "今年没有师傅"})
    assert again(row).left_at is not None and not Agreement.objects.exists()
