"""This year's two lists of 城厢 in the demo: two units have filled theirs in, the others have not."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid5

from django.utils import timezone

from members.models import Alliance, MemberUnit
from needs.models import Category, ListLine
from needs.services.list_filling import ALL, Typed, fill_lists
from needs.services.list_lines import take_line
from needs.services.list_rounds import open_round
from people.models import User
from portal.demo import cast

SPACE = UUID("5c0f5a0e-1c1f-4b77-9a57-8c1d2f6e9b42")
HOSPITAL, WATER = cast.LIAISONS[0][2], cast.LIAISONS[1][2]
GIVES = {
    HOSPITAL: [
        ("健康讲座（演示）", "medic", 1, "社区居民", "每月第二个周三"),
        ("血压计（演示）", "equipment", 6, "", "工作日"),
    ],
    WATER: [("水质检测体验课（演示）", "measuring", 1, "中小学生", "暑假")],
}
NEEDS = {
    HOSPITAL: [
        ("给护士家的孩子找暑期托管（演示）", "20个孩子", "七八月"),
        ("借一块操场开运动会（演示）", "全院职工", "十月"),
    ],
    WATER: [("请社区一起讲节水（演示）", "沿街商户", "三月")],
}
BEGUN = [("请人来讲防诈骗（演示）", "退休职工", "年底前")]


def load_lists() -> None:
    """Opened by the street, filled in by two units, one of which has begun another line; one need is taken up."""
    clerk = User.objects.get(username="zhoumin")
    alliance = Alliance.objects.get(area=cast.CHENGXIANG)
    today = timezone.localdate()
    row = open_round(
        alliance=alliance.pk,
        by=clerk,
        year=today.year,
        title=f"{today.year}年两张清单（演示）",
        last_day=today + timedelta(days=12),
        words="一年一次。能出什么力、需要什么，各写几条就好。",
    )
    for username, _name, unit_name, _title in cast.LIAISONS[:2]:
        unit, by = MemberUnit.objects.get(name=unit_name), User.objects.get(username=username)
        lines = [*map(_give, GIVES[unit_name]), *map(_need, NEEDS[unit_name])]
        fill_lists(round_pk=row.pk, unit_id=unit.pk, by=by, lines=lines, send=ALL)
    unit, by = MemberUnit.objects.get(name=WATER), User.objects.get(username=cast.LIAISONS[1][0])
    fill_lists(round_pk=row.pk, unit_id=unit.pk, by=by, lines=[_need(one) for one in BEGUN])
    line = ListLine.objects.filter(lists__round=row, side="need").order_by("pk")[0]
    category = Category.objects.in_use().filter(name="教育托育").first()
    take_line(
        pk=line.pk,
        by=User.objects.get(pk=clerk.pk),
        version=None,
        category_id=category.pk if category else None,
        listed_words="给职工的孩子找暑期托管（演示）",
    )


def _give(said: tuple[str, str, int, str, str]) -> Typed:
    what, kind, amount, whom, on_when = said
    return Typed(key=uuid5(SPACE, what), side="give", what=what, kind=kind, amount=amount, whom=whom, on_when=on_when)


def _need(said: tuple[str, str, str]) -> Typed:
    what, whom, on_when = said
    return Typed(key=uuid5(SPACE, what), side="need", what=what, whom=whom, on_when=on_when)
