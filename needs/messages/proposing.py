"""What both sides are told when a resource may help: whoever gives it number and place, nothing of the resident;
whoever asked that somebody is being asked, and nothing of who gives it: nothing is agreed yet.
"""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from needs.messages.triage import UNIT
from needs.models import Need, Wish
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


class HelpLookedFor(MessageClass):
    """To whoever asked: the office is asking somebody who may help."""

    label = _("告诉提出的人正在联系能帮忙的一方")
    title = _("%(desk)s正在帮您联系能帮上忙的一方")
    body = _("%(number)s。联系好了会告诉您，您不用做什么。")
    sample = {key: UNIT[key] for key in ("number", "desk")}
    must = frozenset({"number"})


def for_whoever_asked(need: Need) -> HelpLookedFor:
    """To the resident's account, or to the liaisons of the unit whose need it is."""
    url = reverse("desk:home") if need.asker_id else reverse("portal:my")
    said = {"number": need.number, "desk": need.desk.name}
    return HelpLookedFor(area_code=need.area_id, subject_label=need.number, params=said, url=url)


class ResourceForWish(MessageClass):
    """To those who give it: a wish on the wall that it may fulfil."""

    label = _("请提供方用资源圆一个心愿")
    channels = (Channel.INAPP, Channel.SMS)
    title = _("有个心愿“%(item)s”，想请您的“%(name)s”帮个忙")
    body = _("%(number)s，%(community)s。愿意的话，点开认领。")
    sms = _(
        "%(community)s有个心愿“%(item)s”（%(number)s），想请您的“%(name)s”帮个忙。愿意的话请点开认领，谢谢。%(link)s"
    )
    sample = {
        "name": _("周三义诊"),
        "number": "XY-CX-20261121-0003",
        "community": _("万寿桥社区"),
        "item": _("一床厚被子"),
        "link": "https://tongxin.example/desk/",
    }
    must = frozenset({"number", "name"})


def about_resource_for_wish(wish: Wish, row: Resource) -> ResourceForWish:
    """To the unit's liaisons, or to the office's people where it is the office's own."""
    url = (
        reverse("desk:offer", args=[wish.offer_id])
        if row.unit_id
        else reverse("admin:needs_wish_change", args=[wish.pk])
    )
    link = settings.SITE_URL.rstrip("/") + url if settings.SITE_URL else ""
    said = {"number": wish.number, "community": wish.area.name, "item": wish.item, "name": row.name, "link": link}
    return ResourceForWish(area_code=wish.area_id, subject_label=wish.number, params=said, url=url)


class WishHelpLookedFor(MessageClass):
    """To whoever registered the wish: a colleague asked somebody who may fulfil it."""

    label = _("告诉登记心愿的人已经推荐了资源")
    title = _("心愿“%(item)s”推荐了资源")
    body = _("%(number)s，同事请了“%(name)s”，等对方来认领。")
    sample = {name: ResourceForWish.sample[name] for name in ("name", "number", "item")}
    must = frozenset({"number"})


def for_keepers(wish: Wish, row: Resource) -> WishHelpLookedFor:
    said = {"number": wish.number, "item": wish.item, "name": row.name}
    url = reverse("admin:needs_wish_change", args=[wish.pk])
    return WishHelpLookedFor(area_code=wish.area_id, subject_label=wish.number, params=said, url=url)
