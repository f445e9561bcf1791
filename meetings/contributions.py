"""What meetings add: what falls due, the link to answer by, what a unit has in hand, what goes along in a merge."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.registry import contribute
from deadlines.kinds import register_kind
from meetings.digests import weekly
from meetings.models import ActionItem, Invitee, Meeting, Series, Topic
from meetings.presenting import coming, onward, public, titles
from meetings.presenting.happenings import happenings
from meetings.presenting.year import tallies
from meetings.service_card import given
from meetings.services.cards import INVITATION_CARD
from meetings.services.clock import KINDS
from meetings.views import extract_form
from members.services.in_hand import InHand, OpenThing
from members.services.journal import Journal
from notifications.cards import register_card
from people.models import User

MOST = 50


def in_hand(unit_id: int) -> InHand:
    """Action items of the unit that are not done."""
    return InHand(_("没销号的行动项"), ActionItem.objects.open().filter(unit_id=unit_id).count())


def open_things(user: User, unit_id: int) -> list[OpenThing]:
    """The same, for staff of their streets, late ones first."""
    rows = ActionItem.objects.kept_by(user).open().filter(unit_id=unit_id).order_by("due_on", "pk")
    return [
        OpenThing(row.what, _("行动项"), reverse("admin:meetings_actionitem_change", args=[row.pk]))
        for row in rows[:MOST]
    ]


def merge_meetings(journal: Journal) -> None:
    """The gone unit's part in meetings; where both were invited, the doubled invitation is none, and what the gone unit
    said counts where the kept one has said nothing."""
    kept = Invitee.objects.filter(unit=journal.kept)
    rows = Invitee.objects.filter(unit=journal.gone)
    moved = journal.hold(rows.exclude(meeting__in=kept.values("meeting")))
    doubled = journal.hold(rows.filter(dropped_at__isnull=True, meeting__in=kept.values("meeting")))
    own = {one.meeting_id: one for one in journal.hold(kept.filter(meeting__in=[one.meeting_id for one in doubled]))}
    journal.move(_("会议"), moved)
    for one in doubled:
        row = own[one.meeting_id]
        if one.answer and not row.answer:
            journal.change(row, **{name: getattr(one, name) for name in SAID})
        if one.present_at is not None and row.present_at is None:
            journal.change(row, present_at=one.present_at, how=one.how)
        journal.change(row, dropped_at=None)
        # A day, so that the merge is what its preview said.
        journal.change(one, dropped_at=datetime.combine(journal.today, time(), timezone.get_current_timezone()))
    journal.move(_("召集的例会"), journal.hold(Series.objects.filter(unit=journal.gone)))
    journal.move(_("召集的会议"), journal.hold(Meeting.objects.filter(unit=journal.gone)))
    journal.move(_("议题"), journal.hold(Topic.objects.filter(unit=journal.gone)))
    journal.move(_("行动项"), journal.hold(ActionItem.objects.filter(unit=journal.gone)))


SAID = ("answer", "stand_in", "answered_at", "answered_by_id", "via")


def my_data(user: User) -> dict[str, list[dict[str, Any]]]:
    """What one answered, raised, and was asked to as a person."""
    rows = Invitee.objects.filter(answered_by=user).select_related("meeting").order_by("pk")
    answers = [
        {
            "number": row.meeting.number,
            "title": row.meeting.title,
            "answer": row.get_answer_display(),
            "name": row.stand_in,
            "at": row.answered_at.isoformat() if row.answered_at else "",
        }
        for row in rows
    ]
    topics = [
        {"title": row.title, "words": row.words, "state": row.get_state_display(), "at": row.raised_at.isoformat()}
        for row in Topic.objects.filter(raised_by=user).order_by("pk")
    ]
    return {name: found for name, found in (("meeting_answers", answers), ("topics", topics)) if found}


for _kind in KINDS:
    register_kind(_kind)
register_card(INVITATION_CARD)
contribute("service.card", given, order=50)
contribute("digest.weekly", weekly, order=60)
contribute("seat.in_hand", in_hand, order=60)
contribute("unit.open", open_things, order=60)
contribute("due.titles", titles.due_titles, order=60)
contribute("thing.onward", onward.onward, order=10)
contribute("booking.subject", titles.booked_for, order=40)
contribute("workbench.panels", coming.panel, order=30)
contribute("unit.merge", merge_meetings, order=60)
contribute("my.data", my_data, order=70)
contribute("alliance.doors", public.door, order=30)
contribute("workbench.urls", extract_form.urls, order=71)
contribute("year.tallies", tallies, order=20)
contribute("person.happenings", happenings, order=20)
