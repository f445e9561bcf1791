"""A project is done, or stopped: one colleague asks, another one who approves agrees, or it goes on.

Locks: what is on offer of it, the project, its milestones, claims, dues last (docs/locking.md).
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import RuleBroken
from alliance.lib.public_text import require_seen
from claims.models import Offer
from claims.services import withdraw_offer
from people.models import User
from people.services.accounts import holders
from projects import messages_projects as messages
from projects.models import Project
from projects.permissions import APPROVERS, project_abilities
from projects.services.closing import NOTHING, asked, refuse_asker, require_asked
from projects.services.fields import said
from projects.services.milestone_dues import follow_milestones
from projects.services.project_held import hold_project, hold_with_offer, see_with_offer
from projects.services.project_offers import fulfil
from projects.services.project_people import tell, units_side
from projects.states import Ending, ProjectState, ProjectVerb

MOST_OUTCOME = 500


@transaction.atomic
def ask_finish(*, pk: int, by: User, version: int | None, outcome: str, seen_warnings: str = "") -> Project:
    """申请办结, with what came of it, once every milestone is reached.

    Raises as ``hold_project``; ``RuleBroken`` (a milestone is open), ``Invalid`` without words (``Warned``: they look
    personal, unless ``seen_warnings``).
    """
    row = hold_project(pk, by, ProjectVerb.ASK_FINISH, version)
    _require_reached(row)
    text = said(outcome, "outcome", _("请写几句办成了什么。"), MOST_OUTCOME)
    require_seen([text], seen=seen_warnings)
    return _ask(row, ProjectVerb.ASK_FINISH, Ending.FINISH, by, text)


@transaction.atomic
def stop_project(*, pk: int, by: User, version: int | None, words: str) -> Project:
    """终止, with words: a draft at once, what runs is asked for. Raises as ``hold_project``; ``Invalid`` without words;
    of a draft as ``agree_to_end_project``."""
    row, offer = hold_with_offer(pk, by, ProjectVerb.ASK_STOP, version)
    text = said(words, "words", _("请写一句为什么终止，参加的单位看得到。"))
    if row.state != ProjectState.DRAFT:
        return _ask(row, ProjectVerb.ASK_STOP, Ending.STOP, by, text)
    _stop(row, offer, by, text, {})
    return row


def _ask(row: Project, verb: ProjectVerb, ending: Ending, by: User, words: str) -> Project:
    row.move_to(verb, actor=by, note=words, changes=asked(ending, by, words))
    tell(row, messages.ProjectToEnd, holders(APPROVERS, row.street_code), but=by)
    return row


@transaction.atomic
def agree_to_end_project(*, pk: int, by: User, version: int | None) -> Project:
    """完成 or 终止, as it was asked for, by another one who approves. What a unit had claimed is done with it, or is
    taken down; the units are told.

    Raises ``NotFound``, ``Conflict``, ``RuleBroken`` (nothing is asked for; a milestone is open again; a unit says that
    what is to be stopped is done), ``NotAllowed`` (also for whoever asked).
    """
    row, offer = see_with_offer(pk, by)
    row.require_version(version)
    require_asked(row, running=ProjectState.RUNNING)
    if row.ending not in project_abilities(by, row):
        refuse_asker(row, by)
    asker = row.ending_by
    end = _finish if row.ending == Ending.FINISH else _stop
    end(row, offer, by, row.ending_words, {"ended_by": by})
    tell(row, messages.ProjectEnded, [asker] if asker else [], but=by)
    return row


def _finish(row: Project, offer: Offer | None, by: User, text: str, more: dict[str, Any]) -> None:
    _require_reached(row)
    changes = {"outcome": text, "ended_on": timezone.localdate(), **more}
    row.move_to(ProjectVerb.FINISH, actor=by, note=text, changes=changes)
    if offer is not None and offer.claims.live().exists():
        fulfil(offer, by=by)
    elif offer is not None:
        withdraw_offer(pk=offer.pk, by=None, why=text)
    follow_milestones(row)
    tell(row, messages.ProjectOver, units_side(row), but=by)


def _stop(row: Project, offer: Offer | None, by: User, text: str, more: dict[str, Any]) -> None:
    people = units_side(row)
    changes = {"ended_why": text, "ended_on": timezone.localdate(), **more}
    row.move_to(ProjectVerb.STOP, actor=by, note=text, changes=changes)
    if offer is not None:
        withdraw_offer(pk=offer.pk, by=None, why=text, release=True)
    follow_milestones(row)
    tell(row, messages.ProjectOver, people, but=by)


@transaction.atomic
def keep_project(*, pk: int, by: User, version: int | None, words: str) -> Project:
    """It goes on: who asked takes it back, or who approves says no, with words. Raises as ``hold_project``;
    ``RuleBroken`` (nothing is asked for), ``Invalid``."""
    row, _offer = see_with_offer(pk, by)
    row.require_version(version)
    require_asked(row, running=ProjectState.RUNNING)
    row = hold_project(pk, by, ProjectVerb.KEEP_ON, version)
    asker, text = row.ending_by, said(words, "words", _("请写一句为什么不结束。"))
    row.move_to(ProjectVerb.KEEP_ON, actor=by, note=text, changes=NOTHING)
    tell(row, messages.ProjectKept, [asker] if asker else [], but=by)
    return row


def _require_reached(row: Project) -> None:
    open_ = row.milestones.filter(done_on__isnull=True).first()
    if open_ is not None:
        raise RuleBroken(_("“%(name)s”还没有完成。") % {"name": open_.name})
