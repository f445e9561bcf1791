"""Volunteers: what they can do and when, how far they are, and who may take which step with them. Pure names."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.lib.workflow import Transition, Workflow

ADULT, CHILD, ALONE, YOUNGEST = 18, 14, 10, 6
"""Years of age: below ``CHILD`` a guardian registers, below ``ALONE`` somebody comes along, below ``YOUNGEST`` no."""
ERRAND_CALLS, MOST_CALLS = 10, 50
"""How many volunteers near an errand hear of it, unless the street says otherwise."""
STARS = (100, 300, 600, 1000, 1500)
"""From how many hours one, two … five stars are given, unless the street says otherwise."""


def age_on(born: date, day: date) -> int:
    """Whole years; of the birthday only the month is known, so that it counts from the end of that month."""
    return day.year - born.year - (1 if day.month <= born.month else 0)


class VolunteerState(models.TextChoices):
    PENDING = "pending", _("待审核")
    ACTIVE = "active", _("已登记")
    REFUSED = "refused", _("没通过")
    LEFT = "left", _("已退出")


class VolunteerVerb(models.TextChoices):
    REGISTER = "register", _("登记")
    APPROVE = "approve", _("通过")
    REFUSE = "refuse", _("不通过")
    CHANGE = "change", _("修改")
    MOVE = "move", _("换了街道")
    RENAME = "rename", _("改名")
    LEAVE = "leave", _("退出")
    NOTE = "note", _("登记资料")
    GROW = "grow", _("满14岁")


class VolunteerSide(models.TextChoices):
    """What somebody is to a volunteer."""

    OWN = "own", _("本人")
    KEEPER = "keeper", _("社区街道")
    CLOCK = "clock", _("到期")


_P, _A, _R, _L = VolunteerState
_OWN, _KEEPER, _CLOCK = VolunteerSide


def _step(verb: VolunteerVerb, source: VolunteerState, target: VolunteerState, *sides: VolunteerSide) -> Transition:
    return Transition(verb=verb, source=source, target=target, actors=frozenset(sides), label=verb.label)


VOLUNTEER_WORKFLOW = Workflow(
    initial=_P,
    final=[],
    transitions=[
        _step(VolunteerVerb.APPROVE, _P, _A, _KEEPER),
        _step(VolunteerVerb.REFUSE, _P, _R, _KEEPER),
        _step(VolunteerVerb.CHANGE, _P, _P, _OWN),
        _step(VolunteerVerb.CHANGE, _A, _A, _OWN),
        # Into a street that looks at everybody new: there one is new.
        _step(VolunteerVerb.MOVE, _A, _P, _OWN),
        _step(VolunteerVerb.NOTE, _A, _A, _KEEPER),
        _step(VolunteerVerb.RENAME, _A, _A, _KEEPER),
        # From fourteen on one agrees oneself: the guardian is forgotten.
        *(_step(VolunteerVerb.GROW, state, state, _CLOCK) for state in (_P, _A, _R)),
        _step(VolunteerVerb.LEAVE, _P, _L, _OWN),
        _step(VolunteerVerb.LEAVE, _A, _L, _OWN),
        _step(VolunteerVerb.LEAVE, _R, _L, _OWN),
        _step(VolunteerVerb.REGISTER, _R, _P, _OWN),
        _step(VolunteerVerb.REGISTER, _L, _P, _OWN),
    ],
)
"""Whoever comes back is looked at again; where the street asks for no approval, ``approve`` follows at once."""


class Skill(models.TextChoices):
    """What somebody can do for others."""

    HAIR = "hair", _("理发")
    SEWING = "sewing", _("缝补")
    NURSING = "nursing", _("量血压、护理")
    REPAIR = "repair", _("修家电、水电")
    MEDIATION = "mediation", _("调解")
    TEACHING = "teaching", _("讲课、辅导")
    PHONES = "phones", _("教用手机")
    PHOTOS = "photos", _("摄影、剪辑")
    MUSIC = "music", _("唱歌、跳舞、戏曲")
    BRUSH = "brush", _("书法、绘画")
    DRIVING = "driving", _("开车")
    COOKING = "cooking", _("做饭")
    PATROL = "patrol", _("巡查、值守")
    LAW = "law", _("法律")
    TALKING = "talking", _("陪聊、心理")
    LANGUAGES = "languages", _("外语、手语")
    ERRANDS = "errands", _("跑腿")


class FreeTime(models.TextChoices):
    MORNINGS = "mornings", _("平日白天")
    EVENINGS = "evenings", _("平日晚上")
    WEEKENDS = "weekends", _("周末")
    HOLIDAYS = "holidays", _("节假日")


class Reach(models.TextChoices):
    """How far somebody goes to help."""

    COMMUNITY = "community", _("只在本社区")
    STREET = "street", _("本街道都可以")
