"""States of a project and the table of its steps: 拟定 → 实施中 → 已完成; 已终止."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib.workflow import Transition, Workflow


class ProjectState(models.TextChoices):
    DRAFT = "draft", _("拟定")
    RUNNING = "running", _("实施中")
    DONE = "done", _("已完成")
    STOPPED = "stopped", _("已终止")


LIVE_PROJECTS = (ProjectState.DRAFT, ProjectState.RUNNING)
SHOWN_PROJECTS = (ProjectState.RUNNING, ProjectState.DONE)
"""What the public may read of, where it is said to be public."""


class ProjectKind(models.TextChoices):
    """What kind of project."""

    PARTNER = "partner", _("红色合伙人")
    REQUIRED = "required", _("必选服务项目")
    OPTIONAL = "optional", _("自选服务项目")
    LIVELIHOOD = "livelihood", _("民生实事")
    JOINT = "joint", _("联建项目")


class Six(models.TextChoices):
    """六共."""

    BUILT = "built", _("组织共建")
    TALKED = "talked", _("事务共商")
    SHARED = "shared", _("资源共享")
    HELD = "held", _("活动共办")
    BRANDED = "branded", _("品牌共创")
    GROWN = "grown", _("人才共育")


class Field(models.TextChoices):
    """What part of life it is for: 吃、住、行、健康、文化娱乐."""

    FOOD = "food", pgettext_lazy("field of a project", "吃")
    HOME = "home", pgettext_lazy("field of a project", "住")
    WAYS = "ways", pgettext_lazy("field of a project", "行")
    HEALTH = "health", pgettext_lazy("field of a project", "健康")
    CULTURE = "culture", _("文化娱乐")
    SAFETY = "safety", _("平安")
    RIGHTS = "rights", _("法律和心理")
    OTHER = "other", pgettext_lazy("field of a project", "其他")


class ProjectVerb(models.TextChoices):
    """Everything that can happen to a project."""

    WRITE = "write", _("拟定")
    EDIT = "edit", _("修改")
    PLAN = "plan", _("排节点")
    JOIN = "join", _("请单位参加")
    AGREE = "agree", _("单位确认参加")
    LEAVE = "leave", _("单位退出")
    PUBLISH = "publish", _("发布认领")
    UNPUBLISH = "unpublish", _("撤下认领")
    CLAIM = "claim", _("认领")
    GIVE_BACK = "give_back", _("退回认领")
    LINK = "link", _("关联")
    MEASURE = "measure", _("记数字")
    SCALE = "scale", _("定考核办法")
    ASSESS = "assess", _("考核")
    SHOW = "show", _("公开考核")
    START = "start", _("开始实施")
    REACH = "reach", _("完成节点")
    REOPEN = "reopen", _("节点重办")
    FINISH = "finish", _("完成")
    STOP = "stop", _("终止")
    ASK_FINISH = "ask_finish", _("申请办结")
    ASK_STOP = "ask_stop", _("申请终止")
    KEEP_ON = "keep_on", _("不结束，继续办")


class Part(models.TextChoices):
    """What somebody is to a project."""

    KEEPER = "keeper", _("街道社区")
    COMMISSIONER = "commissioner", _("专员")
    UNIT = "unit", _("参加单位")
    ASKED = "asked", _("请了、还没答复的单位")
    APPROVER = "approver", _("审批的人")
    COURSE = "course", _("事情本身")


class Period(models.TextChoices):
    """How often a figure is taken."""

    DAY = "day", _("每天")
    MONTH = "month", _("每月")
    QUARTER = "quarter", _("每季度")
    YEAR = "year", _("每年")


class Reckon(models.TextChoices):
    """What several figures of one indicator come to."""

    SUM = "sum", _("加起来")
    LAST = "last", _("看最新的")
    MEAN = "mean", _("取平均")


class MenuKind(models.TextChoices):
    """What of the menu every unit is asked for, and what it may choose."""

    REQUIRED = "required", _("必选服务项目")
    OPTIONAL = "optional", _("自选服务项目")


class Consequence(models.TextChoices):
    """What follows from an assessment: 奖惩并举."""

    PRAISE = "praise", _("表扬推广")
    REWARD = "reward", _("奖励")
    KEEP = "keep", _("继续办")
    MEND = "mend", _("限期改进")
    CHANGE = "change", _("换人来办")


class Standing(models.TextChoices):
    """How a project stands in time, in words."""

    NORMAL = "normal", _("正常")
    SOON = "soon", _("临期")
    LATE = "late", _("超期")
    OVER = "over", ""


_D, _R = ProjectState.DRAFT, ProjectState.RUNNING
_K, _C, _U, _A, _O = Part.KEEPER, Part.COMMISSIONER, Part.UNIT, Part.ASKED, Part.COURSE
_P = Part.APPROVER


def _step(verb: ProjectVerb, source: ProjectState, target: ProjectState, *parts: Part) -> Transition:
    return Transition(verb=verb, source=source, target=target, actors=frozenset(parts), label=verb.label)


def _while(verb: ProjectVerb, *parts: Part) -> list[Transition]:
    """A step that leaves the state as it is, of what is not over."""
    return [_step(verb, state, state, *parts) for state in LIVE_PROJECTS]


PROJECT_WORKFLOW = Workflow(
    initial=_D,
    final=[ProjectState.DONE, ProjectState.STOPPED],
    transitions=[
        *_while(ProjectVerb.EDIT, _K, _C),
        *_while(ProjectVerb.PLAN, _K, _C),
        *_while(ProjectVerb.JOIN, _K, _C),
        *_while(ProjectVerb.AGREE, _A, _U),  # of a unit that has said so: a sentence, no refusal
        *_while(ProjectVerb.LEAVE, _K, _C, _U, _A),
        *_while(ProjectVerb.PUBLISH, _K),
        *_while(ProjectVerb.UNPUBLISH, _K),
        *_while(ProjectVerb.CLAIM, _O),
        *_while(ProjectVerb.GIVE_BACK, _O),
        *_while(ProjectVerb.LINK, _K, _C),
        *(
            _step(ProjectVerb.MEASURE, state, state, _K, _C, _U)
            for state in (ProjectState.RUNNING, ProjectState.DONE)  # the last month comes in after the end
        ),
        *_while(ProjectVerb.SCALE, _K, _C),
        *(_step(ProjectVerb.ASSESS, state, state, _K) for state in (ProjectState.RUNNING, ProjectState.DONE)),
        *(_step(ProjectVerb.SHOW, state, state, _K) for state in (ProjectState.RUNNING, ProjectState.DONE)),
        _step(ProjectVerb.START, _D, _R, _K, _C),
        _step(ProjectVerb.REACH, _R, _R, _K, _C, _U),
        _step(ProjectVerb.REOPEN, _R, _R, _K, _C),
        _step(ProjectVerb.ASK_FINISH, _R, _R, _K, _C),
        *_while(ProjectVerb.ASK_STOP, _K),
        _step(ProjectVerb.KEEP_ON, _R, _R, _K, _C, _P),
        _step(ProjectVerb.FINISH, _R, ProjectState.DONE, _P),
        _step(ProjectVerb.STOP, _D, ProjectState.STOPPED, _O),  # a draft: nobody else is asked
        _step(ProjectVerb.STOP, _R, ProjectState.STOPPED, _P),
    ],
)
