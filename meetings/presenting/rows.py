"""The parts of a meeting's page: its agenda with what each point is about, who is invited, what was resolved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from alliance.lib.dates import day_of, moment
from alliance.lib.errors import Text
from meetings.models import ActionItem, Invitee, Meeting, Topic
from meetings.presenting import words
from meetings.services.agenda import Point
from meetings.states import Coming
from people.models import User
from projects.services.linked import resolve

LISTS = {
    "lines:needs": "admin:needs_need_changelist",
    "lines:wishes": "admin:needs_wish_changelist",
    "lines:agreements": "admin:projects_agreement_changelist",
    "lines:projects": "admin:projects_project_changelist",
}
TONES = {Coming.COMES: "in", Coming.STAND_IN: "in", Coming.STAYS_AWAY: "out", Coming.OPEN: ""}


def agenda(row: Meeting, user: User) -> list[dict[str, Any]]:
    """Its points in order: ``{item, small [(text, url)], late}``."""
    items = list(row.agenda.all())
    about = _about([item.subject for item in items], user)
    return [{"item": item, **about.get(item.subject, PLAIN)} for item in items]


PLAIN: dict[str, Any] = {"small": [], "late": ""}


def proposed(points: Sequence[Point], user: User) -> list[dict[str, Any]]:
    """What could be taken on, with what it is about."""
    about = _about([point.subject for point in points], user)
    return [{"point": point, **about.get(point.subject, PLAIN)} for point in points]


def _about(subjects: Iterable[str], user: User) -> dict[str, dict[str, Any]]:
    """By the key of a subject what stands below its point: three queries at most."""
    keys: dict[str, list[int]] = {"action": [], "topic": []}
    found: dict[str, dict[str, Any]] = {}
    for subject in subjects:
        kind, _colon, key = subject.partition(":")
        if kind in keys and key.isdigit():
            keys[kind].append(int(key))
        elif subject in LISTS:
            found[subject] = {"small": [(_("去看看"), reverse(LISTS[subject]))], "late": ""}
    for action in ActionItem.objects.filter(pk__in=keys["action"]).select_related("unit", "office", "meeting"):
        found[action.subject] = _of_action(action)
    topics = (
        list(Topic.objects.filter(pk__in=keys["topic"]).select_related("unit", "raised_by")) if keys["topic"] else []
    )
    linked = resolve(user, [one.origin for one in topics if one.origin]) if topics else {}
    for topic in topics:
        found[topic.subject] = _of_topic(topic, linked.get(topic.origin))
    return found


def _of_action(row: ActionItem) -> dict[str, Any]:
    url, late = reverse("admin:meetings_actionitem_change", args=[row.pk]), words.late_by(row)
    small = [(_("责任：%(who)s") % {"who": words.doer_of(row)}, url)]
    if late:
        day = day_of(row.first_due_on)
        small.append((_("原定%(day)s，过了%(n)d天") % {"day": day, "n": late}, ""))
    if row.said:
        small.append((row.said, ""))
    return {"small": small, "late": _("延后") if late else ""}


def _of_topic(row: Topic, linked: Any) -> dict[str, Any]:
    url = reverse("admin:meetings_topic_change", args=[row.pk])
    small = [(_("%(who)s提出") % {"who": words.raiser_of(row)}, url)]
    if row.origin_label:
        small.append((row.origin_label, str(linked.url) if linked and linked.url else ""))
    return {"small": small, "late": ""}


def resolution(row: ActionItem) -> dict[str, Any]:
    """One line of 决议."""
    return {
        "row": row,
        "doer": words.doer_of(row),
        "due": day_of(row.due_on),
        "postponed": words.postponed(row),
        "state": words.action_state(row),
        "url": reverse("admin:meetings_actionitem_change", args=[row.pk]),
    }


def invitees(row: Meeting) -> list[dict[str, Any]]:
    """Who is on the list: ``{row, name, role, said, tone, there, clock}``; those there first."""
    rows = Invitee.objects.asked().filter(meeting=row).select_related("unit", "office", "user").order_by("pk")
    order = list(TONES)
    found = [_invitee(one, ahead=row.is_ahead) for one in rows]
    return sorted(found, key=lambda one: (not one["there"], order.index(Coming(one["row"].answer))))


def _invitee(one: Invitee, *, ahead: bool) -> dict[str, Any]:
    said: Text = one.get_answer_display()
    if one.answer == Coming.STAND_IN:
        said = _("%(name)s代") % {"name": one.stand_in}
    there = one.present_at is not None
    clock = f"{one.get_how_display()} {moment(one.present_at)}" if one.present_at else ""
    return {
        "row": one,
        "name": one.label,
        "role": one.role,
        "said": str(said),
        "tone": "in" if there else TONES[Coming(one.answer)] if ahead else "out",
        "there": there,
        "clock": clock,
    }


def counts(rows: Sequence[dict[str, Any]]) -> dict[str, int]:
    """应到: everybody but those who stay away."""
    answers = [one["row"].answer for one in rows]
    return {
        "asked": len(rows),
        "comes": sum(answer in (Coming.COMES, Coming.STAND_IN) for answer in answers),
        "away": answers.count(Coming.STAYS_AWAY),
        "open": answers.count(Coming.OPEN),
        "there": sum(one["there"] for one in rows),
    }


def named(rows: Iterable[Invitee]) -> list[tuple[int, str]]:
    """For a choice."""
    return [(one.pk, f"{one.label} {one.role}".strip()) for one in rows]
