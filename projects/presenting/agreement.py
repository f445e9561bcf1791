"""An agreement as staff see it: the strip above its page, what each unit said, what happened."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.dates import moment
from files.models import Attachment
from projects.models import Agreement, AgreementEvent, Amendment, Ask
from projects.presenting.facts import day
from projects.presenting.progress import days_note
from projects.services.answering import SHEET, sheets_of
from projects.services.clock import days_left
from projects.services.people import contacts
from projects.services.verifying import stands
from projects.services.wording import number
from projects.states import AgreementState, Answer, AnsweredBy

FILE = "admin:projects_agreement_file"
SAID = {
    Answer.OPEN: (gettext_lazy("等答复"), ""),
    Answer.YES: (gettext_lazy("确认了"), "done"),
    Answer.NO: (gettext_lazy("想改一改"), "late"),
}


def strip(row: Agreement) -> list[dict[str, Any]]:
    """On top: until when, how many have confirmed, who looks after it, what keeps it."""
    left = days_note(days_left(row)) if row.state == AgreementState.RUNNING else ""
    if row.is_ahead:
        left = _("还没到开始的日子")
    until = day(row.runs_until or row.ends_on)
    signed = _("%(day)s签于%(place)s") % {"day": day(row.signed_on), "place": row.signed_place} if row.signed_on else ""
    return [
        {"label": _("甲方"), "text": row.area.name, "small": ""},
        {"label": _("期限"), "spans": [day(row.starts_on), f"— {until}"], "small": left},
        {"label": _("专员"), "text": row.commissioner.name if row.commissioner else _("还没定"), "small": ""},
        {"label": _("签约"), "text": signed or _("还没签"), "small": row.sha256[:16]},
    ]


def parties(row: Agreement) -> list[dict[str, Any]]:
    """Each unit with its duties, and what it said to the text as it stands."""
    asks = Ask.objects.filter(party__agreement=row, amendment=None, turn=row.turn).select_related("by")
    by_party = {ask.party_id: ask for ask in asks} if row.turn else {}
    known, sheets = contacts(row), sheets_of(by_party.values())
    return [
        {
            **_party(party, by_party.get(party.pk)),
            "contact": known.get(party.unit_id, ""),
            "sheets": _sheets(row, by_party.get(party.pk), sheets),
        }
        for party in row.parties.all()
    ]


def _sheets(row: Agreement, ask: Ask | None, sheets: dict[int, list[Attachment]]) -> list[tuple[str, str]]:
    """Name and address of each picture of the sheet on which the unit confirmed."""
    found = sheets.get(ask.pk, []) if ask else []
    return [(one.name, reverse(FILE, args=[row.pk, SHEET, one.owner_id, one.pk])) for one in found]


def _party(party: Any, ask: Ask | None) -> dict[str, Any]:
    label, tone = SAID[Answer(ask.answer)] if ask and ask.void_at is None else ("", "")
    if party.left_on is not None:
        label, tone = _("%(day)s退出") % {"day": day(party.left_on)}, "off"
    return {
        "name": party.name,
        "url": reverse("admin:members_memberunit_change", args=[party.unit_id]),
        "duties": party.duties,
        "label": label,
        "tone": tone,
        "words": (ask.words if ask else "") or party.left_why,
        "when": moment(ask.answered_at) if ask and ask.answered_at else "",
        "who": ask.by.name if ask and ask.by and ask.by.is_staff else "",
    }


def targets(row: Agreement) -> list[tuple[str, str]]:
    return [(one.name, f"{number(one.amount)}{one.measure}") for one in row.targets.all()]


def papers(row: Agreement) -> list[dict[str, Any]]:
    """The amendments, with how they stand."""
    found: list[Amendment] = list(row.amendments.all())
    asks = list(Ask.objects.filter(amendment__in=found, void_at__isnull=True)) if found else []
    sheets = sheets_of(asks)
    return [
        {
            "label": _("补充协议第%(n)d号") % {"n": one.ordinal},
            "state": one.get_state_display(),
            "words": one.words,
            "until": day(one.new_ends_on) if one.new_ends_on else "",
            "code": one.sha256,
            "stands": not one.is_signed or stands(one),
            "sheets": [each for ask in asks if ask.amendment_id == one.pk for each in _sheets(row, ask, sheets)],
        }
        for one in found
    ]


def story(events: Iterable[AgreementEvent]) -> list[dict[str, Any]]:
    """What happened, newest first. ``events`` come so, with their actors and amendments."""
    return [
        {
            "at": moment(event.at),
            "text": _text(event),
            "who": _who(event),
            "said": event.words,
            "why": "",
            "kind": "event",
            "now": place == 0,
        }
        for place, event in enumerate(events)
    ]


def _text(event: AgreementEvent) -> str:
    if event.amendment is None:
        return event.get_verb_display()
    what = {"n": event.amendment.ordinal, "verb": event.get_verb_display()}
    return _("补充协议第%(n)d号：%(verb)s") % what


def _who(event: AgreementEvent) -> str:
    """The unit it was said for; of the office's steps, and what it noted for a unit on paper, the colleague."""
    if event.actor and event.params.get("via") == AnsweredBy.PAPER:
        return _("%(who)s替%(unit)s登记") % {"who": event.actor.name, "unit": event.params.get("unit", "")}
    if unit := event.params.get("unit"):
        return str(unit)
    return event.actor.name if event.actor else _("系统")
