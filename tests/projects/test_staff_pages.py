"""What stands on pages of the workbench: acts in groups, buttons that say what they do, forms that begin short."""

from __future__ import annotations

import re

import pytest

from projects.admin.agreement_acts import ACTS as AGREEMENT_ACTS
from projects.admin.deed_acts import ACTS as DEED_ACTS
from projects.admin.project_acts import ACTS
from projects.admin.project_counts import MENDING
from tests.cast import Cast, browser_of
from tests.projects.running import reach, running
from tests.projects.test_deeds import ready
from tests.projects.things import drafted, today

pytestmark = pytest.mark.django_db


def test_what_is_seldom_wanted_stands_behind_one_fold_on_a_project(cast: Cast) -> None:
    here = cast.chengxiang
    row = running(here, 40, 60)
    reach(row, 0, here.clerk)
    page = browser_of(here.clerk).get(f"/admin/projects/project/{row.pk}/change/").content.decode()
    before, folded = page.split('<details class="ways-more"')
    assert 'id="way-reach"' in before and 'id="way-plan"' in before and "平常" in before and "安排" in before
    assert 'id="way-stop"' in folded and 'id="way-reopen"' in folded
    assert page.index('id="do-title"') < page.index('id="aim-title"'), "first on a phone"
    assert re.search(r'<button class="btn danger"[^>]*>终止这个项目</button>', folded)


def test_what_cannot_be_taken_back_looks_so_and_names_itself() -> None:
    for act in (*ACTS, *AGREEMENT_ACTS, *DEED_ACTS):
        if act.name in ("stop", "end", "drop", "unpublish", "leave_out", "drop_added"):
            assert act.tone == "danger" and act.button, act.name
    groups = [act.group for act in ACTS]
    assert groups == sorted(groups, key=[None, *dict.fromkeys(filter(None, groups))].index)
    assert groups[-1] == MENDING


def test_a_refused_form_behind_the_fold_stands_open(cast: Cast) -> None:
    here = cast.chengxiang
    row = running(here, 40, 60)
    sent = {"stop-version": row.version, "stop-words": ""}
    page = browser_of(here.clerk).post(f"/admin/projects/project/{row.pk}/stop/", sent)
    assert page.status_code == 422 and '<details class="ways-more" open>' in page.content.decode()


def test_with_nothing_ready_there_is_only_the_number_to_save(cast: Cast) -> None:
    here, path = cast.chengxiang, "/admin/projects/deed/publish/"
    office = browser_of(here.party_office)
    page = office.get(path).content.decode()
    assert "保存件数" in page and ">公布</button>" not in page and "?tab=candidate" in page
    ready(here, year=today().year)
    page = office.get(path).content.decode()
    assert "保存件数" not in page and ">公布</button>" in page


def test_an_agreement_form_can_be_filled_without_any_script(cast: Cast) -> None:
    here = cast.chengxiang
    row = drafted(here)
    page = browser_of(here.clerk).get(f"/admin/projects/agreement/{row.pk}/edit/").content.decode()
    assert page.count("data-add-line hidden") == 2 and 'name="unit3"' in page and 'name="goal3"' in page
    assert "计量单位" in page and "js/lines.js" in page
