"""Residents' stories: written, agreed to, shown, taken down. Nothing is shown without a consent on record.

Locks: the story (docs/locking.md).
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken
from alliance.lib.public_text import require_seen
from alliance.lib.text import clean
from people.models import User
from projects.models import Project, Story
from projects.permissions import keeps
from projects.services.fields import Errors, said, too_long
from projects.states import ConsentHow, StoryState

MOST = {"called": 20, "title": 40, "words": 800}
ASK = {
    "called": _("请写称呼，如“汤大伯”。"),
    "title": _("请写一个标题。"),
    "words": _("请写居民怎么说的。"),
}
NOTHING: dict[str, Any] = {"consent_on": None, "consent_how": "", "consent_kept": "", "consent_by": None}


def write_story(
    *, project: int, client_key: UUID, by: User, called: str, title: str, words: str, seen_warnings: str = ""
) -> Story:
    """写故事, in the resident's words. A second tap finds the first.

    Raises ``NotFound``, ``NotAllowed``, ``Invalid`` (``Warned`` for what looks personal), ``Conflict``.
    """
    row = Project.objects.kept_by(by).filter(pk=project).first()
    if row is None:
        raise NotFound
    if not keeps(by, row.area_id):
        raise NotAllowed
    text = checked_story(called, title, words, seen_warnings)
    made = Story(project=row, client_key=client_key, written_by=by, **text)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        first = Story.objects.filter(client_key=client_key).first()
        if first is None:
            raise
        if first.written_by_id != by.pk or first.words != text["words"]:
            raise Conflict(_("这一篇已经写过了。要再写一篇，请重新打开页面。")) from None
        return first
    made.just_made = True
    return made


def checked_story(called: str, title: str, words: str, seen: str = "") -> dict[str, str]:
    """The three as they are kept. Raises ``Invalid`` with every field that is wrong, ``Warned``."""
    found = {"called": clean(called), "title": clean(title), "words": clean(words)}
    errors: Errors = {}
    for name, text in found.items():
        if not text:
            errors[name] = [ASK[name]]
        elif len(text) > MOST[name]:
            errors[name] = [too_long(MOST[name])]
    if errors:
        raise Invalid(errors)
    require_seen(list(found.values()), seen=seen)
    return found


def hold_story(pk: int, by: User, version: int | None, *states: StoryState) -> Story:
    """Locked, in one of ``states``. Raises ``NotFound``, ``NotAllowed``, ``Conflict``, ``RuleBroken``."""
    row: Story = Story.objects.visible_to(by).select_related("project").locked(pk)
    if not keeps(by, row.project.area_id):
        raise NotAllowed
    if row.state not in states:
        raise RuleBroken(_("这一篇现在是“%(state)s”，不能这样办。") % {"state": row.get_state_display()})
    if version is not None and version != row.version:
        raise Conflict
    return row


def _save(row: Story, **changes: Any) -> Story:
    for name, value in changes.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*changes, "version"])
    return row


@transaction.atomic
def edit_story(
    *, pk: int, by: User, version: int | None, called: str, title: str, words: str, seen_warnings: str = ""
) -> Story:
    """Other words: what was agreed to was said of the old ones. Raises as ``hold_story``, ``write_story``."""
    row = hold_story(pk, by, version, StoryState.WRITTEN)
    text = checked_story(called, title, words, seen_warnings)
    same = all(getattr(row, name) == value for name, value in text.items())
    return row if same else _save(row, **text, **NOTHING, worded_on=timezone.localdate())


@transaction.atomic
def note_consent(*, pk: int, by: User, version: int | None, on: date, how: str, kept: str) -> Story:
    """登记同意 to the words as they are: on which day, how, and where the paper is kept.

    Raises as ``hold_story``; ``Invalid``.
    """
    row = hold_story(pk, by, version, StoryState.WRITTEN)
    errors: Errors = {}
    if not row.worded_on <= on <= timezone.localdate():
        errors["on"] = [_("请选同意那天：写成这样以后，不晚于今天。")]
    if how not in ConsentHow.values:
        errors["how"] = [_("请选怎么同意的。")]
    if errors:
        raise Invalid(errors)
    where = said(kept, "kept", _("请写同意书放在哪里，或者哪两位在场。"), 120)
    return _save(row, consent_on=on, consent_how=how, consent_kept=where, consent_by=by)


@transaction.atomic
def show_story(*, pk: int, by: User, version: int | None) -> Story:
    """展示. Raises as ``hold_story``; ``RuleBroken`` without a consent to these words."""
    row = hold_story(pk, by, version, StoryState.WRITTEN)
    if row.consent_on is None:
        raise RuleBroken(_("还没有登记本人同意，不能展示。"))
    return _save(row, state=StoryState.SHOWN, shown_by=by, shown_at=timezone.now())


@transaction.atomic
def take_down_story(*, pk: int, by: User, version: int | None, words: str) -> Story:
    """撤下, with a word why: the story is gone at once, what stays is that it was agreed to and taken down.

    Raises as ``hold_story``, ``Invalid`` without words.
    """
    row = hold_story(pk, by, version, StoryState.WRITTEN, StoryState.SHOWN)
    why = said(words, "words", _("请写一句为什么撤下。"))
    gone = {"called": "", "title": "", "words": "", "state": StoryState.TAKEN_DOWN}
    return _save(row, **gone, ended_by=by, ended_at=timezone.now(), ended_why=why)
