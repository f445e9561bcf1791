"""Things of other rooms by their keys (``need:12``): what they are called, where they are, since when.

Each kind is asked once for all its keys (``project.links``: person, keys → ``{key: Linked}``); what somebody may not
see is not there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import NotFound, RuleBroken, Text
from alliance.lib.registry import contributions
from alliance.lib.text import clean
from people.models import User
from projects.models import Link
from projects.services.project_held import hold_project
from projects.states import ProjectVerb


@dataclass(frozen=True)
class Linked:
    """One thing: ``what`` kind it is, its ``title``, its ``label`` (a number), its page, how it stands, since when."""

    what: Text
    title: str
    label: str
    url: str = ""
    state: Text = ""
    at: datetime | None = None


def resolve(user: User | None, subjects: Iterable[str]) -> dict[str, Linked]:
    """Those of ``subjects`` that ``user`` (None: everybody) may see; a fixed number of queries for any number."""
    keys = sorted(set(subjects))
    found: dict[str, Linked] = {}
    if keys:
        for ask in contributions("project.links"):
            found.update(ask(user, keys))
    return found


def keys_of(kind: str, subjects: Iterable[str]) -> list[int]:
    """The numbers in those of ``subjects`` that are of ``kind``."""
    parts = (subject.partition(":") for subject in subjects)
    return [int(key) for name, _colon, key in parts if name == kind and key.isdigit() and len(key) < 18]


def subject_label(user: User, subject: str) -> str:
    """The label of ``subject``, kept with whatever points to it. Raises ``NotFound``."""
    found = resolve(user, [clean(subject)[:60]]).get(clean(subject))
    if found is None:
        raise NotFound(_("没有找到要关联的那一件。"))
    return found.label[:60]


@transaction.atomic
def link_project(*, pk: int, by: User, version: int | None, subject: str) -> Link:
    """关联: a need, wish, resource or booking that ``by`` may see. Raises as ``hold_project``; ``NotFound``,
    ``RuleBroken`` (linked already)."""
    row = hold_project(pk, by, ProjectVerb.LINK, version)
    key = clean(subject)
    label = subject_label(by, key)
    try:
        with transaction.atomic():
            link = Link.objects.create(project=row, subject=key, label=label, linked_by=by)
    except IntegrityError as error:
        raise RuleBroken(_("这一件已经关联了。")) from error
    row.move_to(ProjectVerb.LINK, actor=by, params={"subject": key, "label": label})
    return link


@transaction.atomic
def unlink_project(*, pk: int, by: User, version: int | None, subject: str) -> None:
    """Take a link away. Raises as ``hold_project``; ``NotFound``."""
    row = hold_project(pk, by, ProjectVerb.LINK, version)
    link = row.links.filter(subject=clean(subject)).first()
    if link is None:
        raise NotFound
    link.delete()
    row.move_to(ProjectVerb.LINK, actor=by, params={"subject": link.subject, "label": link.label, "gone": True})
