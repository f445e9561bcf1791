"""The questions the page 到期与提醒 asks: counts, lists, who met which limit. All of them scoped to the reader."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet
from django.db.models.functions import Left, Now
from django.utils import timezone

from alliance.lib.pagination import Page, page, page_by
from alliance.lib.registry import contributions
from deadlines.kinds import Preview, due_kind, due_kinds
from deadlines.models import Due, Stage
from deadlines.permissions import sees_cases
from deadlines.querysets import LISTED_FOR, STUCK_AFTER, WATCHERS
from deadlines.states import DueState, Outcome
from notifications.models import Message
from notifications.permissions import message_abilities
from notifications.states import OUTWARD, Reason, State
from people.models import Area, User
from people.querysets import within
from people.states import CODE_LENGTH, Level

PAGE_SIZE = 25
PREVIEW_SIZE = 20
LATELY = LISTED_FOR
"""Messages that did not go out are listed for so long, as dues that were missed."""
NO_FAULT = (Reason.NOT_OPEN, Reason.EMAIL_NOT_OPEN, Reason.OVERTAKEN)
"""A channel the street does not have, words that were true no more: nothing went wrong and nothing can be done."""
STAGES, TODAY, LATE = "stages", "today", "late"
REMINDERS, TROUBLE, MESSAGES, TOMORROW, KEPT = "reminders", "trouble", "messages", "tomorrow", "kept"
STAGE_TABS = (STAGES, TODAY, LATE)
TABS = (*STAGE_TABS, REMINDERS, TROUBLE, MESSAGES, TOMORROW, KEPT)


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What the page is narrowed to."""

    tab: str = STAGES
    kind: str = ""
    community: str = ""
    state: str = ""


@dataclass(frozen=True)
class Figures:
    """The counts on top. ``unsent`` is None for those who do not see messages; ``oldest`` is in seconds."""

    today: int
    late: int
    stuck: int
    missed: int
    unsent: int | None
    oldest: int


def midnight(days: int = 0) -> datetime:
    """The beginning of today, or of a day ``days`` from now."""
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=days)


def figures(user: User) -> Figures:
    """What stands on top of the page; four statements at most, however much has been done already."""
    soon = _running(user).filter(paused_at__isnull=True, due_at__lte=midnight(1))
    stages = soon.aggregate(
        today=Count("pk", filter=Q(due_at__gte=Now())), late=Count("pk", filter=Q(due_at__lt=Now()))
    )
    dues = Due.objects.visible_to(user)
    waiting = dues.undone().filter(due_at__lte=Now())
    stuck = Count("pk", filter=Q(due_at__lt=Now() - STUCK_AFTER))
    undone = waiting.aggregate(stuck=stuck, oldest=Min("due_at"))
    wrong = dict(dues.gone_wrong().order_by().values_list("state").annotate(Count("pk")))
    return Figures(
        today=stages["today"],
        late=stages["late"],
        stuck=undone["stuck"] + wrong.get(DueState.FAILED, 0),
        missed=wrong.get(DueState.MISSED, 0),
        unsent=unsent(user).count() if sees_messages(user) else None,
        oldest=max(0, int((timezone.now() - undone["oldest"]).total_seconds())) if undone["oldest"] else 0,
    )


def sees_messages(user: User) -> bool:
    return "view" in message_abilities(user)


def communities(user: User) -> list[tuple[str, str]]:
    """Streets and communities the page can be narrowed to."""
    mine = within(user.areas_of(*WATCHERS), area="code", street="")
    rows = Area.objects.served().filter(mine, level__in=[Level.STREET, Level.COMMUNITY])
    return list(rows.order_by("code").values_list("code", "name"))


def _running(user: User) -> QuerySet[Stage]:
    rows: QuerySet[Stage] = Stage.objects.visible_to(user).running()
    return rows


def _narrowed(rows: QuerySet[Any], chosen: Filter) -> QuerySet[Any]:
    if chosen.kind:
        rows = rows.filter(kind=chosen.kind)
    return rows.filter(area_code__startswith=chosen.community) if chosen.community else rows


def stages(user: User, chosen: Filter, cursor: str = "") -> Page:
    """Limits that run, the nearest end first; those of today, or those that are late."""
    rows = _narrowed(_running(user), chosen).select_related("holder")
    if chosen.tab != STAGES:
        rows = rows.filter(paused_at__isnull=True, due_at__lte=midnight(1))
        rows = rows.filter(due_at__lt=Now()) if chosen.tab == LATE else rows.filter(due_at__gte=Now())
    return page_by(rows, "due_at", cursor=cursor, size=PAGE_SIZE)


def reminders(user: User, chosen: Filter, cursor: str = "") -> Page:
    """What waits to be done today and tomorrow, in order."""
    rows = _narrowed(Due.objects.visible_to(user).undone(), chosen).filter(due_at__lt=midnight(2))
    return page_by(rows, "due_at", cursor=cursor, size=PAGE_SIZE)


def trouble(user: User, chosen: Filter, cursor: str = "") -> Page:
    """What failed, was missed, or waits for so long that something must be wrong; the newest first."""
    dues = Due.objects.visible_to(user)
    wrong = {
        DueState.WAITING: dues.stuck(),
        DueState.FAILED: dues.failed(),
        DueState.MISSED: dues.missed(),
    }
    rows = wrong[DueState(chosen.state)] if chosen.state else dues.stuck() | dues.gone_wrong()
    return page_by(_narrowed(rows, chosen), "due_at", newest=True, cursor=cursor, size=PAGE_SIZE)


def wrong_by_kind(user: User, chosen: Filter, state: DueState) -> dict[str, int]:
    """How many have failed, or were missed lately, of each kind."""
    dues = Due.objects.visible_to(user)
    rows = _narrowed(dues.failed() if state == DueState.FAILED else dues.missed(), chosen)
    return dict(rows.order_by("kind").values_list("kind").annotate(Count("pk")))


def unsent(user: User) -> QuerySet[Message]:
    """Messages of the last weeks that did not leave the house, or that wait beyond their moment."""
    if not sees_messages(user):
        return Message.objects.none()
    rows = Message.objects.visible_to(user).filter(channel__in=OUTWARD, created_at__gt=timezone.now() - LATELY)
    waiting = Q(state=State.WAITING, not_before__lte=Now())
    wrong = Q(state__in=[State.FAILED, State.UNCERTAIN, State.MISSED]) & ~Q(last_error__in=NO_FAULT)
    found: QuerySet[Message] = rows.filter(waiting | wrong)
    return found


def messages(user: User, chosen: Filter, cursor: str = "") -> Page:
    """Messages that wait, failed, are uncertain or were missed; the newest first."""
    rows = unsent(user)
    if chosen.state:
        rows = rows.filter(state=chosen.state)
    if chosen.community:
        rows = rows.filter(area_code__startswith=chosen.community)
    return page(rows, cursor=cursor, size=PAGE_SIZE)


def tomorrow(user: User, chosen: Filter, cursor: str = "") -> tuple[Page, dict[int, Preview]]:
    """What is planned for tomorrow, with what it would say and to whom as things stand."""
    kinds = [kind.name for kind in due_kinds() if kind.preview]
    rows = Due.objects.visible_to(user).undone().filter(kind__in=kinds)
    rows = rows.filter(due_at__gte=midnight(1), due_at__lt=midnight(2))
    found = page_by(_narrowed(rows, chosen), "due_at", cursor=cursor, size=PREVIEW_SIZE)
    return found, previews(found.rows)


def previews(dues: Sequence[Due]) -> dict[int, Preview]:
    """What ``dues`` would send, were they done now."""
    found: dict[int, Preview] = {}
    for name in {due.kind for due in dues}:
        kind = due_kind(name)
        if kind and kind.preview:
            found.update(kind.preview([due for due in dues if due.kind == name]))
    return found


def running_count(kind: str) -> int:
    """How many limits of ``kind`` run, the late ones too: their reminders are laid out anew with the ladder."""
    return Stage.objects.running().filter(kind=kind, paused_at__isnull=True).count()


def kept(user: User, chosen: Filter) -> list[dict[str, Any]]:
    """Of the stages ended this month: ``kind``, ``place`` (a community's code), how many ``met`` and ``breached``.

    By kind and community, never by person; ``late`` are those beside them that are overdue and still run.
    """
    ended = Stage.objects.visible_to(user).filter(outcome__in=[Outcome.MET, Outcome.BREACHED])
    rows = ended.filter(stopped_at__gte=midnight().replace(day=1))
    place = Left("area_code", CODE_LENGTH[Level.COMMUNITY])
    late = _narrowed(_running(user).filter(paused_at__isnull=True, due_at__lt=Now()), chosen)
    still = {
        (row["kind"], row["place"]): row["late"]
        for row in late.order_by().values("kind", place=place).annotate(late=Count("pk"))
    }
    grouped = _narrowed(rows, chosen).order_by().values("kind", place=place)
    counted = grouped.annotate(
        met=Count("pk", filter=Q(outcome=Outcome.MET)), breached=Count("pk", filter=Q(outcome=Outcome.BREACHED))
    )
    return [{**row, "late": still.get((row["kind"], row["place"]), 0)} for row in counted.order_by("kind", F("place"))]


def titles_of(viewer: User, things: Iterable[Stage | Due]) -> dict[str, str]:
    """What the things in question are about, in a sentence, by subject: as far as ``viewer`` may read of them."""
    subjects = sorted({thing.subject for thing in things if sees_cases(viewer, thing.area_code)})
    found: dict[str, str] = {}
    if subjects:
        for read in contributions("due.titles"):
            found |= read(viewer, subjects)
    return found
