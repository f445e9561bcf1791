"""Two taps on 导出 are one file; its name says the list and by what it was narrowed."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from members.states import UnitKind
from tests.cast import browser_of, fresh
from tests.members.conftest import Twins, twins  # noqa: F401 (a fixture)
from tests.transfers.exported import UNITS
from transfers.models import Export
from transfers.services.exporting import TAPS, request_export

pytestmark = pytest.mark.django_db
LIST, NEW = "/admin/members/memberunit/", "/admin/exports/new/"


def test_a_second_tap_leads_to_the_first_file(twins: Twins) -> None:  # noqa: F811
    clerk = browser_of(twins.here.clerk)
    page = clerk.get(LIST).content.decode()
    assert 'name="client_key"' in page
    typed = {"listing": UNITS, "format": "xlsx", "client_key": str(uuid4())}
    first, second = clerk.post(NEW, typed), clerk.post(NEW, typed)
    assert first["Location"] == second["Location"]
    assert Export.objects.count() == 1


def test_control_another_question_or_a_later_one_is_another_file(twins: Twins) -> None:  # noqa: F811
    clerk = browser_of(twins.here.clerk)
    typed = {"listing": UNITS, "format": "xlsx", "client_key": str(uuid4())}
    clerk.post(NEW, typed)
    clerk.post(NEW, {**typed, "format": "csv"})
    clerk.post(NEW, {**typed, "client_key": str(uuid4())})
    clerk.post(NEW, {**typed, "client_key": "x"})
    assert Export.objects.count() == 4
    Export.objects.update(made_at=timezone.now() - TAPS - timedelta(seconds=1))
    clerk.post(NEW, typed)
    assert Export.objects.count() == 5


def test_somebody_elses_key_opens_nothing(twins: Twins) -> None:  # noqa: F811
    here, key = twins.here, uuid4()
    first = request_export(by=fresh(here.clerk), listing=UNITS, query={}, client_key=key)
    second = request_export(by=fresh(here.worker), listing=UNITS, query={}, client_key=key)
    assert (second.by_id, second.pk != first.pk) == (here.worker.pk, True)


def test_the_name_says_by_what_it_was_narrowed_but_no_words(twins: Twins) -> None:  # noqa: F811
    kind = UnitKind.INSTITUTION
    export = request_export(by=fresh(twins.here.clerk), listing=UNITS, query={"kind": kind.value, "q": "图书"})
    assert export.title == f"共建单位_甲街道_{kind.label}_搜索结果_{timezone.localdate():%Y%m%d}"
