"""Volunteers, teams and papers in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from alliance.lib.dates import day_of
from alliance.lib.privacy import mask_name
from volunteers.models import PartyReport, Qualification, Team, TeamMember, Volunteer, VolunteerPolicy
from volunteers.models.hours import STEP
from volunteers.services.certificates import lines_of
from volunteers.services.hours import as_hours
from volunteers.services.policies import next_star, stars_for
from volunteers.states.people import FreeTime, Skill, VolunteerState
from volunteers.states.teams import PartyPost

SOON, MOST_NAMED = 60, 6
"""Days before its end in which a paper is said to end soon; how many things a quarter names."""

TONES = {
    VolunteerState.PENDING: "warn",
    VolunteerState.ACTIVE: "ok",
    VolunteerState.REFUSED: "late",
    VolunteerState.LEFT: "empty",
}


def hours_said(halves: int) -> str:
    """Half hours as hours: 3, 3.5."""
    return as_hours(halves * STEP)


def labels(values: Iterable[str], choices: Any) -> list[str]:
    """What the stored keys mean, in the order of the choices."""
    given = set(values)
    return [str(choice.label) for choice in choices if choice.value in given]


def joined(values: Iterable[str], choices: Any) -> str:
    """As ``labels``, in one line."""
    return _("、").join(labels(values, choices))


def badge(row: Volunteer) -> dict[str, str]:
    return {"tone": TONES[VolunteerState(row.state)], "label": str(row.get_state_display())}


def leader_of(team: Team) -> str:
    """Masked for everybody, 王*明; empty unless the leader agreed to be named. A child is never named."""
    chief = team.leader
    return mask_name(chief.name) if chief is not None and chief.shows and chief.born is None else ""


def name_in(member: TeamMember) -> str:
    """The name of somebody in a team, for whoever leads it; masked until they have said yes."""
    return mask_name(member.volunteer.name) if member.asked else member.volunteer.name


def star_line(halves: int, policy: VolunteerPolicy) -> str:
    """How many stars, and what is missing to the next."""
    count, missing = stars_for(halves, policy), next_star(halves, policy)
    now = _("%(n)d星志愿者") % {"n": count} if count else _("还没有评星")
    if missing is None:
        return now
    return _("%(now)s，再服务%(hours)s小时是%(next)d星") % {"now": now, "hours": f"{missing:g}", "next": count + 1}


def about(row: Volunteer) -> list[dict[str, str]]:
    """What somebody said about themselves, as facts; what was left empty is left out."""
    facts = [
        (_("社区"), row.area.name),
        (_("会什么"), joined(row.skills, Skill)),
        (_("什么时候有空"), joined(row.times, FreeTime)),
        (_("去哪里帮忙"), str(row.get_reach_display())),
        (_("公开感谢"), _("可以，写成%(name)s") % {"name": mask_name(row.name)} if row.shows else _("不公开")),
        (_("志愿浙江"), _("可以报") if row.reports_hours else _("不报")),
    ]
    return [{"label": label, "text": text} for label, text in facts if text]


def paper(one: Qualification, today: date) -> dict[str, str]:
    """A qualification, and how long it is good, in a word and a tone."""
    if one.valid_until is None:
        return {"label": str(one.get_kind_display()), "tone": "ok", "state": _("长期有效")}
    if one.valid_until < today:
        return {"label": str(one.get_kind_display()), "tone": "late", "state": _("%(day)s到期了") % _day(one)}
    soon = one.valid_until < today + timedelta(days=SOON)
    return {
        "label": str(one.get_kind_display()),
        "tone": "warn" if soon else "ok",
        "state": _("有效到%(day)s") % _day(one),
    }


def _day(one: Qualification) -> dict[str, str]:
    return {"day": day_of(one.valid_until)}


def posts(report: PartyReport) -> str:
    return joined(report.posts, PartyPost)


def quarters(user: int, today: date) -> list[dict[str, str]]:
    """The hours of this year by quarter, and what was done most, for the card that goes to one's unit."""
    found = []
    for number in range(1, (today.month - 1) // 3 + 2):
        first = date(today.year, 3 * number - 2, 1)
        last = date(today.year + 1, 1, 1) if number == 4 else date(today.year, 3 * number + 1, 1)
        lines = lines_of(user, first, last - timedelta(days=1))
        said = _("、").join(dict.fromkeys(line["title"] for line in lines[:MOST_NAMED]))
        hours = hours_said(sum(line["halves"] for line in lines))
        found.append({"label": _("第%(n)d季度") % {"n": number}, "hours": hours, "what": said})
    return found
