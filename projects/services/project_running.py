"""A project that runs: its milestones are reached. How it comes to its end: ``project_ending``.

Locks: what is on offer of it, the project, its milestones, claims, dues last (docs/locking.md).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, NotFound, RuleBroken
from alliance.lib.public_text import require_seen
from alliance.lib.text import clean
from files import services as files
from files.models import Attachment
from people.models import User
from projects.models import Milestone, Project
from projects.services.fields import said, too_long
from projects.services.milestone_dues import follow_milestones
from projects.services.project_held import hold_project
from projects.states import ProjectVerb

EVIDENCE = "milestone"
"""Under which name the photos of a milestone are kept."""
MOST_EVIDENCE, MOST_OUTCOME = 300, 500


@transaction.atomic
def reach_milestone(
    *,
    pk: int,
    by: User,
    version: int | None,
    milestone: int,
    done_on: date,
    evidence: str = "",
    hold_key: str = "",
    seen_warnings: str = "",
) -> Milestone:
    """完成节点, said by staff, the 专员 or a unit that takes part; ``hold_key``: the draft that holds its photos.

    Raises as ``hold_project``; ``NotFound`` (no such milestone), ``RuleBroken`` (reached already), ``Invalid``
    (``Warned``: words everybody reads look personal, unless ``seen_warnings``).
    """
    row = hold_project(pk, by, ProjectVerb.REACH, version)
    one = _milestone(row, milestone)
    if one.done_on is not None:
        raise RuleBroken(_("“%(name)s”已经登记完成了。") % {"name": one.name})
    text = " ".join(clean(evidence).split())
    if len(text) > MOST_EVIDENCE:
        raise Invalid({"evidence": [too_long(MOST_EVIDENCE)]})
    if not row.starts_on <= done_on <= timezone.localdate():
        raise Invalid({"done_on": [_("请选项目开始以后、今天以前的一天。")]})
    require_seen([text], seen=seen_warnings)
    one.done_on, one.done_by, one.evidence = done_on, by, text
    one.save(update_fields=["done_on", "done_by", "evidence"])
    if hold_key:
        files.attach_held(hold_key=hold_key, owner_kind=EVIDENCE, owner_id=str(one.pk), area_code=row.area_id)
    params = {"milestone": one.name, "weight": one.weight, "done_on": done_on.isoformat()}
    row.move_to(ProjectVerb.REACH, actor=by, note=text, params=params)
    follow_milestones(row)
    return one


@transaction.atomic
def reopen_milestone(*, pk: int, by: User, version: int | None, milestone: int, words: str) -> Milestone:
    """节点重办, with words. Raises as ``reach_milestone``; ``RuleBroken`` (not reached)."""
    row = hold_project(pk, by, ProjectVerb.REOPEN, version)
    one = _milestone(row, milestone)
    if one.done_on is None:
        raise RuleBroken(_("“%(name)s”还没有完成。") % {"name": one.name})
    text = said(words, "words", _("请写一句为什么重办。"))
    one.done_on, one.done_by, one.evidence = None, None, ""
    one.save(update_fields=["done_on", "done_by", "evidence"])
    row.move_to(ProjectVerb.REOPEN, actor=by, note=text, params={"milestone": one.name, "key": one.pk})
    follow_milestones(row)
    return one


def _milestone(row: Project, pk: int) -> Milestone:
    found: Any = row.milestones.filter(pk=pk).first()
    if found is None:
        raise NotFound
    one: Milestone = found
    return one


def evidence_of(milestones: list[Milestone]) -> dict[int, list[Attachment]]:
    """The photos of several milestones at once, by milestone; of those that are reached."""
    found = files.attachments_of(EVIDENCE, [str(one.pk) for one in milestones if one.done_on is not None])
    return {int(owner): rows for owner, rows in found.items()}
