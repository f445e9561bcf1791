"""Points on two phones: a volunteer exchanges them for a haircut, the barber writes it off from his own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.journeys.conftest import Doors

if TYPE_CHECKING:
    from playwright.sync_api import Page

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
