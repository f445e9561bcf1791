"""Write an agreement down, and change it while it is a draft.

Locks: the agreement; its parties and targets follow it (docs/locking.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, TypedDict, Unpack
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, Invalid, NotAllowed
from alliance.lib.text import clean
from people.models import Area, User
from people.querysets import STREET_LENGTH
from people.services.numbers import next_number
from people.states import Level
from projects.models import Agreement, Party, Target
from projects.permissions import keeps
from projects.services import fields
from projects.services.held import hold
from projects.states import PaperVerb

NUMBER_KIND = "GJ"


class PartyGiven(TypedDict):
    """A unit (its key) and what it takes on."""

    unit: int
    duties: str


class TargetGiven(TypedDict):
    """A promise in numbers; ``amount`` as typed."""

    name: str
    amount: Any
    measure: str


class AgreementFields(TypedDict):
    """What is typed of an agreement: all of it, each time."""

    theme: str
    aim: str
    office_duties: str
    starts_on: date
    ends_on: date
    parties: Sequence[PartyGiven]
    targets: Sequence[TargetGiven]


def draft_agreement(
    *,
    client_key: UUID,
    by: User,
    area: str,
    commissioner: int | None = None,
    renews: Agreement | None = None,
    **typed: Unpack[AgreementFields],
) -> Agreement:
    """拟定, by staff of ``area`` or its street. A second tap with the same ``client_key`` finds the first.

    ``renews``: held by the caller, who has decided that it may be renewed. Raises ``Invalid``, ``NotAllowed``,
    ``Conflict`` (the key was used for another one; another renewal was quicker).
    """
    place = Area.objects.filter(pk=clean(area), level__in=[Level.STREET, Level.COMMUNITY]).first()
    if place is None:
        raise Invalid({"area": [_("请选一个街道或社区。")]})
    if not keeps(by, place.pk):
        raise NotAllowed
    found = fields.checked(typed)
    parties = fields.parties_from(typed["parties"], place.pk[:STREET_LENGTH])
    targets = fields.targets_from(typed["targets"])
    found["commissioner"] = fields.colleague(commissioner, place.pk)
    first = _already(client_key, by, place, found["theme"])
    if first is not None:
        return first
    try:
        with transaction.atomic():
            row = Agreement(client_key=client_key, area=place, drafted_by=by, renews=renews, **found)
            return _store(row, by, parties, targets)
    except IntegrityError as error:
        first = _already(client_key, by, place, found["theme"])
        if first is None:
            raise Conflict(_("这一份已经在续签了，请刷新看看。")) from error
        return first


def _already(key: UUID, by: User, place: Area, theme: str) -> Agreement | None:
    row = Agreement.objects.filter(client_key=key).first()
    if row and (row.drafted_by_id, row.area_id, row.theme) != (by.pk, place.pk, theme):
        raise Conflict(_("这一份已经拟定过了。要再拟一份，请重新打开页面。"))
    return row


def _store(row: Agreement, by: User, parties: list[Party], targets: list[Target]) -> Agreement:
    street = Area.objects.get(pk=row.area_id[:STREET_LENGTH])
    row.number = next_number(NUMBER_KIND, street, timezone.localdate())
    row.save(force_insert=True)
    row.refresh_from_db(fields=("street_code",))
    _store_parts(row, parties, targets)
    row.write_event(verb=PaperVerb.WRITE, actor=by, source="", target=row.state, note="")
    row.just_made = True
    return row


def _store_parts(row: Agreement, parties: list[Party], targets: list[Target]) -> None:
    for party in parties:
        party.agreement = row
    for target in targets:
        target.agreement = row
    Party.objects.bulk_create(parties)
    Target.objects.bulk_create(targets)


@transaction.atomic
def edit_agreement(*, pk: int, by: User, version: int | None, **typed: Unpack[AgreementFields]) -> Agreement:
    """Change what is drafted. What units said about an earlier wording stays with that.

    Raises ``NotFound``, ``Conflict``, ``RuleBroken`` (no draft any more), ``NotAllowed``, ``Invalid``.
    """
    row = hold(Agreement, pk, by, PaperVerb.EDIT, version)
    found = fields.checked(typed)
    parties = fields.parties_from(typed["parties"], row.street_code)
    targets = fields.targets_from(typed["targets"])
    _replace_parties(row, parties)
    row.targets.all().delete()
    _store_parts(row, [], targets)
    row.move_to(PaperVerb.EDIT, actor=by, changes=found)
    return row


def _replace_parties(row: Agreement, parties: list[Party]) -> None:
    """Rows of units that stay are kept: what they were asked hangs on them. So do those of units that go after they
    were asked, as units that left before the signing."""
    before = {party.unit_id: party for party in row.parties.all()}
    for party in parties:
        known = before.pop(party.unit_id, None)
        if known is None:
            party.agreement = row
            party.save()
            continue
        known.name, known.duties, known.position, known.left_on = party.name, party.duties, party.position, None
        known.save(update_fields=["name", "duties", "position", "left_on"])
    for gone in before.values():
        if gone.asks.exists():
            gone.left_on = timezone.localdate()
            gone.save(update_fields=["left_on"])
        else:
            gone.delete()
