"""Patrol sections of the demo: a river and a street of 城厢, 下沙's canal; some walked, some waiting for somebody."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid5

from django.utils import timezone

from claims.models import Claim
from members.models import Liaison
from people.models import User
from portal.demo import cast
from volunteers.models import Section, Team
from volunteers.services.section_notes import answer_note, write_note
from volunteers.services.section_turns import take_section
from volunteers.services.sections import add_section

SPACE = UUID("7d0c51b8-2f6e-4f37-9c84-1b9a4e6d2c05")
SINCE = 25
"""So many days ago they were claimed."""
SECTIONS = (
    ("xujia", cast.WANSHOUQIAO, "官河万寿桥段（演示）", "river", "万寿桥到闸口，看漂浮物、排水口、护栏（演示）。", 7),
    ("xujia", cast.WANSHOUQIAO, "湘湖路街面（演示）", "street", "菜场到学校门口，看占道、窨井盖、路灯（演示）。", 14),
    ("xujia", cast.WANSHOUQIAO, "古桥里小区（演示）", "estate", "楼道、充电棚、消防通道（演示）。", 7),
    ("guyun", cast.XIASHA, "幸福河沿河步道（演示）", "river", "一号桥到三号桥，看水面、护栏、钓鱼的（演示）。", 1),
    ("guyun", cast.XIASHA, "高教园区街面（演示）", "street", "地铁口到夜市，看乱停的车（演示）。", 7),
    ("luodan", "330105007", "西塘河一段（演示）", "river", "德胜桥以东，看水色和排口（演示）。", 7),
)
"""Keeper, area, name, kind, words, how often."""
WALKS = ((21, "fine", ""), (14, "mended", "捡了半袋饮料瓶，扔进分类桶了。"), (6, "fine", "水清的。"))
"""Days ago, what came of it, words."""


def load_sections() -> None:
    """Through the services people use; all of it is invented and marked 演示."""
    made = {}
    for by, area, name, kind, words, every in SECTIONS:
        typed = {"name": name, "kind": kind, "words": words, "every": every, "for_units": True, "for_people": True}
        keeper = User.objects.get(username=by)
        made[name] = add_section(client_key=uuid5(SPACE, name), by=keeper, area=area, typed=typed)
    river, street, _free, canal, *_more = made.values()
    near = _for_team(river, "万寿桥邻里队（演示）")
    _walk(river, near)
    today = timezone.localdate()
    loose = _write(river, near, 4, "found", "第二个台阶边的护栏松了，手扶着会晃。")
    words = "已请市政所来看，三天内焊好；先拉了警示带。"
    answer_note(pk=loose, by=User.objects.get(username="xujia"), words=words)
    _write(river, near, 0, "found", "闸口边有人倒建筑垃圾，两堆。")
    wan = _for_team(canal, "湾嫂志愿服务队（演示）")
    _walk(canal, wan)
    seat = Liaison.objects.active().select_related("user").get(user__username="lianluo2")
    take_section(pk=street.pk, by=seat.user, client_key=uuid5(SPACE, street.number), unit=seat.unit_id)
    _into_past(street)
    write_note(
        section=street.pk,
        by=seat.user,
        client_key=uuid5(SPACE, f"{street.number}/1"),
        day=today - timedelta(days=9),
        outcome="mended",
        words="菜场口的窨井盖响，垫好了。",
    )


def _for_team(row: Section, name: str) -> User:
    """Claimed by the leader of the team; returns who that is."""
    team = Team.objects.select_related("leader__user").get(name=name)
    chief: User = team.leader.user  # type: ignore[union-attr]
    take_section(pk=row.pk, by=chief, client_key=uuid5(SPACE, row.number), team=team.pk)
    _into_past(row)
    return chief


def _into_past(row: Section) -> None:
    Claim.objects.filter(section=row).update(claimed_at=timezone.now() - timedelta(days=SINCE))


def _walk(row: Section, by: User) -> None:
    for ago, outcome, words in WALKS:
        _write(row, by, ago, outcome, words)


def _write(row: Section, by: User, ago: int, outcome: str, words: str) -> int:
    note = write_note(
        section=row.pk,
        by=by,
        client_key=uuid5(SPACE, f"{row.number}/{ago}/{outcome}"),
        day=timezone.localdate() - timedelta(days=ago),
        outcome=outcome,
        words=words,
    )
    return int(note.pk)
