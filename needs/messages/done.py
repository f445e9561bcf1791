"""What is said of the day by which it should be done: named with the first reply, reminded of, moved."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.dates import kept_day
from deadlines.models import Stage
from needs.messages.samples import FOR_STAFF, NUMBER, sample_of
from needs.messages.triage import RESIDENT, for_resident, for_staff
from needs.models import Need
from notifications.messages import MessageClass
from notifications.states import Channel


class DoneSoon(MessageClass):
    """To whoever has it, the working day before and on the day."""

    label = _("快到说好办好的日子")
    channels = (Channel.INAPP, Channel.EMAIL)
    title = _("该在%(day)s前办好")
    body = _("%(number)s，%(community)s，答复过居民，还在办")
    email_subject = _("%(number)s 该在%(day)s前办好")
    email_body = _("%(community)s一件事（%(number)s）跟居民说的是%(day)s前办好，还在办。")
    sample = FOR_STAFF
    must = NUMBER


class DoneOverdue(MessageClass):
    """To whoever has it, in place of the reminders before the day, had none of them gone out in time."""

    label = _("过了日子还没办好，提醒经办人")
    channels = (Channel.INAPP, Channel.EMAIL)
    title = _("过了说好办好的日子，请给居民一句话")
    body = _("%(number)s，%(community)s，原定%(day)s前办好")
    email_subject = _("%(number)s 过了说好办好的日子，请给居民一句话")
    email_body = _("%(community)s一件事（%(number)s）原定%(day)s前办好，到现在还没办好，请给居民一句话。")
    sample = FOR_STAFF
    must = NUMBER


class DoneLate(MessageClass):
    """To the superiors: the day has passed."""

    label = _("过了日子没办好，请上级过问")
    channels = (Channel.INAPP, Channel.SMS, Channel.EMAIL)
    title = _("过了说好办好的日子，还没办好")
    body = _("%(number)s，%(community)s，%(holder)s经办，原定%(day)s前办好，请您过问")
    sms = _("%(community)s一件事（%(number)s）过了说好办好的日子还没办好，请您过问。%(link)s")
    email_subject = _("%(number)s 过了说好办好的日子，还没办好")
    email_body = _("%(community)s一件事（%(number)s）原定%(day)s前办好，到现在还没办好。%(holder)s经办，请您过问。")
    sample = {**FOR_STAFF, "link": "https://tongxin.example/c/Jh2kP9wQxT5mV8cR4bN7ya/"}
    must = NUMBER
    secret = frozenset({"link"})


class DoneMoved(MessageClass):
    """To whoever has it: the day moved with the calendar."""

    label = _("办好的日子随工作日调整")
    title = _("办好的日子改到%(day)s")
    body = _("%(number)s，%(community)s，工作日有调整，已经告诉居民")
    sample = sample_of(FOR_STAFF, "number", "community", "day")
    must = NUMBER


class DoneDayMoved(MessageClass):
    """To the resident: the day moved, with the calendar, since more time was granted or since they were waited for."""

    label = _("告诉居民办好的日子改了")
    channels = (Channel.INAPP, Channel.SMS)
    title = _("您反映的事预计%(day)s前办好")
    body = _("%(number)s，%(desk)s还在办，日子有变动。")
    sms = _("您反映的事（%(number)s）%(desk)s还在办，预计改在%(day)s前办好。%(link)s")
    sample = sample_of(RESIDENT, "number", "desk", "day", "link")
    must = frozenset({"number", "day"})
    secret = frozenset({"link"})


def done_reminder(stage: Stage, offset: int, audience: str) -> MessageClass:
    """The reminder of a rung."""
    late = stage.due_at <= timezone.now()
    kind: type[MessageClass] = DoneLate if offset > 0 else DoneOverdue if late else DoneSoon
    holder = stage.holder.name if stage.holder else stage.params["community"]
    params = {**stage.params, "holder": holder, "day": kept_day(stage.due_on)}
    return kind(params=params, area_code=stage.area_code, subject_label=stage.label, url=stage.url)


def done_moved(need: Need) -> MessageClass:
    return for_staff(DoneMoved, need, day=kept_day(need.promised))


def done_day_moved(need: Need) -> MessageClass:
    return for_resident(DoneDayMoved, need)
