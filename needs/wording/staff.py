"""A need's history as staff read it. What the resident answered is never in it."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from needs.models import NeedEvent
from needs.states import FOR_UNITS, Channel, Declined, Office, Verb
from needs.wording.common import day, proposed, with_left
from needs.wording.talked import talked_for_staff

ENDS = (Verb.CLOSE, Verb.LAPSE)
"""Staff read of both that the need is done: whether the resident answered, and what, stays with the resident."""
PLAIN = {
    Verb.SUPPLEMENT: gettext_lazy("居民补充"),
    Verb.URGE: gettext_lazy("居民催了一下"),
    Verb.WITHDRAW: gettext_lazy("居民撤回"),
    Verb.ASK: gettext_lazy("请居民补充，时限停住"),
    Verb.FINISH: gettext_lazy("办好了，请居民评价"),
    **dict.fromkeys(ENDS, gettext_lazy("已办结")),
}


def shown_verb(event: NeedEvent) -> str:
    """The verb of ``event`` for staff, in lists and over the API."""
    return Verb.CLOSE if event.verb in ENDS else event.verb


def event_for_staff(event: NeedEvent) -> str:
    """One line of the staff's timeline."""
    if event.verb in PLAIN:
        return str(PLAIN[Verb(event.verb)])
    text = _about_the_end(event) or _moved(event) or talked_for_staff(event) or _told(event) or event.get_verb_display()
    return with_left(text, event.verb, event.params)


def actor(event: NeedEvent) -> str:
    """Who took the step, by name; who answered for a unit, as its liaison. Empty: the resident, or the clock."""
    if event.verb in FOR_UNITS:
        return liaison_of(event.params.get("unit", ""))
    return event.actor.name if event.actor else ""


def liaison_of(unit: str) -> str:
    """Whoever speaks for ``unit``: to others that is a post, not an account."""
    return _("%(unit)s联络员") % {"unit": unit}


def left_unit(event: NeedEvent) -> str:
    """How a request to a unit ended otherwise than by its answer, for the unit: which office, nobody by name."""
    office = {"office": event.params.get("area", "")}
    if event.verb == Verb.FINISH:
        return _("%(office)s已经办好了") % office
    return _("居民撤回了") if event.verb == Verb.WITHDRAW else _("%(office)s另作了安排") % office


def _told(event: NeedEvent) -> str:
    """Steps that say a word of their own; empty for others."""
    params = event.params
    match event.verb:
        case Verb.SUBMIT:
            return _("居民提交（%(channel)s）") % {"channel": Channel(params.get("channel", Channel.WEB)).label}
        case Verb.DECLINE if params.get("declined"):
            return _("不予受理：%(reason)s") % {"reason": Declined(params["declined"]).label}
        case Verb.WILL_HELP if params.get("comes_on"):
            found = {"unit": params.get("unit", ""), "day": day(date.fromisoformat(params["comes_on"]))}
            return _("%(unit)s说可以帮，%(day)s来") % found
        case Verb.WILL_HELP:
            return _("%(unit)s说可以帮") % {"unit": params.get("unit", "")}
        case Verb.PROPOSE:
            return proposed(params)
        case Verb.LIST:
            return _("列入需求清单：%(words)s") % {"words": params.get("words", "")}
        case Verb.REPORT:
            return _("%(unit)s回复办理") % {"unit": params.get("unit", "")}
        case Verb.HAND_BACK:
            return _("%(unit)s说帮不了") % {"unit": params.get("unit", "")}
        case Verb.REOPEN if params.get("office"):
            return _("转到%(office)s重办") % {"office": Office(params["office"]).label}
    return ""


def _about_the_end(event: NeedEvent) -> str:
    """Steps that name or move the day by which it should be done; empty for others."""
    named = event.params.get("done_by")
    words = {
        Verb.REPLY: _("回复居民，预计%(day)s前办好"),
        Verb.MOVE: _("工作日有调整，办好的日子改到%(day)s"),
        Verb.GRANT: _("同意延期，改在%(day)s前办好"),
    }.get(Verb(event.verb))
    return words % {"day": day(date.fromisoformat(named))} if named and words else ""


def _moved(event: NeedEvent) -> str:
    """Steps that change the hand or the promised day; empty for others."""
    params = event.params
    promised = params.get("reply_by", "")
    until = day(date.fromisoformat(promised)) if promised else ""
    match event.verb:
        case Verb.ACCEPT if until:
            return _("受理，答应%(day)s前答复") % {"day": until}
        case Verb.MOVE:
            return _("工作日有调整，答复日期改到%(day)s") % {"day": until}
        case Verb.EXTEND if params.get("until"):
            return _("申请延到%(day)s") % {"day": day(date.fromisoformat(params["until"]))}
        case Verb.REFUSE if params.get("until"):
            return _("没有同意延到%(day)s") % {"day": day(date.fromisoformat(params["until"]))}
        case Verb.GRANT if until:
            return _("同意延期，答复日期改到%(day)s") % {"day": until}
        case Verb.ASSIGN if params.get("unit"):
            return _("请%(unit)s协助") % {"unit": params["unit"]}
        case Verb.ASSIGN if params.get("holder"):
            return _("转给%(holder)s") % {"holder": params["holder"]}
    return ""
