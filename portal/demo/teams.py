"""Volunteers and teams in the demo: 大关's arts teams and its guides, 下沙's 湾嫂, 北山's 白衣天使, 富春's riders."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid5

from django.utils import timezone

from people.models import User
from people.services.consents import current_notice
from people.services.residents import open_account
from portal.demo import cast, giving
from volunteers.models import Team, Volunteer
from volunteers.services.belonging import join_team, sign_pledge
from volunteers.services.papers import insure_street, note_qualification, note_training
from volunteers.services.registering import NOTICE, register
from volunteers.services.teams import add_team, name_leader
from volunteers.services.volunteer_fields import VolunteerDraft

SPACE = UUID("c3a9e0d4-57b1-4c86-9e2f-0b6d8f1a7e45")
DAGUAN, FUCHUN = "330105007", "330111001"
FIRST_PHONE = 13800000300
RIDERS = 62
ARTS = ("合唱", "越剧", "舞蹈", "民乐", "时装", "书法", "国画", "摄影", "朗诵", "太极拳", "腰鼓", "手工")
"""Twelve arts teams of 大关; how many there are is reported, which ones is invented."""
SURNAMES = "赵钱孙李周吴郑王冯陈蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜谢邹章苏潘葛范彭鲁韦马"
GIVEN = ("建华", "秀兰", "志强", "桂英", "国平", "丽萍", "海燕", "文斌", "玉珍", "小军")
PLEDGE = """一、按时到岗，早上7:00到8:30、晚上18:00到20:30，有事提前说。
二、劝人先笑，不争不吵，不拍居民的脸。
三、遇到危险先保护自己，马上报告社区。
四、不收礼，不借志愿服务做买卖。"""


def load_teams() -> None:
    """Through the services people use; names are invented and marked 演示."""
    maker = _Maker()
    for number, art in enumerate(ARTS):
        maker.team(
            "luodan",
            DAGUAN,
            f"大关{art}队（演示）",
            "arts",
            f"{art}，每周排练一次，逢年过节给邻居演（演示）。",
            3 + number % 4,
        )
    maker.team(
        "luodan", DAGUAN, "大关文明劝导队（演示）", "guidance", "垃圾投放点早晚值守，教邻居分类（演示）。", 8, PLEDGE
    )
    maker.team(
        "guyun",
        cast.XIASHA,
        "湾嫂志愿服务队（演示）",
        "neighbours",
        "议事、宣讲、调解、防控、帮扶，邻里的事邻里商量（演示）。",
        9,
    )
    maker.team(
        "linshan", cast.BEISHAN, "白衣天使服务队（演示）", "health", "上门量血压、教用药，看望高龄老人（演示）。", 6
    )
    maker.team("linshan", cast.BEISHAN, "先锋服务队（演示）", "service", "理发、磨刀、修小家电，每月一次（演示）。", 5)
    riders = "顺路巡查，看到隐患拍一张报给网格；发反诈传单（演示）。"
    maker.team("shaqin", FUCHUN, "富春小哥志愿队（演示）", "riders", riders, RIDERS)
    _insured()
    words = "陪邻居说说话，跑跑腿，修修小东西（演示）。"
    near = maker.team("xujia", cast.WANSHOUQIAO, "万寿桥邻里队（演示）", "neighbours", words, 4)
    join_team(pk=near.pk, by=maker.known(*giving.VOLUNTEER, cast.WANSHOUQIAO).user)


class _Maker:
    """Gives every new volunteer the next phone and name."""

    def __init__(self) -> None:
        self.number = 0

    def team(self, by: str, area: str, name: str, kind: str, words: str, people: int, pledge: str = "") -> Team:
        """A team of ``people``, the first of them its leader; with a pledge, signed by all but the last."""
        keeper = User.objects.get(username=by)
        typed = {"name": name, "kind": kind, "words": words, "is_open": True, "pledge": pledge}
        row = add_team(client_key=uuid5(SPACE, name), by=keeper, area=area, typed=typed)
        members = [self.volunteer(area, kind) for _one in range(people)]
        for one in members:
            join_team(pk=row.pk, by=one.user)
        for one in members[:-1] if pledge else []:
            sign_pledge(pk=row.pk, by=one.user, agreed=True, name=one.name, words=pledge)
        name_leader(pk=row.pk, by=keeper, version=None, number=members[0].number)
        if kind == "health":
            _papers(members, keeper)
        return row

    def known(self, phone: str, name: str, area: str) -> Volunteer:
        """Somebody whom the demo has already, as a volunteer."""
        return self._register(phone, name, area, "other")

    def volunteer(self, area: str, kind: str) -> Volunteer:
        place, self.number = self.number, self.number + 1
        surname = SURNAMES[place % len(SURNAMES)]
        name = f"{surname}{GIVEN[(place // len(SURNAMES) + place) % len(GIVEN)]}（演示）"
        return self._register(str(FIRST_PHONE + place), name, area, kind)

    def _register(self, phone: str, name: str, area: str, kind: str) -> Volunteer:
        version = current_notice("account").version
        who = open_account(phone=phone, name=name, consented=True, notice_version=version)
        skills = {"arts": ["music"], "health": ["nursing"], "riders": ["patrol"], "guidance": ["patrol"]}
        return register(
            by=who,
            client_key=uuid5(SPACE, phone),
            draft=VolunteerDraft(name=name, area=area, skills=skills.get(kind, ["talking"]), times=["weekends"]),
            consented=True,
            notice_version=current_notice(NOTICE).version,
        )


def _papers(members: list[Volunteer], keeper: User) -> None:
    today = timezone.localdate()
    for one in members:
        note_qualification(pk=one.pk, by=keeper, version=None, kind="nurse", valid_until=today + timedelta(days=700))
        day = today - timedelta(days=20)
        note_training(pk=one.pk, by=keeper, version=None, title="心肺复苏（演示）", day=day, hours=2)


def _insured() -> None:
    """大关 and 富春 have a policy for all of their volunteers."""
    today = timezone.localdate()
    for street, by in ((DAGUAN, "luodan"), (FUCHUN, "shaqin")):
        insure_street(
            by=User.objects.get(username=by),
            street=street,
            insurer="演示保险公司",
            policy_number=f"YS-{street}-01",
            starts_on=today - timedelta(days=60),
            ends_on=today + timedelta(days=305),
        )
