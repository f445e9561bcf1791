"""Points in the demo: what a volunteer earned in a year, six things to exchange them for, one had, one waiting."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from django.utils import timezone

from claims.services.claiming import claim_offer
from claims.services.steps import confirm, deliver
from members.models import MemberUnit
from needs.states.wish import WishKind
from people.models import User
from people.services.consents import current_notice
from people.services.residents import open_account
from points.codes import code_of
from points.services.awarding import award
from points.services.picking_up import Counter, write_off
from points.services.redeeming import redeem
from points.services.rewards import Draft, add_reward
from portal.demo import cast
from portal.demo.helping import FULFILLED, Hope, raised

SPACE = UUID("5f0b7c2e-93a1-4a57-9d0c-2b8e64d1f7a0")
VOLUNTEER = ("13800000188", "大刘（演示）")
"""Whoever signs in with this phone has points."""
DONE = [
    (3, "跑腿：买一瓶眼药水", 10),
    (9, "跑腿：取一个快递", 10),
    (16, "圆梦：一台收音机", 50),
    (22, "圆梦：一副老花镜", 50),
    (30, "跑腿：送一份午饭", 10),
    (41, "圆梦：一把洗澡椅", 50),
    (48, "圆梦：陪着去一趟银行", 50),
    (56, "圆梦：装一根扶手", 50),
    (75, "圆梦：换一盏厨房的灯", 50),
    (90, "圆梦：理一次发", 50),
    (120, "圆梦：一床薄毯子", 50),
    (410, "圆梦：一双棉鞋", 50),
]
"""How many days ago, what, and how many tenths. None of it stands on the wall of wishes."""
READ = Hope("施爷爷", "读一下午报纸", "眼睛花了，想听听新闻。", WishKind.COMPANY, None, "周六下午在家。", FULFILLED)
"""What the volunteer did today, from the wish to the thanks: the statement leads to it."""
THINGS = [
    ("血压血糖检测", "service", 10, None, None, "每周二上午，带身份证", "萧山区中医院"),
    ("磨刀修伞", "service", 15, None, None, "每月第一个周六", ""),
    ("雨伞", "goods", 15, 30, 1, "", ""),
    ("理发", "service", 20, None, None, "每周三下午", cast.BARBER[0]),
    ("洗衣液", "goods", 25, 20, 1, "", ""),
    ("场地2小时", "service", 30, None, 2, "提前三天说一声", ""),
]
"""Name, sort, points, how many, how many each quarter, words, the unit that writes it off."""


def load_points(people: dict[str, User]) -> None:
    """A volunteer of 万寿桥社区 with a statement, and what can be had there."""
    worker = User.objects.get(pk=people["xujia"].pk)
    phone, name = VOLUNTEER
    who = open_account(phone=phone, name=name, consented=True, notice_version=current_notice("account").version)
    today = timezone.localdate()
    for number, (days, label, amount) in enumerate(DONE):
        said: dict[str, Any] = {"person": who, "area_code": cast.WANSHOUQIAO, "label": label, "amount": amount}
        award(source=f"demo:{number}", day=today - timedelta(days=days), **said)
    _read_the_papers(worker, people, who)
    rewards = {}
    for thing, sort, points, left, most, words, unit in THINGS:
        keeper = MemberUnit.objects.filter(name__startswith=unit).first() if unit else None
        draft = Draft(
            name=thing,
            sort=sort,
            points=points,
            left=left,
            per_quarter=most,
            words=words,
            donor=f"{unit.removesuffix('（演示）')}（演示）" if unit else "万寿桥社区（演示）",
            unit=keeper.pk if keeper else None,
        )
        key = uuid5(SPACE, thing)
        rewards[thing] = add_reward(client_key=key, by=worker, area=cast.WANSHOUQIAO, draft=draft)
    for thing in ("血压血糖检测", "雨伞"):
        key = uuid5(SPACE, f"{thing} {phone}")
        made = redeem(reward=rewards[thing].pk, by=who, price=rewards[thing].price, client_key=key)
        liaison = User.objects.get(username=cast.LIAISONS[0][0])
        if made.reward.unit is not None:
            write_off(code=code_of(made.client_key), by=liaison, counter=Counter(unit=made.reward.unit))


def _read_the_papers(worker: User, people: dict[str, User], who: User) -> None:
    wish = raised(READ, worker, User.objects.get(pk=people["shenjie"].pk))
    key = uuid5(SPACE, READ.item)
    if wish.offer_id is not None:
        claim = claim_offer(offer_id=wish.offer_id, by=who, client_key=key)
        deliver(claim_id=claim.pk, by=who, note="读了两个钟头，约好下周再来。")
        confirm(claim_id=claim.pk, by=worker, note="问过施爷爷，很开心。")
