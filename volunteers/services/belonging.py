"""Who is in a team: joins, is taken in, signs the 责任保证书, leaves.

Locks: the volunteer, then the team, then the place in it (docs/locking.md).
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken
from alliance.lib.text import fold
from notifications.services import queue
from people.models import User
from people.querysets import STREET_LENGTH
from people.services.limits import take
from volunteers.messages.people import TeamAsks, of_team
from volunteers.models import PledgeSignature, TeamMember, Volunteer
from volunteers.permissions.people import team_abilities
from volunteers.services.fitness import held_volunteer
from volunteers.services.teams import hold_team, open_team, require_same_street, volunteer_by_number

NUMBERS = 60
"""How many numbers one may type in a day."""


@transaction.atomic
def join_team(*, pk: int, by: User) -> TeamMember:
    """加入 an open team of one's street, or one that has asked; who is in it already stays so.

    Raises ``NotFound``, ``RuleBroken`` (no volunteer, closed, not open, another street).
    """
    volunteer = held_volunteer(by)
    team = open_team(pk, by)
    held = TeamMember.objects.here().filter(team=team, volunteer=volunteer).first()
    if held is not None and not held.asked:
        return held
    if volunteer.area_id[:STREET_LENGTH] != team.area_id[:STREET_LENGTH]:
        raise RuleBroken(_("这支队伍在别的街道。您登记在哪个街道，就加入那里的队伍。"))
    if held is not None:
        held.asked, held.joined_at = False, timezone.now()
        held.save(update_fields=["asked", "joined_at"])
        return held
    if not team.is_open:
        raise RuleBroken(_("这支队伍由队长请人加入，请把您的志愿者编号告诉队长。"))
    return TeamMember.objects.create(team=team, volunteer=volunteer)


def take_in(*, pk: int, by: User, version: int | None, number: str) -> TeamMember:
    """请人加入, by number: the person is asked, and is in the team, with their name, once they say yes (``join_team``).

    Raises as ``hold_team``; ``Invalid``; ``TooMany``: who tries numbers one after the other learns little. Not for use
    inside a transaction: tries stay counted.
    """
    take("team-number", str(by.pk), limit=NUMBERS, seconds=86_400)
    return _ask(pk, by, version, number)


@transaction.atomic
def _ask(pk: int, by: User, version: int | None, number: str) -> TeamMember:
    volunteer = volunteer_by_number(number, by, "number")
    team = hold_team(pk, by, "people", version)
    require_same_street(volunteer, team, "number")
    row, made = TeamMember.objects.get_or_create(
        team=team, volunteer=volunteer, left_at=None, defaults={"added_by": by, "asked": True}
    )
    if made:
        queue(of_team(TeamAsks, team), occurrence=f"member:{row.pk}", users=[volunteer.user])
    return row


@transaction.atomic
def sign_pledge(*, pk: int, by: User, agreed: bool, name: str, words: str) -> TeamMember:
    """签责任保证书: one's own name is the signature; ``words`` are what stood on the page.

    Raises ``NotFound`` (not in the team), ``Invalid`` (no tick, another name), ``Conflict`` (other words by now),
    ``RuleBroken`` (nothing to sign).
    """
    row = TeamMember.objects.live().filter(team=pk, volunteer__user=by).select_related("volunteer").first()
    if row is None:
        raise NotFound
    volunteer: Volunteer = Volunteer.objects.locked(row.volunteer_id)
    team = open_team(pk, by)
    member: TeamMember = TeamMember.objects.live().locked(row.pk)
    if not team.pledge:
        raise RuleBroken(_("这支队伍没有责任保证书，不用签。"))
    if member.pledged_at is not None:
        return member
    if "".join(words.split()) != "".join(team.pledge.split()):
        raise Conflict(_("责任保证书刚改过，请再看一遍。"))
    if not agreed:
        raise Invalid({"agreed": [_("愿意照做的话，请在这里打勾。")]})
    signer = volunteer.guardian_name if volunteer.born else volunteer.name
    if fold(name) != fold(signer):
        said = _("请写监护人登记的姓名，当作签字。") if volunteer.born else _("请写您登记的姓名，当作签字。")
        raise Invalid({"name": [said]})
    member.pledge, member.pledged_at = team.pledge, timezone.now()
    member.save(update_fields=["pledge", "pledged_at"])
    PledgeSignature.objects.create(
        member=member, words=member.pledge, by_guardian=volunteer.born is not None, signed_at=member.pledged_at
    )
    return member


@transaction.atomic
def leave_team(*, pk: int, by: User) -> None:
    """退出队伍, oneself, or say no. Whoever led it leads it no more. Raises ``NotFound``."""
    row = TeamMember.objects.here().filter(team=pk, volunteer__user=by).first()
    if row is None:
        raise NotFound
    _end(row.pk, row.volunteer_id, pk, by)


@transaction.atomic
def let_go(*, pk: int, by: User) -> TeamMember:
    """Somebody is in the team no more, by its leader or the office; ``pk``: of the place. Raises ``NotFound``,
    ``NotAllowed``."""
    row = TeamMember.objects.here().visible_to(by).filter(pk=pk).select_related("team__leader").first()
    if row is None:
        raise NotFound
    return _end(row.pk, row.volunteer_id, row.team_id, by, verb="people")


def _end(pk: int, volunteer: int, team_pk: int, by: User, *, verb: str = "") -> TeamMember:
    """``verb``: what whoever ends another's place must be able to do, by the team as it is once it is locked."""
    Volunteer.objects.locked(volunteer)
    team = open_team(team_pk, by)
    if verb and verb not in team_abilities(by, team):
        raise NotAllowed
    member: TeamMember = TeamMember.objects.here().locked(pk)
    member.left_at = timezone.now()
    member.save(update_fields=["left_at"])
    if team.leader_id == volunteer:
        team.leader = None
        team.version += 1
        team.save(update_fields=["leader", "version"])
    return member
