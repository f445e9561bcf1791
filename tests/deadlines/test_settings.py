"""Limits and reminders are edited by whoever may, nobody is made late by it, and two windows do not swap."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.utils import timezone

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound

if TYPE_CHECKING:
    from deadlines.models import Stage, StageRule
    from people.models import User
    from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("ladder")

KIND = "test.reply"
MONDAY = "2026-11-23T10:00:00+08:00"


@pytest.fixture
def keeper(cast: Cast) -> User:
    """A system administrator of the district."""
    from people.models import Area, RoleGrant
    from tests.cast import fresh

    admin = cast.chengxiang.system_admin
    RoleGrant.objects.filter(user=admin).update(area=Area.objects.get(pk="330109"))
    return fresh(admin)


def rule() -> StageRule:
    from deadlines.models import StageRule

    return StageRule.objects.get(pk=KIND)


def start(cast: Cast, number: int = 1, **options: Any) -> Stage:
    from deadlines.services.stages import start_stage

    here = cast.chengxiang
    options = {"kind": KIND, "subject": f"thing:{number}", "label": f"XQ-{number}", **options}
    return start_stage(area_code=here.home.code, holder=here.worker, **options)


def save(by: User, amount: int, version: int = 1, **options: Any) -> Any:
    from deadlines.services.settings import save_limit

    return save_limit(by=by, kind=KIND, amount=amount, version=version, **{"unit": "work_days", **options})


def recounted() -> None:
    """The sweep came by. It goes by the database's clock, which no test moves."""
    from django.db.models.functions import Now

    from deadlines.models import Due
    from deadlines.services.sweep import sweep_all

    Due.objects.undone().filter(kind="deadlines.recount").update(due_at=Now())
    sweep_all()
    assert not Due.objects.undone().filter(kind="deadlines.recount").exists()


@time_machine.travel(MONDAY)
def test_a_longer_limit_holds_for_what_starts_and_for_what_runs_by_the_rule(cast: Cast, keeper: User) -> None:
    by_rule, chosen = start(cast, 1), start(cast, 2, due_on=timezone.localdate() + timedelta(days=30))
    before = chosen.due_at
    saved = save(keeper, 7)
    assert (saved.rule.amount, saved.rule.version, saved.recounted) == (7, 2, 2)
    recounted()
    by_rule.refresh_from_db()
    chosen.refresh_from_db()
    assert str(by_rule.due_on) == "2026-12-02" and chosen.due_at == before
    assert str(start(cast, 3).due_on) == "2026-12-02"


@time_machine.travel(MONDAY)
def test_what_runs_keeps_its_limit_if_that_is_wanted(cast: Cast, keeper: User) -> None:
    stage = start(cast)
    assert save(keeper, 7, running=False).recounted == 0
    recounted()
    before = stage.due_at
    stage.refresh_from_db()
    assert stage.due_at == before


@time_machine.travel(MONDAY)
def test_nobody_is_made_late_by_an_edit(cast: Cast, keeper: User) -> None:
    old = start(cast, 1, started_at=timezone.now() - timedelta(days=4))
    new = start(cast, 2)
    end = old.due_at
    save(keeper, 1)
    recounted()
    old.refresh_from_db()
    new.refresh_from_db()
    assert old.due_at == end > timezone.now()
    assert str(new.due_on) == "2026-11-24"


def test_what_is_late_or_paused_is_not_touched(cast: Cast, keeper: User) -> None:
    from deadlines.models import Stage
    from deadlines.services.settings import running_of
    from deadlines.services.stages import pause_stage

    late, paused = start(cast, 1), start(cast, 2)
    Stage.objects.filter(pk=late.pk).update(breached_at=timezone.now())
    pause_stage(kind=KIND, subject=paused.subject)
    assert running_of(KIND) == 0 and save(keeper, 9).recounted == 0
    for stage in (late, paused):
        stage.refresh_from_db()
        assert stage.amount == 5


def test_the_old_number_is_in_the_log_beside_the_new(cast: Cast, keeper: User) -> None:
    from audit.models import AuditEntry

    save(keeper, 3)
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.actor, entry.subject) == ("limit_changed", keeper, KIND)
    assert entry.params == {"from": "5 work_days", "to": "3 work_days", "count": 0}
    save(keeper, 3, version=2)
    assert AuditEntry.objects.latest("pk") == entry, "the same again is no change"


def test_only_administrators_of_a_district_or_wider_change_it(cast: Cast, keeper: User) -> None:
    from deadlines.services.settings import Step, save_steps
    from tests.cast import fresh

    here = cast.chengxiang
    for person in (here.party_office, here.leader, cast.xiasha.system_admin, here.audit_admin):
        with pytest.raises(NotAllowed):
            save(fresh(person), 9)
        with pytest.raises(NotAllowed):
            save_steps(by=fresh(person), kind=KIND, steps=[Step(0, "hands")], version=1)
    assert rule().amount == 5
    assert save(keeper, 9).rule.amount == 9


@pytest.mark.parametrize(
    ("amount", "unit"), [(0, "work_days"), (-1, "hours"), (241, "work_days"), (1501, "work_hours"), (5, "years")]
)
def test_a_limit_that_cannot_be_is_refused(cast: Cast, keeper: User, amount: int, unit: str) -> None:
    with pytest.raises(Invalid):
        save(keeper, amount, unit=unit)
    assert (rule().amount, rule().unit, rule().version) == (5, "work_days", 1)


def test_no_such_stage_and_a_stale_window(cast: Cast, keeper: User) -> None:
    from deadlines.services.settings import Step, save_limit, save_steps

    with pytest.raises(NotFound):
        save_limit(by=keeper, kind="no.such", amount=1, unit="hours", version=1)
    save(keeper, 6)
    with pytest.raises(Conflict):
        save(keeper, 7, version=1)
    with pytest.raises(Conflict):
        save_steps(by=keeper, kind=KIND, steps=[Step(0, "hands")], version=1)
    assert rule().amount == 6


@time_machine.travel(MONDAY)
def test_new_rungs_are_laid_out_for_what_runs(cast: Cast, keeper: User) -> None:
    from deadlines.models import ChaseStep, Due
    from deadlines.services.settings import Step, save_steps

    stage = start(cast)
    wanted = [Step(2, "party_office"), Step(-2, "hands"), Step(0, "supervisor", is_active=False)]
    assert save_steps(by=keeper, kind=KIND, steps=wanted, version=1).recounted == 1
    assert list(ChaseStep.objects.filter(kind=KIND).values_list("offset", flat=True)) == [-2, 0, 2]
    recounted()
    chases = Due.objects.undone().filter(kind="deadlines.chase", subject=f"stage:{stage.pk}")
    assert sorted(due.params["offset"] for due in chases) == [-2, 2]
    end = stage.due_at
    stage.refresh_from_db()
    assert stage.due_at == end


@pytest.mark.parametrize(
    "steps",
    [
        [],
        [(0, "hands", False)],
        [(0, "hands", True), (0, "supervisor", True)],
        [(-21, "hands", True)],
        [(61, "hands", True)],
        [(0, "everybody", True)],
    ],
)
def test_rungs_that_cannot_be_are_refused(cast: Cast, keeper: User, steps: list[tuple[int, str, bool]]) -> None:
    from deadlines.models import ChaseStep
    from deadlines.services.settings import Step, save_steps

    with pytest.raises(Invalid):
        save_steps(by=keeper, kind=KIND, steps=[Step(*step) for step in steps], version=1)
    assert ChaseStep.objects.filter(kind=KIND).count() == 4 and rule().version == 1


RUNGS = (("-1", "hands"), ("0", "hands"), ("1", "supervisor"), ("3", "party_office"))
"""What the programme comes with."""


def typed(*rows: tuple[str, str], **changes: str) -> dict[str, str]:
    """The page as it is sent: a limit of 8 days, and ``rows`` or the rungs there are."""
    rows = rows or RUNGS
    given = {
        "limit-version": "1",
        "limit-amount": "8",
        "limit-unit": "work_days",
        "limit-running": "on",
        "steps-TOTAL_FORMS": str(len(rows)),
        "steps-INITIAL_FORMS": "0",
    }
    for number, (offset, audience) in enumerate(rows):
        given |= {
            f"steps-{number}-offset": offset,
            f"steps-{number}-audience": audience,
            f"steps-{number}-is_active": "on",
        }
    return {**given, **changes}


SAME = {"limit-amount": "5"}


def offsets() -> list[int]:
    from deadlines.models import ChaseStep

    return list(ChaseStep.objects.filter(kind=KIND).order_by("offset").values_list("offset", flat=True))


def test_the_page_shows_how_many_run_before_anything_is_saved(cast: Cast, keeper: User) -> None:
    from tests.cast import browser_of

    for number in range(3):
        start(cast, number)
    browser = browser_of(keeper)
    text = browser.get(f"/admin/due/limits/{KIND}/").content.decode()
    assert "现在有3件正在计时" in text and "最多3件会重算" in text
    assert rule().version == 1
    done = browser.post(f"/admin/due/limits/{KIND}/", typed(), follow=True).content.decode()
    assert "3件正在计时的马上重算" in done and rule().amount == 8


def test_limit_and_rungs_are_saved_together_or_not_at_all(cast: Cast, keeper: User) -> None:
    from tests.cast import browser_of

    start(cast)
    browser, path = browser_of(keeper), f"/admin/due/limits/{KIND}/"
    both = typed(("-2", "hands"), ("0", "hands"))
    for wrong in ({"limit-amount": "999"}, {"steps-0-offset": "0"}):
        answer = browser.post(path, {**both, **wrong})
        assert answer.status_code == 422
        assert (rule().amount, rule().version, offsets()) == (5, 1, [-1, 0, 1, 3])
    assert "马上重算" in browser.post(path, both, follow=True).content.decode()
    assert (rule().amount, offsets()) == (8, [-2, 0])
    again = typed(("-2", "hands"), ("0", "hands"), **{"limit-version": str(rule().version)})
    before = rule().version
    assert "没有改动" in browser.post(path, again, follow=True).content.decode()
    assert rule().version == before


def test_what_is_wrong_with_limit_and_rungs_is_said_at_once(cast: Cast, keeper: User) -> None:
    from tests.cast import browser_of

    wrong = typed(("1", "hands"), ("1", "supervisor"), **{"limit-amount": "999"})
    page = browser_of(keeper).post(f"/admin/due/limits/{KIND}/", wrong).content.decode()
    assert "时限请填1到240之间的数" in page and "同一天只能有一级提醒" in page


def test_new_rungs_alone_say_that_reminders_are_laid_out_anew(cast: Cast, keeper: User) -> None:
    from tests.cast import browser_of

    for number in range(2):
        start(cast, number)
    changed = typed(("0", "hands"), **SAME)
    done = browser_of(keeper).post(f"/admin/due/limits/{KIND}/", changed, follow=True).content.decode()
    assert "2件的提醒重新排" in done and "马上重算" not in done


def test_a_promised_day_is_not_counted_again_but_its_reminders_are(cast: Cast, keeper: User) -> None:
    """A promised kind runs too: the page counts what saving will rearrange, by the same rule."""
    from deadlines.kinds import stage_kind
    from deadlines.models import Stage
    from tests.cast import browser_of

    declared = stage_kind("needs.reply")
    assert declared and declared.promised
    stage = start(cast)
    Stage.objects.filter(pk=stage.pk).update(kind="needs.reply")
    text = browser_of(keeper).get("/admin/due/limits/needs.reply/").content.decode()
    assert "现在有1件正在计时" in text and "1件正在计时的会重新排" in text
    assert "会重算" not in text and "还按原来的日子" in text


def test_the_page_keeps_what_was_typed_when_somebody_was_faster(cast: Cast, keeper: User) -> None:
    from tests.cast import browser_of

    browser = browser_of(keeper)
    save(keeper, 6)
    path = f"/admin/due/limits/{KIND}/"
    answer = browser.post(path, typed(("4", "hands")))
    page = answer.content.decode()
    assert answer.status_code == 409 and "已被他人更新" in page
    assert 'value="8"' in page and 'value="4"' in page
    assert rule().amount == 6
    assert f'name="limit-version" value="{rule().version}"' in page, "sent again it stands on the newest state"


def test_the_page_says_what_is_wrong(cast: Cast, keeper: User) -> None:
    from tests.cast import browser_of

    browser, path = browser_of(keeper), f"/admin/due/limits/{KIND}/"
    wrong = [
        (typed(**{"limit-amount": "999"}), "时限请填1到240之间的数"),
        (typed(**{"limit-amount": "很久"}), "请填一个整数"),
        (typed(("1", "hands"), ("1", "supervisor")), "同一天只能有一级提醒"),
        (typed(("", "hands")), "至少要有一级启用的提醒"),
    ]
    for form, said in wrong:
        answer = browser.post(path, form)
        assert answer.status_code == 422 and said in answer.content.decode(), said
    assert browser.post(path, typed(("1", "hands"), ("", "hands"))).status_code == 302


def test_everybody_who_works_by_the_limits_may_read_them(cast: Cast, keeper: User) -> None:
    from tests.cast import browser_of

    here = cast.chengxiang
    for person, status in {here.worker: 200, cast.xiasha.system_admin: 200, here.audit_admin: 403}.items():
        answer = browser_of(person).get("/admin/due/limits/")
        assert answer.status_code == status
        assert f"/admin/due/limits/{KIND}/" not in answer.content.decode()
        assert browser_of(person).get(f"/admin/due/limits/{KIND}/").status_code == 403
    assert f"/admin/due/limits/{KIND}/" in browser_of(keeper).get("/admin/due/limits/").content.decode()
    assert browser_of(keeper).get("/admin/due/limits/no.such/").status_code == 404
