"""Rules come in versions that never overlap and never touch the past."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from alliance.lib.dates import day_of
from alliance.lib.errors import Invalid, NotAllowed, NotFound, RuleBroken
from audit.models import AuditEntry
from people.models import Area, RoleGrant, User
from people.states import Role
from points.defaults import load_defaults
from points.models import Rule
from points.models.rule import ordinary
from points.services.rules import next_rule, rule_on, withdraw_rule
from tests.cast import Cast, browser_of, fresh
from tests.points.things import give, volunteer


def _district(cast: Cast) -> User:
    """A system administrator of the district."""
    user = User.objects.create(username="district", name="区管理员", password="!", area_id="330109")
    RoleGrant.objects.create(user=user, role=Role.SYSTEM_ADMIN, area=Area.objects.get(pk="330109"))
    return fresh(user)


def _next(by: User, days: int = 10, **changes: Any) -> Rule:
    said: dict[str, Any] = {"starts_on": timezone.localdate() + timedelta(days=days), "coefficients": ordinary()}
    return next_rule(by=by, **{**said, **changes})


def test_a_new_version_ends_the_one_before_and_leaves_the_past_alone(cast: Cast) -> None:
    by, who, today = _district(cast), volunteer(), timezone.localdate()
    before = give(who, cast.chengxiang, 10)
    made = _next(by, wish=80)
    assert (made.version, rule_on(today).version, rule_on(made.starts_on).wish) == (2, 1, 80)
    assert Rule.objects.get(version=1).ends_on == made.starts_on
    before.refresh_from_db()
    assert before.rule_id == rule_on(today).pk
    assert give(who, cast.chengxiang, 10, day=made.starts_on).rule_id == made.pk
    assert AuditEntry.objects.filter(action="point_rule_changed", actor=by).exists()
    load_defaults()
    assert Rule.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"days": 0}, "starts_on"),
        ({"days": -1}, "starts_on"),
        ({"ends_on": "before"}, "ends_on"),
        ({"ends_on": "with nothing behind it"}, "ends_on"),
        ({"days": 10_000}, "ends_on"),
        ({"hour": 0}, "starts_on"),
        ({"day_minutes": 5000}, "starts_on"),
        ({"wish": -1}, "wish"),
        ({"wish": 10**12}, "wish"),
        ({"coefficients": []}, "coefficients"),
        ({"coefficients": [{"key": "a", "name": "甲", "percent": 120}]}, "coefficients"),
        ({"coefficients": [*ordinary(), *ordinary()]}, "coefficients"),
        ({"coefficients": [{**ordinary()[0], "percent": 10}]}, "coefficients"),
    ],
)
def test_what_makes_no_sense_is_refused_and_leaves_the_rule_as_it_was(
    cast: Cast, change: dict[str, Any], field: str
) -> None:
    if "ends_on" in change:
        change = {"ends_on": timezone.localdate() + timedelta(days=0 if change["ends_on"] == "before" else 40)}
    with pytest.raises(Invalid) as refused:
        _next(_district(cast), **change)
    assert field in refused.value.fields
    assert Rule.objects.get().ends_on is None


def test_two_versions_of_one_day_are_refused_by_service_and_table(cast: Cast) -> None:
    by = _district(cast)
    first = _next(by, 10)
    with pytest.raises(Invalid):
        _next(by, 10)
    _next(by, 20)
    with pytest.raises(Invalid):
        _next(by, 15)
    with pytest.raises(DatabaseError), transaction.atomic():
        Rule.objects.create(version=9, starts_on=first.starts_on + timedelta(days=1))
    with pytest.raises(RuleBroken):
        rule_on(timezone.localdate().replace(year=2019))


def test_only_a_district_keeps_rules(cast: Cast) -> None:
    for by in (cast.chengxiang.system_admin, cast.chengxiang.party_office, volunteer()):
        with pytest.raises(NotAllowed):
            _next(by)


def test_the_next_version_is_set_on_a_page_from_a_day_to_come(cast: Cast) -> None:
    by, here, today = _district(cast), cast.chengxiang, timezone.localdate()
    given = give(volunteer(), here, 10)
    page, add = browser_of(by), "/admin/points/rule/add/"
    typed = dict(page.get(add).context["form"].initial)
    assert (typed["wish"], typed["coefficients"].splitlines()[0]) == ("5", "一般服务 100")
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"starts_on": today}, "starts_on"),
        ({"starts_on": ""}, "starts_on"),
        ({"wish": "-1"}, "wish"),
        ({"wish": "5.55"}, "wish"),
        ({"coefficients": "一般服务 九折"}, "coefficients"),
        ({"coefficients": "夜间 120"}, "coefficients"),
    ]
    later = today + timedelta(days=10)
    for change, field in wrong:
        answer = page.post(add, {**typed, "starts_on": later, **change})
        assert (answer.status_code, field in answer.context["form"].errors) == (422, True), change
    more = {"starts_on": later, "wish": "5.5", "coefficients": typed["coefficients"] + "\n防汛 200%"}
    assert page.post(add, {**typed, **more}).status_code == 302
    assert page.post(add, {**typed, **more}).status_code == 422, "there is one from that day on"
    assert page.post(add, {**typed, "starts_on": later - timedelta(days=1)}).status_code == 422, "the two overlap"
    made, before = Rule.objects.get(version=2), given.rule
    assert (made.wish, made.coefficients[-1]["percent"], rule_on(today).version) == (55, 200, 1)
    assert made.coefficients[0]["key"] == "ordinary" and before is not None
    given.refresh_from_db()
    assert (given.rule_id, given.amount) == (before.pk, 10)
    read = browser_of(here.worker)
    assert "5.5" in read.get(f"/admin/points/rule/{made.pk}/change/").content.decode()
    assert "第2版" in read.get("/admin/points/rule/").content.decode()
    assert read.get(add).status_code == read.post(add, typed).status_code == 403


def test_the_next_version_is_announced_by_its_day_and_what_is_wrong_leads_to_its_field(cast: Cast) -> None:
    by = _district(cast)
    answer = browser_of(by).post("/admin/points/rule/add/", {})
    page = answer.content.decode()
    assert answer.status_code == 422 and '<a href="#id_starts_on">' in page and '<a href="#id_errand">' in page
    made = _next(by, 40)
    assert f"{day_of(made.starts_on)}起用" in browser_of(by).get("/admin/points/rule/add/").content.decode()


def test_what_has_not_begun_is_withdrawn_and_the_one_before_goes_on(cast: Cast) -> None:
    by, day = _district(cast), timezone.localdate() + timedelta(days=10)
    first, made = rule_on(), _next(by, wish=80)
    assert Rule.objects.get(pk=first.pk).ends_on == day
    gone = withdraw_rule(pk=made.pk, by=by, why="数填错了")
    assert (gone.withdrawn_by, gone.withdrawn_why) == (by, "数填错了") and Rule.objects.get(pk=first.pk).ends_on is None
    assert rule_on(day) == first and rule_on(day + timedelta(days=400)) == first
    again = _next(by, wish=60)
    assert (rule_on(day), again.version) == (again, made.version + 1), "its number is not given again"
    entry = AuditEntry.objects.filter(subject=f"point-rule:{made.version}").latest("pk")
    assert entry.reason == "数填错了" and entry.params["withdrawn"]


def test_one_in_the_middle_leaves_no_gap(cast: Cast) -> None:
    by, today = _district(cast), timezone.localdate()
    first = rule_on()
    _next(by, 10)
    later = _next(by, 30)
    withdraw_rule(pk=rule_on(today + timedelta(days=10)).pk, by=by, why="不用了")
    assert Rule.objects.get(pk=first.pk).ends_on == later.starts_on
    assert rule_on(today + timedelta(days=29)) == first and rule_on(today + timedelta(days=30)) == later


def test_what_has_begun_or_is_withdrawn_is_not_withdrawn_and_only_with_a_reason(cast: Cast) -> None:
    by = _district(cast)
    made = _next(by)
    for pk, who, why, error in (
        (rule_on().pk, by, "不要了", RuleBroken),
        (made.pk, fresh(cast.chengxiang.clerk), "不要了", NotAllowed),
        (made.pk, by, " ", Invalid),
        (0, by, "不要了", NotFound),
    ):
        with pytest.raises(error):
            withdraw_rule(pk=pk, by=who, why=why)
    withdraw_rule(pk=made.pk, by=by, why="不要了")
    with pytest.raises(RuleBroken):
        withdraw_rule(pk=made.pk, by=by, why="不要了")


WITHDRAW = "UPDATE points_rule SET withdrawn_at = now(), withdrawn_by_id = {by}, withdrawn_why = 'x' WHERE id = {made}"
LONGER = "UPDATE points_rule SET ends_on = ends_on + 5 WHERE id = {first}"
BACK = "UPDATE points_rule SET withdrawn_at = NULL, withdrawn_by_id = NULL, withdrawn_why = '' WHERE id = {made}"


@pytest.mark.parametrize(
    "forged",
    [
        [WITHDRAW.replace("{made}", "{first}")],
        ["UPDATE points_rule SET withdrawn_at = now() WHERE id = {made}"],
        [WITHDRAW.replace("SET ", "SET wish = 1, ")],
        ["UPDATE points_rule SET ends_on = NULL WHERE id = {first}"],
        [LONGER],
        [WITHDRAW, LONGER],
        [WITHDRAW, BACK],
    ],
)
def test_the_database_itself_keeps_what_has_begun(cast: Cast, forged: list[str]) -> None:
    by = _district(cast)
    first, made = rule_on(), _next(by)
    keys = {"by": by.pk, "first": first.pk, "made": made.pk}
    with transaction.atomic(), connection.cursor() as cursor:  # the control: what has not begun may
        cursor.execute(WITHDRAW.format(**keys))
        transaction.set_rollback(True)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        for one in forged:
            cursor.execute(one.format(**keys))


def test_the_page_withdraws_with_a_reason_and_says_so_afterwards(cast: Cast) -> None:
    by = _district(cast)
    made, client = _next(by), browser_of(by)
    page, post = f"/admin/points/rule/{made.pk}/change/", f"/admin/points/rule/{made.pk}/withdraw/"
    assert "撤回这一版" in client.get(page).content.decode()
    assert "撤回这一版" not in client.get(f"/admin/points/rule/{rule_on().pk}/change/").content.decode()
    refused = client.post(post, {"why": ""})
    assert refused.status_code == 422 and "请写一句为什么撤回" in refused.content.decode()
    assert client.post(post, {"why": "数填错了"})["Location"] == page
    after = client.get(page).content.decode()
    assert "数填错了" in after and "撤回了" in after and "撤回这一版" not in after
    assert browser_of(cast.chengxiang.clerk).post(post, {"why": "x"}).status_code == 403
