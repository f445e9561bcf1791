"""志愿服务证明 (民政部令67号): free, true to the record, and checkable by everybody who holds the paper.

Locks: the volunteer (docs/locking.md), so that of two taps one issues.
"""

from __future__ import annotations

import base64
import json
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, Invalid, NotFound, RuleBroken
from alliance.lib.privacy import blind_index
from alliance.lib.text import fold
from people.models import Area, User
from people.querysets import STREET_LENGTH
from people.services.limits import count, refuse_after, take
from people.services.numbers import next_number
from volunteers.models import Certificate, Hours, Volunteer
from volunteers.models.hours import STEP
from volunteers.services.policies import policy_of, stars_for

KIND, LENGTH = "ZM", 12
MOST_LINES = 300
TRIES = (30, 600)
ALIKE = str.maketrans("01", "OI")
"""No code has these figures: whoever types one has read a letter so."""


@dataclass(frozen=True)
class Standing:
    """What somebody has done so far: half hours, on how many days, how many stars."""

    halves: int
    days: int
    stars: int

    @property
    def hours(self) -> float:
        return self.halves / 2


def standing_of(volunteer: Volunteer) -> Standing:
    """Hours of all streets together; corrections are counted. Stars as the volunteer's street gives them."""
    days = _by_day(volunteer.user_id)
    halves = max(0, sum(days.values()) // STEP)
    return Standing(
        halves, sum(minutes > 0 for minutes in days.values()), stars_for(halves, policy_of(volunteer.area_id))
    )


def _by_day(user: int) -> dict[date, int]:
    rows = Hours.objects.filter(person_id=user).values("day").annotate(minutes=Sum("minutes")).order_by("day")
    return {row["day"]: row["minutes"] for row in rows}


def lines_of(user: int, starts_on: date, ends_on: date) -> list[dict[str, Any]]:
    """``[{day, title, by, halves}]``, oldest first: each thing done on each day, corrected as it stands today."""
    found: OrderedDict[tuple[date, str, str], int] = OrderedDict()
    rows = Hours.objects.filter(person_id=user, day__range=(starts_on, ends_on)).select_related("street", "corrects")
    for row in rows.order_by("day", "id"):
        key = (row.day, (row.corrects or row).label, row.street.name)
        found[key] = found.get(key, 0) + row.minutes
    return [
        {"day": day.isoformat(), "title": title, "by": by, "halves": minutes // STEP}
        for (day, title, by), minutes in found.items()
        if minutes > 0
    ]


@transaction.atomic
def issue_certificate(*, by: User, client_key: UUID, starts_on: date | None, ends_on: date | None) -> Certificate:
    """出具证明 of what one did between two days, both counted; a second tap finds the first.

    Raises ``NotFound`` (no volunteer), ``Invalid``, ``RuleBroken`` (nothing to certify), ``Conflict``, ``TooMany``.
    """
    volunteer = Volunteer.objects.filter(user=by).select_for_update(of=("self",), no_key=True).first()
    if volunteer is None:
        raise NotFound
    first = Certificate.objects.filter(client_key=client_key).first()
    if first is not None:
        if first.volunteer_id != volunteer.pk:
            raise Conflict
        return first
    if starts_on is None or ends_on is None or ends_on < starts_on:
        raise Invalid({"ends_on": [_("请选从哪天到哪天，结束不早于开始。")]})
    lines = lines_of(by.pk, starts_on, ends_on)
    if not lines:
        raise RuleBroken(_("这段时间还没有记下服务时长。当天的服务，确认以后才会记上。"))
    if len(lines) > MOST_LINES:
        raise Invalid({"starts_on": [_("这段时间服务太多，一张写不下，请分两段出具。")]})
    take("certificate", str(by.pk), limit=20, seconds=86_400)
    today = timezone.localdate()
    street = Area.objects.get(pk=volunteer.area_id[:STREET_LENGTH])
    row = Certificate(
        number=next_number(KIND, street, today),
        client_key=client_key,
        volunteer=volunteer,
        name=volunteer.name,
        issuer=street.name,
        starts_on=starts_on,
        ends_on=min(ends_on, max(today, starts_on)),
        halves=sum(line["halves"] for line in lines),
        lines=lines,
    )
    row.code = code_of(row)
    row.save(force_insert=True)
    row.just_made = True
    return row


def code_of(row: Certificate) -> str:
    """Twelve signs that only this house can work out from all that stands on the paper."""
    said = [row.number, row.name, row.issuer, row.starts_on.isoformat(), row.ends_on.isoformat(), row.halves, row.lines]
    digest = blind_index("certificate", json.dumps(said, ensure_ascii=False, sort_keys=True))
    raw = base64.urlsafe_b64decode(digest + "=")
    return base64.b32encode(raw).decode()[:LENGTH]


def find_certificate(*, number: str, code: str, ip: str) -> Certificate:
    """核对: what was issued under ``number``, for whoever has its code too.

    Raises ``Invalid``: one answer for a wrong number, a wrong code and what is no longer as it was issued;
    ``TooMany``. Not for use inside a transaction: tries stay counted.
    """
    refuse_after("certificate-check", ip, limit=TRIES[0], seconds=TRIES[1])
    typed = "".join(sign for sign in fold(code, 60).upper() if sign.isalnum()).translate(ALIKE)
    row = Certificate.objects.filter(number=fold(number, 60).upper()).select_related("volunteer").first()
    if row is None or not constant_time_compare(code_of(row), typed) or row.code != typed:
        count("certificate-check", ip, seconds=TRIES[1])
        raise Invalid({"code": [_("编号和校验码对不上。请照着证明再抄一遍。")]})
    return row


def corrected_since(row: Certificate) -> bool:
    """Whether what was certified has been corrected since: the page says so."""
    later = Hours.objects.filter(person_id=row.volunteer.user_id, corrects__isnull=False, at__gt=row.issued_at)
    return bool(later.filter(day__range=(row.starts_on, row.ends_on)).exists())


def own_certificate(user: User, pk: int) -> Certificate:
    """Raises ``NotFound`` for another's."""
    row = Certificate.objects.filter(pk=pk, volunteer__user=user).select_related("volunteer__area").first()
    if row is None:
        raise NotFound
    return row


def shown_code(code: str) -> str:
    """ABCD-EFGH-JKLM: as one reads it off a paper."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))
