"""Who fits a post: what must be on record before anybody can be confirmed (条例 art. 15–17).

Activities ask here. A wrong answer would send somebody uninsured to the river: nothing is taken on trust.
"""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliance.lib.dates import day_of
from alliance.lib.errors import RuleBroken
from people.models import User
from people.querysets import STREET_LENGTH
from volunteers.models import Insurance, Volunteer
from volunteers.states.people import VolunteerState
from volunteers.states.teams import QualificationKind


def volunteer_of(user: User) -> Volunteer | None:
    """The volunteer that ``user`` is today; None for whoever is none, waits or has left."""
    return Volunteer.objects.active().filter(user_id=user.pk).first()


def is_insured(user: User, area_code: str, on: date) -> bool:
    """Whether an insurance on record covers ``user`` in the street of ``area_code`` on ``on``: an own policy, or the
    street's for all who are its volunteers."""
    row = volunteer_of(user)
    if row is None:
        return False
    covered = Q(volunteer=row)
    if row.street_code == area_code[:STREET_LENGTH]:  # a street insures its own
        covered |= Q(volunteer__isnull=True, street_code=row.street_code)
    return Insurance.objects.good(on).filter(covered).exists()


def require_fit(user: User, *, area_code: str, on: date, needs: str = "", risky: bool = False) -> Volunteer:
    """The volunteer that ``user`` is, fit for a post of service on ``on``.

    ``needs``: a ``QualificationKind``. Raises ``RuleBroken``, saying what to do.
    """
    row = require_volunteer(user)
    if needs:
        _require_qualification(row, QualificationKind(needs), on)
    if risky and not is_insured(user, area_code, on):
        raise RuleBroken(_("这个岗位有风险，要先登记保险。请带保单找社区，登记好再报名。"))
    return row


def require_volunteer(user: User) -> Volunteer:
    """Raises ``RuleBroken`` for whoever has not registered, waits, or was refused."""
    return _standing(Volunteer.objects.filter(user_id=user.pk).first())


def held_volunteer(user: User) -> Volunteer:
    """As ``require_volunteer``, locked: whoever leaves meanwhile is seen to have left."""
    rows = Volunteer.objects.filter(user_id=user.pk).select_for_update(of=("self",), no_key=True)
    return _standing(rows.first())


def _standing(row: Volunteer | None) -> Volunteer:
    if row is None or row.state == VolunteerState.LEFT:
        raise RuleBroken(_("这个岗位记服务时长，请先登记成为志愿者，只要填三样。"))
    if row.state == VolunteerState.PENDING:
        raise RuleBroken(_("您的志愿者登记社区还在看，通过以后就能报名。"))
    if row.state == VolunteerState.REFUSED:
        raise RuleBroken(_("您的志愿者登记没有通过，请改好再登记一次。"))
    return row


def _require_qualification(row: Volunteer, kind: QualificationKind, on: date) -> None:
    held = row.qualifications.filter(kind=kind, ended_on__isnull=True).first()
    if held is None:
        raise RuleBroken(_("这个岗位要有%(paper)s。请带原件找社区登记，再来报名。") % {"paper": kind.label})
    if held.valid_until is not None and held.valid_until < on:
        said = {"paper": kind.label, "day": day_of(held.valid_until)}
        raise RuleBroken(_("您的%(paper)s%(day)s到期，请换好新证，带原件找社区登记。") % said)
