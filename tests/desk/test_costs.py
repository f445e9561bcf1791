"""A full desk asks the database no more often than an almost empty one."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast, browser_of, resident
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
