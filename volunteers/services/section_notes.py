"""巡查日记: what whoever walks a section writes, takes back the same day, and hears from the office.

Locks: the section, of a new entry; else the entry, and after it the section where one is taken back
(docs/locking.md).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, Invalid, NotAllowed, RuleBroken, Text
from alliance.lib.text import clean
from claims.services.people import by_daylight
from files.services import attach_held, attachments, drop_attached
from needs.models import Need
from notifications.services import queue
from people.models import User
from people.querysets import STREET_LENGTH
from people.services.accounts import holders
from volunteers.messages import sections as messages
from volunteers.models import Section, SectionNote
from volunteers.permissions.people import KEEPERS
from volunteers.permissions.sections import note_abilities, section_abilities, walks
from volunteers.states.sections import How, Outcome

OWNER = "section-note"
MOST_WORDS, MOST_A_DAY = 500, 5
BACK = timedelta(days=30)
"""How long afterwards a walk may be written down."""


@transaction.atomic
def write_note(
    *, section: int, by: User, client_key: UUID, day: date | None, outcome: str, words: str = "", hold_key: str = ""
) -> SectionNote:
    """One walk: on which ``day``, what came of it (``Outcome``), words where it was not all well, the photos held under
    ``hold_key``. The office writes for others what stands in a paper diary. The same key again finds the first.

    Raises ``NotFound``, ``NotAllowed``, ``RuleBroken`` (nobody has the section in hand; enough for that day),
    ``Invalid`` by field, ``Conflict``.
    """
    row: Section = Section.objects.visible_to(by).select_related("area", "claim").locked(section)
    first = SectionNote.objects.filter(client_key=client_key).first()
    if first is not None:
        if (first.by_id, first.section_id) != (by.pk, row.pk):
            raise Conflict
        return first
    if row.claim is None or row.closed_on is not None:
        raise RuleBroken(_("这一段现在没有人认领，先认领再记。"))
    if "note" not in section_abilities(by, row):
        raise NotAllowed
    when, text = _checked(row, day, outcome, words)
    if SectionNote.objects.there().filter(section=row, day=when).count() >= MOST_A_DAY:
        raise RuleBroken(_("这一天记了%(n)d次，够了，谢谢您。") % {"n": MOST_A_DAY})
    how = How.SELF if walks(by, row) else How.PAPER
    said = {"day": when, "outcome": outcome, "words": text}
    note = SectionNote.objects.create(section=row, claim=row.claim, client_key=client_key, by=by, how=how, **said)
    if hold_key:
        attach_held(hold_key=hold_key, owner_kind=OWNER, owner_id=str(note.pk), area_code=row.area_id)
    _note_day(row)
    if outcome == Outcome.FOUND:
        _tell_office(note)
    note.just_made = True
    return note


def _checked(row: Section, day: date | None, outcome: str, words: str) -> tuple[date, str]:
    errors: dict[str, list[Text]] = {}
    today, text = timezone.localdate(), clean(words)
    since = timezone.localdate(row.claim.claimed_at) if row.claim else today
    if day is None:
        errors["day"] = [_("请选哪天巡的。")]
    elif day > today:
        errors["day"] = [_("还没到这一天。")]
    elif day < max(since, today - BACK):
        errors["day"] = [_("只记认领以后、最近一个月里的。")]
    if outcome not in Outcome.values:
        errors["outcome"] = [_("请选一个。")]
    elif outcome != Outcome.FINE and not text:
        errors["words"] = [_("请写一句看到什么、在哪里。")]
    if len(text) > MOST_WORDS:
        errors["words"] = [_("请写在%(n)d字以内。") % {"n": MOST_WORDS}]
    if errors or day is None:
        raise Invalid(errors)
    return day, text


def _note_day(row: Section) -> None:
    """The last walk of this turn, as the diary has it. The section is locked."""
    there = SectionNote.objects.there().filter(section=row, claim=row.claim)
    Section.objects.filter(pk=row.pk).update(noted_on=there.aggregate(last=Max("day"))["last"])


def _tell_office(note: SectionNote) -> None:
    users = [user for user in holders(KEEPERS, note.section.area_id) if user.pk != note.by_id]
    message = messages.of_section(messages.SectionFound, note.section, at_office=True)
    queue(message, occurrence=f"section-note:{note.pk}", users=users, not_before=by_daylight())


@transaction.atomic
def take_back_note(*, pk: int, by: User) -> SectionNote:
    """撤回, by whoever wrote it, the same day, while nobody has answered; twice changes nothing.

    Raises ``NotFound``, ``NotAllowed``, ``RuleBroken``.
    """
    note: SectionNote = SectionNote.objects.visible_to(by).select_related("section").locked(pk)
    if note.by_id != by.pk:
        raise NotAllowed
    if note.taken_back_at is not None:
        return note
    if "take_back" not in note_abilities(by, note, timezone.localdate()):
        raise RuleBroken(_("只能撤回当天记的、还没答复的。写错了可以再记一次，说明一下。"))
    note.taken_back_at = timezone.now()
    note.save(update_fields=["taken_back_at"])
    row = Section.objects.filter(pk=note.section_id).select_related("claim")
    _note_day(row.select_for_update(of=("self",), no_key=True).get())
    return note


@transaction.atomic
def answer_note(*, pk: int, by: User, words: str, number: str = "") -> SectionNote:
    """The office says what becomes of it; ``number``: the need it was registered as, if any. Whoever wrote it is told.

    Raises ``NotFound``, ``NotAllowed``, ``RuleBroken`` (answered, taken back, nothing was found), ``Invalid``.
    """
    note: SectionNote = SectionNote.objects.visible_to(by).select_related("section__area", "by").locked(pk)
    if note.taken_back_at is not None or note.outcome != Outcome.FOUND:
        raise RuleBroken(_("这一条不用答复。"))
    if note.answered_at is not None:
        raise RuleBroken(_("这一条已经答复过了。"))
    if "answer" not in note_abilities(by, note, timezone.localdate()):
        raise NotAllowed
    text = clean(words)
    if not text or len(text) > MOST_WORDS:
        raise Invalid({"words": [_("请写一句怎么办，%(n)d字以内；巡的人看得到。") % {"n": MOST_WORDS}]})
    note.need = _need(number, by, note)
    note.answer, note.answered_by, note.answered_at = text, by, timezone.now()
    note.save(update_fields=["answer", "answered_by", "answered_at", "need"])
    message = messages.of_section(messages.SectionAnswered, note.section)
    queue(message, occurrence=f"section-note:{note.pk}", users=[note.by], not_before=by_daylight())
    return note


def _need(number: str, by: User, note: SectionNote) -> Need | None:
    typed = clean(number).upper()
    if not typed:
        return None
    street = note.section.area_id[:STREET_LENGTH]
    found: Need | None = Need.objects.visible_to(by).filter(number=typed[:40], street_code=street).first()
    if found is None:
        raise Invalid({"number": [_("没有找到这个编号的诉求，请照单子上的填。")]})
    return found


def photos_of(note: SectionNote) -> list[Any]:
    """The photos of an entry. Whoever may see the entry may see them."""
    return list(attachments(OWNER, str(note.pk)))


def forget_notes(user: User) -> int:
    """Whoever goes takes their words and photos along; that somebody walked stays. Returns how many entries."""
    rows = list(SectionNote.objects.filter(by=user).order_by("pk").select_for_update(of=("self",), no_key=True))
    for note in rows:
        for photo in photos_of(note):
            drop_attached(OWNER, str(note.pk), photo.pk)
    SectionNote.objects.filter(pk__in=[note.pk for note in rows]).update(words="")
    return len(rows)
