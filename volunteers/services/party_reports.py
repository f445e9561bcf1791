"""双报到: a party member reports where they live, the community confirms, posts are taken on.

Locks: the volunteer (who reports), the report (docs/locking.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken, Text, constraint_of
from alliance.lib.text import clean
from notifications.services import queue
from people.models import User
from people.services.accounts import holders
from volunteers.messages.people import ReportAccepted, ReportToAccept, for_keepers, of_volunteer
from volunteers.models import PartyReport
from volunteers.permissions.people import KEEPERS, report_abilities
from volunteers.services.fitness import held_volunteer
from volunteers.states.teams import PartyPost

MOST = 60


@transaction.atomic
def report_in(*, by: User, client_key: UUID, unit_name: str, branch: str, posts: Iterable[str]) -> PartyReport:
    """报到 in the community where one is registered; a second tap finds the first.

    Raises ``RuleBroken`` (no volunteer, reported already), ``Invalid``, ``Conflict``.
    """
    volunteer = held_volunteer(by)
    first = PartyReport.objects.filter(client_key=client_key).first()
    if first is not None:
        if first.volunteer_id != volunteer.pk:
            raise Conflict
        return first
    given = set(posts)
    text = {"unit_name": " ".join(clean(unit_name).split()), "branch": " ".join(clean(branch).split())}
    errors: dict[str, list[Text]] = {}
    asks = (
        ("unit_name", _("请写工作单位，退休的写原单位。")),
        ("branch", _("请写您的党组织，例如：中医院第一党支部。")),
    )
    for name, ask in asks:
        if not 0 < len(text[name]) <= MOST:
            errors[name] = [ask]
    chosen = [post for post in PartyPost.values if post in given]
    if not chosen:
        errors["posts"] = [_("请至少选一个岗位。")]
    if errors:
        raise Invalid(errors)
    row = PartyReport(client_key=client_key, volunteer=volunteer, area_id=volunteer.area_id, posts=chosen, **text)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if constraint_of(error) == "partyreport_once":
            raise RuleBroken(_("您已经报到过了。换了单位，先结束原来的再报到。")) from error
        raise Conflict from error
    row.just_made = True
    people = [user for user in holders(KEEPERS, row.area_id) if user.pk != by.pk]
    queue(for_keepers(ReportToAccept, row), occurrence=f"report:{row.pk}", users=people)
    return row


@transaction.atomic
def accept_report(*, pk: int, by: User, version: int | None) -> PartyReport:
    """确认报到: who and where they work was looked at. Raises as ``_hold``."""
    row = _hold(pk, by, "accept", version)
    row.accepted_by, row.accepted_at = by, timezone.now()
    row.version += 1
    row.save(update_fields=["accepted_by", "accepted_at", "version"])
    said = of_volunteer(ReportAccepted, row.volunteer)
    queue(said, occurrence=f"report:{row.pk}:accepted", users=[row.volunteer.user])
    return row


@transaction.atomic
def end_report(*, pk: int, by: User, version: int | None = None) -> PartyReport:
    """结束: moved away, another unit. Raises as ``_hold``."""
    row = _hold(pk, by, "end", version)
    row.ended_at = timezone.now()
    row.version += 1
    row.save(update_fields=["ended_at", "version"])
    return row


def _hold(pk: int, by: User, verb: str, version: int | None) -> PartyReport:
    """Locked. Raises ``NotFound``, ``NotAllowed``, ``RuleBroken``, ``Conflict``."""
    row: PartyReport = PartyReport.objects.visible_to(by).select_related("volunteer__user", "area").locked(pk)
    if row.ended_at is not None:
        raise RuleBroken(_("这次报到已经结束了。"))
    if verb == "accept" and row.accepted_at is not None:
        raise RuleBroken(_("已经确认过了。"))
    if verb not in report_abilities(by, row):
        raise NotAllowed
    if version is not None and version != row.version:
        raise Conflict
    return row


def report_of(user: User) -> PartyReport:
    """The report that stands. Raises ``NotFound``."""
    row = PartyReport.objects.live().filter(volunteer__user=user).select_related("volunteer", "area").first()
    if row is None:
        raise NotFound
    return row
