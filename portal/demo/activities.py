"""Activities in the demo: 城厢's trip with a line of people, 下沙's courses, 大关's duty and river patrols."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.utils import timezone

from people.models import User
from people.services.consents import current_notice
from people.services.residents import open_account
from portal.demo import cast
from volunteers.models import Activity, Post
from volunteers.services.activities import propose, publish_activity
from volunteers.services.party import Party
from volunteers.services.signing import sign_up
from volunteers.services.slots import Place, add_slot, set_series

SPACE = UUID("2b8f6c1e-9a4d-4f0b-8c55-6d1a0e7f3b22")
DAGUAN = "330105007"
BUS = 12
"""Seats of the small bus: four parties of three, and two who wait."""
GOING = (("13800000161", "郑阿姨"), ("13800000162", "高老师"), ("13800000163", "俞师傅"), ("13800000164", "徐大妈"))
WAITING = (("13800000165", "潘阿婆"), ("13800000101", "孙大伯"))
COURSES = (
    ("手机摄影", "学会拍人、拍花、拍夜景，带上自己的手机。", "手机、老花镜", 1),
    ("短视频剪辑", "把手机里的片子剪成一分钟。", "手机", 2),
    ("国画", "从一枝梅花画起，笔墨都准备好了。", "", 3),
    ("太极拳", "二十四式，零基础也能学。", "宽松的衣服", 4),
    ("美妆", "日常淡妆和护肤。", "", 5),
)
"""Name, what one does, what to bring, on which day of the coming week it begins."""
DUTIES = (("早班值守", time(7, 0), time(8, 30)), ("晚班值守", time(18, 0), time(20, 30)))
RIVER = ("巡河一段", "巡河二段", "巡河三段")


def load_activities() -> None:
    """Through the services people use; all of it is invented and marked 演示."""
    _trip()
    _courses()
    _job_day()
    _duties()
    _patrol()


def _who(username: str) -> User:
    return User.objects.get(username=username)


def _key(*parts: object) -> UUID:
    return uuid5(SPACE, "/".join(str(part) for part in parts))


def _at(days: int, clock: time) -> datetime:
    """So many days from today, at ``clock``."""
    return timezone.make_aware(datetime.combine(timezone.localdate() + timedelta(days=days), clock))


def _to_saturday() -> int:
    """Days until a Saturday that is neither today nor tomorrow."""
    return (5 - timezone.localdate().weekday()) % 7 + (7 if timezone.localdate().weekday() in (4, 5) else 0)


def _drafted(by: User, area: str, title: str, **said: Any) -> Activity:
    usual = {"place": "党群服务中心（演示）", "contact": "社工小许（演示）", "phone": "0571-0000 0000"}
    summary = f"{said.pop('summary', '')}（演示）"
    return propose(client_key=_key(area, title), by=by, area=area, title=title, summary=summary, **{**usual, **said})


def _publish(row: Activity, by: User) -> None:
    publish_activity(pk=row.pk, by=by, version=None)


def _trip() -> None:
    by = _who("xujia")
    row = _drafted(
        by,
        cast.WANSHOUQIAO,
        "清厢之旅：参观衙前农民运动纪念馆",
        kind="trip",
        summary="坐中巴去，馆里有讲解，中午前送回来。走路约一公里，路平，轮椅能进。",
        place="万寿桥党群服务中心门口（演示）",
        fit_for="城厢居民；70岁以上请家人同行",
        bring="身份证、水杯、常吃的药",
        closes_hours=12,
    )
    on = _to_saturday()
    starts, ends = _at(on, time(8, 30)), _at(on, time(12, 0))
    slot = add_slot(activity=row.pk, by=by, version=None, starts=starts, ends=ends, posts=[Place(capacity=BUS)])
    _publish(row, by)
    post = slot.posts.get()
    for phone, name in GOING:
        _join(post, phone, name, Party(companions=2))
    for phone, name in WAITING:
        _join(post, phone, name, Party())


def _join(post: Post, phone: str, name: str, party: Party) -> None:
    version = current_notice("account").version
    who = open_account(phone=phone, name=f"{name}（演示）", consented=True, notice_version=version)
    sign_up(post=post.pk, by=who, client_key=_key(post.slot.activity.title, phone), party=party)


def _courses() -> None:
    by = _who("guyun")
    for title, summary, bring, first in COURSES:
        row = _drafted(
            by,
            cast.XIASHA,
            f"惠民课堂：{title}",
            kind="course",
            summary=summary,
            bring=bring,
            place="街道文化站二楼教室（演示）",
            contact="文化站小顾（演示）",
            takes_children=False,
            together=2,
        )
        set_series(
            activity=row.pk,
            by=by,
            version=None,
            rule="FREQ=WEEKLY;COUNT=6",
            starts=_at(first, time(14, 0)),
            minutes=90,
            posts=[Place(capacity=25)],
        )
        _publish(row, by)


def _job_day() -> None:
    by = _who("guyun")
    row = _drafted(
        by,
        cast.XIASHA,
        "梦未来成长体验馆：小小银行家",
        kind="job",
        summary="认钞票、数钱、当一回柜员。",
        place="某某银行下沙支行（演示）",
        contact="文化站小顾（演示）",
        min_age=6,
        max_age=12,
    )
    on = _to_saturday()
    starts, ends = _at(on, time(14, 0)), _at(on, time(16, 0))
    add_slot(activity=row.pk, by=by, version=None, starts=starts, ends=ends, posts=[Place(capacity=20)])
    _publish(row, by)


def _duties() -> None:
    by = _who("luodan")
    for title, opens, closes in DUTIES:
        row = _drafted(
            by,
            DAGUAN,
            f"垃圾分类{title}",
            kind="duty",
            summary="在投放点帮大家分一分，签过责任保证书的志愿者参加。",
            place="小区集中投放点（演示）",
            contact="党建办小罗（演示）",
            takes_children=False,
            together=1,
        )
        starts = _at(1, opens)
        minutes = int((_at(1, closes) - starts).total_seconds() // 60)
        rule, posts = "FREQ=DAILY;COUNT=14", [Place(capacity=4, is_service=True)]
        set_series(activity=row.pk, by=by, version=None, rule=rule, starts=starts, minutes=minutes, posts=posts)
        _publish(row, by)


def _patrol() -> None:
    by = _who("luodan")
    row = _drafted(
        by,
        DAGUAN,
        "周末巡河",
        kind="patrol",
        summary="两人一段，看排口、看河面，拍照记下来。不下水。",
        place="河边党群驿站（演示）",
        contact="党建办小罗（演示）",
        takes_children=False,
        together=1,
        risky=True,
    )
    posts = [Place(name=name, capacity=2, is_service=True) for name in RIVER]
    rule, starts = "FREQ=WEEKLY;BYDAY=SA,SU;COUNT=8", _at(1, time(9, 0))
    set_series(activity=row.pk, by=by, version=None, rule=rule, starts=starts, minutes=90, posts=posts)
    _publish(row, by)
