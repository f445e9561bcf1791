"""Which year of livelihood items is shown, and what was published in it by mistake."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from alliance.lib.errors import Conflict, Invalid, NotAllowed, RuleBroken
from deadlines.models import Due
from projects.models import Deed, DeedYear
from projects.presenting.fair import deeds_in
from projects.services import deeds
from projects.services.deed_running import report_deed, unpublish_deed
from tests.cast import Cast, browser_of, fresh
from tests.projects.test_deeds import published, ready
from tests.projects.things import again, today

pytestmark = pytest.mark.django_db


def test_what_was_published_by_mistake_is_taken_back_the_same_day(cast: Cast) -> None:
    here, by = cast.chengxiang, fresh(cast.chengxiang.party_office)
    first, second = published(here, ready(here, name="甲").pk, ready(here, name="乙").pk)
    given: dict[str, Any] = {"version": None, "words": "选错了年份"}
    with pytest.raises(NotAllowed):
        unpublish_deed(pk=first.pk, by=fresh(here.clerk), **given)
    with pytest.raises(Invalid):
        unpublish_deed(pk=first.pk, by=by, version=None, words=" ")
    with pytest.raises(Conflict):
        unpublish_deed(pk=first.pk, by=by, version=99, words="选错了")
    assert unpublish_deed(pk=first.pk, by=by, **given).position is None
    assert (again(first).state, [row.pk for row in Deed.objects.public()]) == ("candidate", [second.pk])
    (row,) = published(here, first.pk)  # behind the others
    assert row.position == 3 and Due.objects.filter(subject=row.subject, state="waiting").count() == 1
    report_deed(pk=second.pk, by=fresh(here.clerk), month=today(), percent=1, words="开始了")
    with pytest.raises(RuleBroken):  # residents were told how far it is
        unpublish_deed(pk=second.pk, by=by, **given)


def test_another_day_nothing_is_taken_back_and_an_empty_year_is_not_published(cast: Cast) -> None:
    here, by = cast.chengxiang, fresh(cast.chengxiang.leader)
    (row,) = published(here, ready(here).pk)
    given: dict[str, Any] = {"pk": row.pk, "by": by, "version": None, "words": "公布错了"}
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False), pytest.raises(RuleBroken):
        unpublish_deed(**given)
    assert DeedYear.objects.get().published_on == today()
    unpublish_deed(**given)
    assert DeedYear.objects.get().published_on is None


def test_the_board_opens_on_the_running_year(cast: Cast) -> None:
    here, by, year = cast.chengxiang, fresh(cast.chengxiang.party_office), today().year

    def shown() -> str:
        text: str = browser_of(None).get(f"/deeds/{here.street.pk}/").content.decode()
        return text

    later = ready(here, name="明年的一件", year=year + 1)
    deeds.publish_deeds(street=here.street, year=year + 1, by=by, pks=[later.pk])
    assert "明年的一件" in shown()  # where there is nothing else
    published(here, ready(here, name="今年的一件").pk)
    assert "今年的一件" in shown() and "明年的一件" not in shown() and f"?year={year + 1}" in shown()
    assert [row.name for row in deeds_in(here.street)[1]] == ["今年的一件"]
