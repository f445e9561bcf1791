"""A series is set up, changed and ended. Locks: the series, its meetings by key (docs/locking.md)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, Invalid, constraint_of
from alliance.lib.recurring import tidy_rule
from meetings.models import Meeting, Series, SeriesInvitee
from meetings.services.agenda import release_topics
from meetings.services.checked import checked, kept_area, office_in, unit_in
from meetings.services.dues import follow_meeting
from meetings.services.held import hold
from meetings.services.inviting import fill_invitees
from meetings.services.planning import moments, plan_series, replan_series
from meetings.states import MeetingState, MeetingVerb, OffDays, SeriesVerb
from members.models import Body
from people.models import User
from people.querysets import STREET_LENGTH

MOST_INVITED = 200
FIELDS = ("kind", "title", "rule", "starts", "minutes", "off_days", "place", "everybody")


@dataclass(frozen=True, kw_only=True)
class Invited:
    """Who is invited each time: keys of bodies and units, codes of streets and communities."""

    bodies: Collection[int] = ()
    units: Collection[int] = ()
    offices: Collection[str] = ()


def set_up_series(
    *, client_key: UUID, by: User, area: str, unit: int | None = None, invited: Invited | None = None, **values: Any
) -> Series:
    """设立例会, and make its meetings of the coming quarter; a second tap finds the first.

    ``values``: ``FIELDS``. Raises ``NotFound`` (no such place), ``NotAllowed``, ``Invalid`` by field (a rule without an
    end; a unit, body or office that is not of this street), ``Conflict`` (the key was used otherwise).
    """
    first = _already(client_key, by)
    if first is not None:
        return first
    place = kept_area(area, by)
    text = _checked({"title": "", "place": "", "minutes": 90, "off_days": OffDays.AFTER, **values})
    moments(text.get("rule", ""), text["starts"])
    host = unit_in(place.pk, unit)
    try:
        with transaction.atomic():
            row = Series.objects.create(client_key=client_key, area=place, unit=host, set_up_by=by, **text)
            row.write_event(verb=SeriesVerb.SET_UP, actor=by, source="", target=row.state, note="")
            _write_invited(row, invited or Invited())
            plan_series(row, by=by)
    except IntegrityError as error:
        first = _already(client_key, by) if constraint_of(error) == "meetingseries_client_key_once" else None
        if first is None:
            raise
        return first
    row.just_made = True
    return row


def _already(key: UUID, by: User) -> Series | None:
    row = Series.objects.filter(client_key=key).first()
    if row is not None and row.set_up_by_id != by.pk:
        raise Conflict
    return row


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    unknown = set(values) - set(FIELDS)
    if unknown:
        raise TypeError(f"unknown fields {sorted(unknown)}")
    found = checked(values)
    if "rule" in found:
        found["rule"] = tidy_rule(str(found["rule"]))
    return found


@transaction.atomic
def edit_series(*, pk: int, by: User, version: int | None, **values: Any) -> Series:
    """修改 (``FIELDS``, and ``unit`` by key): meetings with content stay as they are, the others follow.

    Raises as ``hold`` and ``set_up_series``.
    """
    row = hold(Series, pk, by, SeriesVerb.EDIT, version)
    text = _checked({name: value for name, value in values.items() if name != "unit"})
    if "unit" in values:
        text["unit"] = unit_in(row.area_id, values["unit"])
    changed = {name: value for name, value in text.items() if getattr(row, name) != value}
    if not changed:
        return row
    moments(changed.get("rule", row.rule), changed.get("starts", row.starts))
    labels = [str(Series._meta.get_field(name).verbose_name) for name in changed]  # type: ignore[union-attr]
    row.move_to(SeriesVerb.EDIT, actor=by, note=str(_("、")).join(labels), changes=changed)
    replan_series(row, by=by)
    return row


@transaction.atomic
def set_invited(*, pk: int, by: User, version: int | None, invited: Invited) -> Series:
    """参会名单: of meetings nobody has been told of, new ones are put on the list too. Raises as ``edit_series``."""
    row = hold(Series, pk, by, SeriesVerb.INVITE, version)
    _write_invited(row, invited)
    row.move_to(SeriesVerb.INVITE, actor=by)
    for meeting in _drafts(row):
        fill_invitees(meeting)
    return row


def _write_invited(row: Series, invited: Invited) -> None:
    bodies = set(invited.bodies)
    street = row.area_id[:STREET_LENGTH]
    known = Body.objects.filter(pk__in=bodies, street_code=street, ended_on__isnull=True)
    if known.count() != len(bodies):
        raise Invalid({"bodies": [_("请选本街道在用的机构。")]})
    for unit in invited.units:
        unit_in(row.area_id, unit, "units")
    for office in invited.offices:
        office_in(row.area_id, office)
    rows = [
        *(SeriesInvitee(series=row, body_id=key) for key in sorted(bodies)),
        *(SeriesInvitee(series=row, unit_id=key) for key in sorted(set(invited.units))),
        *(SeriesInvitee(series=row, office_id=code) for code in sorted(set(invited.offices))),
    ]
    if len(rows) > MOST_INVITED:
        raise Invalid({"units": [_("最多请%(n)d方，人多的请按机构选。") % {"n": MOST_INVITED}]})
    SeriesInvitee.objects.filter(series=row).delete()
    SeriesInvitee.objects.bulk_create(rows)


def _drafts(row: Series) -> list[Meeting]:
    ahead = Meeting.objects.filter(series=row, state=MeetingState.DRAFT).order_by("pk")
    return list(ahead.select_related("area", "unit", "series").select_for_update(of=("self",), no_key=True))


@transaction.atomic
def end_series(*, pk: int, by: User, version: int | None) -> Series:
    """停办: drafts nobody has put anything into go with it; what was called takes place. Raises as ``hold``."""
    row = hold(Series, pk, by, SeriesVerb.END, version)
    now: datetime = timezone.now()
    row.move_to(SeriesVerb.END, actor=by, changes={"ended_at": now})
    for meeting in _drafts(row):
        if not meeting.by_hand:
            release_topics(meeting, by=by)
            meeting.move_to(MeetingVerb.CALL_OFF, actor=by, changes={"ended_at": now})
            follow_meeting(meeting)
    return row
