"""The ways to go on with a project, in the order of its page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid
from members.models import MemberUnit
from people.models import User
from projects import services
from projects.admin.ending_acts import ASKED, BY_TWO, ending_acts
from projects.admin.project_counts import ARRANGING, COUNT_ACTS, MENDING, USUAL
from projects.forms import acts as words
from projects.forms import project_acts as forms
from projects.forms.lines import PlanForm
from projects.permissions import project_abilities
from projects.presenting.linked import subject_named
from projects.presenting.shown import offer_shown
from projects.states import ProjectState, ProjectVerb
from resources.admin.acts import Act, grouped, simply


def _units(row: Any, user: User) -> dict[str, Any]:
    present = row.units.filter(left_on__isnull=True).values("unit")
    rows = MemberUnit.objects.members_in(row.street_code).filter(suspended_at__isnull=True).exclude(pk__in=present)
    return {"units": rows.order_by("pinyin", "pk")}


def _present(row: Any, user: User) -> dict[str, Any]:
    parts = [part for part in row.units.all() if part.left_on is None]
    return {"units": [(part.unit_id, part.unit.name) for part in parts]}


def _steps(done: bool) -> Any:
    def arguments(row: Any, user: User) -> dict[str, Any]:
        return {"steps": [(one.pk, one.name) for one in row.milestones.all() if (one.done_on is not None) == done]}

    return arguments


def _plan(row: Any, user: User) -> dict[str, Any]:
    return {"steps": list(row.milestones.all())}


def _any(arguments: Any) -> Any:
    """Only where there is something to choose."""

    def fits(row: Any, user: User) -> bool:
        return any(bool(list(found)) for found in arguments(row, user).values())

    return fits


def _is_offered(row: Any) -> bool:
    return offer_shown(row) is not None


def _may_be_offered(row: Any, user: User) -> bool:
    return not _is_offered(row) and not any(part.is_lead and part.left_on is None for part in row.units.all())


def _link(pk: int, by: User, version: int, form: Any) -> Any:
    subject = subject_named(by, form.cleaned_data["subject"])
    if not subject:
        raise Invalid({"subject": [_("没有这个编号，或者不在您的范围里。")]})
    return services.link_project(pk=pk, by=by, version=version, subject=subject)


def _links(row: Any, user: User) -> dict[str, Any]:
    return {"links": [(one.subject, one.label) for one in row.links.all()]}


def _ready(row: Any, user: User) -> bool:
    return all(one.done_on is not None for one in row.milestones.all())


_ACTS = (
    *ending_acts(
        project_abilities, services.agree_to_end_project, services.keep_project, _("结束了，参加的单位会收到消息。")
    ),
    Act(
        name="start",
        verb=ProjectVerb.START,
        label=_("开始实施"),
        take=simply(services.start_project),
        done=_("开始了，公开的项目大家看得到。"),
        hint=_("要有专员、支部，节点加起来正好100%，请来的单位都确认了。"),
        tone="main",
        unfolded=True,
    ),
    Act(
        name="finish",
        verb=ProjectVerb.ASK_FINISH,
        label=_("办完了"),
        button=_("申请办结"),
        take=simply(services.ask_finish),
        done=ASKED,
        hint=BY_TWO,
        form=forms.FinishForm,
        tone="main",
        unfolded=True,
        fits=_ready,
    ),
    Act(
        name="reach",
        verb=ProjectVerb.REACH,
        label=_("完成节点"),
        button=_("登记完成"),
        group=USUAL,
        take=simply(services.reach_milestone),
        done=_("记下了。"),
        form=forms.ReachForm,
        tone="main",
        fits=_any(_steps(done=False)),
        arguments=_steps(done=False),
    ),
    Act(
        name="plan",
        verb=ProjectVerb.PLAN,
        label=_("排节点"),
        button=_("保存节点"),
        group=ARRANGING,
        take=simply(services.plan_milestones),
        done=_("排好了。"),
        form=PlanForm,
        hint=_("占比加起来正好100%，日期在项目开始和结束之间。空着的不算。"),
        arguments=_plan,
    ),
    Act(
        name="join",
        verb=ProjectVerb.JOIN,
        label=_("请单位参加"),
        button=_("请这家单位"),
        group=USUAL,
        take=simply(services.join_project),
        done=_("请了。签过这份协议的不用再确认。"),
        form=forms.JoinForm,
        arguments=_units,
    ),
    Act(
        name="publish",
        verb=ProjectVerb.PUBLISH,
        label=_("发布认领"),
        group=ARRANGING,
        take=simply(services.publish_project),
        done=_("发布了，单位可以认领。"),
        form=forms.PublishForm,
        hint=_("谁认领，谁牵头。"),
        fits=_may_be_offered,
    ),
    Act(
        name="unpublish",
        verb=ProjectVerb.UNPUBLISH,
        label=_("撤下认领"),
        button=_("撤下认领"),
        tone="danger",
        group=MENDING,
        take=simply(services.unpublish_project),
        done=_("撤下了，认领的单位会收到消息。"),
        form=words.WordsForm,
        fits=lambda row, user: _is_offered(row),
    ),
    *COUNT_ACTS,
    Act(
        name="link",
        verb=ProjectVerb.LINK,
        label=_("关联"),
        group=ARRANGING,
        take=_link,
        done=_("关联好了。"),
        form=forms.LinkForm,
        hint=_("诉求、微心愿、资源、预约，您看得到的才行。"),
    ),
    Act(
        name="unlink",
        verb=ProjectVerb.LINK,
        label=_("取消关联"),
        group=MENDING,
        take=simply(services.unlink_project),
        done=_("取消了。"),
        form=forms.UnlinkForm,
        fits=_any(_links),
        arguments=_links,
    ),
    Act(
        name="reopen",
        verb=ProjectVerb.REOPEN,
        label=_("节点重办"),
        button=_("让它重办"),
        group=MENDING,
        take=simply(services.reopen_milestone),
        done=_("又开着了。"),
        form=forms.ReopenForm,
        fits=_any(_steps(done=True)),
        arguments=_steps(done=True),
    ),
    Act(
        name="leave",
        verb=ProjectVerb.LEAVE,
        label=_("单位退出"),
        button=_("登记退出"),
        group=MENDING,
        take=simply(services.leave_project),
        done=_("记下了。"),
        form=forms.PartForm,
        fits=_any(_present),
        arguments=_present,
    ),
    Act(
        name="stop",
        verb=ProjectVerb.ASK_STOP,
        label=_("终止"),
        button=_("终止这个项目"),
        tone="danger",
        group=MENDING,
        take=simply(services.stop_project),
        done=ASKED,
        said=lambda row: _("终止了，参加的单位会收到消息。") if row.state == ProjectState.STOPPED else "",
        form=words.WordsForm,
        hint=_("还没开始的马上终止；实施中的，另一位同意了才终止。"),
    ),
)
ACTS = grouped(_ACTS, USUAL, ARRANGING, MENDING)
