"""What activities add: what falls due, one's own sign-ups, what waits for a yes, what a unit has in hand."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.dates import moment
from alliance.lib.registry import contribute
from deadlines.kinds import register_kind
from members.services.in_hand import InHand, OpenThing
from members.services.journal import Journal
from people.models import User
from volunteers import approvals_activities as approvals
from volunteers.models import Activity, Attendance, Feedback, Hours, PhotoConsent, PhotoShown, SignUp
from volunteers.presenting import onward, points, venues
from volunteers.presenting.happenings import happenings
from volunteers.presenting.year import tallies
from volunteers.service_card import given
from volunteers.services import clock, photo_consents, photos
from volunteers.services.feedback import forget_words
from volunteers.services.hours import as_hours
from volunteers.services.signing import cancel_all_of
from volunteers.states import OPEN

MOST = 50


def in_hand(unit_id: int) -> InHand:
    """Activities of the unit that are not over."""
    return InHand(gettext_lazy("没办完的活动"), Activity.objects.filter(unit_id=unit_id, state__in=OPEN).count())


def open_things(user: User, unit_id: int) -> list[OpenThing]:
    """Activities of the unit that are not over, for staff of their streets."""
    rows = Activity.objects.kept_by(user).filter(unit_id=unit_id, state__in=OPEN)
    return [
        OpenThing(row.title, gettext_lazy("活动"), reverse("admin:volunteers_activity_change", args=[row.pk]))
        for row in rows.order_by("-proposed_at", "-pk")[:MOST]
    ]


def merge_activities(journal: Journal) -> None:
    """What the gone unit organises."""
    journal.move(gettext_lazy("活动"), journal.hold(Activity.objects.filter(unit=journal.gone)))


def my_section(request: HttpRequest) -> dict[str, Any] | None:
    """我的活动: what one is signed up for, the nearest first."""
    if not isinstance(request.user, User):
        return None
    rows = SignUp.objects.live().filter(person=request.user).select_related("post__slot__activity")
    lines = [
        {
            "text": row.post.slot.activity.title,
            "small": row.get_state_display(),
            "when": moment(row.post.slot.starts),
            "url": reverse("volunteers:signup", args=[row.pk]),
        }
        for row in rows.order_by("post__slot__starts", "pk")[:MOST]
    ]
    more = {"url": reverse("volunteers:my_activities"), "url_label": _("全部")}
    return {"title": _("我的活动"), "lines": lines, "order": 30, **more} if lines else None


def my_data(user: User) -> dict[str, list[dict[str, Any]]]:
    """Every sign-up, presence and row of hours, as plain values."""
    rows = SignUp.objects.filter(person=user).select_related("post__slot__activity").order_by("pk")
    signups = [
        {
            "number": row.post.slot.activity.number,
            "title": row.post.slot.activity.title,
            "starts": row.post.slot.starts.isoformat(),
            "state": row.get_state_display(),
            "name": row.real_name or "",
            "companions": row.companions,
            "ages": list(row.ages),
            "appeal": row.appeal_words,
            "at": row.made_at.isoformat(),
        }
        for row in rows
    ]
    hours = [
        {"day": row.day.isoformat(), "title": row.label, "hours": as_hours(row.minutes), "note": row.why}
        for row in Hours.objects.filter(person=user).order_by("day", "pk")
    ]
    there = Attendance.objects.filter(person=user).select_related("signup__post__slot__activity").order_by("pk")
    presences = [
        {
            "number": row.signup.post.slot.activity.number,
            "how": row.get_how_display(),
            "came": row.came_at.isoformat(),
            "left": row.left_at.isoformat() if row.left_at else "",
        }
        for row in there
    ]
    kept = {"signups": signups, "presences": presences, "service_hours": hours, "feedback": _said(user)}
    kept["photo_consents"] = _photos_said(user)
    return {name: found for name, found in kept.items() if found}


def _said(user: User) -> list[dict[str, Any]]:
    """How it was, as they said."""
    rows = Feedback.objects.filter(signup__person=user).select_related("signup__post__slot__activity")
    return [
        {
            "number": row.signup.post.slot.activity.number,
            "outcome": row.get_mood_display(),
            "words": row.words,
            "at": row.said_at.isoformat(),
        }
        for row in rows.order_by("pk")
    ]


def _photos_said(user: User) -> list[dict[str, Any]]:
    """Whether they may be on pictures of a day, and on how many they are."""
    rows = PhotoConsent.objects.filter(signup__person=user).select_related("signup__post__slot__activity")
    seen = Counter(PhotoShown.objects.filter(signup__person=user).values_list("signup", flat=True))
    return [
        {
            "number": row.signup.post.slot.activity.number,
            "state": _("可以有我") if row.withdrawn_at is None else _("不同意"),
            "photos": seen[row.signup_id],
            "at": (row.withdrawn_at or row.given_at).isoformat(),
        }
        for row in rows.order_by("pk")
    ]


def my_stays(user: User) -> list[str]:
    """What stays behind of somebody who goes."""
    found = []
    if SignUp.objects.live().filter(person=user).exists():
        found.append(_("还没开始的报名会取消，名额给候补的人。"))
    if Hours.objects.filter(person=user).exists():
        found.append(_("服务时长的记录留着数字，看不出是谁。"))
    return found


for _kind in clock.KINDS:
    register_kind(_kind)
contribute("service.card", given, order=50)
contribute("booking.subject", venues.booked_for_day, order=30)
contribute("thing.onward", onward.onward, order=20)
contribute("my.sections", my_section, order=30)
contribute("points.things", points.things, order=30)
contribute("my.data", my_data, order=36)
contribute("year.tallies", tallies, order=10)
contribute("person.happenings", happenings, order=10)
contribute("my.stays", my_stays, order=36)
contribute("my.erase", cancel_all_of, order=36)
contribute("my.erase", forget_words, order=37)
contribute("my.erase", photo_consents.end_all_of, order=38)
contribute("my.erase", photos.drop_photos_of, order=39)
contribute("seat.in_hand", in_hand, order=50)
contribute("unit.open", open_things, order=40)
contribute("unit.merge", merge_activities, order=45)
contribute("workbench.approvals", approvals.activities, order=60)
contribute("workbench.approvals", approvals.appeals, order=61)
