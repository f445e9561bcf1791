"""What is typed of a volunteer, checked: every wrong field is named at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, Text
from alliance.lib.privacy import clean_phone
from alliance.lib.text import clean
from people.models import Area
from people.states import Level
from volunteers.states.people import CHILD, YOUNGEST, FreeTime, Reach, Skill, age_on

Errors = dict[str, list[Text]]
MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})月?")
_NAME = re.compile(r"[^\W\d_]+(?:[·• ][^\W\d_]+)*")
OLDEST = 120


@dataclass(frozen=True, kw_only=True)
class VolunteerDraft:
    """What is typed. ``born``: year and month, ``2016-05``; with the guardian only of a child below 14."""

    name: str
    area: str
    skills: list[str] = field(default_factory=list)
    times: list[str] = field(default_factory=list)
    reach: str = Reach.STREET
    shows: bool = False
    reports_hours: bool = False
    is_child: bool = False
    born: str = ""
    guardian_name: str = ""
    guardian_phone: str = ""
    guardian_agrees: bool = False


def checked(
    draft: VolunteerDraft, known: Mapping[str, Any] | None = None, *, asked: Errors | None = None
) -> dict[str, Any]:
    """The columns of the row. ``known``: what a child's row says of the guardian already, who is not asked again;
    ``asked``: what is wrong beside the row.

    Raises ``Invalid`` with every field that is wrong.
    """
    errors: Errors = dict(asked or {})
    found: dict[str, Any] = {"name": person_name(draft.name, "name", errors), "shows": draft.shows}
    found["reports_hours"] = draft.reports_hours
    found["area"] = Area.objects.filter(pk=clean(draft.area), level__in=[Level.STREET, Level.COMMUNITY]).first()
    if found["area"] is None:
        errors["area"] = [_("请选您住的社区；不清楚的，选街道。")]
    found["skills"] = _known(draft.skills, Skill.values)
    found["times"] = _known(draft.times, FreeTime.values)
    found["reach"] = draft.reach if draft.reach in Reach.values else Reach.STREET
    found |= dict(known) if known is not None else _child(draft, errors)
    if errors:
        raise Invalid(errors)
    return found


def person_name(typed: str, name: str, errors: Errors) -> str:
    """A name of two to thirty letters; else why not stands in ``errors``."""
    text = " ".join(clean(typed).split())
    bare = text.removesuffix("（演示）")
    if not 2 <= len(text) <= 30 or not _NAME.fullmatch(bare):
        errors[name] = [_("请写姓名，2到30个字，不写数字和符号。")]
    return text


def _known(typed: Iterable[str], values: Iterable[str]) -> list[str]:
    given = set(typed)
    return [value for value in values if value in given]


def _child(draft: VolunteerDraft, errors: Errors) -> dict[str, Any]:
    """What is kept of a child below 14; nothing of anybody else."""
    nothing = {"born": None, "guardian_name": "", "guardian_phone": "", "guardian_agreed_on": None}
    if not draft.is_child:
        return nothing
    born, today = month_of(draft.born), timezone.localdate()
    age = None if born is None else age_on(born, today)
    if born is None or age is None or not 0 <= age < OLDEST:
        errors["born"] = [_("请写孩子的出生年月，例如 2016-05。")]
        return nothing
    if age >= CHILD:
        return nothing
    if age < YOUNGEST:
        errors["born"] = [_("不满6岁还不能登记，等满6岁再来；现在可以跟家人一起参加活动。")]
    given: dict[str, Any] = {"born": born, "guardian_agreed_on": today}
    guardian: Errors = {}
    given["guardian_name"] = person_name(draft.guardian_name, "guardian_name", guardian)
    if guardian:
        errors["guardian_name"] = [_("不满14岁的孩子，请写监护人的姓名。")]
    try:
        given["guardian_phone"] = clean_phone(draft.guardian_phone, message=_("请写监护人的手机号，11位数字。"))
    except Invalid as error:
        errors["guardian_phone"] = error.fields["phone"]
    if not draft.guardian_agrees:
        errors["guardian_agrees"] = [_("请监护人看过以后，在这里打勾。")]
    return given


def month_of(typed: str) -> date | None:
    """The first of the month ``2016-05``; None where it is none."""
    match = MONTH.fullmatch(clean(typed))
    if match is None or not 1 <= int(match[2]) <= 12 or int(match[1]) < 1900:
        return None
    return date(int(match[1]), int(match[2]), 1)
