"""延期: whoever handles a need asks for more time, once, before the day; somebody else grants it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.dates import kept_day, moment
from alliance.lib.errors import Invalid, NotAllowed, NotFound, RuleBroken
from deadlines.services.calendar import calendar, hold_calendar
from needs.messages.done import DoneDayMoved
from needs.messages.extensions import (
    ExtensionAsked,
    ExtensionDecideLate,
    ExtensionDecideSoon,
    ExtensionGranted,
    ExtensionRefused,
    about_extension,
)
from needs.messages.triage import PromiseExtended, for_resident
from needs.models import Extension, Need
from needs.permissions import abilities, parties_of
from needs.services import extension_clock, limits
from needs.services.extension_clock import deciders
from needs.services.hands import account_of
from needs.services.locked import checked_words, locked_need
from needs.services.meanwhile import last_line, named, require_version
from needs.states import ExtensionState, Party, State, Verb
from notifications.services import queue, retire, retire_all
from people.models import User
from people.states import Role

ACCEPTING = (Verb.ACCEPT, Verb.ASSIGN, Verb.ERRAND, Verb.WISH)
"""Steps with which a need is accepted."""
SHOWN = 200
MAX_WORDS = 500


@transaction.atomic
def ask_extension(*, pk: int, by: User, until: date | None, reason: str, version: int | None = None) -> Extension:
    """Ask for more time, until ``until``: once for a need, by no more working days than were promised at first. Whoever
    may grant it is told until when to say yes or no.

    Raises ``NotFound``, ``NotAllowed``, ``Conflict``, ``RuleBroken`` (answered or late already, asked or granted
    before) and ``Invalid`` (no reason, no later day, too late a day).
    """
    need = locked_need(pk=pk, by=by, verb=Verb.EXTEND, version=version)
    if need.extensions.filter(state=ExtensionState.WAITING).exists():
        raise RuleBroken(_("延期已经申请过，正在等审批。"))
    if need.extensions.filter(state=ExtensionState.GRANTED).exists():
        raise RuleBroken(_("一件事只能延期一次。"))
    text = _checked_text(reason, "reason", empty=_("请写一句为什么要延。"))
    hold_calendar()
    last = latest(need)
    before = need.promised
    if until is None or before is None or until <= before:
        raise Invalid({"until": [_("请选一个比原定日子晚的日子。")]})
    if until > last:
        raise Invalid({"until": [_("最多延到%(day)s：延的时间不能比原来的还长。") % {"day": kept_day(last)}]})
    asked = Extension.objects.create(need=need, asked_by=by, before=before, until=until, reason=text)
    need.move_to(Verb.EXTEND, actor=by, why=text, params={"until": until.isoformat()})
    wait = extension_clock.await_decision(asked)
    message = about_extension(ExtensionAsked, need, asked, by.name, last=kept_day(wait.due_on))
    queue(message, occurrence=f"{need.number}:{asked.pk}", users=deciders(need, by))
    return asked


def latest(need: Need) -> date:
    """The last day to which the promise of ``need`` may be extended: as many working days again as were promised at
    first, at least one. Days of waiting for the resident count for nothing.
    """
    since = need.first_reply_at or need.accepted_at
    if since is None or need.promised is None:
        raise NotFound
    cal = calendar()
    given = cal.working_days_between(timezone.localdate(since), _first_promise(need, since) or need.promised)
    return cal.next_working(need.promised, max(given, 1))


def _first_promise(need: Need, since: datetime) -> date | None:
    """The day that was promised when it was accepted this time, or first replied to, as its history has it."""
    field = limits.promise_field(need)
    steps = need.events.filter(verb__in=[*ACCEPTING, Verb.REPLY], at__gte=since, params__has_key=field)
    said: str | None = steps.order_by("pk").values_list(f"params__{field}", flat=True).first()
    return date.fromisoformat(said) if said else None


@transaction.atomic
def decide_extension(*, pk: int, by: User, granted: bool, words: str = "", version: int | None = None) -> Extension:
    """Grant or refuse the extension ``pk``. Granted, the promise moves and the resident is told; ``words`` stay inside.

    Raises ``NotFound``, ``NotAllowed`` (no superior, or whoever asked), ``Conflict`` (``version`` of the need),
    ``RuleBroken`` (decided or dropped already; the day has passed or the promise is later by now).
    """
    need: Need = Need.objects.visible_to(by).locked(need_of(pk, by))
    asked = Extension.objects.locked(pk)
    asked.need = need
    _require_waiting(asked)
    require_version(need, version)
    _require_another(asked, by)
    verb = Verb.GRANT if granted else Verb.REFUSE
    if verb not in abilities(by, need):
        raise NotAllowed
    text = _checked_text(words, "words", empty="")
    if granted:
        _require_sense(asked)
        limits.extended(need, asked.until)
    changes = {limits.promise_field(need): asked.until} if granted else {}
    params = {"until": asked.until.isoformat(), "area": _office_of(by, need)}
    need.move_to(verb, actor=by, changes=changes, why=text, params=params)
    _end(asked, ExtensionState.GRANTED if granted else ExtensionState.REFUSED, by=by, words=text)
    _tell(asked, by)
    return asked


def _office_of(by: User, need: Need) -> str:
    """For which office ``by`` decides: the community's secretary for the community, everybody else for the street."""
    near = Role.COMMUNITY_SECRETARY in by.roles_at(need.area_id)
    return need.area.name if near or need.area.parent is None else need.area.parent.name


def need_of(pk: int, user: Any) -> int:
    """The need for which more time is asked with ``pk``. Raises ``NotFound`` (not in one's areas)."""
    found: int | None = Extension.objects.visible_to(user).filter(pk=pk).values_list("need_id", flat=True).first()
    if found is None:
        raise NotFound
    return found


def _require_waiting(asked: Extension) -> None:
    """Raises ``RuleBroken`` once it is settled: who decided what, and when; or what made it needless."""
    if asked.state == ExtensionState.WAITING:
        return
    if asked.decided_by is None or asked.decided_at is None:
        raise RuleBroken(_("这份延期申请不用批了。%(line)s。") % {"line": last_line(asked.need)})
    facts = {
        "who": named(asked.decided_by, asked.need.area_id),
        "at": moment(asked.decided_at),
        "state": asked.get_state_display(),
    }
    raise RuleBroken(_("%(who)s %(at)s已经批过这份延期：%(state)s。不用再批。") % facts)


def _require_another(asked: Extension, by: User) -> None:
    if asked.asked_by_id == by.pk and Party.SUPERIOR in parties_of(by, asked.need):
        raise NotAllowed(_("自己申请的，要请别人审批。"))


def _require_sense(asked: Extension) -> None:
    """The promise may have moved since, and days pass."""
    need = asked.need
    if need.first_reply_at and need.done_by is None:
        raise RuleBroken(_("已经答复居民了，不用再延期。"))
    if need.waiting_since:
        raise RuleBroken(_("正在等居民补充，时间停着。等恢复计时再批。"))
    if asked.until < timezone.localdate():
        raise RuleBroken(_("要延到的日子已经过了，请点“不同意”，让经办人先答复居民。"))
    if need.promised is None or asked.until <= need.promised:
        raise RuleBroken(_("答应的日子已经改到%(day)s，不用再延。") % {"day": kept_day(need.promised)})


def _checked_text(text: str, field: str, *, empty: Any) -> str:
    return checked_words(text, field=field, empty=empty, most=MAX_WORDS) if empty or text.strip() else ""


def _end(asked: Extension, state: ExtensionState, *, by: User | None = None, words: str = "") -> None:
    asked.state, asked.decided_by, asked.words = state, by, words
    asked.decided_at = timezone.now()
    asked.save(update_fields=["state", "decided_by", "decided_at", "words"])
    reminders = extension_clock.decided(asked, void=state == ExtensionState.DROPPED)
    retire(ExtensionAsked, occurrence=f"{asked.need.number}:{asked.pk}")
    for reminder in (ExtensionDecideSoon, ExtensionDecideLate):
        retire_all(reminder, occurrences=reminders)


def _tell(asked: Extension, by: User) -> None:
    need, occurrence = asked.need, f"{asked.need.number}:{asked.pk}"
    kind = ExtensionGranted if asked.state == ExtensionState.GRANTED else ExtensionRefused
    queue(about_extension(kind, need, asked, by.name), occurrence=occurrence, users=[asked.asked_by])
    if kind is ExtensionGranted:
        message = for_resident(DoneDayMoved if need.first_reply_at else PromiseExtended, need)
        queue(message, occurrence=occurrence, users=account_of(need), phones=[need.contact_phone])


def drop_extensions(need: Need) -> None:
    """``need``, locked, ends, is answered or goes into other hands: what was asked for it is not needed any more."""
    rows = need.extensions.filter(state=ExtensionState.WAITING).select_for_update(of=("self",), no_key=True)
    for asked in rows:
        asked.need = need
        _end(asked, ExtensionState.DROPPED)


def waiting_extension(need: Need) -> Extension | None:
    """What waits for a decision on ``need``, with whom it lies (``at_community``)."""
    waiting = Extension.objects.filter(need=need, state=ExtensionState.WAITING)
    return waiting.with_decider().select_related("asked_by").first()


def latest_extension(need: Need) -> Extension | None:
    """What was asked last, whatever became of it."""
    return need.extensions.select_related("need", "decided_by").order_by("-pk").first()


def waiting_extensions(user: User) -> list[Extension]:
    """What waits for the decision of ``user``, oldest first, with whom it lies (``at_community``)."""
    rows = Extension.objects.visible_to(user).filter(state=ExtensionState.WAITING, need__state=State.IN_PROGRESS)
    rows = rows.exclude(asked_by=user).select_related("need__area", "asked_by").order_by("asked_at", "pk")
    return [asked for asked in rows.with_decider()[:SHOWN] if Verb.GRANT in abilities(user, asked.need)]
