"""Teams are set up, described, led and closed by the office.

Locks: the volunteer (who is to lead), then the team, then its members (docs/locking.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, Invalid, NotAllowed, RuleBroken, Text, constraint_of
from alliance.lib.public_text import require_seen
from alliance.lib.text import clean
from members.models import MemberUnit
from members.permissions import keeps_place
from notifications.services import queue
from people.models import Area, User
from people.querysets import STREET_LENGTH
from people.services.numbers import next_number
from people.states import Level
from volunteers.messages.people import TeamClosed, of_team
from volunteers.models import Section, Team, TeamMember, Volunteer
from volunteers.permissions.people import team_abilities
from volunteers.states.people import VolunteerState
from volunteers.states.teams import TeamKind

KIND = "DW"
LENGTHS = {"name": 40, "words": 300, "pledge": 1000}
ASK: dict[str, Text] = {"name": _("请写队伍的名称。"), "words": _("请写一句队里做什么。")}
TAKEN: Text = _("这里已经有同名的队伍，请换一个名称。")


@transaction.atomic
def add_team(*, client_key: UUID, by: User, area: str, typed: Mapping[str, Any], seen_warnings: str = "") -> Team:
    """Set up a team of the street or community ``area``; a second tap finds the first.

    ``typed``: name, kind, words, pledge, is_open, unit (key). Raises ``NotAllowed``, ``Invalid`` (by field),
    ``Conflict``.
    """
    place = Area.objects.filter(pk=clean(area), level__in=[Level.STREET, Level.COMMUNITY]).first()
    if place is None:
        raise Invalid({"area": [_("请选街道或社区。")]})
    if not keeps_place(by, place.pk):
        raise NotAllowed
    first = Team.objects.filter(client_key=client_key).first()
    if first is not None:
        if (first.made_by_id, first.area_id) != (by.pk, place.pk):
            raise Conflict
        return first
    given = _checked(typed, place.pk, seen_warnings)
    street = Area.objects.get(pk=place.pk[:STREET_LENGTH])
    row = Team(
        client_key=client_key,
        number=next_number(KIND, street, timezone.localdate()),
        area=place,
        made_by=by,
        **given,
    )
    _save(row)
    row.refresh_from_db()
    row.just_made = True
    return row


@transaction.atomic
def change_team(*, pk: int, by: User, version: int | None, typed: Mapping[str, Any], seen_warnings: str = "") -> Team:
    """Other words. A changed pledge is signed anew; who signed which words before stays on record. Raises as
    ``hold_team``, ``Invalid``."""
    row = hold_team(pk, by, "change", version)
    given = _checked(typed, row.area_id, seen_warnings)
    asks_anew = given["pledge"] != row.pledge
    for name, value in given.items():
        setattr(row, name, value)
    row.version += 1
    _save(row, update_fields=[*given, "version"])
    if asks_anew:
        TeamMember.objects.live().filter(team=row).update(pledge="", pledged_at=None)
    return row


def _save(row: Team, **how: Any) -> None:
    try:
        with transaction.atomic():
            row.save(**how)
    except IntegrityError as error:
        if constraint_of(error) == "team_name_once":
            raise Invalid({"name": [TAKEN]}) from error
        raise Conflict from error


def _checked(typed: Mapping[str, Any], area_code: str, seen: str) -> dict[str, Any]:
    errors: dict[str, list[Text]] = {}
    found: dict[str, Any] = {name: clean(typed.get(name) or "") for name in LENGTHS}
    for name, most in LENGTHS.items():
        if not found[name] and name in ASK:
            errors[name] = [ASK[name]]
        elif len(found[name]) > most:
            errors[name] = [_("请写在%(n)d字以内。") % {"n": most}]
    found["kind"] = typed.get("kind")
    if found["kind"] not in TeamKind.values:
        errors["kind"] = [_("请选一个类别。")]
    found["is_open"] = bool(typed.get("is_open"))
    found["unit"] = unit = typed.get("unit") or None
    if unit is not None:
        found["unit"] = MemberUnit.objects.members_in(area_code[:STREET_LENGTH]).filter(pk=unit).first()
        if found["unit"] is None:
            errors["unit"] = [_("这家单位不在本街道的联盟里，请重新选。")]
    if errors:
        raise Invalid(errors)
    require_seen([found["name"], found["words"]], seen=seen)
    return found


@transaction.atomic
def name_leader(*, pk: int, by: User, version: int | None, number: str) -> Team:
    """Make a volunteer of the street the team's leader, in it from now on; no number: nobody leads it.

    Raises as ``hold_team``; ``Invalid`` on ``number``.
    """
    chosen = volunteer_by_number(number, by, "number") if clean(number) else None
    row = hold_team(pk, by, "lead", version)
    if chosen is not None:
        require_same_street(chosen, row, "number")
        if chosen.born is not None:
            raise Invalid({"number": [_("不满14岁的孩子不当队长，请另选一位。")]})
        TeamMember.objects.update_or_create(
            team=row, volunteer=chosen, left_at=None, defaults={"asked": False}, create_defaults={"added_by": by}
        )
    row.leader = chosen
    row.version += 1
    row.save(update_fields=["leader", "version"])
    return row


@transaction.atomic
def close_team(*, pk: int, by: User, version: int | None) -> Team:
    """解散: everybody in it is thanked. Raises as ``hold_team``."""
    row = hold_team(pk, by, "close", version)
    row.closed_on, row.leader = timezone.localdate(), None
    row.version += 1
    row.save(update_fields=["closed_on", "leader", "version"])
    people = User.objects.filter(volunteer__teams__in=TeamMember.objects.live().filter(team=row))
    queue(of_team(TeamClosed, row), occurrence=f"{row.number}:closed", users=[one for one in people if one != by])
    TeamMember.objects.here().filter(team=row).update(left_at=timezone.now())
    Section.objects.filter(team=row).update(team=None)  # from now on its leader walks it alone, or gives it back
    return row


def hold_team(pk: int, by: User, verb: str, version: int | None) -> Team:
    """Locked, with the right to ``verb``. Raises ``NotFound``, ``NotAllowed``, ``RuleBroken``, ``Conflict``."""
    row: Team = Team.objects.visible_to(by).select_related("area", "leader").locked(pk)
    if row.closed_on is not None and keeps_place(by, row.area_id):
        raise RuleBroken(_("这支队伍已经解散了。"))
    if verb not in team_abilities(by, row):
        raise NotAllowed
    if version is not None and version != row.version:
        raise Conflict
    return row


def volunteer_by_number(number: str, by: User, field: str) -> Volunteer:
    """The active volunteer of that number, locked. Raises ``Invalid`` on ``field``: a foreign one is as none."""
    row = (
        Volunteer.objects.filter(number=clean(number)[:40].upper()).select_for_update(of=("self",), no_key=True).first()
    )
    if row is None or row.state != VolunteerState.ACTIVE:
        raise Invalid({field: [_("没有找到这个编号的志愿者。编号在本人的“我的志愿服务”里。")]})
    return row


def require_same_street(volunteer: Volunteer, team: Team, field: str) -> None:
    """Raises ``Invalid`` as for a number that is nobody's."""
    if volunteer.area_id[:STREET_LENGTH] != team.area_id[:STREET_LENGTH]:
        raise Invalid({field: [_("没有找到这个编号的志愿者。编号在本人的“我的志愿服务”里。")]})


def open_team(pk: int, by: User) -> Team:
    """The team, locked, as whoever joins sees it. Raises ``NotFound``, ``RuleBroken`` (closed)."""
    row: Team = Team.objects.visible_to(by).select_related("area", "leader").locked(pk)
    if row.closed_on is not None:
        raise RuleBroken(_("这支队伍已经解散了，看看别的队伍。"))
    return row
