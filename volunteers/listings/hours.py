"""服务记录 of those who agreed, with the fields of 民政部令67号: a list to take along as a file for 志愿浙江."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from alliance.lib.dates import day_of, iso
from alliance.lib.listing import Cell, Column, Listing, Rows, Tab, register
from alliance.lib.privacy import mask_paper_name, mask_phone, spaced
from members.states import REGISTER_ROLES
from volunteers.models import Hours, Volunteer
from volunteers.permissions.people import hours_abilities
from volunteers.states.people import VolunteerState


def rows(user: Any) -> Rows:
    """What stands today of volunteers who agreed, in the streets whose register ``user`` keeps; nothing of others."""
    agreed = Volunteer.objects.kept_by(user).filter(state=VolunteerState.ACTIVE, reports_hours=True)
    found = Hours.objects.kept_by(user).filter(person__in=agreed.values("user")).first_words()
    return found.select_related("person__volunteer__area", "street")


def _open_name(one: Hours, user: Any) -> str:
    name: str = one.person.volunteer.name
    return name if hours_abilities(user, one) else mask_paper_name(name)


def _open_phone(one: Hours, user: Any) -> str:
    phone: str = one.person.phone
    return spaced(phone) if hours_abilities(user, one) else mask_phone(phone)


def _month(found: Rows, first: date) -> Rows:
    return found.filter(day__gte=first, day__lt=(first + timedelta(days=31)).replace(day=1))


def _this_month(found: Rows, _user: Any) -> Rows:
    return _month(found, timezone.localdate().replace(day=1))


def _last_month(found: Rows, _user: Any) -> Rows:
    return _month(found, (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1))


def _by_word(found: Rows, term: str) -> Rows:
    word = term.strip()[:40]
    return found.filter(Q(label__icontains=word) | Q(person__volunteer__number__icontains=word))


def hours_of(one: Any) -> float:
    """With all corrections; ``stands`` is annotated by ``first_words``."""
    return float(one.stands / 60)


HOURS = register(
    Listing(
        key="volunteers.hours",
        title=gettext_lazy("报志愿浙江"),
        url_name="admin:volunteers_hours_changelist",
        row_url=lambda one: reverse("admin:volunteers_volunteer_change", args=[one.person.volunteer.pk]),
        may_view=lambda user: bool(hours_abilities(user)),
        may_unmask=lambda user: bool(user.has_role(*REGISTER_ROLES)),
        rows=rows,
        order=("-day", "-id"),
        order_label=gettext_lazy("新的在前"),
        search=_by_word,
        search_hint=gettext_lazy("服务项目、志愿者编号"),
        tabs=(
            Tab(key="last", label=gettext_lazy("上个月"), narrow=_last_month),
            Tab(key="this", label=gettext_lazy("这个月"), narrow=_this_month),
            Tab(key="all", label=gettext_lazy("全部"), narrow=lambda found, _user: found),
        ),
        columns=(
            Column(
                key="name",
                label=gettext_lazy("姓名"),
                cell=lambda one: Cell(
                    text=mask_paper_name(one.person.volunteer.name), code=one.person.volunteer.number
                ),
                value=lambda one: mask_paper_name(one.person.volunteer.name),
                open_value=_open_name,
            ),
            Column(
                key="phone",
                label=gettext_lazy("手机号"),
                cell=lambda one: mask_phone(one.person.phone),
                open_value=_open_phone,
            ),
            Column(
                key="number",
                label=gettext_lazy("志愿者编号"),
                cell=lambda one: one.person.volunteer.number,
                page=False,
            ),
            Column(key="label", label=gettext_lazy("服务项目"), cell=lambda one: one.label),
            Column(
                key="day",
                label=gettext_lazy("服务日期"),
                cell=lambda one: day_of(one.day),
                value=lambda one: iso(one.day),
                order=("-day", "-id"),
            ),
            Column(
                key="hours",
                label=gettext_lazy("服务时长（小时）"),
                cell=lambda one: f"{hours_of(one):g}",
                value=hours_of,
                number=True,
            ),
            Column(key="street", label=gettext_lazy("记录单位"), cell=lambda one: one.street.name),
            Column(key="area", label=gettext_lazy("所在社区"), cell=lambda one: one.person.volunteer.area.name),
        ),
        empty_title=gettext_lazy("还没有可以报的记录"),
        empty_text=gettext_lazy("志愿者在“我的志愿服务”里勾了可以报，时长确认以后就列在这里。"),
    )
)
