"""三张清单: what everybody reads and what staff read, in one design; a file is what the page shows."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.models import MemberUnit
from needs.models import Need
from needs.services.handling import accept_need
from needs.services.list_lines import take_line
from needs.services.publishing import list_need
from people.models import User
from tests.cast import Cast, Street, browser_of, fresh, say_need
from tests.claims.things import alliance_of, unit_of
from tests.desk.asking import text
from tests.needs.rounds import need, round_in, sent
from tests.resources.things import given_by_unit, resource_in

pytestmark = pytest.mark.django_db


def listed(street: Street, sentence: str, **said: Any) -> Need:
    """A resident's need that staff put into the list as ``sentence``."""
    one = say_need(street.home, **said)
    accept_need(pk=one.pk, by=fresh(street.worker))
    return list_need(pk=one.pk, by=fresh(street.worker), words=sentence)


def asked(street: Street, words: str) -> Need:
    """What the street's unit needs, taken up and listed as ``words``."""
    line = sent(street, round_in(street), need(words)).lines.get()
    return take_line(pk=line.pk, by=fresh(street.clerk), version=line.version, listed_words=words)


def page(person: User | None, path: str) -> str:
    return text(browser_of(person).get(path))


def table(person: User | None, path: str) -> list[list[str]]:
    answer = browser_of(person).get(path)
    assert answer["Content-Type"].startswith("text/csv") and answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.content.decode().lstrip("\ufeff"))))


def test_the_public_list_of_needs_says_what_staff_wrote_and_nothing_else(cast: Cast) -> None:
    here = cast.chengxiang
    path = f"/alliance/{alliance_of(here).pk}/lists/needs/"
    assert "需求清单还空着" in page(None, path)
    one = listed(here, "楼道想装感应灯", words="我家老伴摔过一跤，楼道灯坏了", place="湘湖路小区6幢", name="赵阿婆")
    unlisted = say_need(here.home, words="没有公开的事")
    elsewhere = listed(cast.xiasha, "别的街道的事")
    asked(here, "请人教剪纸")
    unit = unit_of(here)
    found = page(None, path)
    assert "楼道想装感应灯" in found and "请人教剪纸" in found and "一家联盟单位" in found
    secrets = ("老伴", "6幢", "赵阿婆", one.contact_phone, one.number, one.tracking_code, unit.name, "三十位职工")
    for secret in (*secrets, unlisted.words, elsewhere.listed_words):
        assert secret not in found, secret
        assert secret not in str(table(None, f"{path}table.csv")), secret
    for words in ("老伴", "6幢", unit.name):
        assert "没有找到" in page(None, f"{path}?q={words}"), "what was said is not found either"
    with CaptureQueriesContext(
        connection,
    ) as asked_for:
        browser_of(None).get(path)
    read = [one["sql"] for one in asked_for if '"needs_need"' in one["sql"]]
    assert read and not [sql for sql in read if '"words"' in sql.replace('"listed_words"', "") or "contact" in sql]
    MemberUnit.objects.filter(pk=unit.pk).update(is_public=True)
    assert unit.name in page(None, path)
    for state, done in (("to_answer", False), ("closed", True)):
        Need.objects.filter(pk=one.pk).update(state=state, finished_at=one.created_at, ended_at=one.created_at)
        assert ("楼道想装感应灯" in page(None, f"{path}?tab=done")) is done
    Need.objects.filter(pk=one.pk).update(state="withdrawn")
    assert "楼道想装感应灯" not in page(None, path)


def test_tabs_and_filters_count_and_lead_on_and_the_file_is_the_page(cast: Cast) -> None:
    here = cast.chengxiang
    alliance = alliance_of(here)
    base = f"/alliance/{alliance.pk}/lists/resources/"
    for number in range(33):
        resource_in(here, name=f"第{number:02}间", for_people=number % 2 == 0)
    given_by_unit(here, name="单位的厅")
    first = page(None, base)
    assert "34件" in first and first.count('class="card unit"') == 30
    following = re.search(r'href="([^"]+)"[^>]*>下一页', first)
    assert following is not None
    both = first + page(None, following[1].replace("&amp;", "&"))
    rows = table(here.worker, f"{base}table.csv")
    assert len(rows) == 35 and all(f"<h2>{row[0]}</h2>" in both for row in rows[1:])
    assert unit_of(here).name not in str(rows), "in public a unit that did not agree is named to nobody"
    narrowed = table(None, f"{base}table.csv?tab=people&kind=venue&community={here.home.pk}")
    shown = page(None, f"{base}?tab=people&kind=venue&community={here.home.pk}")
    assert [row[0] for row in narrowed[1:]] == re.findall(r"<h2>([^<]+)</h2>", shown) and len(narrowed) == 18
    assert table(None, f"{base}table.csv?kind=goods")[1:] == []
    assert "没有找到" in page(None, f"{base}?community={cast.xiasha.home.pk}")
    old = browser_of(None).get(f"/alliance/{alliance.pk}/resources/?kind=venue")
    assert old["Location"] == f"{base}?kind=venue"


def test_the_three_stand_side_by_side_for_everybody_and_for_staff(cast: Cast) -> None:
    here, there = cast.chengxiang, cast.xiasha
    alliance = alliance_of(here)
    one = listed(here, "楼道想装感应灯")
    alliance_of(there)
    listed(there, "别的街道的事")
    given_by_unit(here, name="单位的厅")
    rows = (
        ("needs", "楼道想装感应灯", ""),
        ("projects", "项目清单还空着", "还没有项目"),
        ("resources", "单位的厅", ""),
    )
    doors = ((None, f"/alliance/{alliance.pk}/lists/"), (here.clerk, "/admin/lists/"))
    for key, public, staff in rows:
        for person, base in doors:
            wanted = (person and staff) or public
            found = page(person, f"{base}{key}/")
            assert wanted in found and "别的街道的事" not in found, (key, base)
            assert all(f'href="{base}{other}/"' in found for other in ("needs", "projects", "resources"))
    assert f"/admin/needs/need/{one.pk}/change/" in page(here.worker, "/admin/lists/needs/")
    for path in ("/alliance/999999/lists/needs/", f"/alliance/{alliance.pk}/lists/nothing/"):
        assert browser_of(None).get(path).status_code == 404
    assert browser_of(None).get(f"/alliance/{alliance.pk}/lists/projects/table.csv").status_code == 200
    assert browser_of(here.system_admin).get("/admin/lists/projects/").status_code == 403
    door = page(None, f"/alliance/{alliance.pk}/")
    assert "需求清单" in door and "资源清单" in door
    assert f'href="/alliance/{alliance.pk}/lists/needs/"' in page(None, "/lists/"), "there are two alliances"
    assert 'href="/lists/"' in page(None, "/")
