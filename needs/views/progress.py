"""The progress page: in whose hands, since when, until when, what has happened, what the resident may do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from files import services as files
from needs import wording
from needs.forms import SupplementForm, WithdrawForm
from needs.models import Answer, Need, NeedEvent
from needs.permissions import resident_abilities
from needs.presenting.way import Way, way_of
from needs.services import following
from needs.services.answers import office_above
from needs.services.asking import last_day
from needs.states import OWN_WORDS, Audience, Office, Outcome, State, Verb
from people.states import Level


def render_progress(
    request: HttpRequest,
    token: str,
    *,
    supplement_form: SupplementForm | None = None,
    withdraw_form: WithdrawForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of the need behind ``token``; a refused form keeps what was typed. Raises ``NotFound``."""
    need = following.find_by_link(token)
    kept = supplement_form.cleaned_data.get("client_key") if supplement_form else None
    context = {
        **progress_context(need),
        "token": token,
        "supplement_form": supplement_form or SupplementForm(),
        "supplement_held": len(files.held(held_under(token, kept))) if kept else 0,
        "withdraw_form": withdraw_form or WithdrawForm(),
        "nav_current": "track",
    }
    return render(request, "needs/progress.html", context, status=status)


def held_under(token: str, key: UUID | None) -> str:
    """What the photos of one addition are held under until it is sent: whoever has the link, and this very form."""
    return f"supplement:{token}:{key}" if key else ""


def progress_context(need: Need) -> dict[str, Any]:
    """Everything the page shows of ``need``."""
    events = list(need.events.filter(audience=Audience.RESIDENT).order_by("-at", "-id"))
    way, may, token = way_of(need), resident_abilities(need), need.link_token
    urge = Verb.URGE in may
    return {
        "need": need,
        "badge": wording.badge(need),
        "headline": wording.headline(need, way.headline if way else ""),
        "promise": wording.afterwards(need),
        "overdue": need.is_overdue,
        "promised_on": need.reply_by,
        "steps": wording.steps(need),
        "asked": asked(need) if Verb.CLOSE in may else None,
        "again": need.state == State.PENDING and need.rounds > 1,
        "arrived": bool(way and way.arrived),
        "latest_reply": _latest(events),
        "timeline": wording.resident_timeline(events),
        "photos": [
            {"url": reverse("needs:photo", args=[token, photo.pk]), "name": photo.name}
            for photo in files.attachments("need", str(need.pk))
        ],
        "facts": _facts(need, way),
        "calls": _calls(need),
        "can": {
            "supplement": Verb.SUPPLEMENT in may,
            "withdraw": Verb.WITHDRAW in may,
            "urge": urge and following.may_urge(need),
        },
        "urged_today": urge and not following.may_urge(need),
    }


def asked(need: Need) -> dict[str, Any]:
    """The one question: its three answers, each with what comes of it, and until when it stands."""
    rest = _("街道") if need.area.level == Level.STREET else _("社区书记")
    up = office_above(need) == Office.LEADER
    again = _("报分管领导，会打电话给您") if up else _("转到街道，重新安排人办")
    return {
        "until": wording.day(last_day(need)),
        "answers": [
            {"value": Outcome.SOLVED, "tone": "yes", "label": Outcome.SOLVED.label, "then": _("这件事办结")},
            {
                "value": Outcome.PARTLY,
                "tone": "part",
                "label": Outcome.PARTLY.label,
                "then": _("这件事办结，剩下的请%(who)s看") % {"who": rest},
            },
            {"value": Outcome.UNSOLVED, "tone": "no", "label": Outcome.UNSOLVED.label, "then": again},
        ],
    }


def _latest(events: Sequence[NeedEvent]) -> dict[str, Any] | None:
    """The newest words of staff for the resident, with who said them."""
    told = next((event for event in events if event.verb in OWN_WORDS and event.words), None)
    return {"who": wording.replier(told), "at": told.at, "text": told.words} if told else None


def _facts(need: Need, way: Way | None) -> list[dict[str, Any]]:
    facts = [(_("地点"), " ".join(part for part in (need.place, need.spot) if part)), *_hand(need, way)]
    if need.first_reply_at and need.is_open:
        facts.append((_("答复过"), wording.day(timezone.localdate(need.first_reply_at))))
    answer = _own_answer(need)
    if answer:
        said = [answer.get_outcome_display(), answer.get_satisfaction_display(), answer.words]
        facts.append((_("您的评价"), _("、").join(str(part) for part in said if part)))
    return [{"label": label, "value": value} for label, value in facts if value]


def _hand(need: Need, way: Way | None) -> list[tuple[str, str]]:
    """In whose hands, since when, until when."""
    if need.state == State.TO_ANSWER:
        since, until = wording.on(need.finished_at), wording.day(last_day(need))
        return [(_("在谁手里"), _("等您评价")), (_("从哪天起"), since), (_("评价到哪天"), until)]
    if not need.is_open:
        return []
    if need.waiting_since:
        who = _("等您补充，%(who)s接着办") % {"who": wording.hand(need)}
        return [(_("在谁手里"), who), (_("从哪天起"), wording.on(need.waiting_since))]
    hand = [(_("在谁手里"), wording.hand(need)), (_("从哪天起"), wording.on(need.held_since))]
    if way:
        hand += [(_("现在"), way.hand), (_("什么时候前"), way.until)]
    return [*hand, (_("哪天前答复"), wording.until(need))]


def _own_answer(need: Need) -> Answer | None:
    """What the resident said last; silence is not shown as an answer."""
    return need.answers.exclude(outcome=Outcome.SILENT).order_by("-round").first()


def _calls(need: Need) -> list[str]:
    """Numbers of the right place for what is not done here."""
    channel = wording.right_channel(need.declined)
    return list(channel.phones) if channel else []
