"""Story 5's trip, on phone and desktop: full, 候补第2位, moved up, reminded, on paper, two who sign, hours, a paper."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESKTOP, PHONE, Doors

if TYPE_CHECKING:
    from people.models import User
    from tests.cast import Street
    from tests.journeys.site import Site
    from volunteers.models import Post, SignUp, Slot

TITLE = "清厢之旅：参观衙前农民运动纪念馆"


def _planned(here: Street) -> Post:
    """A draft with one day; whoever comes helps the elders along."""
    from tests.volunteers.things import day, drafted
    from volunteers.services.slots import Place

    row = drafted(here, title=TITLE, bring="水杯、常吃的药")
    post: Post = day(row, here.worker, posts=[Place(capacity=2, name="结伴照看", is_service=True)]).posts.get()
    return post


def _helper(here: Street, name: str) -> User:
    from tests.volunteers.things import comer, volunteer

    person = comer(name)
    volunteer(person, here.home)
    return person


def _publishes(staff: Page, post: Post) -> None:
    from tests.journeys.watch import look

    staff.goto(f"/admin/volunteers/activity/{post.slot.activity_id}/change/")
    look(staff)
    staff.get_by_role("button", name="发布", exact=True).click()
    expect(staff.locator(".msgs")).to_contain_text("发布了，可以报名了。")


def _waits_second(uncle: Page, post: Post) -> None:
    """From the calendar to the end of the line."""
    from tests.journeys.watch import look

    uncle.goto("/activities/")
    look(uncle)
    uncle.locator(f"main a[href='/activities/{post.slot.activity_id}/']").first.click()
    expect(uncle.locator("main")).to_contain_text("满员，可候补")
    look(uncle)
    uncle.get_by_role("button", name="我要报名").click()
    expect(uncle.locator("h1")).to_have_text("候补第2位")
    expect(uncle.locator("main")).to_contain_text("有人退出就按顺序补上")
    look(uncle)


def _lets_go(page: Page) -> None:
    """Somebody who has a seat gives it back."""
    page.goto("/my/activities/")
    page.get_by_role("link", name=TITLE).click()
    page.get_by_role("button", name="取消报名").click()
    expect(page.locator(".toast")).to_contain_text("取消了，名额给别人。")


def _moves_up(uncle: Page, before: SignUp) -> None:
    """The first in the line leaves it; then it is his turn."""
    from tests.journeys.watch import look
    from volunteers.services.signing import cancel

    uncle.reload()
    expect(uncle.locator("h1")).to_have_text("候补第1位")
    cancel(pk=before.pk, by=before.person)
    uncle.reload()
    expect(uncle.locator("h1")).to_have_text("等您确认")
    expect(uncle.locator("main")).to_contain_text("有名额了，请在")
    look(uncle)
    uncle.get_by_role("button", name="确认参加").click()
    expect(uncle.locator(".toast")).to_contain_text("名额是您的了，到时见。")
    expect(uncle.locator("h1")).to_have_text("已报名")


def _is_reminded(uncle: Page, post: Post) -> None:
    """The day before: what falls due then falls due now."""
    from deadlines.models import Due
    from deadlines.services.sweep import sweep_all
    from tests.journeys.watch import look
    from volunteers.services.dues import REMIND_DAY, subject_of

    due = Due.objects.filter(subject=subject_of(post.slot), kind=REMIND_DAY)
    assert due.update(due_at=timezone.now() - timedelta(seconds=1)) == 1
    sweep_all()
    uncle.goto("/inbox/")
    expect(uncle.locator("main")).to_contain_text(f"温馨提醒：“{TITLE}”")
    look(uncle)


def _on_paper(staff: Page, second: Page, slot: Slot) -> None:
    """Copied from the sheet by one, who may not confirm it; confirmed by the other."""
    from tests.journeys.watch import look

    staff.goto(f"/activities/days/{slot.pk}/")
    look(staff)
    staff.get_by_role("link", name="打印签到表").click()
    expect(staff.locator(".sheet-table")).to_contain_text("孙大伯")
    look(staff)
    staff.get_by_role("link", name="名单和签到").click()
    staff.get_by_label("孙大伯").check()
    staff.get_by_role("button", name="照纸质表登记").click()
    expect(staff.locator(".toast")).to_contain_text("登记了1人。")
    staff.get_by_role("button", name="全部确认").click()
    expect(staff.locator(".toast")).to_contain_text("还有1人要另一位同事确认")
    look(staff)
    second.goto(f"/activities/days/{slot.pk}/")
    second.get_by_role("button", name="全部确认").click()
    expect(second.locator(".toast")).to_contain_text("确认了1人的时长。")
    expect(second.locator(".roll__there", has_text="孙大伯")).to_contain_text("时长已确认")
    look(second)


def _has_hours_and_points(uncle: Page) -> None:
    from tests.journeys.watch import look

    uncle.goto("/my/activities/")
    expect(uncle.locator("main")).to_contain_text("共3小时")
    look(uncle)
    uncle.goto("/my/points/")
    expect(uncle.locator(".purse__main")).to_contain_text("3")
    expect(uncle.locator("main")).to_contain_text(TITLE)
    look(uncle)


def _shows_a_paper(uncle: Page, visitor: Page) -> None:
    """Issued for nothing; anybody asks whether it is true, and whether another code would be."""
    from tests.journeys import hands
    from tests.journeys.watch import look

    uncle.goto("/my/volunteer/")
    look(uncle)
    uncle.get_by_role("link", name="开服务证明").click()
    uncle.get_by_role("button", name="开证明").click()
    expect(uncle.locator(".deed")).to_contain_text(TITLE)
    look(uncle)
    number = uncle.locator(".deed__number").inner_text()
    code = uncle.locator(".deed__foot b").inner_text()
    hands.expects(visitor, 404)
    visitor.goto("/volunteer/check/")
    for typed, answer in ((code[:-1] + ("A" if code[-1] != "A" else "B"), "对不上"), (code, "一致")):
        visitor.fill("[name=number]", number.lower())
        visitor.fill("[name=code]", typed)
        visitor.get_by_role("button", name="核对").click()
        expect(visitor.locator("main")).to_contain_text(answer)
        look(visitor)
    expect(visitor.locator(".facts")).to_contain_text("3小时")


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_trip_from_the_end_of_the_line_to_a_paper_that_can_be_checked(
    doors: Doors, site: Site, screen: dict[str, Any]
) -> None:
    from tests.cast import fresh
    from tests.volunteers.things import begun, joined

    here = site.cast.chengxiang
    other = DESKTOP if screen is PHONE else PHONE
    post, staff = _planned(here), doors.open(other, who=here.worker)
    _publishes(staff, post)
    seated = [joined(post, _helper(here, name)) for name in ("张阿姨", "李师傅")]
    waits = joined(post, _helper(here, "陈大妈"))
    uncle = doors.open(screen, who=_helper(here, "孙大伯"))
    _waits_second(uncle, post)
    _lets_go(doors.open(screen, who=fresh(seated[1].person)))
    waits.refresh_from_db()
    assert waits.state == "offered", "nobody has to look: the first in the line is asked"
    _moves_up(uncle, waits)
    _is_reminded(uncle, post)
    _on_paper(staff, doors.open(other, who=here.secretary), begun(post, hours_ago=3.2, lasted=3))
    _has_hours_and_points(uncle)
    _shows_a_paper(uncle, doors.open(screen))
