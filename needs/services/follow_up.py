"""The card of a late reply: a superior answers it from a text message, without signing in."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.errors import NotAllowed, NotFound
from deadlines.models import Stage
from needs import wording
from needs.models import Need
from needs.permissions import abilities
from needs.states import Verb
from notifications.cards import CardKind, CardPage
from notifications.models import CardLink
from notifications.services import card_url, make_card
from people.models import User

NAME = "needs.follow_up"


def link_for(stage: Stage, user: User) -> Mapping[str, str]:
    """The link of a card of ``user``'s own; none where the site does not know its own address, or no phone is there."""
    if not settings.SITE_URL or not user.phone:
        return {"link": ""}
    _card, token = make_card(kind=NAME, subject=stage.label, recipient=user, label=user.name, area_code=stage.area_code)
    return {"link": card_url(token)}


def page(card: CardLink) -> CardPage:
    """What is late, without the resident and their words: a link may be forwarded."""
    need = Need.objects.select_related("area").filter(number=card.subject).first()
    if need is None or not need.is_open or need.reply_by is None:
        return CardPage(_("这件事已经了结"), closed_reason=_("不用再过问，谢谢您。"))
    if need.first_reply_at and not need.is_overdue:
        return CardPage(_("这件事已经答复居民"), closed_reason=_("不用再过问，谢谢您。"))
    facts = {"office": wording.office(need), "day": wording.day(need.promised or need.reply_by)}
    line = _("%(office)s答应%(day)s前答复居民，到现在还没有。") % facts
    if need.first_reply_at:
        line = _("%(office)s答复过居民，说%(day)s前办好，到现在还没办好。") % facts
    return CardPage(_("%(number)s 过了答应的日子") % {"number": need.number}, lines=[line])


def take_answer(card: CardLink, value: str, note: str) -> None:
    """Written into the need's history for colleagues, in the name of whoever the card was sent to.

    Raises ``NotFound``, ``NotAllowed`` (no such role any more).
    """
    user = User.objects.filter(pk=int(card.recipient_key.removeprefix("u:")), is_active=True).first()
    row = Need.objects.filter(number=card.subject).values_list("pk", flat=True).first()
    if user is None or row is None:
        raise NotFound
    need: Need = Need.objects.visible_to(user).locked(row)
    if Verb.NOTE not in abilities(user, need):
        raise NotAllowed
    words = _("凭短信链接答复：%(answer)s") % {"answer": FOLLOW_UP.label_of(value)}
    said = _("%(words)s。%(note)s") % {"words": words, "note": note} if note else words
    need.move_to(Verb.NOTE, actor=user, note=said)


FOLLOW_UP = CardKind(
    name=NAME,
    label=gettext_lazy("请您过问"),
    options=(("mine", gettext_lazy("我来过问")), ("told", gettext_lazy("已经提醒经办人"))),
    page=page,
    answer=take_answer,
    note_allowed=True,
)
