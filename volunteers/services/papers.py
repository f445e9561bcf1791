"""What is on record of a volunteer: papers seen, insurances, trainings. Never noted by the person.

Locks: the volunteer (docs/locking.md); a street's insurance locks nothing.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.dates import day_of
from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken, Text
from alliance.lib.text import clean
from members.permissions import keeps_place
from notifications.messages import in_source_language
from notifications.services import queue
from people.models import Area, User
from people.querysets import STREET_LENGTH
from people.states import Level
from volunteers.messages.people import PaperNoted, of_volunteer
from volunteers.models import Insurance, Qualification, TeamMember, Training, Volunteer
from volunteers.permissions.people import insurance_abilities
from volunteers.services.registering import hold
from volunteers.services.teams import hold_team
from volunteers.states.people import VolunteerState, VolunteerVerb
from volunteers.states.teams import QualificationKind

FARTHEST = timedelta(days=366 * 20)
MOST_HALVES = 16
Errors = dict[str, list[Text]]


@transaction.atomic
def note_qualification(
    *, pk: int, by: User, version: int | None, kind: str, valid_until: date | None, number: str = ""
) -> Qualification:
    """登记资质 of the volunteer ``pk``: whoever notes it has seen the paper. A newer one takes the place of the older.

    Raises as ``hold``; ``Invalid`` (expired, no such kind).
    """
    row, today = hold(pk, by, VolunteerVerb.NOTE, version), timezone.localdate()
    errors: Errors = {}
    if kind not in QualificationKind.values:
        errors["kind"] = [_("请选是哪张证。")]
    if valid_until is not None and valid_until < today:
        errors["valid_until"] = [_("这张证%(day)s就到期了，请本人换好新证再来登记。") % {"day": day_of(valid_until)}]
    elif valid_until is not None and valid_until > today + FARTHEST:
        errors["valid_until"] = [_("请核对年份；长期有效的空着。")]
    if errors:
        raise Invalid(errors)
    row.qualifications.filter(kind=kind, ended_on__isnull=True).update(ended_on=today)
    paper = QualificationKind(kind)
    made = Qualification.objects.create(
        volunteer=row, kind=kind, number=clean(number)[:60], valid_until=valid_until, noted_by=by
    )
    event = row.move_to(VolunteerVerb.NOTE, actor=by, params={"qualification": kind})
    said = of_volunteer(PaperNoted, row, paper=in_source_language(paper.label, {}))
    queue(said, occurrence=f"{row.number}:{event.pk}", users=[row.user])
    return made


@transaction.atomic
def end_qualification(*, pk: int, by: User) -> Qualification:
    """The paper ``pk`` counts no more from today. Raises ``NotFound``, as ``hold``; ``RuleBroken`` (ended)."""
    found = Qualification.objects.visible_to(by).filter(pk=pk).first()
    if found is None:
        raise NotFound
    row = hold(found.volunteer_id, by, VolunteerVerb.NOTE, None)
    paper: Qualification = Qualification.objects.locked(pk)
    if paper.ended_on is not None:
        raise RuleBroken(_("这张证已经不算了。"))
    paper.ended_on = timezone.localdate()
    paper.save(update_fields=["ended_on"])
    row.move_to(VolunteerVerb.NOTE, actor=by, params={"ended": paper.kind})
    return paper


@transaction.atomic
def insure_volunteer(*, pk: int, by: User, version: int | None, **typed: Any) -> Insurance:
    """登记保险 of one volunteer. ``typed``: insurer, policy_number, starts_on, ends_on.

    Raises as ``hold``; ``Invalid``.
    """
    row = hold(pk, by, VolunteerVerb.NOTE, version)
    given = _insurance(**typed)
    street = Area.objects.get(pk=row.area_id[:STREET_LENGTH])
    made = Insurance.objects.create(area=street, volunteer=row, noted_by=by, **given)
    row.move_to(VolunteerVerb.NOTE, actor=by, params={"insurance": given["ends_on"].isoformat()})
    return made


@transaction.atomic
def insure_street(*, by: User, street: str, **typed: Any) -> Insurance:
    """A policy of the street for all of its volunteers. Raises ``NotAllowed``, ``Invalid``."""
    if not keeps_place(by, street):
        raise NotAllowed
    place = Area.objects.filter(pk=street[:STREET_LENGTH], level=Level.STREET).first()
    if place is None:
        raise Invalid({"street": [_("请选街道。")]})
    return Insurance.objects.create(area=place, noted_by=by, **_insurance(**typed))


def _insurance(*, insurer: str, policy_number: str, starts_on: date | None, ends_on: date | None) -> dict[str, Any]:
    errors: Errors = {}
    given: dict[str, Any] = {"insurer": clean(insurer), "policy_number": clean(policy_number)}
    for name, ask in (("insurer", _("请写哪家保险公司。")), ("policy_number", _("请写保单号。"))):
        if not 0 < len(given[name]) <= 60:
            errors[name] = [ask]
    today = timezone.localdate()
    if starts_on is None or abs(starts_on - today) > FARTHEST:
        errors["starts_on"] = [_("请选从哪天起。")]
    if ends_on is None or abs(ends_on - today) > FARTHEST:
        errors["ends_on"] = [_("请选到哪天。")]
    elif ends_on < today:
        errors["ends_on"] = [_("这份保险已经到期了，请登记现在有效的。")]
    elif starts_on is not None and ends_on < starts_on:
        errors["ends_on"] = [_("结束日期不能早于开始日期。")]
    if errors:
        raise Invalid(errors)
    return {**given, "starts_on": starts_on, "ends_on": ends_on}


@transaction.atomic
def end_insurance(*, pk: int, by: User, version: int | None = None) -> Insurance:
    """The policy counts no more from today. Raises ``NotFound``, ``NotAllowed`` (the own one too), ``RuleBroken``,
    ``Conflict``."""
    row: Insurance = Insurance.objects.visible_to(by).select_related("volunteer").locked(pk)
    if row.ended_on is not None:
        raise RuleBroken(_("这份保险已经不算了。"))
    if "end" not in insurance_abilities(by, row):
        raise NotAllowed
    if version is not None and version != row.version:
        raise Conflict
    row.ended_on = timezone.localdate()
    row.version += 1
    row.save(update_fields=["ended_on", "version"])
    return row


@transaction.atomic
def note_training(*, pk: int, by: User, version: int | None, title: str, day: date | None, hours: Any) -> Training:
    """培训记录 of one volunteer. Raises as ``hold``; ``Invalid``."""
    row = hold(pk, by, VolunteerVerb.NOTE, version)
    given = _training(title, day, hours)
    try:
        with transaction.atomic():
            made = Training.objects.create(volunteer=row, noted_by=by, **given)
    except IntegrityError as error:
        raise Invalid({"title": [_("这次培训已经记过了。")]}) from error
    row.move_to(VolunteerVerb.NOTE, actor=by, params={"training": given["day"].isoformat()})
    return made


@transaction.atomic
def train_team(*, pk: int, by: User, version: int | None, title: str, day: date | None, hours: Any) -> int:
    """A training of everybody who is in the team, but whoever notes it; returns how many rows are new.

    Raises as ``hold_team``; ``Invalid``.
    """
    team = hold_team(pk, by, "people", version)
    given = _training(title, day, hours)
    keys = TeamMember.objects.live().filter(team=team, volunteer__state=VolunteerState.ACTIVE).values("volunteer")
    people = Volunteer.objects.filter(pk__in=keys).exclude(user=by)
    had = set(Training.objects.filter(title=given["title"], day=given["day"]).values_list("volunteer_id", flat=True))
    rows = [Training(volunteer=one, team=team, noted_by=by, **given) for one in people if one.pk not in had]
    return len(Training.objects.bulk_create(rows, ignore_conflicts=True))


def _training(title: str, day: date | None, hours: Any) -> dict[str, Any]:
    errors: Errors = {}
    text, today = " ".join(clean(title).split()), timezone.localdate()
    if not 0 < len(text) <= 60:
        errors["title"] = [_("请写培训内容，60字以内。")]
    if day is None or not today - timedelta(days=366) <= day <= today:
        errors["day"] = [_("请选哪天培训的：一年以内，不晚于今天。")]
    halves = _halves(hours)
    if halves is None:
        errors["hours"] = [_("请写几小时：0.5到8，半小时一档。")]
    if errors:
        raise Invalid(errors)
    return {"title": text, "day": day, "halves": halves}


def _halves(hours: Any) -> int | None:
    """Half hours in ``hours``; None where it is no step of half an hour within a day."""
    try:
        twice = float(hours) * 2
    except (TypeError, ValueError):
        return None
    return int(twice) if twice == int(twice) and 1 <= twice <= MOST_HALVES else None
