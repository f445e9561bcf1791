"""How it was: whoever was there says so; whoever runs it reads sums in fives, and words without names.

A sum of few, or one that moves by one, tells what a single person said. So the answers of a day, of which one person
has one, count in the order in which they came, and only whole fives of them (as ``needs.services.answer_figures``).
Nothing is written into a sign-up's history: its readers would see who answered when.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from alliance.lib.errors import Invalid, NotAllowed, RuleBroken, Text
from alliance.lib.text import clean
from people.models import User
from volunteers.models import Feedback, SignUp, Slot
from volunteers.permissions.activities import may_say
from volunteers.states import Mood, SignUpState

BATCH, MOST_WORDS = 5, 300


@dataclass(frozen=True)
class DayFigures:
    """The answers of one day. ``n`` is 0, and all the rest empty, where there are fewer than five."""

    n: int = 0
    good: int = 0
    fair: int = 0
    bad: int = 0
    words: tuple[str, ...] = ()


@transaction.atomic
def say_feedback(*, pk: int, by: User, mood: str, words: str = "") -> Feedback:
    """How the day of the sign-up ``pk`` was; said again, it takes the place of what was said before.

    Raises ``NotFound``; ``NotAllowed`` for somebody else's; ``RuleBroken`` for whoever was not there, before the day
    is over, and when it is too late; ``Invalid`` (no such answer, too long).
    """
    row: SignUp = SignUp.objects.visible_to(by).select_related("post__slot").locked(pk)
    _require(row, by)
    said = _checked(mood, words)
    found, made = Feedback.objects.get_or_create(signup=row, defaults={"mood": mood, "words": said})
    if not made and (found.mood, found.words) != (mood, said):
        found.mood, found.words, found.changed_at = mood, said, timezone.now()
        found.save(update_fields=["mood", "words", "changed_at"])
    return found


def _require(row: SignUp, by: User) -> None:
    """The sign-up is locked."""
    if row.person_id != by.pk:
        raise NotAllowed(_("只有参加的人自己能说。"))
    if row.state != SignUpState.ATTENDED:
        raise RuleBroken(_("没有签到记录，不能评价。"))
    now = timezone.now()
    if may_say(by, row, now):
        return
    raise RuleBroken(_("活动还没有结束，结束以后再说。") if now < row.post.slot.ends else _("过了30天，不能再说了。"))


def _checked(mood: str, words: str) -> str:
    errors: dict[str, list[Text]] = {}
    if mood not in Mood.values:
        errors["mood"] = [_("请点一个：满意、一般，还是不满意。")]
    text = clean(words)
    if len(text) > MOST_WORDS:
        over = len(text) - MOST_WORDS
        errors["words"] = [
            ngettext("最多300字，现在多了%(over)d字。", "最多300字，现在多了%(over)d字。", over) % {"over": over}
        ]
    if errors:
        raise Invalid(errors)
    return text


def day_figures(slot: Slot) -> DayFigures:
    """What was said of ``slot``, for whoever runs it; the caller has asked who that is. Words in no order of time."""
    rows = Feedback.objects.filter(signup__post__slot=slot, signup__state=SignUpState.ATTENDED)
    found = list(rows.order_by("said_at", "pk"))
    whole = found[: len(found) - len(found) % BATCH]
    counts = Counter(one.mood for one in whole)
    return DayFigures(
        n=len(whole),
        good=counts[Mood.GOOD],
        fair=counts[Mood.FAIR],
        bad=counts[Mood.BAD],
        words=tuple(sorted(one.words for one in whole if one.words)),
    )


def forget_words(user: User) -> int:
    """Whoever goes takes their words along; how it was stays as a number. Returns how many were emptied."""
    mine = Feedback.objects.filter(signup__person=user).order_by("pk")
    keys = list(mine.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
    return Feedback.objects.filter(pk__in=keys).update(words="", changed_at=timezone.now())
