"""Reminders of a wish that waits: to be verified, for a yes, to be confirmed as brought."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from alliance.lib.dates import kept_day
from deadlines.models import Stage
from needs.messages.wishes import NUMBER, SAMPLE
from needs.models import Wish
from notifications.messages import MessageClass

DATED = {**SAMPLE, "day": _("12月3日")}


class WishVerifySoon(MessageClass):
    """To the community, before the day and on it."""

    label = _("心愿该核实了")
    title = _("心愿该在%(day)s前核实")
    body = _("%(number)s，%(community)s，%(item)s，还没核实")
    sample = DATED
    must = NUMBER


class WishVerifyLate(MessageClass):
    """To the superiors: the day has passed."""

    label = _("心愿过了日子没核实，请上级过问")
    title = _("心愿过了日子还没核实，请您过问")
    body = _("%(number)s，%(community)s，%(item)s，原定%(day)s前核实")
    sample = DATED
    must = NUMBER


class WishApproveSoon(MessageClass):
    """To those who may say yes, before the day and on it."""

    label = _("心愿该审批了")
    title = _("心愿该在%(day)s前审批")
    body = _("%(number)s，%(community)s，%(item)s，在“待我审批”里")
    sample = DATED
    must = NUMBER


class WishApproveLate(MessageClass):
    """To the superiors: the day has passed."""

    label = _("心愿过了日子没审批，请上级过问")
    title = _("心愿过了日子还没审批，请您过问")
    body = _("%(number)s，%(community)s，%(item)s，原定%(day)s前审批")
    sample = DATED
    must = NUMBER


class WishConfirmSoon(MessageClass):
    """To the community, before the day and on it: somebody says it was brought."""

    label = _("送到的心愿该代确认了")
    title = _("送到的心愿该在%(day)s前代确认")
    body = _("%(number)s，%(community)s，%(item)s，请问一声收到没有")
    sample = DATED
    must = NUMBER


class WishConfirmLate(MessageClass):
    """To the superiors: the day has passed."""

    label = _("送到的心愿过了日子没确认，请上级过问")
    title = _("送到的心愿过了日子还没代确认，请您过问")
    body = _("%(number)s，%(community)s，%(item)s，原定%(day)s前代确认")
    sample = DATED
    must = NUMBER


def params_of(wish: Wish) -> dict[str, str]:
    """What the reminders of a running limit say of its wish, kept with the limit: what stands on the wall."""
    return {"number": wish.number, "community": wish.area.name, "item": wish.item}


def _of(stage: Stage) -> dict[str, Any]:
    params = {**stage.params, "day": kept_day(stage.due_on)}
    return {"params": params, "area_code": stage.area_code, "subject_label": stage.label, "url": stage.url}


def verify_reminder(stage: Stage, offset: int, audience: str) -> MessageClass:
    return WishVerifyLate(**_of(stage)) if offset > 0 else WishVerifySoon(**_of(stage))


def approve_reminder(stage: Stage, offset: int, audience: str) -> MessageClass:
    return WishApproveLate(**_of(stage)) if offset > 0 else WishApproveSoon(**_of(stage))


def confirm_reminder(stage: Stage, offset: int, audience: str) -> MessageClass:
    return WishConfirmLate(**_of(stage)) if offset > 0 else WishConfirmSoon(**_of(stage))
