"""Rows of needs and their events as COPY takes them. No rule is gone around: what the model would write is written."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID, uuid5

from django.utils import timezone

from alliance.lib.privacy import blind_index, encrypt
from alliance.lib.search import vector
from alliance.lib.text import first_line, fold
from needs.services.intake import CODE_ALPHABET, CODE_LENGTH, NUMBER_KIND
from needs.states import Audience, Channel, Nature, Origin, State, Verb
from people.models import User
from portal.scale.clocks import ClockMaker
from portal.scale.phrases import Said

SPACE = UUID("1f0c8a57-6c1e-4d6b-8f7a-2b8f2f6f8a10")
PROMISE = timedelta(days=7)
FIRST_NUMBER = 900_001
"""Beyond any number a day's sequence reaches, so that a real number is never taken."""
YEARS = 3
ENDED, PENDING = 0.7, 0.1
NAMES = ("赵阿婆", "孙大伯", "李女士", "陈奶奶", "王师傅", "周阿姨", "吴先生", "金大爷", "沈女士", "朱老师")
RESIDENTS = 20_000

NEED_COLUMNS = (
    *("id", "version", "number", "client_key", "origin", "channel", "listed", "area_id", "title", "words", "place"),
    *("spot", "contact_name", "contact_phone", "phone_index", "helped_name", "helped_phone", "tracking_code"),
    *("code_index", "link_token", "link_index", "state", "nature", "category_id", "urgent", "holder_id", "held_since"),
    *("created_at", "accepted_at", "reply_by", "first_reply_at", "urged_at", "ended_at", "erase_on_end"),
    *("search_text", "search"),
)
EVENT_COLUMNS = ("need_id", "at", "actor_id", "verb", "source", "target", "audience", "words", "params")
Row = tuple[object, ...]


@dataclass(frozen=True)
class Place:
    """A community that takes needs: its names in numbers and events, and who handles what comes from it."""

    code: str
    name: str
    street_short: str
    handlers: Sequence[User]


@dataclass(frozen=True)
class Course:
    """How far a need has come, and when."""

    state: State
    created: datetime
    holder: User | None = None
    accepted: datetime | None = None
    replied: datetime | None = None
    ended: datetime | None = None


class RowMaker:
    """Makes the rows of the need number ``index`` of ``total``: newest last, spread over three years up to ``until``.

    Texts, places, states and times follow from the seed; codes, tokens and ciphertexts are random as real ones.
    """

    def __init__(self, *, seed: int, total: int, until: datetime, places: Sequence[Place], categories: Sequence[int]):
        self.random = Random(f"{seed}/rows")  # noqa: S311 - invented rows; secrets come from the module of that name
        self.places, self.categories, self.clocks = places, categories, ClockMaker(until)
        span = timedelta(days=365 * YEARS)
        self.begin, self.step, self.until = until - span, span / total, until
        self._names = {name: encrypt(name) for name in NAMES}
        self._phones: dict[int, tuple[str, str]] = {}

    def rows(self, pk: int, index: int, said: Said) -> tuple[Row, list[Row], list[Row]]:
        """One need's row in the order of ``NEED_COLUMNS``, its events' in that of ``EVENT_COLUMNS`` and its running
        limits' in that of ``STAGE_COLUMNS``."""
        place = self.random.choice(self.places)
        course = self._course(index, place)
        number = (
            f"{NUMBER_KIND}-{place.street_short}-{timezone.localdate(course.created):%Y%m%d}-{FIRST_NUMBER + index}"
        )
        need = self._need(pk, index, number, place, course, said)
        return need, list(_events(pk, place, course)), self._limits(pk, number, place, course)

    def _limits(self, pk: int, number: str, place: Place, course: Course) -> list[Row]:
        area = (place.code, place.name)
        if course.state == State.PENDING:
            return self.clocks.first_response(pk, number, area, course.created)
        if course.state == State.IN_PROGRESS and course.holder and course.accepted and not course.replied:
            return self.clocks.reply(pk, number, area, course.holder.pk, course.accepted, PROMISE)
        return []

    def _course(self, index: int, place: Place) -> Course:
        draw, random = self.random.random(), self.random
        created = self.begin + self.step * (index + random.random())
        accepted = self._later(created, 10)
        if draw < PENDING:
            return Course(State.PENDING, created)
        if draw < PENDING + ENDED and random.random() < 0.2:
            return Course(State.WITHDRAWN, created, ended=accepted)
        holder = random.choice(place.handlers)
        replied = self._later(accepted, 120) if random.random() < 0.9 else None
        if draw < PENDING + ENDED:
            return Course(State.WITHDRAWN, created, holder, accepted, replied, self._later(replied or accepted, 200))
        return Course(State.IN_PROGRESS, created, holder, accepted, replied)

    def _later(self, moment: datetime, hours: int) -> datetime:
        """Some time within ``hours`` after ``moment``, but not in the future."""
        return min(moment + timedelta(hours=hours) * self.random.random(), self.until)

    def _need(self, pk: int, index: int, number: str, place: Place, course: Course, said: Said) -> Row:
        random = self.random
        code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
        token = secrets.token_urlsafe(16)
        phone, phone_index = self._phone(random.randrange(RESIDENTS))
        text = fold(" ".join((number, said.words, said.place, said.spot)))
        promise = timezone.localdate(course.accepted) if course.accepted else None
        return (
            *(pk, 1 + bool(course.accepted) + bool(course.replied) + bool(course.ended), number),
            *(uuid5(SPACE, str(index)), Origin.RESIDENT, Channel.WEB, False, place.code),
            *(first_line(said.words), said.words, said.place, said.spot),
            *(self._names[random.choice(NAMES)], phone, phone_index, "", ""),
            *(encrypt(code), blind_index("code", code), encrypt(token), blind_index("link", token)),
            *(course.state, random.choice(Nature.values) if course.accepted else ""),
            random.choice(self.categories) if course.accepted and self.categories else None,
            random.random() < 0.03,
            course.holder.pk if course.holder else None,
            *(course.accepted or course.created, course.created, course.accepted),
            promise + PROMISE if promise else None,
            *(course.replied, None, course.ended, False, text, vector(text)),
        )

    def _phone(self, resident: int) -> tuple[str, str]:
        """Ciphertext and index of an invented resident's number; a resident writes more than once."""
        if resident not in self._phones:
            phone = f"1380{resident:07d}"
            self._phones[resident] = encrypt(phone), blind_index("phone", phone)
        return self._phones[resident]


def _events(pk: int, place: Place, course: Course) -> list[Row]:
    """Submitted, accepted, answered, withdrawn: as the workflow would have written them."""
    named = {"area": place.name, "actor": ""}
    rows = [_event(pk, course.created, None, Verb.SUBMIT, "", State.PENDING, "", {**named, "channel": Channel.WEB})]
    before = State.PENDING
    if course.accepted and course.holder:
        acted = {**named, "actor": course.holder.name}
        promise = timezone.localdate(course.accepted) + PROMISE
        params = {**acted, "reply_by": promise.isoformat()}
        before = State.IN_PROGRESS
        rows.append(_event(pk, course.accepted, course.holder, Verb.ACCEPT, State.PENDING, before, "", params))
        if course.replied:
            rows.append(_event(pk, course.replied, course.holder, Verb.REPLY, before, before, "已经联系处理。", acted))
    if course.ended:
        rows.append(_event(pk, course.ended, None, Verb.WITHDRAW, before, State.WITHDRAWN, "", named))
    return rows


def _event(
    need: int,
    at: datetime,
    actor: User | None,
    verb: Verb,
    source: str,
    target: str,
    words: str,
    params: Mapping[str, str],
) -> Row:
    frozen = json.dumps(params, ensure_ascii=False)
    return need, at, actor.pk if actor else None, verb, source, target, Audience.RESIDENT, words, frozen
