"""Patrol sections are set up, changed and closed by the office. Each stands as one offer in ``claims``.

Locks: the offer, then the section (docs/locking.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken, Text, constraint_of
from alliance.lib.public_text import require_seen
from alliance.lib.text import clean
from claims.models import Offer
from claims.services import lock_with_offer, publish_offer, withdraw_offer
from members.permissions import keeps_place
from people.models import Area, User
from people.querysets import STREET_LENGTH
from people.services.numbers import next_number
from people.states import Level
from volunteers.models import Section
from volunteers.permissions.sections import section_abilities
from volunteers.states.sections import Rhythm, SectionKind

KIND, OFFER_KIND = "ZR", "section"
LENGTHS = {"name": 40, "words": 300}
ASK: dict[str, Text] = {"name": _("请写责任段的名称。"), "words": _("请写从哪到哪，看什么。")}
TAKEN: Text = _("这里已经有同名的责任段，请换一个名称。")
OFFERED = ("name", "for_units", "for_people")
"""What stands on the offer, too: as it was when somebody claimed it."""


@transaction.atomic
def add_section(*, client_key: UUID, by: User, area: str, typed: Mapping[str, Any], seen_warnings: str = "") -> Section:
    """Set up a section of the street or community ``area`` and put it up to be claimed; a second tap finds the first.

    ``typed``: name, kind, words, every (days), for_units, for_people. Raises ``NotAllowed``, ``Invalid`` (by field),
    ``Conflict``.
    """
    place = Area.objects.filter(pk=clean(area), level__in=[Level.STREET, Level.COMMUNITY]).first()
    if place is None:
        raise Invalid({"area": [_("请选街道或社区。")]})
    if not keeps_place(by, place.pk):
        raise NotAllowed
    first = Section.objects.filter(client_key=client_key).first()
    if first is not None:
        if (first.made_by_id, first.area_id) != (by.pk, place.pk):
            raise Conflict
        return first
    given = _checked(typed, seen_warnings)
    street = Area.objects.get(pk=place.pk[:STREET_LENGTH])
    number = next_number(KIND, street, timezone.localdate())
    row = Section(client_key=client_key, number=number, area=place, made_by=by, **given)
    _save(row)
    put_up(row)
    row.just_made = True
    return row


def put_up(row: Section) -> None:
    """On offer (again). The caller holds the row, or has just made it."""
    row.offer = publish_offer(
        kind=OFFER_KIND,
        subject=row.subject,
        label=row.number,
        title=row.name,
        area=row.area,
        for_units=row.for_units,
        for_people=row.for_people,
        without_term=True,
        by_street=row.area.level == Level.STREET,
    )
    row.save(update_fields=["offer"])
    row.refresh_from_db()


@transaction.atomic
def change_section(
    *, pk: int, by: User, version: int | None, typed: Mapping[str, Any], seen_warnings: str = ""
) -> Section:
    """Other words. Its name, and who may claim it, stay while somebody has it in hand. Raises as ``hold_section``,
    ``Invalid``."""
    row, offer = hold_section(pk, by, "change", version)
    given = _checked(typed, seen_warnings)
    other = [name for name in OFFERED if getattr(row, name) != given[name]]
    if other and row.claim_id is not None:
        raise Invalid({name: [_("有人正在巡这一段，先不改。")] for name in other})
    for name, value in given.items():
        setattr(row, name, value)
    row.version += 1
    _save(row, update_fields=[*given, "version"])
    if other and offer is not None:
        withdraw_offer(pk=offer.pk, by=None)
        put_up(row)
    return row


@transaction.atomic
def close_section(*, pk: int, by: User, version: int | None, words: str = "") -> Section:
    """停: whoever has it in hand is told. Its diary stays. Raises as ``hold_section``, ``Invalid`` on ``words``."""
    row, offer = hold_section(pk, by, "close", version)
    text = said_why(words, _("请写一句为什么停，认领的人看得到。")) if row.claim_id is not None else clean(words)[:200]
    if offer is not None:
        withdraw_offer(pk=offer.pk, by=None, why=text, release=True)
        row.refresh_from_db()  # whoever had it has it no more
    row.closed_on = timezone.localdate()
    row.version += 1
    row.save(update_fields=["closed_on", "version"])
    return row


def hold_section(pk: int, by: User, verb: str, version: int | None) -> tuple[Section, Offer | None]:
    """The section and its open offer, locked, with the right to ``verb``.

    Raises ``NotFound``, ``NotAllowed``, ``RuleBroken`` (closed; nobody has it in hand), ``Conflict``.
    """
    if not Section.objects.visible_to(by).filter(pk=pk).exists():
        raise NotFound

    def lock() -> Section:
        row: Section = Section.objects.select_related("area", "claim").locked(pk)
        return row

    row, offer = lock_with_offer(f"section:{pk}", lock)
    if keeps_place(by, row.area_id):
        if row.closed_on is not None:
            raise RuleBroken(_("这一段已经停了。"))
        if verb in ("thank", "release") and row.claim_id is None:
            raise RuleBroken(_("这一段现在没有人认领。"))
    if verb not in section_abilities(by, row):
        raise NotAllowed
    if version is not None and version != row.version:
        raise Conflict
    return row, offer


def said_why(words: str, empty: Text) -> str:
    """One sentence. Raises ``Invalid`` on ``words``."""
    text = clean(words)
    if not text:
        raise Invalid({"words": [empty]})
    if len(text) > 200:
        raise Invalid({"words": [_("请写在%(n)d字以内。") % {"n": 200}]})
    return text


def _save(row: Section, **how: Any) -> None:
    try:
        with transaction.atomic():
            row.save(**how)
    except IntegrityError as error:
        if constraint_of(error) == "section_name_once":
            raise Invalid({"name": [TAKEN]}) from error
        raise Conflict from error


def _checked(typed: Mapping[str, Any], seen: str) -> dict[str, Any]:
    errors: dict[str, list[Text]] = {}
    found: dict[str, Any] = {name: clean(typed.get(name) or "") for name in LENGTHS}
    for name, most in LENGTHS.items():
        if not found[name]:
            errors[name] = [ASK[name]]
        elif len(found[name]) > most:
            errors[name] = [_("请写在%(n)d字以内。") % {"n": most}]
    found["kind"], found["every"] = typed.get("kind"), typed.get("every")
    if found["kind"] not in SectionKind.values:
        errors["kind"] = [_("请选一个类别。")]
    if found["every"] not in Rhythm.values:
        errors["every"] = [_("请选多久走一次。")]
    found["for_units"], found["for_people"] = bool(typed.get("for_units")), bool(typed.get("for_people"))
    if not (found["for_units"] or found["for_people"]):
        errors["for_people"] = [_("单位和个人，至少选一样。")]
    if errors:
        raise Invalid(errors)
    require_seen([found["name"], found["words"]], seen=seen)
    return found
