"""民生实事 of a year: proposed, screened, argued, published (ten, or as many as the street says), reported month by
month, accepted, asked about, and cleared (销号).

Locks: the street's year, then the item; dues last (docs/locking.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NotRequired, TypedDict, Unpack
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken
from alliance.lib.text import clean
from members.models import MemberUnit
from people.models import Area, User
from people.querysets import STREET_LENGTH
from people.services.numbers import next_number
from people.states import Level
from projects.models import Deed, DeedYear
from projects.models.deed import MOST_ASKED, USUAL
from projects.permissions import PUBLISHERS, deed_abilities, keeps
from projects.services.deed_dues import remind_monthly
from projects.services.deed_standing import ARGUED, require_screened, require_whole, stages_of
from projects.services.fields import Errors, said, too_long
from projects.services.linked import subject_label
from projects.services.project_fields import leaders
from projects.states import DeedField, DeedSource, DeedVerb

NUMBER_KIND = "SS"
WORDS = {"name": 40, "words": 500, "goal": 200}


class DeedFields(TypedDict):
    """What is typed of a livelihood item. The unit and the leader are keys."""

    name: str
    words: str
    goal: str
    field: str
    source: str
    unit: NotRequired[int | None]
    leader: NotRequired[int | None]


def propose_deed(
    *, client_key: UUID, by: User, area: str, year: int, origin: str = "", **typed: Unpack[DeedFields]
) -> Deed:
    """提出, typed in or made from a need or resource (``origin``) that ``by`` may see. A second tap finds the first.

    Raises ``Invalid``, ``NotAllowed``, ``NotFound`` (no such origin), ``Conflict``.
    """
    place = Area.objects.filter(pk=clean(area), level__in=[Level.STREET, Level.COMMUNITY]).first()
    if place is None:
        raise Invalid({"area": [_("请选一个街道或社区。")]})
    if not keeps(by, place.pk):
        raise NotAllowed
    if not 2011 <= year <= timezone.localdate().year + 1:
        raise Invalid({"year": [_("请核对年份。")]})
    found = checked_deed(typed, place.pk)
    label = subject_label(by, origin) if origin else ""
    first = _already(client_key, by, found["name"])
    if first is not None:
        return first
    row = Deed(client_key=client_key, area=place, year=year, proposed_by=by, origin=origin, origin_label=label, **found)
    try:
        with transaction.atomic():
            return _store(row, by)
    except IntegrityError:
        first = _already(client_key, by, found["name"])
        if first is None:
            raise
        return first


def _already(key: UUID, by: User, name: str) -> Deed | None:
    row = Deed.objects.filter(client_key=key).first()
    if row and (row.proposed_by_id, row.name) != (by.pk, name):
        raise Conflict(_("这一件已经提出过了。要再提一件，请重新打开页面。"))
    return row


def _store(row: Deed, by: User) -> Deed:
    street = Area.objects.get(pk=row.area_id[:STREET_LENGTH])
    row.number = next_number(NUMBER_KIND, street, timezone.localdate())
    row.save(force_insert=True)
    row.refresh_from_db(fields=("street_code",))
    row.write_event(verb=DeedVerb.PROPOSE, actor=by, source="", target=row.state, note="")
    row.just_made = True
    return row


def checked_deed(typed: Any, area_code: str) -> dict[str, Any]:
    """``typed`` as it is kept. Raises ``Invalid`` with every field that is wrong."""
    errors: Errors = {}
    found: dict[str, Any] = {}
    for name, most in WORDS.items():
        found[name] = text = clean(typed.get(name) or "")
        if not text:
            errors[name] = [_("请填写。")]
        elif len(text) > most:
            errors[name] = [too_long(most)]
    for name, known in (("field", DeedField), ("source", DeedSource)):
        found[name] = typed.get(name, "")
        if found[name] not in known.values:
            errors[name] = [_("请选一个。")]
    found |= _responsible(typed, area_code, errors)
    if errors:
        raise Invalid(errors)
    return found


def _responsible(typed: Any, area_code: str, errors: Errors) -> dict[str, Any]:
    found: dict[str, Any] = {"unit": None, "leader": None}
    if typed.get("unit") is not None:
        found["unit"] = MemberUnit.objects.members_in(area_code[:STREET_LENGTH]).filter(pk=typed["unit"]).first()
        if found["unit"] is None:
            errors["unit"] = [_("请选本街道联盟里的一个单位。")]
    if typed.get("leader") is not None:
        found["leader"] = leaders(area_code[:STREET_LENGTH]).filter(pk=typed["leader"]).first()
        if found["leader"] is None:
            errors["leader"] = [_("请选本街道的一位领导。")]
    return found


def hold_deed(pk: int, by: User, verb: str, version: int | None) -> Deed:
    """Locked and open to ``verb``. Raises ``NotFound``, ``Conflict``, ``RuleBroken``, ``NotAllowed``."""
    row: Deed = Deed.objects.visible_to(by).select_related("area").locked(pk)
    row.require_version(version)
    if row.workflow.find(row.state, verb) is None:
        raise RuleBroken(_("这一件现在是“%(state)s”，不能这样办。") % {"state": row.get_state_display()})
    if verb not in deed_abilities(by, row):
        raise NotAllowed
    return row


@transaction.atomic
def edit_deed(*, pk: int, by: User, version: int | None, **typed: Unpack[DeedFields]) -> Deed:
    """Change a candidate. What was screened is screened again. Raises as ``hold_deed``, ``Invalid``."""
    row = hold_deed(pk, by, DeedVerb.EDIT, version)
    row.move_to(DeedVerb.EDIT, actor=by, changes=checked_deed(typed, row.area_id))
    return row


@transaction.atomic
def screen_deed(
    *,
    pk: int,
    by: User,
    version: int | None,
    on_day: date,
    for_all: bool,
    doable: bool,
    countable: bool,
    words: str = "",
) -> Deed:
    """初筛: 普惠、可行、可量化. Raises as ``hold_deed``, ``Invalid``."""
    found: dict[str, Any] = {"for_all": for_all, "doable": doable, "countable": countable}
    refused = not all(found.values())
    return _noted(pk, by, DeedVerb.SCREEN, version, on_day, words, needs_words=refused, **found)


@transaction.atomic
def note_deed(
    *, pk: int, by: User, version: int | None, verb: str, on_day: date, words: str, votes: tuple[int, int] | None = None
) -> Deed:
    """论证, 票决 (``votes``: for it, of how many), 督促 or 验收, on the day it happened. Raises as ``hold_deed``,
    ``Invalid``; ``RuleBroken`` (argued before it passed 初筛, accepted before it is wholly done)."""
    if verb not in {DeedVerb.ARGUE, DeedVerb.VOTE, DeedVerb.URGE, DeedVerb.ACCEPT}:
        raise Invalid({"verb": [_("请选一项。")]})
    params: dict[str, Any] = {}
    if verb == DeedVerb.VOTE:
        yes, of = votes or (-1, 0)
        if not 0 <= yes <= of <= MOST_ASKED:
            raise Invalid({"votes": [_("请填同意的票数和总票数。")]})
        params = {"yes": yes, "of": of}
    return _noted(pk, by, DeedVerb(verb), version, on_day, words, needs_words=True, **params)


@transaction.atomic
def ask_about_deed(
    *, pk: int, by: User, version: int | None, on_day: date, satisfied: int, asked: int, words: str = ""
) -> Deed:
    """满意度: of how many that were asked so many were satisfied. Raises as ``hold_deed``, ``Invalid``;
    ``RuleBroken`` before it is wholly done."""
    if not 0 <= satisfied <= asked or asked < 1:
        raise Invalid({"asked": [_("请填问了几位、满意的几位。")]})
    if asked > MOST_ASKED:
        raise Invalid({"asked": [_("最多%(n)d位，请核对。") % {"n": MOST_ASKED}]})
    share = round(satisfied * 100 / asked, 2)
    return _noted(
        pk, by, DeedVerb.ASK, version, on_day, words, changes={"satisfaction": share}, satisfied=satisfied, asked=asked
    )


def _noted(
    pk: int,
    by: User,
    verb: DeedVerb,
    version: int | None,
    on_day: date,
    words: str,
    *,
    needs_words: bool = False,
    changes: dict[str, Any] | None = None,
    **params: Any,
) -> Deed:
    row = hold_deed(pk, by, verb, version)
    if verb == DeedVerb.ARGUE:
        require_screened(row)
    if verb in (DeedVerb.ACCEPT, DeedVerb.ASK):
        require_whole(row)
    if not date(row.year - 1, 1, 1) <= on_day <= timezone.localdate():
        raise Invalid({"on_day": [_("请选那一天，不晚于今天。")]})
    text = " ".join(clean(words).split())
    if needs_words:
        text = said(text, "words", _("请写一句。"), 500)
    if len(text) > 500:
        raise Invalid({"words": [too_long(500)]})
    row.move_to(verb, actor=by, note=text, changes=changes, params=params, on_day=on_day)
    return row


@transaction.atomic
def set_deed_year(*, street: Area, year: int, by: User, most: int) -> DeedYear:
    """How many are published that year (ten, unless said otherwise). Raises ``NotAllowed``, ``Invalid``, ``RuleBroken``
    (more are published already)."""
    if not by.roles_at(street.pk) & PUBLISHERS:
        raise NotAllowed
    if not 1 <= most <= 50:
        raise Invalid({"most": [_("请填1到50。")]})
    row = _year(street.pk, year)
    if Deed.objects.public().filter(street_code=street.pk, year=year).count() > most:
        raise RuleBroken(_("已经公布的比这还多。"))
    row.most = most
    row.save(update_fields=["most"])
    return row


def _year(street: str, year: int) -> DeedYear:
    """The street's year, locked; made where there is none."""
    DeedYear.objects.get_or_create(street_id=street, year=year, defaults={"most": USUAL})
    return DeedYear.objects.select_for_update(of=("self",), no_key=True).get(street_id=street, year=year)


@transaction.atomic
def publish_deeds(*, street: Area, year: int, by: User, pks: Sequence[int], most: int | None = None) -> list[Deed]:
    """公布 these candidates, in this order, behind those that are published: each screened and argued since it was last
    changed, together no more than the year's number; ``most``: another number first, which may be all that is said.

    Raises as ``set_deed_year``, ``NotAllowed``, ``NotFound``, ``RuleBroken`` (too many; one is not ready), ``Invalid``.
    """
    if not by.roles_at(street.pk) & PUBLISHERS:
        raise NotAllowed(_("民生实事由党建办或分管领导公布。"))
    if most is not None:
        set_deed_year(street=street, year=year, by=by, most=most)
        if not pks:
            return []
    if not pks or len(set(pks)) < len(pks):
        raise Invalid({"pks": [_("请选要公布的，每件一次。")]})
    plan = _year(street.pk, year)
    last = Deed.objects.filter(street_code=street.pk, year=year).aggregate(last=Max("position"))["last"] or 0
    there = Deed.objects.public().filter(street_code=street.pk, year=year).count()
    if there + len(pks) > plan.most:
        raise RuleBroken(_("一共公布%(n)d件，现在选多了。") % {"n": plan.most})
    rows = {pk: hold_deed(pk, by, DeedVerb.PUBLISH, None) for pk in sorted(pks)}
    for place, pk in enumerate(pks, start=last + 1):
        row = rows[pk]
        if (row.street_code, row.year) != (street.pk, year):
            raise NotFound
        _require_ready(row)
        row.move_to(DeedVerb.PUBLISH, actor=by, changes={"position": place})
        remind_monthly(row)
    if plan.published_on is None:
        plan.published_on = timezone.localdate()
        plan.save(update_fields=["published_on"])
    return [rows[pk] for pk in pks]


def _require_ready(row: Deed) -> None:
    """Screened as 普惠、可行、可量化 and argued, both since it was last changed. Raises ``RuleBroken``."""
    require_screened(row)
    if ARGUED not in stages_of([row])[row.pk]:
        raise RuleBroken(_("“%(name)s”还没有论证。") % {"name": row.name})


@transaction.atomic
def leave_out_deed(*, pk: int, by: User, version: int | None, words: str) -> Deed:
    """不入选, with words. Raises as ``hold_deed``, ``Invalid``."""
    row = hold_deed(pk, by, DeedVerb.LEAVE_OUT, version)
    text = said(words, "words", _("请写一句为什么这次不入选。"))
    row.move_to(DeedVerb.LEAVE_OUT, actor=by, note=text, changes={"ended_on": timezone.localdate()})
    return row
