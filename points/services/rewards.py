"""What can be exchanged: put on the shelf, changed, taken off. What is on hold already stays good."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound, Text
from alliance.lib.text import clean
from audit.services import record
from audit.states import Action
from members.models import MemberUnit
from people.models import Area, User
from people.querysets import STREET_LENGTH
from points.models import Reward
from points.permissions import reward_abilities
from points.states import TENTHS, Shelf, Sort
from resources.models import Resource
from resources.permissions import keeps

MOST_POINTS, MOST_LEFT, MOST_WORTH = 10_000, 100_000, 100
LENGTHS = {"name": 30, "words": 200, "where": 80, "donor": 60}


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What is typed of a reward. ``points`` are whole ones. ``left_seen``: how many there were when the
    form was opened, so that what was exchanged meanwhile is not put back."""

    name: str
    sort: str
    points: int
    words: str = ""
    where: str = ""
    donor: str = ""
    unit: int | None = None
    place: int | None = None
    worth: int | None = None
    left: int | None = None
    left_seen: int | None = None
    per_quarter: int | None = None
    until: date | None = None


@transaction.atomic
def add_reward(*, client_key: UUID, by: User, area: str, draft: Draft) -> Reward:
    """Put something on the shelf of the street or community ``area``; a second tap finds the first.

    Raises ``NotAllowed``, ``Invalid`` (by field), ``Conflict`` (the key was used for something else).
    """
    if not keeps(by, area):
        raise NotAllowed
    first = Reward.objects.filter(client_key=client_key).first()
    if first is not None:
        if (first.by_id, first.area_id) != (by.pk, area):
            raise Conflict
        return first
    place = Area.objects.served().filter(pk=area).first()
    if place is None:
        raise Invalid({"area": [_("请选街道或社区。")]})
    row = Reward(client_key=client_key, area=place, by=by, **_checked(draft, place.pk))
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict from error
    row.refresh_from_db()
    _log(row, by, "added")
    return row


@transaction.atomic
def change_reward(*, pk: int, by: User, version: int | None, draft: Draft) -> Reward:
    """Change what has not been exchanged yet: exchanges keep the price they were made at.

    Raises ``NotFound``, ``NotAllowed``, ``Conflict`` (stale), ``Invalid``.
    """
    row = _hold(pk, by, "change", version)
    if draft.left is not None and draft.left_seen is not None and row.left is not None:
        draft = replace(draft, left=max(0, row.left + draft.left - draft.left_seen))
    for name, value in _checked(draft, row.area_id, row).items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    _log(row, by, "changed")
    return row


@transaction.atomic
def stop_reward(*, pk: int, by: User, version: int | None) -> Reward:
    """下架: nobody exchanges it any more; whoever has one on hold can still pick it up."""
    return _put(_hold(pk, by, "stop", version), Shelf.OFF, by)


@transaction.atomic
def resume_reward(*, pk: int, by: User, version: int | None) -> Reward:
    """重新上架."""
    return _put(_hold(pk, by, "resume", version), Shelf.ON, by)


def _hold(pk: int, by: User, verb: str, version: int | None) -> Reward:
    row: Reward = Reward.objects.kept_by(by).locked(pk)
    if version is not None and version != row.version:
        raise Conflict
    able = reward_abilities(by, row)
    if "change" not in able:
        raise NotAllowed
    if verb not in able:
        raise Conflict
    return row


def _put(row: Reward, state: Shelf, by: User) -> Reward:
    row.state, row.version = state, row.version + 1
    row.save(update_fields=["state", "version"])
    _log(row, by, state)
    return row


def _log(row: Reward, by: User, what: str) -> None:
    params = {"what": str(what), "price": row.price, "left": row.left}
    record(Action.REGISTER_CHANGED, actor=by, subject=f"reward:{row.pk}", area_code=row.area_id, params=params)


def _checked(draft: Draft, area: str, row: Reward | None = None) -> dict[str, Any]:
    """The columns; ``row`` keeps the unit and the place that it has. Raises ``Invalid``."""
    errors: dict[str, list[Text]] = {}
    texts = {name: clean(getattr(draft, name) or "") for name in LENGTHS}
    for name, text in texts.items():
        if len(text) > LENGTHS[name]:
            errors[name] = [_("请写在%(most)d字以内。") % {"most": LENGTHS[name]}]
    if not texts["name"]:
        errors["name"] = [_("请写是什么，比如：理发。")]
    if draft.sort not in Sort.values:
        errors["sort"] = [_("请选物品还是服务。")]
    for name, least, most in (
        ("points", 1, MOST_POINTS),
        ("worth", 0, MOST_WORTH),
        ("left", 0, MOST_LEFT),
        ("per_quarter", 1, 1000),
    ):
        value = getattr(draft, name)
        if (value is None and name == "points") or (value is not None and not least <= value <= most):
            errors[name] = [_("请填%(least)d到%(most)d之间的整数。") % {"least": least, "most": most}]
    today = timezone.localdate()
    if draft.until is not None and not today <= draft.until <= today + timedelta(days=3653):
        errors["until"] = [_("请选今天或以后、十年以内的日子。")]
    unit = row.unit if row and row.unit_id == draft.unit else _unit(draft, area, errors)
    place = row.place if row and row.place_id == draft.place else _place(draft, area, errors)
    if errors:
        raise Invalid(errors)
    plain: dict[str, Any] = {"sort": draft.sort, "worth": draft.worth, "left": draft.left}
    plain |= {"per_quarter": draft.per_quarter, "until": draft.until}
    return {**texts, **plain, "price": draft.points * TENTHS, "unit": unit, "place": place}


def _unit(draft: Draft, area: str, errors: dict[str, list[Text]]) -> MemberUnit | None:
    if draft.unit is None:
        return None
    found: MemberUnit | None = MemberUnit.objects.members_in(area[:STREET_LENGTH]).filter(pk=draft.unit).first()
    if found is None:
        errors["unit"] = [_("请选本街道联盟里的单位。")]
    return found


def _place(draft: Draft, area: str, errors: dict[str, list[Text]]) -> Resource | None:
    if draft.place is None:
        return None
    found = Resource.objects.public().filter(pk=draft.place, street_code=area[:STREET_LENGTH]).first()
    if found is None:
        errors["place"] = [_("请选本街道公开的阵地。")]
    return found


def find_reward(pk: int, user: Any) -> Reward:
    """The reward as ``user`` may see it. Raises ``NotFound``."""
    row = Reward.objects.visible_to(user).select_related("area", "unit", "place").with_place().filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row
