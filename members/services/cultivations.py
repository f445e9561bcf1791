"""Lists on which party organisations are cultivated: who is on them since when, and what became of it. Never people."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, NotAllowed, RuleBroken
from alliance.lib.text import clean
from audit.services import record
from audit.states import Action
from members.models import Cultivation, Listed, PartyOrganisation
from members.permissions import keeps_register
from members.services.checked import save_checked
from members.states import Outcome
from people.models import Area, User
from people.querysets import STREET_LENGTH

TAKEN, LISTED = _("这一年已有这个名单。"), _("这个党组织已在名单上。")


@transaction.atomic
def create_cultivation(*, area: Area, name: str, year: int, by: User | None, criteria: str = "") -> Cultivation:
    """Begin a list of ``area`` for ``year``. ``by=None`` is the installation.

    Raises ``NotAllowed`` (another street's), ``Invalid`` (no street or community, the list exists).
    """
    if by is not None and not keeps_register(by, area.code):
        raise NotAllowed(_("培育名单由街道来列。"))
    if len(area.code) < STREET_LENGTH:
        raise Invalid({"area": [_("请选街道或社区。")]})
    row = Cultivation(area=area, name=clean(name), year=year, criteria=_lines(criteria))
    save_checked(row, raced=TAKEN)
    _record(row, by)
    return row


@transaction.atomic
def update_cultivation(*, pk: int, by: User, name: str, year: int, criteria: str = "") -> Cultivation:
    """Change name, year or criteria. Raises ``NotFound``, ``NotAllowed``, ``Invalid``."""
    row = _held(pk, by)
    row.name, row.year, row.criteria = clean(name), year, _lines(criteria)
    save_checked(row, raced=TAKEN)
    _record(row, by)
    return row


@transaction.atomic
def list_organisation(
    *, pk: int, organisation: PartyOrganisation, by: User | None, on: date | None = None, note: str = ""
) -> Listed:
    """Put an organisation of the list's area on the list ``pk``, from ``on`` (today).

    Raises ``NotFound``, ``NotAllowed``, ``Invalid`` (dissolved, of another area, on the list already).
    """
    row = _held(pk, by)
    if not PartyOrganisation.objects.active().filter(pk=organisation.pk, area__code__startswith=row.area_id).exists():
        raise Invalid({"organisation": [_("请选这个名单范围内现有的党组织。")]})
    listed = Listed(cultivation=row, organisation=organisation, note=clean(note))
    listed.listed_on = on or timezone.localdate()
    save_checked(listed, raced=LISTED)
    _record(row, by, organisation)
    return listed


@transaction.atomic
def decide_listed(*, pk: int, by: User | None, outcome: str, on: date | None = None, note: str = "") -> Listed:
    """What became of the listed organisation ``pk``, decided ``on`` (today); back to 培育中 takes a decision back.

    Raises ``NotFound``, ``NotAllowed``, ``RuleBroken`` (it stands so already), ``Invalid`` (no such outcome; a day
    before it was listed or to come).
    """
    rows = Listed.objects.all() if by is None else Listed.objects.visible_to(by)
    _held(rows.values_list("cultivation_id", flat=True).filter(pk=pk).first() or 0, by)  # the list before what is on it
    listed: Listed = rows.locked(pk)
    if listed.outcome == outcome:
        raise RuleBroken(_("已经是这个结果。"))
    day = None if outcome == Outcome.GROWING else on or timezone.localdate()
    if day is not None and not listed.listed_on <= day <= timezone.localdate():
        raise Invalid({"decided_on": [_("认定日期在列入以后、今天以前。")]})
    listed.outcome, listed.decided_on, listed.note = outcome, day, clean(note) or listed.note
    save_checked(listed, raced=LISTED)
    _record(listed.cultivation, by, listed.organisation)
    return listed


def last_criteria(area_code: str) -> str:
    """The criteria of the street's newest list, from which a new one begins."""
    rows = Cultivation.objects.filter(street_code=area_code[:STREET_LENGTH]).exclude(criteria="")
    return rows.order_by("-year", "-pk").values_list("criteria", flat=True).first() or ""


def _held(pk: int, by: User | None) -> Cultivation:
    rows = Cultivation.objects.all() if by is None else Cultivation.objects.visible_to(by)
    row: Cultivation = rows.locked(pk)
    if by is not None and not keeps_register(by, row.area_id):
        raise NotAllowed(_("培育名单由街道来列。"))
    return row


def _lines(text: str) -> str:
    return "\n".join(line for line in map(clean, clean(text).split("\n")) if line)


def _record(row: Cultivation, by: User | None, organisation: PartyOrganisation | None = None) -> None:
    params = {"name": str(row)[:40], "part": "cultivation"}
    if organisation is not None:
        params["party"] = organisation.name[:40]
    record(Action.REGISTER_CHANGED, actor=by, subject=f"list:{row.pk}", area_code=row.area_id, params=params)
