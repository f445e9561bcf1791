"""Volunteers for tests: registered through the service, with teams, papers and hours."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from django.utils import timezone

from notifications.models import Message
from people.models import User
from people.services.consents import current_notice
from tests.cast import Street, resident
from volunteers.defaults import load_defaults
from volunteers.models import Hours, Section, SectionNote, Team, Volunteer
from volunteers.services.registering import register
from volunteers.services.section_notes import write_note
from volunteers.services.section_turns import take_section
from volunteers.services.sections import add_section
from volunteers.services.teams import add_team
from volunteers.services.volunteer_fields import VolunteerDraft

_phones = count(13700000000)
NAME = "刘小河"
SECTION: dict[str, Any] = {
    "name": "百尺溪东段",
    "kind": "river",
    "words": "北干桥到闸口，看漂浮物、排水口。",
    "every": 7,
    "for_units": True,
    "for_people": True,
}
PLEDGE = "我愿意按时到岗，文明劝导，遇到危险先保护好自己。"


def person(name: str = NAME) -> User:
    """Somebody with a phone, registered nowhere."""
    return resident(str(next(_phones)), name)


def register_as(who: User, street: Street, *, key: Any = None, consented: bool = True, **typed: Any) -> Volunteer:
    """As the page does it."""
    load_defaults()
    draft = VolunteerDraft(**{"name": NAME, "area": street.home.pk, **typed})
    return register(
        by=who,
        client_key=key or uuid4(),
        draft=draft,
        consented=consented,
        notice_version=current_notice("volunteer").version,
    )


def registered(street: Street, **typed: Any) -> Volunteer:
    """A new volunteer of the street."""
    return register_as(person(), street, **typed)


def team_in(street: Street, name: str = "湾嫂志愿服务队", **typed: Any) -> Team:
    """A team of the street's community."""
    said = {"name": name, "kind": "neighbours", "words": "议事、调解、帮扶。", "is_open": True, **typed}
    return add_team(client_key=uuid4(), by=street.worker, area=street.home.pk, typed=said)


def section_in(street: Street, **typed: Any) -> Section:
    """A stretch of river of the street's community, on offer."""
    return add_section(client_key=uuid4(), by=street.worker, area=street.home.pk, typed={**SECTION, **typed})


def taken(row: Section, by: User, **whom: Any) -> Section:
    """Claimed by ``by``; returns it as it is now."""
    take_section(pk=row.pk, by=by, client_key=uuid4(), **whom)
    return Section.objects.get(pk=row.pk)


def rules(user: User) -> set[str]:
    """What was said to ``user``."""
    return set(Message.objects.inbox_of(user).values_list("rule", flat=True))


def noted(row: Section, by: User, **said: Any) -> SectionNote:
    """One walk of today, all well."""
    values = {"day": timezone.localdate(), "outcome": "fine", **said}
    return write_note(section=row.pk, by=by, client_key=uuid4(), **values)


def found_on(row: Section, by: User) -> SectionNote:
    """One walk of today, and something the office should look at."""
    return noted(row, by, outcome="found", words="护栏松了")


def month_ago(years: int) -> str:
    """The month in which somebody was born who is ``years`` old since last month."""
    first = timezone.localdate().replace(day=1) - timedelta(days=1)
    return f"{first.year - years}-{first.month:02d}"


def worked(who: User, street: Street, *, minutes: int = 150, day: date | None = None, label: str = "巡河") -> Hours:
    """Hours as they stand once somebody else has confirmed them."""
    return Hours.objects.create(
        person=who,
        street=street.street,
        source=f"test:{uuid4()}",
        day=day or timezone.localdate(),
        minutes=minutes,
        label=label,
        by=street.worker,
    )
