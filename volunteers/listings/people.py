"""Volunteers, teams, 双报到 and insurances as the workbench lists them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from alliance.lib.dates import day_of, iso
from alliance.lib.listing import Cell, Column, Facet, Listing, Rows, Tab, register
from volunteers.models import Insurance, PartyReport, Team, Volunteer
from volunteers.permissions.people import report_abilities, team_abilities, volunteer_abilities
from volunteers.presenting import people as words
from volunteers.states.people import FreeTime, Skill, VolunteerState

TONES = {
    VolunteerState.PENDING: "work",
    VolunteerState.ACTIVE: "done",
    VolunteerState.REFUSED: "off",
    VolunteerState.LEFT: "off",
}


def _in_state(state: VolunteerState) -> Callable[[Rows, Any], Rows]:
    return lambda found, _user: found.filter(state=state)


def state_of(row: Volunteer) -> Cell:
    """The state; a child says so."""
    flags = ((_("不满14岁"), "warn"),) if row.born else ()
    return Cell(text=str(row.get_state_display()), tone=TONES[VolunteerState(row.state)], flags=flags)


def _by_word(found: Rows, term: str) -> Rows:
    word = term.strip()[:40]
    return found.filter(Q(name__icontains=word) | Q(number__icontains=word))


def _can(found: Rows, value: str) -> Rows:
    return found.filter(skills__contains=[value])


VOLUNTEERS = register(
    Listing(
        key="volunteers.volunteers",
        title=pgettext_lazy("plural", "志愿者"),
        url_name="admin:volunteers_volunteer_changelist",
        row_url=lambda row: reverse("admin:volunteers_volunteer_change", args=[row.pk]),
        may_view=lambda user: "view" in volunteer_abilities(user),
        rows=lambda user: Volunteer.objects.kept_by(user).select_related("area"),
        order=("-registered_at", "-id"),
        order_label=gettext_lazy("新的在前"),
        search=_by_word,
        search_hint=gettext_lazy("姓名、编号"),
        facets=(
            Facet(
                key="skill",
                label=gettext_lazy("会什么"),
                any_label=gettext_lazy("不限技能"),
                options=lambda _user: [(one.value, str(one.label)) for one in Skill],
                narrow=_can,
                main=True,
            ),
            Facet(
                key="time",
                label=gettext_lazy("什么时候有空"),
                any_label=gettext_lazy("不限时间"),
                options=lambda _user: [(one.value, str(one.label)) for one in FreeTime],
                narrow=lambda found, value: found.filter(times__contains=[value]),
            ),
        ),
        tabs=(
            Tab(key="active", label=VolunteerState.ACTIVE.label, narrow=_in_state(VolunteerState.ACTIVE)),
            Tab(
                key="waits",
                label=VolunteerState.PENDING.label,
                narrow=_in_state(VolunteerState.PENDING),
                counted=True,
                tone="warn",
            ),
            Tab(key="all", label=gettext_lazy("全部"), narrow=lambda found, _user: found),
        ),
        columns=(
            Column(
                key="name",
                label=gettext_lazy("姓名"),
                cell=lambda row: Cell(text=row.name or row.number, small=row.number if row.name else ""),
                value=lambda row: row.name,
            ),
            Column(key="area", label=gettext_lazy("社区"), cell=lambda row: row.area.name),
            Column(
                key="skills",
                label=gettext_lazy("会什么"),
                cell=lambda row: words.joined(row.skills, Skill),
            ),
            Column(
                key="since",
                label=gettext_lazy("登记时间"),
                cell=lambda row: day_of(row.registered_at),
                value=lambda row: iso(row.registered_at),
                order=("-registered_at", "-id"),
            ),
            Column(
                key="state",
                label=gettext_lazy("状态"),
                cell=state_of,
                value=lambda row: row.get_state_display(),
            ),
        ),
        empty_title=gettext_lazy("还没有志愿者"),
        empty_text=gettext_lazy("居民在公众页面点“做志愿者”，登记好就列在这里。"),
    )
)


def _team_word(found: Rows, term: str) -> Rows:
    word = term.strip()[:40]
    return found.filter(Q(name__icontains=word) | Q(number__icontains=word))


def team_state(row: Team) -> Cell:
    return Cell(text=_("已解散"), tone="off") if row.closed_on else Cell(text=_("在册"), tone="done")


TEAMS = register(
    Listing(
        key="volunteers.teams",
        title=pgettext_lazy("plural", "志愿服务队"),
        url_name="admin:volunteers_team_changelist",
        row_url=lambda row: reverse("admin:volunteers_team_change", args=[row.pk]),
        may_view=lambda user: "view" in team_abilities(user),
        rows=lambda user: Team.objects.kept_by(user).with_members().select_related("area", "leader"),
        order=("-made_at", "-id"),
        order_label=gettext_lazy("新的在前"),
        search=_team_word,
        search_hint=gettext_lazy("名称、编号"),
        tabs=(
            Tab(key="on", label=gettext_lazy("在册"), narrow=lambda found, _user: found.filter(closed_on__isnull=True)),
            Tab(key="all", label=gettext_lazy("全部"), narrow=lambda found, _user: found),
        ),
        columns=(
            Column(
                key="name",
                label=gettext_lazy("名称"),
                cell=lambda row: Cell(text=row.name, small=row.number),
                value=lambda row: row.name,
            ),
            Column(key="kind", label=gettext_lazy("类别"), cell=lambda row: str(row.get_kind_display())),
            Column(key="area", label=gettext_lazy("哪里的"), cell=lambda row: row.area.name),
            Column(
                key="leader", label=gettext_lazy("队长"), cell=lambda row: row.leader.name if row.leader else _("没有")
            ),
            Column(key="people", label=gettext_lazy("人数"), cell=lambda row: str(row.members_count), number=True),
            Column(key="state", label=gettext_lazy("状态"), cell=team_state),
        ),
        empty_title=gettext_lazy("还没有志愿服务队"),
        empty_text=gettext_lazy("登记一支，志愿者就能在公众页面加入。"),
    )
)


def report_state(row: PartyReport) -> Cell:
    if row.ended_at:
        return Cell(text=_("已结束"), tone="off")
    return Cell(text=_("已确认"), tone="done") if row.accepted_at else Cell(text=_("等确认"), tone="work")


REPORTS = register(
    Listing(
        key="volunteers.reports",
        title=pgettext_lazy("plural", "双报到"),
        url_name="admin:volunteers_partyreport_changelist",
        row_url=lambda row: reverse("admin:volunteers_partyreport_change", args=[row.pk]),
        may_view=lambda user: "view" in report_abilities(user),
        rows=lambda user: PartyReport.objects.kept_by(user).select_related("area", "volunteer"),
        order=("-reported_at", "-id"),
        order_label=gettext_lazy("新的在前"),
        search=lambda found, term: found.filter(unit_name__icontains=term.strip()[:40]),
        search_hint=gettext_lazy("工作单位"),
        tabs=(
            Tab(key="on", label=gettext_lazy("在岗"), narrow=lambda found, _user: found.filter(ended_at__isnull=True)),
            Tab(key="all", label=gettext_lazy("全部"), narrow=lambda found, _user: found),
        ),
        columns=(
            Column(
                key="name",
                label=gettext_lazy("姓名"),
                cell=lambda row: Cell(text=row.volunteer.name or row.volunteer.number, small=row.volunteer.number),
                value=lambda row: row.volunteer.name,
            ),
            Column(key="unit", label=gettext_lazy("工作单位"), cell=lambda row: row.unit_name),
            Column(key="area", label=gettext_lazy("报到社区"), cell=lambda row: row.area.name),
            Column(
                key="posts",
                label=gettext_lazy("认领的岗位"),
                cell=lambda row: words.posts(row),
            ),
            Column(
                key="since",
                label=gettext_lazy("报到时间"),
                cell=lambda row: day_of(row.reported_at),
                value=lambda row: iso(row.reported_at),
                order=("-reported_at", "-id"),
            ),
            Column(key="state", label=gettext_lazy("状态"), cell=report_state),
        ),
        empty_title=gettext_lazy("还没有党员报到"),
        empty_text=gettext_lazy("党员在“我的志愿服务”里报到，会列在这里等您确认。"),
    )
)


def _good(found: Rows, _user: Any) -> Rows:
    return found.filter(ended_on__isnull=True, ends_on__gte=timezone.localdate())


def insurance_state(row: Insurance) -> Cell:
    over = row.ended_on is not None or row.ends_on < timezone.localdate()
    return Cell(text=_("不再有效"), tone="off") if over else Cell(text=_("有效"), tone="done")


INSURANCES = register(
    Listing(
        key="volunteers.insurances",
        title=pgettext_lazy("plural", "志愿者保险"),
        url_name="admin:volunteers_insurance_changelist",
        row_url=lambda row: reverse("admin:volunteers_insurance_change", args=[row.pk]),
        may_view=lambda user: "view" in volunteer_abilities(user),
        rows=lambda user: Insurance.objects.kept_by(user).select_related("area", "volunteer"),
        order=("-ends_on", "-id"),
        order_label=gettext_lazy("晚到期的在前"),
        search=lambda found, term: found.filter(policy_number__icontains=term.strip()[:40]),
        search_hint=gettext_lazy("保单号"),
        tabs=(
            Tab(key="good", label=gettext_lazy("有效"), narrow=_good),
            Tab(key="all", label=gettext_lazy("全部"), narrow=lambda found, _user: found),
        ),
        columns=(
            Column(
                key="policy",
                label=gettext_lazy("保单号"),
                cell=lambda row: Cell(text=row.policy_number, small=row.insurer),
                value=lambda row: row.policy_number,
            ),
            Column(
                key="who",
                label=gettext_lazy("谁的"),
                cell=lambda row: row.volunteer.name if row.volunteer else _("本街道全体志愿者"),
            ),
            Column(key="area", label=gettext_lazy("街道"), cell=lambda row: row.area.name),
            Column(
                key="until",
                label=gettext_lazy("到哪天"),
                cell=lambda row: day_of(row.ends_on),
                value=lambda row: iso(row.ends_on),
                order=("-ends_on", "-id"),
            ),
            Column(key="state", label=gettext_lazy("状态"), cell=insurance_state),
        ),
        empty_title=gettext_lazy("还没有登记保险"),
        empty_text=gettext_lazy("有风险的岗位，没有登记保险的不能报名。"),
    )
)
