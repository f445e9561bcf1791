"""The page of one limit: what runs is counted, limit and rungs are saved together, nothing typed is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.deadlines.limits import KIND, rule, save, start

if TYPE_CHECKING:
    from people.models import User
    from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("ladder")

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
