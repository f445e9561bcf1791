"""A promise made on a Friday before a worked Saturday, and the reminders of it, though their worker is killed."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from playwright.sync_api import BrowserContext, Page, expect

from alliance.embedded.places import REPO
from tests.journeys.conftest import DESKTOP, PHONE, Doors

if TYPE_CHECKING:
    from people.models import User
    from tests.journeys.site import Site

HANGZHOU = ZoneInfo("Asia/Shanghai")
# In 2026 the Spring Festival is the 15th to the 23rd of February; Saturday the 14th and the 28th are worked for it.
FRIDAY = datetime(2026, 2, 13, 10, 0, tzinfo=HANGZHOU)
DAY_BEFORE = datetime(2026, 2, 26, 9, 0, tzinfo=HANGZHOU)
DAY_AFTER = datetime(2026, 2, 28, 9, 0, tzinfo=HANGZHOU)


@pytest.fixture(scope="module")
def friday_site(django_test_environment: None, django_db_blocker: Any) -> Iterator[Site]:
    """A site that believes it is that Friday, and whose people were there before."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        from people.models import RoleGrant
        from tests.journeys.site import in_database, running_site

        patch.setenv("MOMENT", FRIDAY.isoformat())
        with running_site("fridays", application="tests.journeys.clocked:application") as site:
            with in_database(site.database):
                RoleGrant.objects.update(starts_on=date(2026, 1, 1))
            yield site


@pytest.fixture
def fridays_doors(
    friday_site: Site, django_db_blocker: Any, new_context: Callable[..., BrowserContext]
) -> Iterator[Doors]:
    from tests.journeys.site import in_database

    opened = Doors(friday_site, new_context)
    with django_db_blocker.unblock(), in_database(friday_site.database):
        yield opened
    assert not opened.problems(), "\n".join([*opened.problems(), friday_site.log.read_text()[-4000:]])


def _sweep(site: Site, moment: datetime, die_before: int = 0) -> bool:
    """One sweep on that day by a process of its own; whether it lived through it."""
    from tests.journeys.site import environment_of

    environment = {**environment_of(site), "MOMENT": moment.isoformat()}
    command = [sys.executable, "-m", "tests.journeys.clocked", str(die_before)]
    ran = subprocess.run(command, cwd=REPO, env=environment, check=False, timeout=120)
    assert ran.returncode in (0, -signal.SIGKILL)
    return ran.returncode == 0


def _sweep_with_deaths(site: Site, moment: datetime) -> int:
    """Sweeps of the day, killed a little later each time, until one lives; how many died.

    The clock goes on by more than a lease after each death: nobody else is there to take over.
    """
    from tests.clock import database_clock

    deaths = 0
    offset = moment - datetime.now(HANGZHOU)
    with database_clock(offset, database=site.database) as clock:
        while not _sweep(site, moment, die_before=8 + 12 * deaths):
            deaths += 1
            clock.move(offset + deaths * timedelta(minutes=6))
        assert _sweep(site, moment), "and once more for good measure"
    return deaths


def _accepts(page: Page, need_title: str) -> None:
    page.goto("/admin/")
    page.get_by_role("link", name=re.compile(re.escape(need_title))).first.click()
    expect(page.locator("[name=reply_by]")).to_have_value("2026-02-27")
    page.get_by_role("button", name=re.compile("受理")).first.click()
    expect(page.locator("main")).to_contain_text("2月27日")


def _notices(doors: Doors, who: User, words: str, number: str = "") -> int:
    page = doors.open(DESKTOP, who=who)
    page.goto("/admin/inbox/")
    expect(page.locator("h1")).to_be_visible()
    return page.locator(".inbox li").filter(has_text=words).filter(has_text=number).count()


def test_promised_for_the_right_day_and_reminded_once_though_workers_died(fridays_doors: Doors) -> None:
    from tests.cast import WORDS, say_need

    doors, site = fridays_doors, fridays_doors.site
    here = site.cast.chengxiang
    with time_machine.travel(FRIDAY, tick=True):
        need = say_need(here.home)
    _accepts(doors.open(DESKTOP, who=here.worker), WORDS[:12])
    resident = doors.open(PHONE)
    resident.goto(f"/n/{need.link_token}/")
    expect(resident.locator("h1")).to_contain_text("2月27日前答复")

    assert _sweep_with_deaths(site, DAY_BEFORE) >= 2
    assert _notices(doors, here.worker, "该在2月27日前答复居民", need.number) == 1
    assert _notices(doors, here.secretary, "过了答应的日子") == 0

    assert _sweep_with_deaths(site, DAY_AFTER) >= 2
    assert _notices(doors, here.worker, "该在2月27日前答复居民", need.number) == 1
    assert _notices(doors, here.secretary, "过了答应的日子，还没答复居民", need.number) == 1
    assert _notices(doors, here.party_office, "过了答应的日子") == 0
