"""转议事: on the page of a need the form that makes a topic of it, and what came of those made already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid
from alliance.lib.onward import Made, Onward, Way
from meetings.models import Topic
from meetings.permissions import topic_abilities
from meetings.states import TopicState
from needs.models import Need
from needs.permissions import abilities
from needs.states import Verb
from people.models import User
from projects.presenting.linked import subject_named

LIVE = (TopicState.WAITING, TopicState.LISTED)


def onward(user: User, key: str, label: str) -> Onward:
    """Of a need: its topics, and 转议事 for whoever may note something there, while none of them waits."""
    kind, _colon, pk = key.partition(":")
    if kind != "need":
        return Onward()
    rows = list(Topic.objects.kept_by(user).filter(origin=key).order_by("-raised_at", "-pk"))
    made = [
        Made(_("议题"), row.title, reverse("admin:meetings_topic_change", args=[row.pk]), row.get_state_display())
        for row in rows
    ]
    ways = []
    if not any(row.state in LIVE for row in rows) and "raise" in topic_abilities(user) and _may_note(user, pk):
        ways.append(Way(_("转议事"), f"{reverse('admin:meetings_topic_add')}?{urlencode({'origin': label})}"))
    return Onward(tuple(made), tuple(ways))


def _may_note(user: User, pk: str) -> bool:
    need = Need.objects.visible_to(user).filter(pk=pk).first()
    return need is not None and Verb.NOTE in abilities(user, need)


def begun_of(user: User, asked: Mapping[str, str]) -> dict[str, Any]:
    """What the form shows first where it was opened from a need: its number and where it is. No words of residents:
    guests read those of a topic."""
    number = asked.get("origin", "")[:60]
    area = Need.objects.visible_to(user).filter(pk=_key(user, number)).values_list("area_id", flat=True).first()
    return {"origin": number, "area": area} if area else {}


def need_named(user: User, number: str) -> int | None:
    """The key of the need with this number; None without one. Raises ``Invalid`` on ``origin``."""
    found = _key(user, number)
    if number.strip() and not found:
        raise Invalid({"origin": [_("没有找到这个编号的诉求。")]})
    return found or None


def _key(user: User, number: str) -> int:
    kind, _colon, key = subject_named(user, number.strip()[:60]).partition(":")
    return int(key) if kind == "need" and key.isdecimal() and len(key) < 18 else 0
