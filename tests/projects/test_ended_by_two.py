"""Nobody ends an agreement or a project alone: one asks with a reason, another one who approves agrees."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from alliance.lib.errors import Invalid, NotAllowed, RuleBroken
from projects import services
from projects.models import Agreement, Project
from tests.cast import Cast, browser_of, fresh
from tests.projects.ends import agreed, closed
from tests.projects.running import project_in, reach, running
from tests.projects.test_running import rules
from tests.projects.things import again, signed, today

pytestmark = pytest.mark.django_db
INBOX = "/admin/approvals/"


def test_an_agreement_ends_early_when_another_one_agrees(cast: Cast) -> None:
    here = cast.chengxiang
    row, given = signed(here), {"version": None}
    with pytest.raises(Invalid):
        services.ask_end(pk=row.pk, by=fresh(here.party_office), words=" ", **given)
    services.ask_end(pk=row.pk, by=fresh(here.party_office), words="区里统一安排了", **given)
    assert again(row).state == "running" and "AgreementEnded" not in rules(here.liaison)
    with pytest.raises(NotAllowed):  # asked already
        services.ask_end(pk=row.pk, by=fresh(here.clerk), words="我也来", **given)
    for nobody in (here.party_office, here.clerk, here.liaison):
        with pytest.raises(NotAllowed) as refused:
            services.agree_to_end(pk=row.pk, by=fresh(nobody), **given)
        assert ("另一位" in str(refused.value.message)) == (nobody == here.party_office)
    assert {"AgreementToEnd"} <= rules(here.leader) and "AgreementToEnd" not in rules(here.party_office)
    path, page = f"/admin/projects/agreement/{row.pk}/", browser_of(here.leader)
    assert (
        path in page.get(INBOX).content.decode()
        and path not in browser_of(here.party_office).get(INBOX).content.decode()
    )
    shown = page.get(f"{path}change/").content.decode()
    assert "区里统一安排了" in shown and here.party_office.name in shown and "同意结束" in shown
    assert "agree-to-end" not in browser_of(here.party_office).get(f"{path}change/").content.decode()
    sent = {"agree_to_end-version": again(row).version}
    assert browser_of(here.clerk).post(f"{path}agree-to-end/", sent).status_code == 403
    assert page.post(f"{path}agree-to-end/", sent).status_code == 302
    row = again(row)
    assert (row.state, row.ended_why, row.ended_on) == ("ended", "区里统一安排了", today())
    assert (row.ending_by, row.ended_by) == (here.party_office, here.leader)
    assert "AgreementEnded" in rules(here.liaison) & rules(here.party_office)
    assert path not in page.get(INBOX).content.decode()
    assert page.post(f"{path}agree-to-end/", sent).status_code == 409


def test_it_goes_on_when_it_is_taken_back_or_refused_and_may_be_asked_again(cast: Cast) -> None:
    here = cast.chengxiang
    row, given = signed(here), {"version": None}
    for nobody, words in ((here.clerk, "先不"), (here.leader, "再想想")):
        services.ask_end(pk=row.pk, by=fresh(here.clerk), words="不办了", **given)
        with pytest.raises(Invalid):
            services.keep_agreement(pk=row.pk, by=fresh(nobody), words="", **given)
        services.keep_agreement(pk=row.pk, by=fresh(nobody), words=words, **given)
        row = again(row)
        assert (row.state, row.ending, row.ending_by, row.ending_at) == ("running", "", None, None)
    assert "AgreementKept" in rules(here.clerk)
    with pytest.raises(RuleBroken):
        services.agree_to_end(pk=row.pk, by=fresh(here.leader), **given)
    with pytest.raises(NotAllowed):
        services.keep_agreement(pk=_asked(row, here.clerk), by=fresh(here.liaison), words="我们想办", **given)


def _asked(row: Agreement, by: Any) -> int:
    return services.ask_end(pk=row.pk, by=fresh(by), version=None, words="又申请").pk


def test_a_term_is_looked_back_on_from_sixty_days_before_its_end(cast: Cast) -> None:
    here = cast.chengxiang
    early = signed(here, ends_on=today() + timedelta(days=61))
    near = signed(here, theme="快了", ends_on=today() + timedelta(days=60))
    given: dict[str, Any] = {"by": fresh(here.clerk), "version": None, "words": "五趟都开了"}
    with pytest.raises(RuleBroken):
        services.review_agreement(pk=early.pk, **given)
    page = browser_of(here.clerk)
    paths = [f"/admin/projects/agreement/{row.pk}/change/" for row in (early, near)]
    assert ["写下评估" in page.get(path).content.decode() for path in paths] == [False, True]
    services.review_agreement(pk=near.pk, **given)
    assert closed(here, near).state == "closed"


def test_a_project_is_done_or_stopped_when_another_one_agrees(cast: Cast) -> None:
    here = cast.chengxiang
    row, given = running(here, 100), {"version": None}
    reach(row, 0, here.clerk)
    services.ask_finish(pk=row.pk, by=fresh(here.clerk), outcome="灯亮了", **given)
    assert (again(row).state, again(row).outcome) == ("running", "")
    with pytest.raises(NotAllowed):
        agreed(here.clerk, row)
    one = row.milestones.get()
    services.reopen_milestone(pk=row.pk, by=fresh(here.clerk), version=None, milestone=one.pk, words="又坏了")
    with pytest.raises(RuleBroken):
        agreed(here.party_office, row)
    reach(row, 0, here.clerk)
    path = f"/admin/projects/project/{row.pk}/"
    assert path in browser_of(here.party_office).get(INBOX).content.decode()
    assert "灯亮了" in browser_of(here.party_office).get(f"{path}change/").content.decode()
    row = agreed(here.party_office, row)
    assert (row.state, row.outcome, row.ended_by) == ("done", "灯亮了", here.party_office)
    assert "ProjectEnded" in rules(here.clerk)
    other = running(here, 100, name="另一个")
    services.stop_project(pk=other.pk, by=fresh(here.clerk), words="没有钱", **given)
    services.keep_project(pk=other.pk, by=fresh(here.leader), words="再筹一筹", **given)
    assert again(other).state == "running" and "ProjectKept" in rules(here.clerk)
    draft = project_in(here, name="草稿")
    assert services.stop_project(pk=draft.pk, by=fresh(here.clerk), words="不办了", **given).state == "stopped"


def test_the_tables_themselves_ask_for_two(cast: Cast) -> None:
    here = cast.chengxiang
    asked = {"ending_words": "不办了", "ending_at": timezone.now(), "ending_by": here.clerk}
    for row, ending in ((signed(here), "end"), (running(here, 100), "stop")):
        rows: Any = (Agreement if ending == "end" else Project).objects.filter(pk=row.pk)
        whole = {**asked, "ending": ending}
        wrong = [{"ended_by": here.clerk}, {"ending_words": ""}, {"ending_by": None}, {"ending_at": None}]
        wrong.append({"ending": {"end": "stop", "stop": "end"}[ending]})
        for change in [*wrong, {"ending": ""}]:
            with pytest.raises(IntegrityError), transaction.atomic():
                rows.update(**{**whole, **change})
        assert rows.update(**whole, ended_by=here.leader) == 1  # the control: another one
