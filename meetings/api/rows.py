"""Series, meetings, topics and action items in the shapes of the API, as far as whoever asks may know."""

from __future__ import annotations

from typing import Any

from alliance.lib.errors import NotFound
from meetings.models import ActionItem, Extract, Invitee, Meeting, Minutes, Series, Topic
from meetings.permissions import action_abilities, meeting_abilities, series_abilities, speaks_as, topic_abilities

SERIES = (
    *("kind", "title", "rule", "starts", "minutes", "off_days", "place"),
    *("everybody", "state", "version"),
)
MEETING = ("number", "kind", "title", "starts", "ends", "place", "state", "version")
INVITEE = ("role", "answer", "stand_in", "answered_at", "via", "present_at", "how")
ACTION = ("what", "doer", "due_on", "first_due_on", "said", "said_at", "done_on", "state", "version")
TOPIC = ("title", "words", "answer", "state", "raised_at", "ended_at", "version")


def _found(rows: Any, pk: int) -> Any:
    row = rows.filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def _able(abilities: frozenset[str]) -> list[str]:
    return sorted(str(verb) for verb in abilities)


def series(user: Any, pk: int) -> Series:
    """The series, if ``user`` sees it. Raises ``NotFound``, as all of these."""
    row: Series = _found(Series.objects.visible_to(user), pk)
    return row


def meeting(user: Any, pk: int) -> Meeting:
    row: Meeting = _found(Meeting.objects.visible_to(user), pk)
    return row


def invitee(user: Any, pk: int) -> Invitee:
    """Somebody on the list: to whoever keeps the meeting, and to whoever answers for them."""
    rows = Invitee.objects.visible_to(user).asked().select_related("unit", "office", "user", "meeting")
    row: Invitee = _found(rows, pk)
    if not (speaks_as(user, row) or Meeting.objects.kept_by(user).filter(pk=row.meeting_id).exists()):
        raise NotFound
    return row


def topic(user: Any, pk: int) -> Topic:
    row: Topic = _found(Topic.objects.visible_to(user), pk)
    return row


def action(user: Any, pk: int) -> ActionItem:
    row: ActionItem = _found(ActionItem.objects.visible_to(user).select_related("unit", "office"), pk)
    return row


def series_row(row: Series) -> dict[str, Any]:
    """As ``SeriesRow``."""
    return {
        "id": row.pk,
        "area": row.area_id,
        "unit": row.unit_id,
        **{name: getattr(row, name) for name in SERIES},
    }


def series_one(row: Series, user: Any) -> dict[str, Any]:
    """As ``SeriesOne``."""
    invited = [
        {"name": str(one), "body": one.body_id, "unit": one.unit_id, "office": one.office_id}
        for one in row.invitees.select_related("body", "unit", "office")
    ]
    return {**series_row(row), "invited": invited, "abilities": _able(series_abilities(user, row))}


def meeting_row(row: Meeting) -> dict[str, Any]:
    """As ``MeetingRow``."""
    return {
        "id": row.pk,
        "area": row.area_id,
        "series": row.series_id,
        "unit": row.unit_id,
        **{name: getattr(row, name) for name in MEETING},
    }


def meeting_one(row: Meeting, user: Any) -> dict[str, Any]:
    """As ``MeetingOne``: to those invited without what the others said."""
    keeps = Meeting.objects.kept_by(user).filter(pk=row.pk).exists()
    asked = row.invitees.filter(dropped_at__isnull=True).select_related("unit", "office", "user").order_by("pk")
    last = Minutes.objects.visible_to(user).filter(meeting=row).order_by("revision").last()
    actions = ActionItem.objects.visible_to(user).filter(meeting=row).select_related("unit", "office").order_by("pk")
    points = ("id", "position", "title", "minutes", "result")
    names = ("revision", "text", "has_paper", "at")
    return {
        **meeting_row(row),
        "booking": row.booking_id if keeps else None,
        "agenda": [
            {**{name: getattr(one, name) for name in points}, "subject": one.subject if keeps else ""}
            for one in row.agenda.all()
        ],
        "invitees": [invitee_row(one) for one in asked if keeps or speaks_as(user, one)],
        "record": {name: getattr(last, name) for name in names} if last else None,
        "actions": [action_row(one) for one in actions],
        "extract": Extract.objects.shown().filter(meeting=row).values_list("words", flat=True).first() or "",
        "abilities": _able(meeting_abilities(user, row)),
    }


def invitee_row(row: Invitee, user: Any = None) -> dict[str, Any]:
    """As ``InviteeRow``."""
    return {
        "id": row.pk,
        "name": row.label,
        "unit": row.unit_id,
        "office": row.office_id,
        **{name: getattr(row, name) for name in INVITEE},
    }


def topic_row(row: Topic) -> dict[str, Any]:
    """As ``TopicRow``."""
    return {
        "id": row.pk,
        "area": row.area_id,
        "unit": row.unit_id,
        "origin": row.origin_label,
        "meeting": row.meeting_id,
        **{name: getattr(row, name) for name in TOPIC},
    }


def topic_one(row: Topic, user: Any) -> dict[str, Any]:
    """As ``TopicOne``."""
    return {**topic_row(row), "abilities": _able(topic_abilities(user, row))}


def action_row(row: ActionItem) -> dict[str, Any]:
    """As ``ActionRow``."""
    return {
        "id": row.pk,
        "meeting": row.meeting_id,
        "item": row.item_id,
        "area": row.area_id,
        "unit": row.unit_id,
        "office": row.office_id,
        **{name: getattr(row, name) for name in ACTION},
    }


def action_one(row: ActionItem, user: Any) -> dict[str, Any]:
    """As ``ActionOne``."""
    return {**action_row(row), "abilities": _able(action_abilities(user, row))}
