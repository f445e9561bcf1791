"""Somebody registers as a volunteer, changes what they said, leaves, and may come back.

Locks: the account of whoever registers, then the volunteer; whoever leaves, then the teams they led by key, and their
places in teams (docs/locking.md).
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, NotAllowed, NotFound, RuleBroken, constraint_of
from notifications.services import queue
from people.models import Area, User
from people.querysets import STREET_LENGTH
from people.services.accounts import holders
from people.services.consents import current_notice, record_consent, withdraw_consents
from people.services.numbers import next_number
from volunteers.messages.people import NameToConfirm, VolunteerToApprove, for_keepers
from volunteers.models import Certificate, Hours, PartyReport, Team, TeamMember, Volunteer
from volunteers.permissions.people import KEEPERS, volunteer_abilities, volunteer_sides
from volunteers.services.policies import policy_of
from volunteers.services.volunteer_fields import Errors, VolunteerDraft, checked
from volunteers.states.people import VolunteerState, VolunteerVerb

NOTICE, KIND = "volunteer", "YG"
GONE = {VolunteerState.REFUSED, VolunteerState.LEFT}
NO_GUARDIAN: dict[str, Any] = {"born": None, "guardian_name": "", "guardian_phone": "", "guardian_agreed_on": None}


@transaction.atomic
def register(
    *, by: User, client_key: UUID, draft: VolunteerDraft, consented: bool, notice_version: int | None
) -> Volunteer:
    """登记成为志愿者. A second tap finds the first; whoever left, or was refused, comes back with the same number.

    Where the street asks for it the community looks first; else it stands at once. Raises ``Invalid`` (by field),
    ``RuleBroken`` (registered already), ``Conflict`` (the key is another's), ``NotAllowed`` (the account is closed).
    """
    # The account first: nobody is registered for one that is being deleted.
    if not User.objects.locked(by.pk).is_active:
        raise NotAllowed
    row = Volunteer.objects.filter(user=by).select_for_update(of=("self",), no_key=True).first()
    if row is not None and row.client_key == client_key:
        return row
    if row is not None and row.state not in GONE:
        raise RuleBroken(_("您已经登记过了，编号%(number)s，不用再登记。") % {"number": row.number})
    notice = current_notice(NOTICE)
    given = checked(draft, asked=_asked(consented, notice_version, notice.version))
    row = _come_back(row, client_key, given, by) if row is not None else _first_time(by, client_key, given)
    if row.just_made:
        record_consent(notice=notice, subject_key=f"u:{by.pk}", source=row.number, channel="web", area_code=row.area_id)
        _look_or_pass(row)
    return row


def _asked(consented: bool, seen: int | None, current: int) -> Errors:
    """What is wrong with the consent: it was not given, or to another version."""
    if not consented:
        return {"consent": [_("同意的话，请在这里打勾；不同意就不登记，参加活动不受影响。")]}
    return {} if seen == current else {"consent": [_("告知有更新，请再看一遍，同意的话重新打勾。")]}


def _first_time(by: User, client_key: UUID, given: dict[str, Any]) -> Volunteer:
    street = Area.objects.get(pk=given["area"].pk[:STREET_LENGTH])
    row = Volunteer(user=by, client_key=client_key, number=next_number(KIND, street, timezone.localdate()), **given)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        return _first_tap(by, client_key, error)
    row.refresh_from_db(fields=["street_code"])
    row.write_event(verb=VolunteerVerb.REGISTER, actor=by, source="", target=row.state, note="")
    row.just_made = True
    return row


def _first_tap(by: User, client_key: UUID, error: IntegrityError) -> Volunteer:
    """Of two taps at once the other was faster."""
    if constraint_of(error) == "volunteer_client_key_once":
        first = Volunteer.objects.filter(client_key=client_key, user=by).first()
        if first is None:
            raise Conflict from error
        return first
    own = Volunteer.objects.filter(user=by).first()
    if own is None:
        raise error
    if own.client_key == client_key:
        return own
    raise RuleBroken(_("您已经登记过了，编号%(number)s，不用再登记。") % {"number": own.number}) from error


def _come_back(row: Volunteer, client_key: UUID, given: dict[str, Any], by: User) -> Volunteer:
    if Volunteer.objects.filter(client_key=client_key).exists():
        raise Conflict
    changes = {
        **given,
        **_name_for(row, given["name"]),
        "client_key": client_key,
        "refused_why": "",
        "registered_at": timezone.now(),
    }
    row.move_to(VolunteerVerb.REGISTER, actor=by, changes=changes)
    row.just_made = True
    return row


def _name_for(row: Volunteer, wanted: str) -> dict[str, str]:
    """Under a name that hours stand for, certificates are issued: another one waits until somebody has looked at a
    paper. The keepers hear of it once."""
    if wanted == row.name or not row.name or not Hours.objects.filter(person_id=row.user_id).exists():
        return {"name": wanted, "name_asked": ""}
    if wanted != row.name_asked:
        people = [user for user in holders(KEEPERS, row.area_id) if user.pk != row.user_id]
        queue(for_keepers(NameToConfirm, row), occurrence=f"{row.number}:{row.version}:name", users=people)
    return {"name": row.name, "name_asked": wanted}


def _look_or_pass(row: Volunteer) -> None:
    """The community is told, or it stands at once."""
    if not policy_of(row.area_id).asks_approval:
        row.move_to(VolunteerVerb.APPROVE, actor=None)
        return
    people = [user for user in holders(KEEPERS, row.area_id) if user.pk != row.user_id]
    queue(for_keepers(VolunteerToApprove, row), occurrence=f"{row.number}:{row.version}", users=people)


@transaction.atomic
def change_volunteer(*, pk: int, by: User, version: int | None, draft: VolunteerDraft) -> Volunteer:
    """Other skills, times, place. A child's guardian stays as registered.

    Another name waits for the office once there are hours under the old one. Whoever moves to another street is looked
    at there, where it asks for it. Raises as ``hold``, ``Invalid``.
    """
    row = hold(pk, by, VolunteerVerb.CHANGE, version)
    known = {name: getattr(row, name) for name in NO_GUARDIAN} if row.born else None
    given = checked(draft, known)
    moves = given["area"].pk[:STREET_LENGTH] != row.area_id[:STREET_LENGTH]
    if moves:
        _leave_teams(row)
    looked_at = moves and row.state == VolunteerState.ACTIVE and policy_of(given["area"].pk).asks_approval
    given |= _name_for(row, given["name"])
    row.move_to(VolunteerVerb.MOVE if looked_at else VolunteerVerb.CHANGE, actor=by, changes=given)
    if moves and row.state == VolunteerState.PENDING:
        _look_or_pass(row)
    return row


@transaction.atomic
def leave(*, pk: int, by: User, version: int | None = None) -> Volunteer:
    """退出: out of all teams; hours and certificates stay. Raises as ``hold``."""
    row = hold(pk, by, VolunteerVerb.LEAVE, version)
    _go(row, by)
    withdraw_consents(source=row.number)
    return row


def _go(row: Volunteer, by: User | None) -> None:
    _leave_teams(row)
    PartyReport.objects.live().filter(volunteer=row).update(ended_at=timezone.now())
    changes = {
        "skills": [],
        "times": [],
        "shows": False,
        "reports_hours": False,
        **NO_GUARDIAN,
        "refused_why": "",
        "name_asked": "",
    }
    row.move_to(VolunteerVerb.LEAVE, actor=by, changes=changes)


def _leave_teams(row: Volunteer) -> None:
    led = list(Team.objects.filter(leader=row).order_by("pk").select_for_update(of=("self",), no_key=True))
    for team in led:
        team.leader = None
        team.version += 1
        team.save(update_fields=["leader", "version"])
    TeamMember.objects.here().filter(volunteer=row).update(left_at=timezone.now())


@transaction.atomic
def leave_with_consent(*, number: str) -> None:
    """The consent was taken back: whoever gave it is no volunteer any more. Another's number is nobody's."""
    row = Volunteer.objects.filter(number=number).select_for_update(of=("self",), no_key=True).first()
    if row is not None and row.state != VolunteerState.LEFT:
        _go(row, row.user)


@transaction.atomic
def forget_volunteer(user: User) -> None:
    """The account ends: no name is left on rows and certificates; what was done is counted, and nobody's."""
    row = Volunteer.objects.filter(user=user).select_for_update(of=("self",), no_key=True).first()
    if row is None:
        return
    if row.state != VolunteerState.LEFT:
        _go(row, user)
    row.touch(name="", name_before="")
    TeamMember.objects.filter(volunteer=row).exclude(pledge="").update(pledge=str(_("（已销户）")))
    row.qualifications.update(number="")
    row.insurances.update(policy_number=str(_("（已销户）")))
    PartyReport.objects.filter(volunteer=row).update(unit_name="", branch="")
    Certificate.objects.filter(volunteer=row).update(name="", lines=[])


def hold(pk: int, by: User, verb: VolunteerVerb, version: int | None) -> Volunteer:
    """Locked, with the right to ``verb``. Raises ``NotFound``, ``NotAllowed``, ``RuleBroken``, ``Conflict``."""
    row: Volunteer = Volunteer.objects.visible_to(by).select_related("area").locked(pk)
    if verb not in volunteer_abilities(by, row):
        _refuse(row, by, verb)
    row.require_version(version)
    return row


def _refuse(row: Volunteer, by: User, verb: VolunteerVerb) -> None:
    """Too late, or nothing for whoever asks."""
    mine = volunteer_sides(by, row)
    if any(step.verb == verb and step.actors & mine for step in row.workflow.transitions):
        raise RuleBroken(_("现在是“%(state)s”，不能这样办。") % {"state": row.get_state_display()})
    if row.user_id == by.pk:
        raise NotAllowed(_("自己的登记要由另一位同事办。"))
    raise NotAllowed


def own_row(user: User) -> Volunteer:
    """One's own row. Raises ``NotFound`` for whoever never registered."""
    row = Volunteer.objects.filter(user=user).select_related("area").first()
    if row is None:
        raise NotFound
    return row
