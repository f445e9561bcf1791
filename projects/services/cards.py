"""The link by which a liaison reads the text and answers, without signing in."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.errors import NotFound, RuleBroken
from notifications.cards import CardKind, CardPage
from notifications.models import CardLink
from people.models import User
from projects.models import Ask
from projects.services.answering import ANSWERED, GONE, NOT_YOURS, answer_ask
from projects.services.held import CARD
from projects.states import AnsweredBy

YES, NO = "yes", "no"


def page(card: CardLink) -> CardPage:
    """The whole text: what is confirmed has been read. It names units and offices, and no person."""
    ask = _ask(card)
    if ask is None:
        return CardPage(_("这份协议不在了"), closed_reason=_("不用再答复，谢谢您。"))
    agreement = ask.party.agreement
    title = _("请%(unit)s看看协议“%(name)s”") % {"unit": ask.party.name, "name": agreement.theme}
    number = agreement.number
    if ask.answer:
        if not (ask.amendment or agreement).is_signed:  # before that there is no check page
            return CardPage(title, closed_reason=ANSWERED, name=agreement.theme)
        go_on = (_("核对协议"), reverse("projects:check", args=[number]), "")
        return CardPage(title, closed_reason=ANSWERED, go_on=go_on, name=agreement.theme)
    if ask.void_at is not None:
        return CardPage(title, closed_reason=GONE, name=agreement.theme)
    paper = ask.amendment or agreement
    lines = [line for line in paper.text.split("\n") if line.strip()]
    return CardPage(title, lines=lines, name=agreement.theme)


def answer(card: CardLink, value: str, note: str) -> None:
    """Of the person the link was sent to, if they still speak for the unit. Raises as ``answer_ask``."""
    ask, kind, key = _ask(card), *card.recipient_key.partition(":")[::2]
    if ask is None:
        raise NotFound
    user = User.objects.filter(pk=key, is_active=True).first() if kind == "u" and key.isdigit() else None
    if user is None:
        raise RuleBroken(NOT_YOURS)
    answer_ask(pk=ask.pk, by=user, yes=value == YES, words=note, via=AnsweredBy.CARD)


def _ask(card: CardLink) -> Ask | None:
    key = card.subject.partition(":")[2]
    rows = Ask.objects.select_related("party__agreement", "amendment")
    return rows.filter(pk=int(key)).first() if key.isdigit() else None


CONFIRM_CARD = CardKind(
    name=CARD,
    label=gettext_lazy("请单位确认协议"),
    options=((YES, gettext_lazy("没有问题，确认")), (NO, gettext_lazy("想改一改"))),
    page=page,
    answer=answer,
    note_allowed=True,
)
