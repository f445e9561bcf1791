"""How far a project has come and how it stands, in words: 正常, 临期, 超期."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.models import Milestone, Project
from projects.models.project import DAYS_SOON
from projects.states import ProjectState, Standing

TONES = {Standing.NORMAL: "ok", Standing.SOON: "warn", Standing.LATE: "late", Standing.OVER: ""}


def so_far(project: Project) -> tuple[int, date | None]:
    """Of a hundred, and the first day that something is due; from milestones read along, where they were."""
    milestones = list(project.milestones.all())
    return share(project, milestones), min((one.due_on for one in milestones if one.done_on is None), default=None)


def standing(project: Project, next_due: date | None) -> Standing:
    """From the first open milestone's day, or the last day where none is open."""
    days = project.days_to(next_due)
    if days is None:
        return Standing.OVER
    return Standing.LATE if days < 0 else Standing.SOON if days <= DAYS_SOON else Standing.NORMAL


def said(project: Project, next_due: date | None) -> dict[str, str]:
    """``{label, tone, note}``: the word, its colour, and how many days."""
    found = standing(project, next_due)
    if found == Standing.OVER:
        tone = "ok" if project.state == ProjectState.DONE else ""
        return {"label": str(ProjectState(project.state).label), "tone": tone, "note": ""}
    days = project.days_to(next_due) or 0
    return {"label": str(found.label), "tone": TONES[found], "note": days_note(days)}


def head(project: Project, next_due: date | None) -> dict[str, str]:
    """As ``said``, for a page's head: what runs in time is 实施中, as it is beside other projects."""
    found = said(project, next_due)
    if standing(project, next_due) == Standing.NORMAL:
        return {**found, "label": str(ProjectState(project.state).label), "tone": "info"}
    return found


def next_step(project: Project, next_due: date | None) -> str:
    """下一个节点还有12天; where no milestone is open, of the whole: 剩12天."""
    days = project.days_to(next_due)
    if days is None:
        return ""
    if next_due is None:
        return days_note(days)
    if days == 0:
        return _("下一个节点今天到期")
    if days < 0:
        return ngettext("下一个节点超%(n)d天", "下一个节点超%(n)d天", -days) % {"n": -days}
    return ngettext("下一个节点还有%(n)d天", "下一个节点还有%(n)d天", days) % {"n": days}


def days_note(days: int) -> str:
    """剩12天, 今天到期, 超3天."""
    if days == 0:
        return _("今天到期")
    if days < 0:
        return ngettext("超%(n)d天", "超%(n)d天", -days) % {"n": -days}
    return ngettext("剩%(n)d天", "剩%(n)d天", days) % {"n": days}


def milestone_rows(project: Project, milestones: list[Milestone]) -> list[dict[str, Any]]:
    """The milestones with how each stands; of what is in time the first to fall due is in hand, the others are to
    come: none of them looks like one that is done."""
    today = timezone.localdate()
    rows: list[dict[str, Any]] = [{"row": one, **step(project, one, today)} for one in milestones]
    open_ = [one for one in rows if one["row"].done_on is None and one["tone"] == TONES[Standing.NORMAL]]
    first = min(open_, key=lambda one: (one["row"].due_on, one["row"].position, one["row"].pk), default=None)
    for one in open_:
        one |= {"label": _("在办"), "tone": "info"} if one is first else {"label": _("还没到期"), "tone": ""}
    return rows


def step(project: Project, one: Milestone, today: date) -> dict[str, str]:
    """How one milestone stands: ``{label, tone, note}``."""
    if one.done_on is not None:
        return {"label": _("已完成"), "tone": "ok", "note": ""}
    if project.state != ProjectState.RUNNING:
        return {"label": _("未开始") if project.state == ProjectState.DRAFT else _("没有完成"), "tone": "", "note": ""}
    days = (one.due_on - today).days
    found = Standing.LATE if days < 0 else Standing.SOON if days <= DAYS_SOON else Standing.NORMAL
    return {"label": str(found.label), "tone": TONES[found], "note": days_note(days)}


def share(project: Project, milestones: list[Milestone]) -> int:
    """Of a hundred."""
    return sum(one.weight for one in milestones if one.done_on is not None)
