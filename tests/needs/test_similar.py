"""Similar ones: what few people say, and its category, count more than what everybody says."""

from __future__ import annotations

import pytest

from needs.models import Category, Need
from needs.selectors import similar
from tests.cast import Cast, say_need

pytestmark = pytest.mark.django_db

PARKED = "三幢门口那块地天天有车横着停，我推婆婆的轮椅出不来"
LAMP = "我们楼道里的灯坏了一个多礼拜，晚上看不见台阶。楼下车子也乱停，轮椅过不去"


def test_the_one_that_is_like_it_stands_and_the_weak_ones_do_not(cast: Cast) -> None:
    home = cast.chengxiang.home
    others = {words: say_need(home, words=words) for words in (PARKED, LAMP, "助餐点周末不开，我腿脚不好")}
    need = say_need(home, words="三幢门口的车位总是被人占，车横着停，轮椅出不来")
    worker = cast.chengxiang.worker
    assert [one.pk for one in similar(need, worker)] == [others[PARKED].pk]
    roads = Category.objects.create(name="道路停车（试）", order=1)
    Need.objects.filter(pk__in=[need.pk, others[LAMP].pk]).update(category=roads)
    need.refresh_from_db()
    assert [one.pk for one in similar(need, worker)] == [others[PARKED].pk, others[LAMP].pk], "of one category"
    assert similar(others["助餐点周末不开，我腿脚不好"], worker) == []
