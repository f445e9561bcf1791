"""核销 on a phone: a wrong code is said at its field, what was handed over today stands below."""

from __future__ import annotations

import pytest
from django.utils import timezone

from points.codes import code_of
from points.models import RedemptionEvent
from tests.cast import Cast, browser_of
from tests.points.things import at_the_unit, redeem, reward_in, rich

pytestmark = pytest.mark.django_db
COUNTER = "/desk/counter/"


def test_a_wrong_code_is_said_at_its_field_which_has_the_focus(cast: Cast) -> None:
    _counter, barber = at_the_unit(cast.chengxiang)
    desk = browser_of(barber)
    fresh = desk.get(COUNTER).content.decode()
    assert "例如：KH82 PUG8" in fresh and "手机的相机" in fresh and "autofocus" not in fresh
    answer = desk.post(COUNTER, {"code": "AAAA2222"})
    page = answer.content.decode()
    assert answer.status_code == 422 and set(answer.context["form"].errors) == {"code"}
    assert page.count("没有找到这个兑换码") == 1 and 'aria-invalid="true"' in page and "autofocus" in page
    assert "data-errors" not in page, "one thing is wrong: no list above takes the focus"


def test_what_one_handed_over_today_stands_below_with_its_time(cast: Cast) -> None:
    here, who = cast.chengxiang, rich(cast.chengxiang, 200)
    counter, barber = at_the_unit(here)
    assert counter.unit is not None
    desk = browser_of(barber)
    assert "今天核销的" not in desk.get(COUNTER).content.decode()
    for number in range(6):
        made = redeem(who, reward_in(here, unit=counter.unit.pk, name=f"理发{number}"))
        assert desk.post(COUNTER, {"code": code_of(made.client_key)}).status_code == 200
    answer = desk.get(COUNTER)
    page, rows = answer.content.decode(), answer.context["today"]
    assert [row["label"] for row in rows] == ["理发5", "理发4", "理发3", "理发2", "理发1"]
    newest = RedemptionEvent.objects.handed_over_today(barber)[0]
    assert rows[0]["clock"] == f"{timezone.localtime(newest.at):%H:%M}" and who.name not in page
    assert "今天核销的" not in browser_of(here.worker).get(COUNTER).content.decode(), "a colleague's are their own"


def test_one_comes_back_to_where_one_came_from(cast: Cast) -> None:
    _counter, barber = at_the_unit(cast.chengxiang)
    assert 'href="/desk/">单位工作台' in browser_of(barber).get(COUNTER).content.decode()
    assert 'href="/admin/points/reward/">兑换品' in browser_of(cast.chengxiang.worker).get(COUNTER).content.decode()
