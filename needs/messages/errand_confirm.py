"""Reminders of an errand that is said to be there: the community asks, and says so for the resident."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from alliance.lib.dates import kept_day
from deadlines.models import Stage
from needs.messages.samples import FOR_STAFF, NUMBER, sample_of
from notifications.messages import MessageClass

SAMPLE = sample_of(FOR_STAFF, "number", "community", "day")


class ErrandConfirmSoon(MessageClass):
    """To the community, before the day and on it."""

    label = _("送到的跑腿该代确认了")
    title = _("送到的跑腿该在%(day)s前代确认")
    body = _("%(number)s，%(community)s，居民还没说收到，请问一声")
    sample = SAMPLE
    must = NUMBER


class ErrandConfirmLate(MessageClass):
    """To the superiors: the day has passed."""

    label = _("送到的跑腿过了日子没确认，请上级过问")
    title = _("送到的跑腿过了日子还没代确认，请您过问")
    body = _("%(number)s，%(community)s，原定%(day)s前代确认")
    sample = SAMPLE
    must = NUMBER


def reminder(stage: Stage, offset: int, audience: str = "") -> MessageClass:
    params: dict[str, Any] = {**stage.params, "day": kept_day(stage.due_on)}
    kind = ErrandConfirmLate if offset > 0 else ErrandConfirmSoon
    return kind(params=params, area_code=stage.area_code, subject_label=stage.label, url=stage.url)
