"""What is said about projects. Polite words: units are guests. No message carries what staff wrote."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from notifications.messages import MessageClass
from notifications.states import Channel
from projects.models import Milestone, Project

NAME = frozenset({"name"})
SAMPLE = {
    "number": "XM-CX-20261123-0003",
    "name": _("美厢生活"),
    "office": _("某某街道"),
    "who": _("某某街道中心小学"),
    "step": _("完成设计"),
    "day": _("11月28日"),
    "link": "https://tongxin.example/projects/7/",
}


def _sample(*names: str) -> dict[str, Any]:
    return {name: SAMPLE[name] for name in names}


class ProjectToJoin(MessageClass):
    """A unit is asked to take part."""

    label = _("请单位参加项目")
    channels = (Channel.INAPP, Channel.SMS)
    title = _("想请您单位一起办“%(name)s”")
    body = _("%(office)s发起，编号%(number)s。愿意的，请点开确认。")
    sms = _("%(office)s想请您单位一起办“%(name)s”，点开看看、答复一声：%(link)s")
    sample = _sample("number", "name", "office", "link")
    must = NAME


class ProjectTaken(MessageClass):
    """Somebody took it on."""

    label = _("告诉专员项目有单位认领")
    title = _("%(who)s认领了项目“%(name)s”")
    body = _("编号%(number)s，请同对方联系，商量怎么开始。")
    sample = _sample("number", "name", "who")
    must = NAME


class ProjectGivenBack(MessageClass):
    """It is free again."""

    label = _("告诉专员项目被退回")
    title = _("%(who)s退回了项目“%(name)s”")
    body = _("编号%(number)s，为什么，点开看。别的单位还可以认领。")
    sample = _sample("number", "name", "who")
    must = NAME


class ProjectLeft(MessageClass):
    """A unit takes part no more; nothing of it was on offer."""

    label = _("告诉专员单位退出了项目")
    title = _("%(who)s退出了项目“%(name)s”")
    body = _("编号%(number)s，为什么，点开看。")
    sample = _sample("number", "name", "who")
    must = NAME


class ProjectAlone(MessageClass):
    """It runs, and the last unit is out of it."""

    label = _("告诉专员项目没有单位在办了")
    title = _("“%(name)s”没有单位在办了")
    body = _("编号%(number)s，%(who)s是最后一家。请另请单位，或者商量怎么收尾。")
    sample = _sample("number", "name", "who")
    must = NAME


class MilestoneSoon(MessageClass):
    """Three days before."""

    label = _("提醒节点快到日子")
    title = _("温馨提醒：“%(name)s”的“%(step)s”约在%(day)s前")
    body = _("编号%(number)s。办好了，请登记一下。")
    sample = _sample("number", "name", "step", "day")
    must = NAME | {"step"}


class MilestoneLate(MessageClass):
    """The day after."""

    label = _("提醒专员节点过了日子")
    title = _("“%(name)s”的“%(step)s”过了%(day)s")
    body = _("编号%(number)s。办好了请登记；要改日子，请改节点。")
    sample = _sample("number", "name", "step", "day")
    must = NAME | {"step"}


class ProjectOver(MessageClass):
    """Done, or stopped."""

    label = _("告诉参加单位项目结束了")
    title = _("项目“%(name)s”结束了，谢谢您")
    body = _("编号%(number)s，情况点开看。")
    sample = _sample("number", "name")
    must = NAME


class ProjectEnded(ProjectOver):
    """To whoever asked for it."""

    label = _("告诉申请的人项目结束了")


class ProjectToEnd(MessageClass):
    """One colleague asks that it ends."""

    label = _("项目等同意结束")
    title = _("有同事申请结束项目“%(name)s”，请您看看")
    body = _("编号%(number)s。为什么，点开看；同意了才结束。")
    sample = _sample("number", "name")
    must = NAME


class ProjectKept(MessageClass):
    """It goes on, to whoever had asked."""

    label = _("告诉申请的人项目不结束")
    title = _("项目“%(name)s”先不结束")
    body = _("编号%(number)s，为什么，点开看。")
    sample = _sample("number", "name")
    must = NAME


IN_OFFICE = (
    ProjectTaken,
    ProjectGivenBack,
    ProjectLeft,
    ProjectAlone,
    MilestoneLate,
    ProjectEnded,
    ProjectToEnd,
    ProjectKept,
)


def _page(kind: type[MessageClass], project: Project) -> str:
    """Where whoever is told goes on: a unit at its desk, staff in the workbench; who may be either, on the project."""
    if kind is ProjectToJoin:
        return reverse("desk:project", args=[project.pk])
    if kind in IN_OFFICE:
        return reverse("admin:projects_project_change", args=[project.pk])
    return reverse("projects:project", args=[project.pk])


def of_project(
    kind: type[MessageClass], project: Project, *, milestone: Milestone | None = None, who: str = ""
) -> MessageClass:
    """The message ``kind`` about ``project``, or one of its milestones."""
    url = _page(kind, project)
    every = {
        "number": project.number,
        "name": project.name,
        "office": project.area.name,
        "who": who,
        "step": milestone.name if milestone else "",
        "day": f"{milestone.due_on.month}月{milestone.due_on.day}日" if milestone else "",
        "link": settings.SITE_URL.rstrip("/") + url if settings.SITE_URL else "",
    }
    return kind(
        params={name: every[name] for name in kind.sample},
        area_code=project.area_id,
        subject_label=project.number,
        url=url,
    )
