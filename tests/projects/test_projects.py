"""A project from the first word to what came of it: its plan, its people, its units, claims, its thread."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken
from claims.services import claim_offer, deliver, return_claim
from claims.states import ClaimState, OfferState
from deadlines.models import Due
from deadlines.services.sweep import sweep
from notifications.models import Message
from projects import services
from projects.models import Milestone, Project, ProjectUnit
from projects.presenting import progress
from tests.cast import Cast, browser_of, fresh
from tests.projects.ends import finished, stopped
from tests.projects.running import plain, project_in, reach, running, steps
from tests.projects.test_running import rules
from tests.projects.things import again, signed, today, two_units

pytestmark = pytest.mark.django_db


def test_it_is_planned_to_a_hundred_and_started_by_one_commissioner_and_one_branch(cast: Cast) -> None:
    here = cast.chengxiang
    row, by = project_in(here, commissioner=None, branch=None), fresh(here.clerk)
    for wrong in ((50, 40), (60, 60), (0, 100), ()):
        with pytest.raises(Invalid) as refused:
            services.plan_milestones(pk=row.pk, by=by, version=None, milestones=steps(*wrong))
        assert list(refused.value.fields) == ["milestones"]
    early = steps(100, first=row.starts_on - timedelta(days=1))
    with pytest.raises(Invalid):  # before the start
        services.plan_milestones(pk=row.pk, by=by, version=None, milestones=early)
    services.plan_milestones(pk=row.pk, by=by, version=None, milestones=steps(40, 60))
    with pytest.raises(Invalid) as refused:
        services.start_project(pk=row.pk, by=by, version=None)
    assert set(refused.value.fields) == {"commissioner", "branch"}
    services.edit_project(pk=row.pk, by=by, version=None, **plain(here))
    row = services.start_project(pk=row.pk, by=by, version=None)
    with pytest.raises(Invalid):  # what runs keeps both
        services.edit_project(pk=row.pk, by=by, version=None, **plain(here, branch=None))
    with pytest.raises(Invalid):
        services.edit_project(pk=row.pk, by=by, version=None, **plain(here, ends_on=today() + timedelta(days=5)))


def test_it_is_reached_step_by_step_and_how_it_stands_is_said_in_words(cast: Cast) -> None:
    here = cast.chengxiang
    row, by = running(here, 40, 60), fresh(here.clerk)
    counted = Project.objects.with_progress().get()
    assert (counted.progress, progress.said(counted, counted.next_due)["label"]) == (0, "临期")
    reach(row, 0, here.clerk, evidence="道路修好了")
    counted = Project.objects.with_progress().get()
    assert counted.progress == 40 and progress.said(counted, counted.next_due)["label"] == "正常"
    with pytest.raises(RuleBroken):
        reach(row, 0, here.clerk)
    with pytest.raises(Invalid):
        reach(row, 1, here.clerk, done_on=today() + timedelta(days=1))
    with pytest.raises(Invalid):  # what is reached stays in the plan
        services.plan_milestones(
            pk=row.pk, by=by, version=None, milestones=[{**one, "name": f"新{one['name']}"} for one in steps(50, 50)]
        )
    with pytest.raises(RuleBroken):
        services.ask_finish(pk=row.pk, by=by, version=None, outcome="都好了")
    Milestone.objects.filter(done_on=None).update(due_on=today() - timedelta(days=3))
    counted = Project.objects.with_progress().get()
    assert progress.said(counted, counted.next_due) == {"label": "超期", "tone": "late", "note": "超3天"}
    reach(row, 1, here.clerk)
    row = finished(here, row, "47幢楼焕然一新")
    assert (row.state, row.ended_on, row.outcome) == ("done", today(), "47幢楼焕然一新")
    with pytest.raises(RuleBroken):
        services.edit_project(pk=row.pk, by=by, version=None, **plain(here))


def test_the_table_itself_asks_for_a_hundred_for_both_people_and_for_days_inside(cast: Cast) -> None:
    row = running(cast.chengxiang, 40, 60)
    one = row.milestones.all()[0]
    changes: list[Any] = [
        lambda: Milestone.objects.filter(pk=one.pk).update(weight=41),
        lambda: Milestone.objects.filter(pk=one.pk).delete(),
        lambda: Milestone.objects.create(project=row, name="多的", weight=1, due_on=today()),
        lambda: Milestone.objects.filter(pk=one.pk).update(due_on=row.starts_on - timedelta(days=1)),
        lambda: Project.objects.filter(pk=row.pk).update(ends_on=today()),
        lambda: Project.objects.filter(pk=row.pk).update(branch=None),
        lambda: Project.objects.filter(pk=row.pk).update(commissioner=None),
    ]
    for change in changes:
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
            connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    other = row.milestones.all()[1]
    with transaction.atomic():  # together they make a hundred
        Milestone.objects.filter(pk=one.pk).update(weight=50)
        Milestone.objects.filter(pk=other.pk).update(weight=50)
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"kind": "party"}, "kind"),
        ({"six": ["seventh"]}, "six"),
        ({"people_count": -1}, "people_count"),
        ({"household_count": 10**9}, "household_count"),
        ({"money": "-0.01"}, "money"),
        ({"money": "Infinity"}, "money"),
        ({"campaigns": ["长" * 21]}, "campaigns"),
        ({"ends_on": today() - timedelta(days=40)}, "ends_on"),
        ({"commissioner": 0}, "commissioner"),
        ({"branch": 0}, "branch"),
        ({"agreement": 0}, "agreement"),
        ({"leader": 0}, "leader"),
    ],
)
def test_what_is_typed_wrong_is_said_at_its_field(cast: Cast, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        project_in(cast.chengxiang, **changes)
    assert list(refused.value.fields) == [field]


def test_who_may_and_a_second_tap(cast: Cast) -> None:
    here, there = cast.chengxiang, cast.xiasha
    said = plain(here)
    for nobody in (there.clerk, here.worker, here.grid_lead, here.liaison, here.leader, here.system_admin):
        with pytest.raises(NotAllowed):
            services.draft_project(client_key=uuid4(), by=fresh(nobody), area=here.street.pk, **said)
    key = uuid4()
    by = fresh(here.clerk)
    row = services.draft_project(client_key=key, by=by, area=here.street.pk, **said)
    assert services.draft_project(client_key=key, by=by, area=here.street.pk, **said) == row
    with pytest.raises(Conflict):
        services.draft_project(client_key=key, by=by, area=here.street.pk, **{**said, "name": "别的"})
    with pytest.raises(NotFound):
        services.edit_project(pk=row.pk, by=fresh(there.clerk), version=None, **said)
    services.edit_project(pk=row.pk, by=by, version=row.version, **said)
    with pytest.raises(Conflict):
        services.edit_project(pk=row.pk, by=by, version=row.version, **said)
    mine = services.draft_project(
        client_key=uuid4(), by=by, area=here.home.pk, **{**said, "commissioner": here.worker.pk}
    )
    services.plan_milestones(pk=mine.pk, by=fresh(here.worker), version=None, milestones=steps(100))


def test_units_are_asked_or_have_signed_and_all_have_said_yes_before_it_starts(cast: Cast) -> None:
    here = cast.chengxiang
    (one, first), (two, second) = two_units(here)
    agreement = signed(here, (one, first))
    row, by = project_in(here, agreement=agreement.pk), fresh(here.clerk)
    services.plan_milestones(pk=row.pk, by=by, version=None, milestones=steps(100))
    part = services.join_project(pk=row.pk, by=by, version=None, unit=one.pk, is_lead=True)
    assert part.confirmed_at is not None, "it signed the agreement"
    for wrong in ({"unit": one.pk}, {"unit": two.pk, "is_lead": True}, {"unit": 0}):
        with pytest.raises(Invalid):
            services.join_project(pk=row.pk, by=by, version=None, **wrong)
    services.join_project(pk=row.pk, by=by, version=None, unit=two.pk, does="出两位老师")
    assert "ProjectToJoin" in rules(second)
    with pytest.raises(RuleBroken):
        services.start_project(pk=row.pk, by=by, version=None)
    with pytest.raises(NotFound):
        services.confirm_part(pk=row.pk, by=fresh(cast.xiasha.liaison))
    services.confirm_part(pk=row.pk, by=fresh(second))
    with pytest.raises(RuleBroken):
        services.confirm_part(pk=row.pk, by=fresh(second))
    row = services.start_project(pk=row.pk, by=by, version=None)
    with pytest.raises(NotAllowed):  # nobody speaks for another unit
        services.leave_project(pk=row.pk, by=fresh(second), version=None, unit=one.pk, words="不")
    services.leave_project(pk=row.pk, by=fresh(second), version=None, unit=two.pk, words="老师调走了")
    assert not Project.objects.of_units_of(fresh(second)).exists() and "ProjectLeft" in rules(here.clerk)
    reach(row, 0, first, evidence="开了五趟")
    assert again(row.milestones.get()).done_by_id == first.pk


def test_a_published_project_is_claimed_led_given_back_and_withdrawn(cast: Cast) -> None:
    here = cast.chengxiang
    (one, first), (two, second) = two_units(here)
    row, by = project_in(here), fresh(here.clerk)
    offer = services.publish_project(pk=row.pk, by=by, version=None)
    with pytest.raises(RuleBroken):
        services.publish_project(pk=row.pk, by=by, version=None)
    with pytest.raises(RuleBroken):
        services.join_project(pk=row.pk, by=by, version=None, unit=two.pk, is_lead=True)

    def take(unit: Any, user: Any) -> Any:
        return claim_offer(offer_id=offer.pk, by=fresh(user), client_key=uuid4(), unit_id=unit.pk)

    claim = take(one, first)
    with pytest.raises(RuleBroken):
        take(two, second)
    lead = ProjectUnit.objects.get(project=row, left_on=None)
    assert (lead.unit_id, lead.is_lead, lead.confirmed_by_id) == (one.pk, True, first.pk)
    assert "ProjectTaken" in rules(here.clerk)
    with pytest.raises(RuleBroken):  # what was claimed is given back as a claim
        services.leave_project(pk=row.pk, by=by, version=None, unit=one.pk, words="换人")
    return_claim(claim_id=claim.pk, by=fresh(first), note="人手不够")
    assert not ProjectUnit.objects.filter(project=row, left_on=None).exists()
    claim = take(two, second)
    row = services.unpublish_project(pk=row.pk, by=by, version=None, words="区里统一办了")
    assert again(claim).state == ClaimState.RETURNED and again(offer).state == OfferState.CLOSED
    assert not ProjectUnit.objects.filter(project=row, left_on=None).exists() and "ClaimTakenBack" in rules(second)
    _reads_why(row, offer, second)
    _reads_why(row, offer, first, "人手不够")
    story = list(row.events.values_list("verb", flat=True))
    assert story == ["write", "publish", "claim", "give_back", "claim", "unpublish"]


def _reads_why(row: Any, offer: Any, user: Any, why: str = "区里统一办了") -> None:
    """Whoever was out of it is led to a page that says so; for others there is none."""
    said = Message.objects.filter(rule="claims.ClaimTakenBack")[0]
    assert said.url == f"/desk/projects/{row.pk}/" and said.params["office"] == row.area.name
    page = browser_of(user).get(f"/desk/projects/{row.pk}/")
    assert page.status_code == 200 and why in page.content.decode() and "不用再办" in page.content.decode()
    closed = browser_of(user).get(f"/desk/projects/offers/{offer.pk}/").content.decode()
    assert "撤下了" in closed and "等单位认领" not in closed
    assert browser_of(user).get(f"/projects/{row.pk}/").status_code == 404  # still a draft


def test_what_was_claimed_ends_with_the_project_and_is_not_stopped_while_a_unit_says_it_is_done(cast: Cast) -> None:
    here = cast.chengxiang
    (one, first), _two = two_units(here)
    row = running(here, 100)
    by = fresh(here.clerk)
    offer = services.publish_project(pk=row.pk, by=by, version=None)
    claim = claim_offer(offer_id=offer.pk, by=fresh(first), client_key=uuid4(), unit_id=one.pk)
    deliver(claim_id=claim.pk, by=fresh(first), note="办好了")
    with pytest.raises(RuleBroken):
        stopped(here, row, "停")
    assert again(row).state == "running"
    services.keep_project(pk=row.pk, by=by, version=None, words="先等一等")
    reach(row, 0, first)
    row = finished(here, row, "好了")
    assert (again(claim).state, again(offer).state) == (ClaimState.COMPLETED, OfferState.CLOSED)
    other = running(here, 100, name="另一个")
    second = services.publish_project(pk=other.pk, by=by, version=None)
    held = claim_offer(offer_id=second.pk, by=fresh(first), client_key=uuid4(), unit_id=one.pk)
    other = stopped(here, other, "资金没有落实")
    assert (other.state, again(held).state) == ("stopped", ClaimState.RETURNED)
    assert not Due.objects.filter(subject=other.subject, state="waiting").exists()


def test_milestones_remind_before_and_after_their_day(cast: Cast) -> None:
    here = cast.chengxiang
    row = running(here, 40, 60)
    Due.objects.filter(subject=row.subject).update(due_at="2026-01-01T00:00Z", params={})
    first = row.milestones.all()[0]
    dues = Due.objects.filter(subject=row.subject)
    dues.update(params={"milestone": first.pk, "however_late": True})
    sweep()
    assert {"MilestoneSoon", "MilestoneLate"} <= rules(here.clerk)
    reach(row, 0, here.clerk)
    open_ = Due.objects.filter(subject=row.subject, state="waiting")
    assert {due.params["milestone"] for due in open_} == {row.milestones.all()[1].pk}


def test_whoever_looks_after_it_is_told_when_the_last_unit_is_out_of_it(cast: Cast) -> None:
    here = cast.chengxiang
    (one, first), (two, _second) = two_units(here)
    row, by = running(here, 100), fresh(here.clerk)
    page = f"/admin/projects/project/{row.pk}/change/"
    assert "没有单位在办了" not in browser_of(here.clerk).get(page).content.decode(), "none was ever in it"
    for unit in (one, two):
        services.join_project(pk=row.pk, by=by, version=None, unit=unit.pk)
    services.leave_project(pk=row.pk, by=by, version=None, unit=two.pk, words="搬走了")
    assert "ProjectAlone" not in rules(here.clerk)
    services.leave_project(pk=row.pk, by=fresh(first), version=None, unit=one.pk, words="人手不够")
    assert "ProjectAlone" in rules(here.clerk)
    assert "没有单位在办了" in browser_of(here.clerk).get(page).content.decode()
    assert "没有单位在办了" in browser_of(here.clerk).get("/admin/projects/project/").content.decode()


def test_the_days_to_the_next_step_are_not_taken_for_those_of_the_whole(cast: Cast) -> None:
    row = running(cast.chengxiang, 40, 60)
    public = browser_of(None).get(f"/projects/{row.pk}/").content.decode()
    staff = browser_of(cast.chengxiang.clerk).get(f"/admin/projects/project/{row.pk}/change/").content.decode()
    assert "下一个节点还有1天" in public and "下一个节点还有1天" in staff
    assert progress.next_step(row, None) == "剩60天"
