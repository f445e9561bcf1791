"""可能重复: units that may be one. Shown and never in the way: somebody looks, and says which it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from alliance.lib.errors import NotAllowed, NotFound
from alliance.lib.text import clean
from audit.services import record
from audit.states import Action
from members.likeness import Named, Why, alike_pairs, why_alike
from members.models import Distinct, MemberUnit
from members.permissions import merge_abilities
from members.states import REGISTER_ROLES
from people.models import User
from people.querysets import within

SHOWN, FEW = 100, 5
_COLUMNS = ("pk", "name", "short_name", "uscc")


@dataclass(frozen=True)
class Alike:
    """Two units side by side, and why."""

    first: MemberUnit
    second: MemberUnit
    why: Why


def possible_duplicates(by: User) -> list[Alike]:
    """Pairs among the units ``by`` sees of which nobody has said that they are two; at most ``SHOWN``.

    One of the two is in a register that ``by`` keeps: whoever can settle nothing is asked nothing. Compares all names:
    for a page that was asked for, never for a number on another.
    """
    settled = set(Distinct.objects.values_list("first_id", "second_id"))
    kept = MemberUnit.objects.present().filter(within(by.areas_of(*REGISTER_ROLES), area="area__code"))
    own = set(kept.values_list("pk", flat=True))
    pairs = [
        (one.pk, two.pk, why)
        for one, two, why in alike_pairs(_named(MemberUnit.objects.visible_to(by)))
        if (one.pk in own or two.pk in own) and (min(one.pk, two.pk), max(one.pk, two.pk)) not in settled
    ][:SHOWN]
    units = MemberUnit.objects.select_related("area").in_bulk(
        {pk for first, second, _why in pairs for pk in (first, second)}
    )
    return [Alike(units[first], units[second], why) for first, second, why in pairs]


def look_alikes(
    *, by: User, name: str, short_name: str = "", uscc: str = "", but: int | None = None
) -> list[MemberUnit]:
    """Units that ``name`` may already be registered as; at most ``FEW``. Asked while one is typed: refuses nothing."""
    if not clean(name):
        return []
    typed = Named(0, clean(name)[:80], clean(short_name)[:30], uscc)
    rows = MemberUnit.objects.visible_to(by).exclude(pk=but or 0)
    keys = [unit.pk for unit in _named(rows) if why_alike(typed, unit)][:FEW]
    return list(MemberUnit.objects.filter(pk__in=keys).select_related("area").order_by("sorted_as", "pk"))


@transaction.atomic
def keep_apart(*, first_id: int, second_id: int, by: User) -> Distinct:
    """不是重复: the two are shown together no more. Raises ``NotFound``, ``NotAllowed``. Saying it twice is fine."""
    low, high = sorted((first_id, second_id))
    found = MemberUnit.objects.visible_to(by).in_bulk([low, high])
    if len(found) < 2:
        raise NotFound
    if not any("merge" in merge_abilities(by, unit) for unit in found.values()):
        raise NotAllowed
    row, made = Distinct.objects.get_or_create(first_id=low, second_id=high, defaults={"by": by})
    if made:
        params = {"units": [low, high], "what": "distinct"}
        record(
            Action.REGISTER_CHANGED, actor=by, subject=str(found[low])[:80], area_code=found[low].area_id, params=params
        )
    return row


def settled_pairs(by: User) -> Iterable[Distinct]:
    """What was said not to be a duplicate, among the units ``by`` sees, newest first."""
    seen = MemberUnit.objects.visible_to(by).values("pk")
    return Distinct.objects.filter(Q(first__in=seen) & Q(second__in=seen)).select_related("first", "second")[:SHOWN]


def _named(units: Iterable[MemberUnit]) -> list[Named]:
    rows = units.order_by("sorted_as", "pk").values_list(*_COLUMNS)  # type: ignore[attr-defined]
    return [Named(pk, name, short, code or "") for pk, name, short, code in rows]
