"""What a unit needs is taken up: a need whose asker is the unit, in the hands of whoever took it; or left, with a word.

Locks: the line; the need is new (docs/locking.md).
"""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, NotAllowed, RuleBroken
from alliance.lib.text import clean
from members.models import Liaison
from needs.messages import lists as messages
from needs.models import ListLine, Need
from needs.permissions import line_abilities
from needs.services import publishing
from needs.services.accepting import acceptance, taken_in_hand
from needs.services.intake import NeedDraft, build_need
from needs.services.list_units import liaisons_of
from needs.services.locked import checked_words
from needs.states import Channel, Office, Origin, State, Verb
from needs.states.lists import ListSide, ListVerb
from notifications.services import queue
from people.models import Area, User
from people.querysets import STREET_LENGTH
from people.states import COMMUNITY_ROLES

AROUND = ("lists__round__alliance", "lists__unit")


@transaction.atomic
def take_line(
    *,
    pk: int,
    by: User,
    version: int | None,
    area: str = "",
    category_id: int | None = None,
    reply_by: date | None = None,
    listed_words: str = "",
    seen_warnings: str = "",
) -> Need:
    """采纳: a need of the unit's, accepted by ``by`` in the same moment; with ``listed_words`` it stands in the public
    需求清单. ``area``: the community that sees to it (the street's own otherwise).

    Raises ``NotFound``, ``NotAllowed``, ``Conflict``, ``RuleBroken`` (taken up already, taken back), ``Invalid``.
    """
    line = _hold(pk, by, ListVerb.TAKE, version)
    public = publishing.checked(listed_words, [], seen=seen_warnings) if clean(listed_words) else ""
    need = _raise(line, by, _place(line, area))
    changes = acceptance(need, holder=by, category_id=category_id, reply_by=reply_by)
    event = need.move_to(Verb.ACCEPT, actor=by, changes=changes)
    taken_in_hand(need, event)
    line.move_to(ListVerb.TAKE, actor=by, changes={"need": need, "decided_by": by})
    if public:
        publishing.publish(need, by, public)
    _tell(line, messages.LineTaken)
    return need


@transaction.atomic
def leave_line(*, pk: int, by: User, version: int | None, words: str) -> ListLine:
    """不采纳, with a word for the unit. Raises as ``take_line``; ``Invalid`` without words."""
    line = _hold(pk, by, ListVerb.LEAVE, version)
    text = checked_words(words, empty=_("请写一句为什么，单位看得到。"), most=200)
    line.move_to(ListVerb.LEAVE, actor=by, changes={"left_why": text, "decided_by": by})
    _tell(line, messages.LineLeft)
    return line


def _hold(pk: int, by: User, verb: str, version: int | None) -> ListLine:
    line: ListLine = ListLine.objects.visible_to(by).select_related(*AROUND).locked(pk)
    line.require_version(version)
    if line.side != ListSide.NEED or line.workflow.find(line.state, verb) is None:
        raise RuleBroken(_("这一条现在是“%(state)s”，不能这样办。") % {"state": line.get_state_display()})
    if verb not in line_abilities(by, line):
        raise NotAllowed
    return line


def _tell(line: ListLine, kind: type[messages.MessageClass]) -> None:
    queue(messages.of_line(kind, line), occurrence=f"line {line.pk}", users=liaisons_of([line.lists.unit_id]))


def places_for(line: ListLine) -> list[Area]:
    """Where the need may lie: the alliance's place first, then the communities below it."""
    own = line.lists.round.alliance.area_id
    return list(Area.objects.served().filter(pk__startswith=own, level__in=["street", "community"]).order_by("code"))


def _place(line: ListLine, code: str) -> Area:
    own = line.lists.round.alliance.area_id
    wanted = clean(code) or (line.lists.unit.area_id if line.lists.unit.area_id.startswith(own) else own)
    place = Area.objects.takes_needs(wanted).select_related("parent").first()
    if place is None or not place.pk.startswith(own):
        if clean(code):
            raise Invalid({"area": [_("请选本联盟所在的社区。")]})
        place = Area.objects.select_related("parent").get(pk=own)
    return place


def _raise(line: ListLine, by: User, place: Area) -> Need:
    """The need, stored; nobody has taken it up yet. Whoever wrote the line is who is called and asked how it went."""
    name, phone = _speaker(line)
    words = "\n".join(part for part in (line.what, _for(line)) if part)
    draft = NeedDraft(
        client_key=line.client_key,
        words=words,
        place=line.lists.unit.name[:120],
        area_code=place.pk,
        name=name,
        phone=phone,
        consented=True,
        notice_version=0,
        channel=Channel.LISTS,
    )
    need = build_need(draft, place, Area.objects.get(pk=place.pk[:STREET_LENGTH]))
    need.origin, need.asker = Origin.UNIT, line.lists.unit
    if not phone:
        need.phone_index = ""
    own = len(place.pk) > STREET_LENGTH and by.roles_at(place.pk) & COMMUNITY_ROLES
    need.office = Office.COMMUNITY if own else Office.STREET
    need.save(force_insert=True)
    need.refresh_from_db(fields=("street_code",))
    need.write_event(verb=Verb.SUBMIT, actor=None, source="", target=State.PENDING, note="")
    return need


def _for(line: ListLine) -> str:
    said = [(_("给谁的"), line.whom), (_("什么时候"), line.on_when)]
    return "\n".join(str(_("%(what)s：%(value)s") % {"what": what, "value": value}) for what, value in said if value)


def _speaker(line: ListLine) -> tuple[str, str]:
    """Name and phone of whoever wrote it, or speaks for the unit today; nothing where no phone is known: a name that
    nobody can call is not kept.
    """
    seats = Liaison.objects.active().filter(unit_id=line.lists.unit_id).select_related("user")
    for seat in sorted(seats, key=lambda one: (one.user_id != line.by_id, one.is_second)):
        if seat.user.phone:
            return seat.shown_name or str(line.lists.unit), seat.user.phone
    return "", ""
