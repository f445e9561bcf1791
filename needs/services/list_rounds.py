"""A year's round of the two lists: the street opens it, reminds, closes it.

Locks: the alliance, the round, the units' lists, their lines (docs/locking.md).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, Invalid, NotAllowed, RuleBroken, Text
from alliance.lib.text import clean
from members.models import Alliance
from members.permissions import keeps_alliance
from needs.messages import lists as messages
from needs.models import ListRound, UnitLists
from needs.permissions import round_abilities
from needs.services import list_dues
from needs.services.list_units import ask_units, settle, tell, waited_for
from needs.states.lists import ListVerb
from people.models import User

MOST_TITLE, MOST_WORDS = 60, 300
FARTHEST = timedelta(days=400)
ONCE_A_YEAR: Text = _("这个联盟这一年已经开始填报了。")


def open_round(*, alliance: int, by: User, year: int, title: str, last_day: date, words: str = "") -> ListRound:
    """开始填报: every present member of ``alliance`` is asked for its two lists until ``last_day``; liaisons are told.

    A second tap finds the first. Raises ``NotFound``, ``NotAllowed``, ``Invalid``, ``Conflict`` (another round of that
    year is there).
    """
    place: Alliance | None = Alliance.objects.visible_to(by).filter(pk=alliance).first()
    if place is None:
        raise Invalid({"alliance": [_("请选一个联盟。")]})
    if not keeps_alliance(by, place):
        raise NotAllowed
    found = _checked(title, words, last_day)
    if not 0 <= year - timezone.localdate().year <= 1:
        raise Invalid({"year": [_("请填今年或明年。")]})
    first = _already(place, year, by, found["title"])
    if first is not None:
        return first
    try:
        return _store(place, by, year, found)
    except IntegrityError:
        first = _already(place, year, by, found["title"])
        if first is None:
            raise
        return first


def _already(alliance: Alliance, year: int, by: User, title: str) -> ListRound | None:
    row = ListRound.objects.filter(alliance=alliance, year=year).first()
    if row and (row.opened_by_id, row.title) != (by.pk, title):
        raise Conflict(ONCE_A_YEAR)
    return row


@transaction.atomic
def _store(alliance: Alliance, by: User, year: int, found: dict[str, Any]) -> ListRound:
    row = ListRound.objects.create(alliance=alliance, year=year, opened_by=by, **found)
    row.write_event(verb=ListVerb.OPEN, actor=by, source="", target=row.state, note="")
    ask_units(row)
    list_dues.lay_out(row)
    tell(messages.ListsOpened, row, waited_for(row, all_of_them=True))
    return row


def _checked(title: str, words: str, last_day: date | None, *, stands: date | None = None) -> dict[str, Any]:
    """What is typed, as it is kept; the day that ``stands`` may be past. Raises ``Invalid``."""
    errors: dict[str, list[Text]] = {}
    said, more = " ".join(clean(title).split()), clean(words)
    today = timezone.localdate()
    if not said or len(said) > MOST_TITLE:
        errors["title"] = [_("请写名称，%(n)d字以内，比如“2027年两张清单”。") % {"n": MOST_TITLE}]
    if len(more) > MOST_WORDS:
        errors["words"] = [_("请写在%(n)d字以内。") % {"n": MOST_WORDS}]
    if last_day is None or (last_day != stands and not today <= last_day <= today + FARTHEST):
        errors["last_day"] = [_("请选今天以后、一年以内的日子。")]
    if errors:
        raise Invalid(errors)
    return {"title": said, "words": more, "last_day": last_day}


def _hold(pk: int, by: User, verb: str, version: int | None) -> ListRound:
    row: ListRound = ListRound.objects.visible_to(by).select_related("alliance").locked(pk)
    row.require_version(version)
    if row.workflow.find(row.state, verb) is None:
        raise RuleBroken(_("这一轮现在是“%(state)s”，不能这样办。") % {"state": row.get_state_display()})
    if verb not in round_abilities(by, row):
        raise NotAllowed
    return row


@transaction.atomic
def change_round(*, pk: int, by: User, version: int | None, title: str, last_day: date, words: str = "") -> ListRound:
    """Another name or last day; reminders move along. Raises ``NotFound``, ``NotAllowed``, ``Conflict``,
    ``RuleBroken``, ``Invalid``.
    """
    row = _hold(pk, by, ListVerb.CHANGE, version)
    found = _checked(title, words, last_day, stands=row.last_day)
    row.move_to(ListVerb.CHANGE, actor=by, changes=found)
    list_dues.lay_out(row)
    return row


@transaction.atomic
def close_round(*, pk: int, by: User, version: int | None) -> ListRound:
    """结束填报: nobody writes any more; what was sent goes on. Raises as ``change_round``."""
    row = _hold(pk, by, ListVerb.CLOSE, version)
    row.move_to(ListVerb.CLOSE, actor=by)
    # Whoever is just writing ends first; whoever comes later finds the round closed.
    list(UnitLists.objects.filter(round=row).select_for_update(of=("self",), no_key=True).order_by("pk"))
    list_dues.drop(row)
    settle(row)
    return row


@transaction.atomic
def reopen_round(*, pk: int, by: User, version: int | None, last_day: date) -> ListRound:
    """再开放, until ``last_day``. Raises as ``change_round``."""
    row = _hold(pk, by, ListVerb.REOPEN, version)
    found = _checked(row.title, row.words, last_day)
    row.move_to(ListVerb.REOPEN, actor=by, changes=found)
    ask_units(row)
    list_dues.lay_out(row)
    return row


@transaction.atomic
def remind_round(*, pk: int, by: User) -> int:
    """催一下: a kind word to the liaisons of units that have not sent theirs, once a day. Returns how many are told.

    Raises ``NotFound``, ``NotAllowed``, ``RuleBroken`` (closed, reminded today, nobody to remind).
    """
    row, today = _hold(pk, by, ListVerb.REMIND, None), timezone.localdate()
    if row.reminded_on == today:
        raise RuleBroken(_("今天催过了，明天再催。"))
    ask_units(row)
    people = waited_for(row)
    if not people:
        raise RuleBroken(_("没有要催的：都交了，或者还没有联络员。"))
    row.move_to(ListVerb.REMIND, actor=by, changes={"reminded_on": today})
    return tell(messages.ListsAsked, row, people, today)
