"""转给: a colleague has it from now on, or a unit is asked to help while whoever has it answers for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.dates import kept_day
from alliance.lib.errors import Invalid
from alliance.lib.public_text import require_seen
from members.models import Liaison, MemberUnit
from needs.messages.triage import NeedAssigned, NeedTakenOver, UnitAsked, for_staff, for_unit
from needs.models import Need, NeedEvent
from needs.models.need import NO_UNIT
from needs.services import limits
from needs.services.accepting import acceptance, taken_in_hand
from needs.services.extensions import drop_extensions
from needs.services.hands import others
from needs.services.locked import checked_why, locked_need
from needs.services.seats import liaisons_of, thank
from needs.states import HANDLERS, OPEN_STATES, STREET_HANDLERS, Office, State, Verb
from notifications.services import queue
from people.models import RoleGrant, User
from people.services.accounts import holders
from people.states import Role


@dataclass(frozen=True)
class Assignee:
    """Somebody who may have it, with how many they have in hand."""

    id: int
    name: str
    role: str
    open: int

    @property
    def label(self) -> str:
        return _("%(name)s · %(role)s · %(n)d件在办") % {"name": self.name, "role": self.role, "n": self.open}


def assignees(need: Need, by: User) -> list[Assignee]:
    """Colleagues who may have ``need`` where it lies now, ``by`` first, then those with the fewest in hand.

    At a community its people and the street's; at the street the street's alone. Whoever has it already is left out,
    unless a unit helps: then it may be taken back.
    """
    people = _handlers(need)
    open_ = Need.objects.filter(state__in=OPEN_STATES, holder__in=people).values_list("holder").order_by("holder")
    counts, roles = dict(open_.annotate(n=Count("pk"))), _roles(people, need)
    rows = [
        Assignee(user.pk, user.name, roles.get(user.pk, ""), counts.get(user.pk, 0))
        for user in people
        if user.pk != need.holder_id or need.unit_id
    ]
    return sorted(rows, key=lambda row: (row.id != by.pk, row.open))


def _handlers(need: Need) -> list[User]:
    if need.office == Office.LEADER:
        return []
    return holders(HANDLERS if need.office == Office.COMMUNITY else STREET_HANDLERS, need.area_id)


def _roles(people: list[User], need: Need) -> dict[int, str]:
    """The handling role each of ``people`` holds closest to where the need is from."""
    grants = RoleGrant.objects.active().filter(user__in=people, role__in=HANDLERS).order_by("area_id", "role")
    rows = grants.values_list("user_id", "role", "area_id")
    near = [(user, role, area) for user, role, area in rows if need.area_id.startswith(area)]
    return {user: str(Role(role).label) for user, role, _area in sorted(near, key=lambda row: len(row[2]))}


def units_to_ask(need: Need) -> list[MemberUnit]:
    """Members of the street's alliances that may be asked today: not suspended, with somebody to speak for them."""
    seated = Liaison.objects.active().filter(user__is_active=True).values("unit")
    units = MemberUnit.objects.members_in(need.street_code).filter(suspended_at__isnull=True, pk__in=seated)
    return list(units.exclude(pk=need.unit_id or 0).order_by("sorted_as", "id"))


@transaction.atomic
def assign_need(
    *,
    pk: int,
    by: User,
    why: str,
    version: int | None = None,
    to_user_id: int | None = None,
    to_unit_id: int | None = None,
    reply_by: date | None = None,
    nature: str = "",
    category_id: int | None = None,
    urgent: bool = False,
    seen_warnings: str = "",
) -> Need:
    """Hand the need to a colleague, or ask a unit to help; ``why`` is the line they find with it. What a unit reads is
    looked through like other words for outsiders.

    What nobody has accepted yet is accepted with it: ``reply_by``, ``nature``, ``category_id`` and ``urgent`` count as
    in ``accept_need``, and in hand it is the colleague's, or ``by``'s who asks the unit. A promise stays as it is.
    Raises ``NotFound``, ``NotAllowed``, ``Conflict``, ``RuleBroken`` and ``Invalid``: on ``to`` (nobody, two, or not
    one of those who may have it), on ``why`` (empty, too long), as ``accept_need``; ``Warned`` (words for a unit that
    look personal, unless ``seen_warnings``).
    """
    need = locked_need(pk=pk, by=by, verb=Verb.ASSIGN, version=version)
    person, unit = _target(need, by, to_user_id, to_unit_id)
    text = checked_why(why)
    if unit:
        require_seen([text], [need.contact_name, need.helped_name], seen=seen_warnings)
    before, helped, pending = need.holder, need.unit, need.state == State.PENDING
    changes: dict[str, Any] = {"held_since": timezone.now()}
    if pending:
        given = {"reply_by": reply_by, "nature": nature, "category_id": category_id, "urgent": urgent}
        changes |= acceptance(need, holder=person or by, **given)  # type: ignore[arg-type]
    elif person:
        changes["holder"] = person
    changes |= {**NO_UNIT, "unit": unit, "unit_why": text if unit else "", "why_here": text}
    params = {"unit_id": unit.pk} if unit else {"to_id": person.pk} if person else {}
    event = need.move_to(Verb.ASSIGN, actor=by, changes=changes, why=text, params=params)
    if pending:
        taken_in_hand(need, event)
    else:
        limits.handed_over(need)
    if before is not None and before != need.holder:
        drop_extensions(need)
    _tell(need, event, by=by, before=before, helped=helped)
    return need


def _target(need: Need, by: User, user_id: int | None, unit_id: int | None) -> tuple[User | None, MemberUnit | None]:
    if (user_id is None) == (unit_id is None):
        raise Invalid({"to": [_("请选转给谁：一位同事，或者一家单位。")]})
    if unit_id is not None:
        unit = next((one for one in units_to_ask(need) if one.pk == unit_id), None)
        if unit is None:
            raise Invalid({"to": [_("这家单位现在不能请：要在本街道联盟里、没有暂停、有联络员，也还没请过。")]})
        return None, unit
    allowed = {row.id for row in assignees(need, by)}
    person = User.objects.filter(pk=user_id).first() if user_id in allowed else None
    if person is None:
        raise Invalid({"to": [_("请从名单里选：要能办这里的事，也不是现在的经办人。")]})
    return person, None


def _tell(need: Need, event: NeedEvent, *, by: User, before: User | None, helped: MemberUnit | None) -> None:
    occurrence = f"{need.number}:{event.pk}"
    if need.holder is not None and need.holder != before:
        had = for_staff(NeedAssigned, need, who=by.name, day=kept_day(need.promised))
        queue(had, occurrence=occurrence, users=others([need.holder], by))
        over = for_staff(NeedTakenOver, need, who=by.name, holder=need.holder.name)
        queue(over, occurrence=occurrence, users=others([before] if before else [], by))
    thank(helped, need, occurrence=occurrence)
    if need.unit is not None:
        queue(for_unit(UnitAsked, need, str(need.unit)), occurrence=occurrence, users=liaisons_of(need.unit.pk))
