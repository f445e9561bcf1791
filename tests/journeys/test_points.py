"""Points on two phones: a volunteer exchanges them for a haircut, the barber writes it off from his own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from tests.journeys.conftest import DESKTOP, Doors

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.cast import Street
    from tests.journeys.site import Site

ADDRESS = "**/desk/counter/"


def test_a_haircut_from_the_statement_to_the_barber(doors: Doors, site: Site) -> None:
    from points.codes import code_of, spaced
    from points.models import Redemption, Reward
    from tests.claims.things import alliance_of, unit_of
    from tests.journeys.arrange import shown_qr
    from tests.journeys.watch import look
    from tests.points.things import account, now_true, reward_in, rich

    here = site.cast.chengxiang
    alliance_of(here)
    who, unit = rich(here, 50), unit_of(here)
    haircut = reward_in(here, unit=unit.pk, donor="街口理发店")
    mine = doors.open(who=who)
    _exchange(mine)
    code = code_of(Redemption.objects.get(reward=haircut).client_key)
    scanned = f"{site.url}/desk/counter/#{code}"
    expect(mine.locator(".coupon__code")).to_have_text(spaced(code))
    assert shown_qr(mine, scanned)
    look(mine)
    _write_off(doors.open(who=here.liaison), scanned, code)
    mine.reload()
    expect(mine.locator("main")).to_contain_text("领到了")
    mine.goto("/my/points/")
    expect(mine.locator(".purse__main")).to_contain_text("30")
    assert account(who, here).balance == 300
    now_true()
    Reward.objects.filter(pk=haircut.pk).update(state="off")


def _exchange(mine: Page) -> None:
    """From the statement over the shelf to the code."""
    from tests.journeys.watch import look

    mine.goto("/my/points/")
    expect(mine.locator(".purse__main")).to_contain_text("50")
    look(mine)
    mine.get_by_role("link", name="去兑换").click()
    look(mine)
    mine.get_by_role("link", name="理发").click()
    look(mine)
    mine.get_by_role("button", name="用20分兑换").click()
    mine.wait_for_url("**/my/points/exchanges/**")


def _write_off(barber: Page, scanned: str, code: str) -> None:
    """A wrong code first; then what the phone's camera opens."""
    from points.codes import spaced
    from tests.journeys.watch import look

    barber.goto("/desk/")
    barber.get_by_role("link", name="核销兑换码").click()
    barber.wait_for_url(ADDRESS)
    field = barber.locator("[data-code]")
    field.fill("aaaa 2222")
    barber.get_by_role("button", name="核销").click()
    expect(barber.get_by_text("没有找到这个兑换码")).to_be_visible()
    look(barber)
    barber.goto("about:blank")
    barber.goto(scanned)
    expect(field).to_have_value(spaced(code))
    barber.wait_for_url(ADDRESS)  # the code stands in the address no longer
    barber.get_by_role("button", name="核销").click()
    done = barber.get_by_role("status")
    expect(done).to_contain_text("核销好了，可以给了")
    expect(done).to_contain_text("理发")
    look(barber)


def _checks_in(doors: Doors, mine: Page, slot: int) -> None:
    """The six digits on the organiser's screen, typed by thumb; then again, with another."""
    from tests.journeys.watch import look

    wall = doors.open(DESKTOP, who=doors.site.cast.chengxiang.worker)
    wall.goto(f"/activities/days/{slot}/code/")
    look(wall)
    mine.goto(f"/activities/days/{slot}/here/")
    mine.locator("[name=code]").fill("00 0000")
    mine.get_by_role("button", name="签到").click()
    expect(mine.locator("[data-errors]")).to_contain_text("码不对")
    look(mine)
    wall.reload()
    mine.locator("[name=code]").fill(wall.locator(".wall-code b").inner_text())
    mine.get_by_role("button", name="签到").click()
    expect(mine.locator("h1")).to_have_text("签到好了")
    look(mine)


def _errand_brought(here: Street, who: Any) -> None:
    """大刘 brought the eye drops, and the resident has them."""
    from claims import services as claims
    from needs.services.errands import confirm_errand_by_resident
    from tests.cast import fresh, say_need
    from tests.needs.running import publish, take

    need = say_need(here.home, words="想请人买瓶眼药水。", name="小顾")
    claims.deliver(claim_id=take(publish(need, here.worker), who).pk, by=fresh(who))
    confirm_errand_by_resident(token=need.link_token)


def _stood_at_the_crossing(doors: Doors, here: Street, who: Any, mine: Any) -> None:
    """A duty of three hours, checked in with the six digits, confirmed by the secretary."""
    from tests.cast import fresh
    from tests.volunteers import things
    from tests.volunteers.test_attending import duty
    from volunteers.models import Attendance

    post = duty(here)
    row = things.joined(post, fresh(who))
    _checks_in(doors, mine, things.begun(post, hours_ago=0.2).pk)
    slot = things.begun(post, hours_ago=3.2, lasted=3)  # three hours later
    Attendance.objects.filter(signup=row).update(came_at=slot.starts)
    second = doors.open(DESKTOP, who=here.secretary)
    second.goto(f"/activities/days/{slot.pk}/")
    second.get_by_role("button", name="全部确认").click()
    expect(second.locator(".toast")).to_contain_text("确认了1人的时长。")


def test_what_an_errand_and_a_duty_earned_is_a_haircut(doors: Doors, site: Site) -> None:
    """Story 2's second half: hours, points, the barber."""
    from datetime import timedelta

    from django.utils import timezone

    from points.codes import code_of
    from points.models import Redemption, Reward
    from tests.claims.things import alliance_of, unit_of
    from tests.journeys.watch import look
    from tests.points.things import give, reward_in, volunteer
    from tests.volunteers import things

    here = site.cast.chengxiang
    alliance_of(here)
    who = volunteer()
    things.volunteer(who, here.home)
    give(who, here, 170, day=timezone.localdate() - timedelta(days=1))
    _errand_brought(here, who)
    mine = doors.open(who=who)
    _stood_at_the_crossing(doors, here, who, mine)
    mine.goto("/my/points/")
    expect(mine.locator(".purse__main")).to_contain_text("21")  # 17 of before, one errand, three hours
    expect(mine.locator("main")).to_contain_text("跑腿：买一瓶眼药水")
    expect(mine.locator("main")).to_contain_text("路口值守")
    look(mine)
    haircut = reward_in(here, unit=unit_of(here).pk, donor="街口理发店")
    mine.get_by_role("link", name="去兑换").click()
    mine.get_by_role("link", name="理发").click()
    mine.get_by_role("button", name="用20分兑换").click()
    mine.wait_for_url("**/my/points/exchanges/**")
    code = code_of(Redemption.objects.get(reward=haircut).client_key)
    _write_off(doors.open(who=here.liaison), f"{site.url}/desk/counter/#{code}", code)
    mine.goto("/my/points/")
    expect(mine.locator(".purse__main")).to_contain_text("1")
    mine.goto("/my/activities/")
    expect(mine.locator("main")).to_contain_text("共3小时")  # spent points take no hours
    look(mine)
    Reward.objects.filter(pk=haircut.pk).update(state="off")
