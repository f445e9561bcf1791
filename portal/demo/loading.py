"""Load the demo through the same services people use, so that it can show nothing the product cannot do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import uuid5

from django.conf import settings
from django.db import transaction

from alliance.lib.errors import NotAllowed
from needs.models import Category, Need
from needs.services.finishing import finish_need
from needs.services.following import supplement, withdraw
from needs.services.handling import accept_need, add_note, reply_to_resident
from needs.services.intake import NeedDraft, submit_need
from needs.services.triage import escalate_need
from people.models import Area, User
from people.services.accounts import create_user, grant_role
from people.services.areas import import_areas, read_csv
from people.services.consents import current_notice
from portal.demo import (
    activities,
    alliances,
    cast,
    giving,
    helping,
    history,
    lists,
    meetings,
    papers,
    sections,
    teams,
    together,
    warehouse,
    warehouse_data,
)

AREAS = Path(__file__).with_name("areas.csv")
ALIASES = {"百尺溇社区": ["百尺溪社区"]}
Say = Callable[[str], None]


def is_empty() -> bool:
    """Whether nobody has an account yet: the demo is loaded into an empty house only."""
    return not User.objects.exists()


@transaction.atomic
def load(say: Say) -> None:
    """Load the demo, telling ``say`` each step. Raises ``NotAllowed`` where the demo is off."""
    if not settings.DEMO:
        raise NotAllowed
    say("导入六个街道的区划代码")
    load_areas()
    say("建立演示账号")
    people = load_people()
    say("登记联盟和共建单位")
    alliances.load_alliances()
    papers.load_documents()
    say("写入十五件诉求")
    load_needs(people)
    say("写入心愿和跑腿")
    helping.load_wishes(people)
    helping.load_errand(people)
    say("记下积分，摆上兑换品")
    giving.load_points(people)
    say("摆好共享仓和阵地")
    warehouse.load_warehouse()
    say("填好今年的两张清单")
    lists.load_lists()
    say("签好协议，办起项目")
    together.load_together()
    say("登记志愿者，组好队伍")
    teams.load_teams()
    say("分好责任段，记几天巡查日记")
    sections.load_sections()
    say("发布活动，排好队")
    activities.load_activities()
    say("排好北山一个季度的会议")
    meetings.load_meetings()


def load_areas() -> None:
    """Two streets with all their communities, open to residents, and four more for what they show."""
    import_areas(read_csv(AREAS), served=True)
    for name, aliases in ALIASES.items():
        Area.objects.filter(name=name).update(aliases=aliases)
    alliances.load_more_areas()
    for name, aliases in warehouse_data.ALIASES.items():
        Area.objects.filter(name=name, code__startswith=warehouse_data.DAGUAN).update(aliases=aliases)


def load_people() -> dict[str, User]:
    """Staff accounts with their grants, by user name."""
    people = {}
    for person in cast.STAFF:
        area = Area.objects.get(pk=person.area)
        user = create_user(username=person.username, name=person.name, password=cast.PASSWORD, area=area, is_demo=True)
        grant_role(user=user, role=person.role, area=area, by=None)
        people[person.username] = user
    return people


def load_needs(people: dict[str, User]) -> None:
    """Sixteen needs in residents' voices, each as far along as its steps say."""
    notice = current_notice("need")
    for voice in cast.NEEDS:
        need = submit_need(
            NeedDraft(
                client_key=uuid5(cast.SPACE, voice.phone),
                words=voice.words,
                place=voice.place,
                spot=voice.spot,
                area_code=voice.community,
                name=f"{voice.name}（演示）",
                phone=voice.phone,
                consented=True,
                notice_version=notice.version,
            )
        )
        _take_steps(need, voice, User.objects.get(pk=people[voice.by].pk))
        history.move_into_past(need, voice.days)
    history.renumber()
    history.set_the_clocks()
    history.announce_what_waits()


def _take_steps(need: Need, voice: cast.Voice, by: User) -> None:
    category = Category.objects.filter(name=voice.category).first()
    for step in voice.steps:
        match step:
            case "accept":
                accept_need(
                    pk=need.pk,
                    by=by,
                    nature=voice.nature,
                    category_id=category.pk if category else None,
                    urgent=voice.urgent,
                )
            case "note":
                add_note(pk=need.pk, by=by, words="灯是物业的，已请他们带声控灯来换；停车要城管中队一起看。")
            case "reply":
                reply_to_resident(pk=need.pk, by=by, words=voice.reply)
            case "supplement":
                supplement(token=need.link_token, words="周一到周五都要，孩子上二年级。")
            case "finish":
                finish_need(pk=need.pk, by=by, words=voice.reply)
            case "escalate":
                escalate_need(pk=need.pk, by=by, why="路面归市政管，社区修不了，请街道联系。")
            case _:
                withdraw(token=need.link_token, reason="女儿回来了，已经配好。")


def door_accounts() -> list[tuple[str, str, str]]:
    """The few accounts shown on the sign-in page."""
    return [account for account in accounts() if account[0] in cast.SHOWN]


def residents() -> list[tuple[str, str]]:
    """Phone and name of residents of the demo, whose needs one finds by signing in with the phone."""
    return [*((voice.phone, f"{voice.name}（演示）") for voice in cast.NEEDS), giving.VOLUNTEER]


def accounts() -> list[tuple[str, str, str]]:
    """User name, password, what it is for."""
    staff = [(person.username, cast.PASSWORD, person.does) for person in cast.STAFF]
    seated = [(name, cast.PASSWORD, f"{unit}联络员：单位工作台 /desk/") for name, _who, unit, _title in cast.LIAISONS]
    return staff + seated
