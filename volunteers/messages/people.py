"""What is said to and about volunteers. Nobody is named, and no message carries what staff wrote about somebody."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from notifications.messages import MessageClass
from notifications.states import Channel
from volunteers.models import PartyReport, Team, Volunteer

SAMPLE: dict[str, Any] = {
    "number": "YG-CX-20261123-0001",
    "area": _("某某社区"),
    "team": _("小河戏曲队"),
    "paper": _("急救员证"),
    "day": _("12月31日"),
}


def _sample(*names: str) -> dict[str, Any]:
    return {name: SAMPLE[name] for name in names}


class VolunteerToApprove(MessageClass):
    """Somebody new, in a street that looks first."""

    label = _("有新志愿者等审核")
    title = _("有一位新志愿者等您审核")
    body = _("编号%(number)s，%(area)s。")
    sample = _sample("number", "area")
    must = frozenset({"number"})


class NameToConfirm(MessageClass):
    """Somebody with hours wants another name on their certificates."""

    label = _("有志愿者要改姓名")
    title = _("有一位志愿者要改姓名，请看证件")
    body = _("编号%(number)s，%(area)s。证明上的姓名，核对以后才改。")
    sample = _sample("number", "area")
    must = frozenset({"number"})


class NameConfirmed(MessageClass):
    label = _("告诉本人姓名改了")
    title = _("您的姓名改好了")
    body = _("以后开的服务证明，用新的姓名。")
    sample = _sample()
    must = frozenset()


class VolunteerApproved(MessageClass):
    label = _("告诉本人志愿者登记通过")
    channels = (Channel.INAPP, Channel.SMS)
    title = _("欢迎您，志愿者登记通过了")
    body = _("编号%(number)s。可以报名服务，也可以加入一支队伍。")
    sms = _("欢迎您，志愿者登记通过了，编号%(number)s，可以报名服务了。")
    sample = _sample("number")
    must = frozenset({"number"})


class VolunteerRefused(MessageClass):
    label = _("告诉本人志愿者登记没通过")
    title = _("志愿者登记这次没通过")
    body = _("为什么，点开看；改好可以再登记一次。")
    sample = _sample()
    must = frozenset()


class TeamAsks(MessageClass):
    """The leader or the office asks somebody in."""

    label = _("问本人愿不愿意加入队伍")
    title = _("“%(team)s”请您加入")
    body = _("愿意的话，点开加入；不愿意，不用理会。您同意以前，队里看不到您的姓名。")
    sample = _sample("team")
    must = frozenset({"team"})


class TeamClosed(MessageClass):
    label = _("告诉队员队伍解散了")
    title = _("“%(team)s”解散了，谢谢您")
    body = _("您的服务时长都在。可以再加入别的队伍。")
    sample = _sample("team")
    must = frozenset({"team"})


class PaperNoted(MessageClass):
    label = _("告诉本人资质登记好了")
    title = _("您的%(paper)s登记好了")
    body = _("要这张证的岗位，可以报名了。")
    sample = _sample("paper")
    must = frozenset({"paper"})


class ReportToAccept(MessageClass):
    label = _("有党员来报到")
    title = _("有一位党员来报到，请确认")
    body = _("%(area)s，编号%(number)s。")
    sample = _sample("number", "area")
    must = frozenset({"number"})


class ReportAccepted(MessageClass):
    label = _("告诉本人报到确认了")
    title = _("您的报到，社区确认了")
    body = _("服务登记卡在“我的志愿服务”里，可以打印给单位。")
    sample = _sample()
    must = frozenset()


def of_volunteer(kind: type[MessageClass], row: Volunteer, **said: Any) -> MessageClass:
    """The message ``kind`` to a volunteer."""
    every = {"number": row.number, "area": row.area.name, **said}
    return kind(
        params={name: every[name] for name in kind.sample},
        area_code=row.area_id,
        subject_label=row.number,
        url=reverse("volunteers:mine"),
    )


def for_keepers(kind: type[MessageClass], row: Volunteer | PartyReport) -> MessageClass:
    """The message ``kind`` to whoever keeps the place."""
    volunteer = row if isinstance(row, Volunteer) else row.volunteer
    page = "volunteer" if isinstance(row, Volunteer) else "partyreport"
    return kind(
        params={"number": volunteer.number, "area": row.area.name},
        area_code=row.area_id,
        subject_label=volunteer.number,
        url=reverse(f"admin:volunteers_{page}_change", args=[row.pk]),
    )


def of_team(kind: type[MessageClass], team: Team) -> MessageClass:
    return kind(
        params={"team": team.name},
        area_code=team.area_id,
        subject_label=team.number,
        url=reverse("volunteers:team", args=[team.pk]),
    )
