"""A full desk asks the database no more often than an almost empty one."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from desk.done import done_page
from needs.models import Category, Need
from needs.services.units import unit_report
from tests.cast import Cast, Street, browser_of, fresh, resident
from tests.claims.things import alliance_of, claim_by, offer_in, unit_of
from tests.desk.asking import asked, errand
from tests.needs.wishing import published

pytestmark = pytest.mark.django_db


def _statements(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(path).status_code == 200
    return len(seen)


def _more(cast: Cast, count: int) -> None:
    here = cast.chengxiang
    for _row in range(count):
        asked(here)
        published(here)
        errand(here)
        claim_by(here.liaison, offer_in(here.home), unit_of(here))
        claim_by(resident("13900000001"), offer_in(here.home))


def test_no_page_of_the_desk_asks_once_per_row(cast: Cast) -> None:
    alliance_of(cast.chengxiang)
    unit, one = browser_of(cast.chengxiang.liaison), browser_of(resident("13900000001"))
    pages = [(unit, "/desk/"), (unit, "/desk/claims/"), (one, "/desk/"), (one, "/desk/errands/"), (one, "/my/")]
    _more(cast, 2)
    few = [_statements(*page) for page in pages]
    _more(cast, 4)
    assert [_statements(*page) for page in pages] == few
    assert max(few) < 30


def _replies(here: Street, count: int) -> None:
    for _row in range(count):
        need = asked(here)
        Need.objects.filter(pk=need.pk).update(category=Category.objects.order_by("pk").first())
        unit_report(pk=need.pk, by=fresh(here.liaison), unit_id=unit_of(here).pk, words="校好了")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_a_unit_replied_is_asked_for_at_once(cast: Cast, language: str) -> None:
    here, counts = cast.chengxiang, list[tuple[int, int]]()
    for more in (1, 5):
        _replies(here, more)
        with translation.override(language), CaptureQueriesContext(connection) as seen:
            shown = done_page(fresh(here.liaison), unit_of(here), size=20).rows
        counts.append((len(shown), len(seen)))
    assert [rows for rows, _asked in counts] == [1, 6]
    assert counts[0][1] == counts[1][1]
