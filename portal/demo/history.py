"""The demo's past: needs said days ago, with the numbers of their days. Nothing else in the product rewrites time.

Events are append-only for the application, so the demo is loaded as the database's owner (``manage.py setup``).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from alliance.lib.text import fold
from deadlines.models import Due, Stage
from deadlines.services.dues import end_dues
from deadlines.services.ladder import CHASE
from deadlines.services.stages import last_day
from deadlines.states import DueState
from needs import messages
from needs.models import Need, NeedEvent
from needs.services import limits
from needs.services.asking import ASK_AGAIN, await_answer, stop_asking
from needs.services.hands import first_handlers
from needs.services.intake import NUMBER_KIND
from needs.states import DONE, REPLY, State, Verb
from notifications.models import Message
from notifications.services import queue
from people.models import Area, Consent, NumberSequence
from people.services.numbers import next_number

MOMENTS = (
    *("created_at", "held_since", "accepted_at", "reply_by", "first_reply_at", "done_by", "finished_at", "ended_at"),
)


def move_into_past(need: Need, days: float) -> None:
    """Move a demo need ``days`` back, its events with it."""
    fresh = Need.objects.get(pk=need.pk)
    whole = timedelta(days=days)
    fresh.created_at = fresh.held_since = _said_at(fresh, whole)
    started = fresh.created_at + min(whole * 0.2, timedelta(minutes=40))
    answered = started + min(whole * 0.3, timedelta(hours=2))
    later = fresh.created_at + min(whole * 0.5, timedelta(hours=3))
    moments = {Verb.SUBMIT: fresh.created_at, Verb.ACCEPT: started, Verb.REPLY: answered}
    if fresh.accepted_at:
        fresh.accepted_at = started
        fresh.held_since = later if fresh.state == State.PENDING else started
        fresh.reply_by = last_day(REPLY, start=started)
    if fresh.first_reply_at:
        fresh.first_reply_at = answered if fresh.events.filter(verb=Verb.REPLY).exists() else later
        ahead = timezone.localdate() + timedelta(days=2 + need.pk % 3)
        fresh.done_by = max(last_day(DONE, start=fresh.first_reply_at), ahead) if fresh.done_by else None
    if fresh.finished_at:
        fresh.finished_at = later
    if fresh.ended_at:
        fresh.ended_at = later
    fresh.save(update_fields=MOMENTS)
    for event in fresh.events.all():
        at = moments.get(Verb(event.verb), later)
        NeedEvent.objects.filter(pk=event.pk).update(at=at, params=_promised(event.params, fresh))


def _said_at(need: Need, ago: timedelta) -> datetime:
    """Older needs were said in office hours, so that nobody in the demo works at night."""
    at = need.created_at - ago
    if ago < timedelta(days=1):
        return at
    return timezone.localtime(at).replace(hour=9 + need.pk % 6, minute=need.pk * 7 % 60)


def _promised(params: dict[str, str], need: Need) -> dict[str, str]:
    if "reply_by" in params and need.reply_by:
        return {**params, "reply_by": need.reply_by.isoformat()}
    if "done_by" in params and need.done_by:
        return {**params, "done_by": need.done_by.isoformat()}
    return params


def renumber() -> None:
    """Give every demo need the number of the day on which it was said."""
    NumberSequence.objects.all().delete()
    needs = list(Need.objects.order_by("created_at"))
    old = {need.pk: need.number for need in needs}
    for need in needs:
        Need.objects.filter(pk=need.pk).update(number=f"DEMO-{need.pk}")
    for need in needs:
        street = Area.objects.get(pk=need.street_code)
        need.number = next_number(NUMBER_KIND, street, timezone.localdate(need.created_at))
        need.search_text = fold(" ".join((need.number, need.words, need.place, need.spot)))
        need.save(update_fields=["number", "search_text", "search"])
        Consent.objects.filter(source=old[need.pk]).update(source=need.number)


def announce_what_waits() -> None:
    """Only what still waits is news; nobody is at the other end of an invented telephone."""
    Message.objects.all().delete()
    for need in Need.objects.select_related("area").filter(state=State.PENDING).order_by("created_at"):
        queue(messages.arrived(need), occurrence=need.number, users=first_handlers(need.area, need.office))
        Message.objects.filter(occurrence=need.number).update(created_at=need.created_at)


def set_the_clocks() -> None:
    """Run the limits of the demo's needs as they would have run; of the reminders that are past, the last one comes."""
    Due.objects.filter(subject__startswith="stage:").delete()
    Stage.objects.all().delete()
    for need in Need.objects.select_related("area", "holder").order_by("created_at"):
        limits.await_acceptance(need, at=need.created_at)
        if need.accepted_at:
            limits.await_reply(need, at=need.accepted_at)
        if need.accepted_at and need.state == State.PENDING:  # it has gone to another desk since
            limits.await_acceptance(need, at=need.held_since)
        if need.first_reply_at:
            limits.replied(need, at=need.first_reply_at)
        if need.finished_at:
            limits.done(need, at=need.finished_at)
            stop_asking(need)
            await_answer(need)
        if need.ended_at:
            limits.ended(need, at=need.ended_at)
    asked = Due.objects.undone().filter(due_at__lt=timezone.now(), kind=ASK_AGAIN)
    end_dues(asked.order_by("pk"), DueState.DONE)  # its resident was reminded then
    past = Due.objects.undone().filter(due_at__lt=timezone.now(), kind=CHASE).order_by("subject", "-due_at")
    last = list(past.distinct("subject").values_list("pk", flat=True))
    end_dues(past.order_by("pk").exclude(pk__in=last), DueState.DONE)
