"""A topic is raised, answered, withdrawn. Locks: the topic, the need it comes from (docs/locking.md)."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken, constraint_of
from alliance.lib.public_text import require_seen
from alliance.lib.text import clean
from meetings import messages
from meetings.models import Topic
from meetings.permissions import seated
from meetings.services.checked import area_of, unit_in, words
from meetings.services.held import hold
from meetings.services.telling import tell_raiser
from meetings.states import TopicVerb
from members.permissions import keeps_place
from needs.models import Need
from needs.services.handling import add_note
from needs.services.talked import tell_talked_over
from people.models import Area, User
from resources.querysets import streets_of

MOST_TITLE, MOST_WORDS = 80, 500
ASK = _("请写议什么，例如：非机动车停放和充电。")


def raise_topic(
    *,
    client_key: UUID,
    by: User,
    area: str,
    title: str,
    words_why: str = "",
    unit: int | None = None,
    need: int | None = None,
    seen_warnings: str = "",
) -> Topic:
    """提议题: by whoever works in the street, or for a unit by whoever speaks for it; a second tap finds the first.

    ``need``: 转议事, from a need that ``by`` handles, in whose history it is noted.

    Raises ``NotFound``, ``NotAllowed``, ``Invalid``, ``Warned`` (guests read the title), ``RuleBroken`` (it is a topic
    already), ``Conflict``.
    """
    first = _already(client_key, by)
    if first is not None:
        return first
    place = area_of(area)
    _require_raiser(by, place, unit)
    host = unit_in(place.pk, unit)
    text = words(title, "title", ASK, MOST_TITLE)
    why = clean(words_why)
    if len(why) > MOST_WORDS:
        raise Invalid({"words_why": [_("最多%(n)d个字。") % {"n": MOST_WORDS}]})
    require_seen([text], seen=seen_warnings)
    try:
        with transaction.atomic():
            row = Topic(client_key=client_key, area=place, unit=host, raised_by=by, title=text, words=why)
            row.origin, row.origin_label = _from_need(need, by) if need is not None else ("", "")
            row.save(force_insert=True)
            row.write_event(verb=TopicVerb.RAISE, actor=by, source="", target=row.state, note="")
            if need is not None:
                add_note(pk=need, by=by, words=_now("转议事：%(title)s") % {"title": text})
    except IntegrityError as error:
        return _found_instead(error, client_key, by)
    row.just_made = True
    return row


def _already(key: UUID, by: User) -> Topic | None:
    row = Topic.objects.filter(client_key=key).first()
    if row is not None and row.raised_by_id != by.pk:
        raise Conflict
    return row


def _found_instead(error: IntegrityError, key: UUID, by: User) -> Topic:
    if constraint_of(error) == "topic_of_a_thing_once_at_a_time":
        raise RuleBroken(_("这件事已经是议题了。")) from error
    first = _already(key, by) if constraint_of(error) == "topic_client_key_once" else None
    if first is None:
        raise error
    return first


def _require_raiser(by: User, place: Area, unit: int | None) -> None:
    """Raises ``NotAllowed``."""
    if unit is not None:
        if not (seated(by, unit) or keeps_place(by, place.pk)):
            raise NotAllowed
    elif not any(place.pk.startswith(code) or code.startswith(place.pk) for code in streets_of(by)):
        raise NotAllowed


def _from_need(pk: int, by: User) -> tuple[str, str]:
    need = Need.objects.visible_to(by).filter(pk=pk).first()
    if need is None:
        raise NotFound
    return f"need:{pk}", need.number


@transaction.atomic
def answer_topic(*, pk: int, by: User, version: int | None, answer: str) -> Topic:
    """答复, at a meeting or without one: whoever raised it is told. Raises as ``hold``; ``Invalid`` without words."""
    row = hold(Topic, pk, by, TopicVerb.ANSWER, version)
    answer_locked(row, by=by, answer=words(answer, "answer", _("请写结果，提出的人看得到。"), MOST_WORDS))
    return row


def answer_locked(row: Topic, *, by: User | None, answer: str) -> None:
    """The locked ``row``; where it came from a need, its resident reads it, and its handler hears of it."""
    row.move_to(TopicVerb.ANSWER, actor=by, note=answer, changes={"answer": answer, "ended_at": timezone.now()})
    tell_raiser(row, messages.TopicAnswered, also=_handler(row))
    tell_resident(row, by=by, words=answer)


def tell_resident(row: Topic, *, by: User | None, words: str, done: bool = False) -> None:
    """Of a topic that came from a need: its resident reads what was resolved, or that it is ``done``."""
    pk = need_of(row)
    if pk is not None:
        name = row.meeting.title if row.meeting is not None else row.title
        tell_talked_over(pk=pk, by=by, meeting=name, words=words, done=done)


def need_of(row: Topic) -> int | None:
    """The key of the need it came from."""
    kind, _sep, key = row.origin.partition(":")
    return int(key) if kind == "need" else None


def _handler(row: Topic) -> list[User]:
    pk = need_of(row)
    if pk is None:
        return []
    need = Need.objects.filter(pk=pk).select_related("holder").first()
    return [need.holder] if need is not None and need.holder is not None and need.holder.is_active else []


@transaction.atomic
def withdraw_topic(*, pk: int, by: User, version: int | None) -> Topic:
    """撤回, while it waits. Raises as ``hold``."""
    row = hold(Topic, pk, by, TopicVerb.WITHDRAW, version)
    row.move_to(TopicVerb.WITHDRAW, actor=by, changes={"ended_at": timezone.now()})
    return row
