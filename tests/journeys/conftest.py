"""A running site, browsers that are watched, and a clean table before every journey."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

if TYPE_CHECKING:
    from people.models import User
    from tests.journeys.site import Site
    from tests.journeys.watch import Watch

# Long enough for a machine that is busy with other tests; nothing ever waits this long on a good day.
expect.set_options(timeout=20_000)
PATIENCE = 30_000

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
NARROW = {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True}


class Doors:
    """Opens pages of the site; every context is watched until the test ends."""

    def __init__(self, site: Site, new_context: Callable[..., BrowserContext]) -> None:
        self.site, self._new_context = site, new_context
        self.watches: list[Watch] = []

    def open(self, device: dict[str, Any] | None = None, *, who: User | None = None, **options: Any) -> Page:
        """A page of a new visitor, or of ``who`` signed in; options as a browser context takes them."""
        from tests.journeys.watch import Watch

        given = {"base_url": self.site.url, "locale": "zh-CN", **(device or PHONE), **options}
        context = self._new_context(**given)
        context.set_default_timeout(PATIENCE)
        watch = Watch(self.site.url).over(context)
        self.watches.append(watch)
        if who is not None:
            self.sign_in(context, who)
        page = context.new_page()
        page.watch = watch  # type: ignore[attr-defined]
        return page

    def sign_in(self, context: BrowserContext, who: User) -> None:
        """Without the form, which has a journey of its own."""
        from tests.cast import browser_of

        value = browser_of(who).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": value, "url": self.site.url, "httpOnly": True}])

    def problems(self) -> list[str]:
        return [problem for watch in self.watches for problem in watch.problems]


@pytest.fixture(scope="session")
def site(django_test_environment: None, django_db_blocker: Any) -> Iterator[Site]:
    """One for all journeys of a worker."""
    with django_db_blocker.unblock():
        from tests.journeys.site import running_site

        with running_site() as running:
            yield running


@pytest.fixture
def tidy(site: Site, django_db_blocker: Any) -> Iterator[None]:
    """Nothing waits, nobody is counted or locked out; the test may arrange and look through the models."""
    with django_db_blocker.unblock():
        from tests.journeys.arrange import clear_the_table
        from tests.journeys.site import in_database

        with in_database(site.database):
            clear_the_table()
            yield


@pytest.fixture
def doors(site: Site, tidy: None, new_context: Callable[..., BrowserContext]) -> Iterator[Doors]:
    """The way in. When the test ends, nothing may have gone wrong on any of its pages."""
    opened = Doors(site, new_context)
    yield opened
    problems = opened.problems()
    assert not problems, "\n".join([*problems, "", site.log.read_text()[-4000:]])
