"""The demo's quarter of meetings in 北山: made by the series themselves, one held with all that came of it."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from deadlines.models import Due
from deadlines.services.sweep import sweep
from meetings.models import ActionItem, Invitee, Meeting, Series, Topic
from meetings.services.planning import plan_ahead
from meetings.states import Coming, MeetingKind, MeetingState
from portal.demo import alliance_data as data
from portal.demo import alliances, cast, loading, meetings, papers, together

pytestmark = pytest.mark.django_db


def test_a_quarter_of_meetings_appears_by_itself() -> None:
    loading.load_areas()
    loading.load_people()
    alliances.load_alliances()
    papers.load_documents()
    together.load_beishan()
    meetings.load_meetings()
    rows = Series.objects.filter(street_code=cast.BEISHAN)
    assert rows.count() == len(data.BS_GROUPS) + len(data.BS_ZONES) + 2
    assert {row.kind for row in rows} == set(MeetingKind.values)
    for row in rows:
        assert row.title.endswith("（演示）") and row.meetings.filter(starts__gt=timezone.now()).exists(), row.title
        assert all(one.invitees.exists() or row.kind == "consult" for one in row.meetings.all()), row.title
    there = Meeting.objects.count()
    plan_ahead()
    assert Meeting.objects.count() == there, "the clock finds everything there"
    held = Meeting.objects.get(state=MeetingState.SENT)
    assert held.ends < timezone.now() and held.minutes.get().text and held.agenda.exclude(result="").count() == 2
    said = set(Invitee.objects.filter(meeting=held).values_list("answer", flat=True))
    assert {Coming.COMES, Coming.STAND_IN} <= said and held.invitees.filter(present_at__isnull=False).exists()
    assert Topic.objects.get().state == "answered"
    assert (ActionItem.objects.open().count(), ActionItem.objects.late().count()) == (2, 1)
    called = Meeting.objects.filter(state=MeetingState.CALLED).get()
    assert called.starts > timezone.now() and called.invitees.exclude(answer="").exists()
    typed = [called.place, held.minutes.get().text, *ActionItem.objects.values_list("what", flat=True)]
    assert all("演示" in text for text in typed)
    # Days in the title of nothing: the demo reads the same whenever it is loaded.
    assert not [row.title for row in rows if re.search(r"\d", row.title)]


def test_what_is_late_is_noticed_by_the_clock() -> None:
    loading.load_areas()
    loading.load_people()
    alliances.load_alliances()
    papers.load_documents()
    meetings.load_meetings()
    late = ActionItem.objects.late().get()
    due = Due.objects.undone().get(subject=late.subject)
    Due.objects.filter(pk=due.pk).update(due_at=timezone.now())
    sweep()
    following = Meeting.objects.filter(series=late.meeting.series, state=MeetingState.DRAFT).earliest("starts")
    assert following.agenda.first().subject == late.subject
