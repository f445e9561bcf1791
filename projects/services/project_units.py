"""Units in a project: asked to take part, confirmed, gone again.

Locks: what is on offer of the project, the project, dues last (docs/locking.md).
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, NotAllowed, NotFound, RuleBroken
from alliance.lib.text import clean
from claims.querysets import seated_units
from members.models import MemberUnit
from people.models import User
from projects import messages_projects as messages
from projects.models import Project, ProjectUnit
from projects.permissions import parts
from projects.services.fields import said, too_long
from projects.services.people import liaisons_of
from projects.services.project_held import hold_project, hold_with_offer
from projects.services.project_people import office_side, tell, warn_alone
from projects.states import AgreementState, Part, ProjectVerb


@transaction.atomic
def join_project(
    *, pk: int, by: User, version: int | None, unit: int, does: str = "", is_lead: bool = False
) -> ProjectUnit:
    """请单位参加. Of a unit that signed the project's agreement nothing more is asked.

    Raises as ``hold_project``; ``Invalid`` on ``unit`` (not in the alliance, suspended, in it already, a second lead)
    and ``RuleBroken`` (it waits for whoever takes it on).
    """
    row, offer = hold_with_offer(pk, by, ProjectVerb.JOIN, version)
    found = MemberUnit.objects.members_in(row.street_code).filter(pk=unit).first()
    if found is None or found.is_suspended:
        raise Invalid({"unit": [_("请选本街道联盟里的一个单位，暂停的不能选。")]})
    text = " ".join(clean(does).split())
    if len(text) > 200:
        raise Invalid({"does": [too_long(200)]})
    present = list(row.units.filter(left_on__isnull=True))
    if any(one.unit_id == found.pk for one in present):
        raise Invalid({"unit": [_("这个单位已经在项目里了。")]})
    if is_lead and offer is not None:
        raise RuleBroken(_("正在等单位认领，认领的单位就是牵头单位。"))
    if is_lead and any(one.is_lead for one in present):
        raise Invalid({"is_lead": [_("牵头单位只有一家。")]})
    part = ProjectUnit(project=row, unit=found, does=text, is_lead=is_lead)
    if _agreed(row, found):
        part.confirmed_at = timezone.now()
    part.save(force_insert=True)
    row.move_to(ProjectVerb.JOIN, actor=by, params={"unit": found.name})
    if part.confirmed_at is None:
        tell(row, messages.ProjectToJoin, liaisons_of([found.pk]))
    return part


def _agreed(row: Project, unit: MemberUnit) -> bool:
    """Whether the unit has signed for it: the project's agreement runs, and it is a party."""
    agreement = row.agreement
    if agreement is None or agreement.state != AgreementState.RUNNING:
        return False
    return agreement.parties.filter(unit=unit, left_on__isnull=True).exists()


@transaction.atomic
def confirm_part(*, pk: int, by: User, version: int | None = None, unit: int | None = None) -> ProjectUnit:
    """单位确认参加, by whoever speaks for it today. Raises as ``hold_project``; ``RuleBroken`` (said already)."""
    row = hold_project(pk, by, ProjectVerb.AGREE, version)
    part = _own(row, by, unit)
    if part.confirmed_at is not None:
        raise RuleBroken(_("已经确认过了，谢谢您。"))
    part.confirmed_at, part.confirmed_by = timezone.now(), by
    part.save(update_fields=["confirmed_at", "confirmed_by"])
    row.move_to(ProjectVerb.AGREE, actor=by, params={"unit": part.unit.name})
    return part


def _own(row: Project, by: User, unit: int | None) -> ProjectUnit:
    """The part of a unit that ``by`` speaks for; of several the one named. Raises ``NotFound``."""
    mine = row.units.filter(left_on__isnull=True, unit__in=seated_units(by)).select_related("unit")
    if unit is not None:
        mine = mine.filter(unit_id=unit)
    found: ProjectUnit | None = mine.order_by(F("confirmed_at").asc(nulls_first=True), "pk").first()
    if found is None:
        raise NotFound
    return found


@transaction.atomic
def leave_project(*, pk: int, by: User, version: int | None, unit: int, words: str) -> ProjectUnit:
    """单位退出, said by staff or by the unit itself. Of what it claimed it gives the claim back instead.

    Raises as ``hold_project``; ``NotFound``, ``RuleBroken`` (it has claimed it), ``Invalid`` without words.
    """
    row, offer = hold_with_offer(pk, by, ProjectVerb.LEAVE, version)
    part: ProjectUnit | None = row.units.filter(unit_id=unit, left_on__isnull=True).select_related("unit").first()
    if part is None:
        raise NotFound
    staff = parts(by, row) & {Part.KEEPER, Part.COMMISSIONER}
    if not staff and not seated_units(by).filter(unit_id=unit).exists():
        raise NotAllowed
    if offer is not None and offer.claims.live().filter(unit_id=unit).exists():
        raise RuleBroken(_("这个项目是单位认领的，请用“退回认领”。"))
    text = said(words, "words", _("请写一句为什么退出。"))
    part.left_on, part.left_why = timezone.localdate(), text
    part.save(update_fields=["left_on", "left_why"])
    row.move_to(ProjectVerb.LEAVE, actor=by, note=text, params={"unit": part.unit.name})
    tell(row, messages.ProjectLeft, office_side(row), but=by, who=part.unit.name)
    warn_alone(row, part.unit.name)
    return part
