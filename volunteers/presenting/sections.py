"""Patrol sections and diaries in words: who walks, when last, what was found."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.lib.dates import day_of, moment
from alliance.lib.privacy import mask_name
from claims.models import Claim
from claims.services import units_for
from files.services import attachments_of
from people.models import Area, User
from volunteers.models import Section, SectionNote, Team, Volunteer
from volunteers.permissions.sections import note_abilities, section_abilities
from volunteers.services.section_notes import OWNER
from volunteers.states.people import VolunteerState
from volunteers.states.sections import ME, TEAM, UNIT, Outcome

MOST, NOTES, MONTH = 200, 60, timedelta(days=30)
TONES = {Outcome.FINE: "ok", Outcome.MENDED: "ok", Outcome.FOUND: "warn"}


def streets_with_sections() -> list[Area]:
    """Streets with at least one section, by name."""
    codes = Section.objects.public().order_by().values("street_code").distinct()
    return list(Area.objects.filter(pk__in=codes).order_by("pinyin", "pk"))


def of_street(street: str) -> list[dict[str, Any]]:
    """``[{section, holder, walked}]`` for everybody, those that wait for somebody first."""
    rows = Section.objects.public().filter(street_code=street).with_notes(timezone.localdate() - MONTH)
    rows = rows.select_related("area", "team", "claim__unit", "claim__person__volunteer")
    found = [
        {"section": row, "holder": holder_for_all(row), "walked": walked(row)}
        for row in rows.order_by("name", "pk")[:MOST]
    ]
    return sorted(found, key=lambda one: one["holder"] != "")


def holder_for_all(row: Section) -> str:
    """Who walks it, as everybody may read: a public unit, a team, somebody who agreed to be named; else only that it is
    somebody. Empty: nobody."""
    claim = row.claim
    if claim is None:
        return ""
    if row.team is not None:
        return row.team.name
    if claim.unit is not None:
        return str(claim.unit) if claim.unit.is_public else _("一家共建单位")
    return _named(claim) or _("一位居民")


def _named(claim: Claim) -> str:
    own: Volunteer | None = getattr(claim.person, "volunteer", None)
    if own is None or own.state != VolunteerState.ACTIVE or not own.shows or own.born is not None:
        return ""
    return mask_name(own.name)


def holder_for_office(row: Section) -> str:
    """Who walks it, for whoever works in the street. Empty: nobody."""
    claim = row.claim
    if claim is None:
        return ""
    name = str(claim.unit or claim.person)
    return _("%(team)s（%(name)s）") % {"team": row.team.name, "name": name} if row.team else name


def walked(row: Any) -> str:
    """When last, and how often lately (``row`` with ``notes_count``)."""
    if row.claim_id is None:
        return ""
    if row.noted_on is None:
        return _("还没记过")
    said = {"day": day_of(row.noted_on), "n": row.notes_count}
    return _("最近一次%(day)s，30天里%(n)d次") % said


def diary(row: Section, user: User) -> list[dict[str, Any]]:
    """Entries that ``user`` may read, newest first. Two queries, and one for all photos."""
    rows = SectionNote.objects.visible_to(user).filter(section=row).select_related("section", "by", "need")
    notes = list(rows.there().order_by("-day", "-pk")[:NOTES])
    photos, today = attachments_of(OWNER, [str(one.pk) for one in notes]), timezone.localdate()
    return [_entry(one, photos.get(str(one.pk), []), user, today) for one in notes]


def _entry(one: SectionNote, photos: list[Any], user: User, today: date) -> dict[str, Any]:
    return {
        "note": one,
        "day": day_of(one.day),
        "tone": TONES[Outcome(one.outcome)],
        "said": one.get_outcome_display(),
        "who": _("您") if one.by_id == user.pk else one.by.name,
        "on_paper": one.how == "paper",
        "photos": [reverse("volunteers:section_note_photo", args=[one.pk, photo.pk]) for photo in photos],
        "answered": moment(one.answered_at) if one.answered_at else "",
        "waits": one.outcome == Outcome.FOUND and one.answered_at is None,
        "may": note_abilities(user, one, today),
    }


def holders(row: Section, user: User) -> list[tuple[str, str]]:
    """For whom ``user`` may claim it now, as choices of the form."""
    if row.claim_id is not None or row.offer is None or row.closed_on is not None:
        return []
    found = [(f"{UNIT}-{unit.pk}", str(unit)) for unit in units_for(user, row.offer)]
    if "take" not in section_abilities(user, row):
        return found
    teams = Team.objects.public().filter(leader__user=user, street_code=row.street_code)
    found += [(f"{TEAM}-{team.pk}", team.name) for team in teams.order_by("name", "pk")[:MOST]]
    return [*found, (ME, _("我个人"))]
