"""What whoever gives a resource is told when it may help with a need: number and place, nothing of the resident."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from needs.messages.triage import UNIT
from needs.models import Need
from needs.wording.common import phone_of
from notifications.messages import MessageClass
from notifications.states import Channel
from resources.models import Resource


class ResourceProposed(MessageClass):
    """To those who give it: it may help; they get in touch if they can."""

    label = _("请提供方用资源帮一件事")
    channels = (Channel.INAPP, Channel.SMS)
    title = _("%(desk)s有一件事，想请您的“%(name)s”帮个忙")
    body = _("%(number)s。方便的话，请联系%(contact)s定时间。")
    sms = _("%(desk)s有一件居民的事（%(number)s），想请您的“%(name)s”帮个忙。方便的话请联系：%(contact)s，谢谢。")
    sample = {"name": _("周三义诊"), **{key: UNIT[key] for key in ("number", "desk", "contact")}}
    must = frozenset({"number", "name"})


def about_resource(need: Need, row: Resource) -> ResourceProposed:
    """To the unit's liaisons, or to the office's people where it is the office's own."""
    contact = " ".join(part for part in (need.desk.name, phone_of(need.desk)) if part)
    said = {"number": need.number, "desk": need.desk.name, "name": row.name, "contact": contact}
    staff = reverse("admin:needs_need_change", args=[need.pk])
    url = reverse("desk:resource", args=[row.pk]) if row.unit_id else staff
    return ResourceProposed(area_code=need.area_id, subject_label=need.number, params=said, url=url)
