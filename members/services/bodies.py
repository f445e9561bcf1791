"""Bodies of alliances and places: set up, described, ended. Who sits in them: ``body_seats``."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, NotAllowed, NotFound, RuleBroken
from alliance.lib.text import clean
from audit.services import record
from audit.states import Action
from members.models import Alliance, Body, BodyKind, BodySeat, Placement
from members.permissions import keeps_body
from members.services.checked import require_sensible, save_checked
from members.services.stamps import require_seen
from people.models import Area, User
from people.querysets import STREET_LENGTH

NAME_TAKEN = _("这里已有同名的机构。")
SAID = ("name", "parent", "intro", "set_up_on", "position", "is_public")


@transaction.atomic
def create_body(
    *,
    kind: BodyKind,
    name: str,
    area: Area,
    by: User | None,
    alliance: Alliance | None = None,
    parent: Body | None = None,
    intro: str = "",
    position: int = 100,
    is_public: bool = False,
    set_up_on: date | None = None,
) -> Body:
    """Set up a body in ``area``, of ``alliance`` if it is one's. ``by=None`` is the installation.

    Raises ``NotAllowed`` (another's place), ``NotFound`` (another street's alliance), ``Invalid`` (a kind no longer
    in use, a group or zone without alliance, alliance or upper body elsewhere, name taken).
    """
    body = Body(kind=kind, area=area, alliance=alliance)
    if by is not None:
        if alliance is not None and not Alliance.objects.visible_to(by).filter(pk=alliance.pk).exists():
            raise NotFound
        if not keeps_body(by, body):
            raise NotAllowed
    if not kind.is_active:
        raise Invalid({"kind": [_("这个类型已停用，请选别的。")]})
    _fill(body, parent=parent, name=name, intro=intro, position=position, is_public=is_public, set_up_on=set_up_on)
    record_body(body, by, "created")
    return body


@transaction.atomic
def update_body(
    *,
    pk: int,
    by: User,
    name: str,
    parent: Body | None = None,
    intro: str = "",
    position: int = 100,
    is_public: bool = False,
    set_up_on: date | None = None,
    seen: str | None = None,
) -> Body:
    """Change what is said about a body; kind, place and alliance stay. ``seen``: the stamp of ``SAID``.

    Raises ``NotFound``, ``NotAllowed``, ``Conflict`` (changed since it was seen), ``Invalid``.
    """
    body = held_body(pk, by)
    require_seen(body, SAID, seen)
    _fill(body, parent=parent, name=name, intro=intro, position=position, is_public=is_public, set_up_on=set_up_on)
    record_body(body, by, "changed")
    return body


@transaction.atomic
def end_body(*, pk: int, by: User, on: date | None = None) -> Body:
    """The body exists no more from ``on`` (today); whoever still sits in it leaves that day.

    Raises ``NotFound``, ``NotAllowed``, ``RuleBroken`` (ended before, units stand in it, bodies hang below it),
    ``Invalid`` (before it was set up, or before somebody in it began).
    """
    body = held_body(pk, by)
    if body.ended_on is not None:
        raise RuleBroken(_("这个机构已经撤销了。"))
    if Placement.objects.unended().filter(Q(group=body) | Q(zone=body)).exists():
        raise RuleBroken(_("还有单位在里面，请先在矩阵里把它们移走。"))
    if body.children.filter(ended_on__isnull=True).exists():
        raise RuleBroken(_("它下面还有机构，请先撤销下级的。"))
    body.ended_on = on or timezone.localdate()
    save_checked(body, raced=NAME_TAKEN)
    for seat in BodySeat.objects.filter(body=body).unended(body.ended_on).order_by("pk"):
        if seat.starts_on > body.ended_on:
            raise Invalid({"ended_on": [_("有人的任期在这一天以后才开始，请先改任期。")]})
        seat.ends_on = body.ended_on
        seat.save(update_fields=["ends_on"])
        record_body_seat(Action.GRANT_ENDED, seat, by)
    record_body(body, by, "ended")
    return body


def held_body(pk: int, by: User) -> Body:
    """The body ``pk`` that ``by`` keeps, locked, its kind before it. Raises ``NotFound``, ``NotAllowed``."""
    seen = Body.objects.visible_to(by)
    kind = BodyKind.objects.locked(seen.filter(pk=pk).values_list("kind_id", flat=True).first())
    body: Body = seen.locked(pk)
    body.kind = kind
    if not keeps_body(by, body):
        raise NotAllowed
    return body


def _fill(body: Body, *, parent: Body | None, name: str, intro: str, **said: Any) -> None:
    body.name, body.intro, body.parent = clean(name), clean(intro), parent
    for field, value in said.items():
        setattr(body, field, value)
    require_sensible(set_up_on=body.set_up_on)
    _check_place(body)
    save_checked(body, raced=NAME_TAKEN)


def _check_place(body: Body) -> None:
    area, parent, alliance = body.area, body.parent, body.alliance
    if len(area.pk) < STREET_LENGTH:
        raise Invalid({"area": [_("机构设在街道或社区，请选择街道或社区。")]})
    if body.kind.axis and alliance is None:
        raise Invalid({"alliance": [_("界别和片区属于一个联盟，请选择联盟。")]})
    if alliance is not None and not area.pk.startswith(alliance.area_id):
        raise Invalid({"alliance": [_("这个联盟不在这里。")]})
    if parent is not None and (parent.area_id[:STREET_LENGTH] != area.pk[:STREET_LENGTH] or _in_circle(body, parent)):
        raise Invalid({"parent": [_("上级机构要在同一个街道，也不能是它自己或它的下级。")]})


def _in_circle(body: Body, above: Body | None) -> bool:
    while above is not None:
        if above.pk == body.pk:
            return True
        above = above.parent
    return False


def record_body(body: Body, by: User | None, what: str) -> None:
    params = {"what": what, "body": body.pk, "kind": body.kind.key, "name": body.name}
    subject = f"body:{body.pk}"
    record(Action.REGISTER_CHANGED, actor=by, subject=subject, area_code=body.area_id, params=params)


def record_body_seat(action: Action, seat: BodySeat, by: User | None) -> None:
    """As a liaison's seat; a name that is only written down stays out of the log."""
    subject = f"u:{seat.user_id}" if seat.user_id else f"unit:{seat.unit_id}" if seat.unit_id else f"seat:{seat.pk}"
    params = {
        "seat": "body",
        "body": seat.body_id,
        "role": seat.role,
        "unit": seat.unit_id,
        "starts_on": seat.starts_on.isoformat(),
        "ends_on": seat.ends_on.isoformat() if seat.ends_on else "",
    }
    record(action, actor=by, subject=subject, area_code=seat.body.area_id, params=params)
