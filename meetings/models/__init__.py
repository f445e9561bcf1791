"""Meetings that come again, what was on their agenda, and what came of it."""

from __future__ import annotations

from meetings.models.action import ActionEvent, ActionItem
from meetings.models.agenda import AgendaItem, Minutes
from meetings.models.extract import Extract
from meetings.models.invitee import Invitee
from meetings.models.meeting import Meeting, MeetingEvent
from meetings.models.series import Series, SeriesEvent, SeriesInvitee
from meetings.models.topic import Topic, TopicEvent

__all__ = [
    "ActionEvent",
    "ActionItem",
    "AgendaItem",
    "Extract",
    "Invitee",
    "Meeting",
    "MeetingEvent",
    "Minutes",
    "Series",
    "SeriesEvent",
    "SeriesInvitee",
    "Topic",
    "TopicEvent",
]
