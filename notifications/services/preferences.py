"""What somebody wants to be told outside the site, and when. Everybody decides about themselves alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

from django.apps import apps
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, Text
from notifications.channels import provider_of
from notifications.messages import message_classes
from notifications.models import Preference, QuietHours
from notifications.querysets import user_key
from notifications.services.holding import usual_quiet_hours
from notifications.states import OUTWARD, QUIET_FROM, QUIET_UNTIL, Channel, Pace
from people.models import User

Choices = Mapping[tuple[str, str], str]
"""By topic and channel: when."""
HALF_HOUR = 30


@dataclass(frozen=True)
class Topic:
    """The messages of one app, and the channels that take any of them out of the house."""

    name: str
    label: Text
    channels: tuple[Channel, ...]


@dataclass(frozen=True)
class Wanted:
    """What one person has chosen; what is not in ``paces`` is sent at once. No hours: nobody set any."""

    paces: Choices
    starts: time | None
    ends: time | None


def topics() -> list[Topic]:
    """What one can choose about: messages whose notice is in the inbox in any case, and that need not go at once."""
    found: dict[str, set[Channel]] = {}
    for declared in message_classes():
        name = declared.rule.partition(".")[0]
        if Channel.INAPP in declared.channels and not declared.at_once and apps.is_installed(name):
            found.setdefault(name, set()).update(declared.channels)
    return [
        Topic(name, apps.get_app_config(name).verbose_name, tuple(c for c in OUTWARD if c in found[name]))
        for name in (config.label for config in apps.get_app_configs())
        if found.get(name, set()) & set(OUTWARD)
    ]


def open_channels(user: User) -> list[Channel]:
    """The ways out of the house by which ``user`` can be reached here at all."""
    address = {Channel.SMS: user.phone, Channel.EMAIL: user.email}
    providers = {channel: provider_of(channel) for channel in OUTWARD}
    return [c for c, one in providers.items() if address[c] and not one.closed() and not one.unreachable(address[c])]


def wanted_by(user: User) -> Wanted:
    """What ``user`` has chosen, with the installation's quiet hours where they chose none."""
    key = user_key(user.pk)
    rows = Preference.objects.filter(recipient_key=key)
    own = QuietHours.objects.filter(recipient_key=key).values_list("starts", "ends").first()
    starts, ends = own or usual_quiet_hours() or (None, None)
    return Wanted({(row.topic, row.channel): row.pace for row in rows}, starts, ends)


@transaction.atomic
def save_preferences(user: User, *, paces: Choices, starts: time | None, ends: time | None) -> None:
    """Keep what ``user`` chose: ``paces`` of the topics and channels named, and the hours.

    Topics not named stay as they were; hours as the installation's, or none, need no row. What is due is sorted by
    this from the next minute on. Raises ``Invalid``.
    """
    _check(paces, starts, ends)
    key, now = user_key(user.pk), timezone.now()
    rows = [
        Preference(recipient_key=key, topic=topic, channel=channel, pace=pace, changed_at=now)
        for (topic, channel), pace in sorted(paces.items())
        if pace != Pace.NOW
    ]
    Preference.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["recipient_key", "topic", "channel"],
        update_fields=["pace", "changed_at"],
    )
    for (topic, channel), pace in sorted(paces.items()):
        if pace == Pace.NOW:
            Preference.objects.filter(recipient_key=key, topic=topic, channel=channel).delete()
    own = QuietHours.objects.filter(recipient_key=key)
    if starts is None or ends is None or (starts, ends) == usual_quiet_hours():
        own.delete()
    else:
        own.update_or_create(recipient_key=key, defaults={"starts": starts, "ends": ends, "changed_at": now})


def _check(paces: Choices, starts: time | None, ends: time | None) -> None:
    known = {(topic.name, channel) for topic in topics() for channel in topic.channels}
    wrong: dict[str, list[Text]] = {
        f"{topic}-{channel}": [_("请从列出的里面选一个。")]
        for (topic, channel), pace in paces.items()
        if (topic, channel) not in known or pace not in Pace.values
    }
    if (starts is None) != (ends is None):
        wrong["starts"] = [_("开始和结束的时间都要选。")]
    if starts is not None and not QUIET_FROM[0] <= starts <= QUIET_FROM[1]:
        wrong["starts"] = [_("开始的时间请选在18:00到23:30之间。")]
    if ends is not None and not QUIET_UNTIL[0] <= ends <= QUIET_UNTIL[1]:
        wrong["ends"] = [_("结束的时间请选在5:00到11:00之间。")]
    if wrong:
        raise Invalid(wrong)
