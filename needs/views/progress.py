"""The progress page: in whose hands, since when, until when, what has happened, what the resident may do."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from alliance.lib.about import about
from files import services as files
from needs import wording
from needs.forms import SupplementForm, WithdrawForm
from needs.models import Need
from needs.permissions import resident_abilities
from needs.presenting import tracked
from needs.presenting.way import way_of
from needs.services import following
from needs.services.answers import office_above
from needs.services.asking import last_day
from needs.states import Audience, Office, Outcome, State, Verb


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
    about(request, need.area_id)
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
    urge = Verb.URGE in may and not need.waiting_since
    own = tracked.own_answer(need)
    return {
        "need": need,
        "badge": wording.badge(need),
        "headline": tracked.received(need, events) or wording.headline(need, way.headline if way else ""),
        "promise": tracked.rest(need, own) or (way.note if way else "") or wording.afterwards(need, events),
        "overdue": need.is_overdue,
        "promised_on": need.reply_by,
        "steps": tracked.steps(need, events, way),
        "asked": asked(need) if Verb.CLOSE in may else None,
        "again": need.state == State.PENDING and need.rounds > 1,
        "arrived": bool(way and (way.arrived or way.found)),
        "found": bool(way and way.found),
        "latest_reply": tracked.latest(events),
        "timeline": tracked.timeline(need, events),
        "hand": tracked.hand(need, way, own),
        "photos": [
            {"url": reverse("needs:photo", args=[token, photo.pk]), "name": photo.name}
            for photo in files.attachments("need", str(need.pk))
        ],
        "facts": tracked.said(need, own, settled=wording.settled_at(events) is not None),
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
                "then": _("这件事办结，剩下的请%(who)s看") % {"who": tracked.who_has_the_rest(need)},
            },
            {"value": Outcome.UNSOLVED, "tone": "no", "label": Outcome.UNSOLVED.label, "then": again},
        ],
    }


def _calls(need: Need) -> list[str]:
    """Numbers of the right place for what is not done here."""
    channel = wording.right_channel(need.declined)
    return list(channel.phones) if channel else []
