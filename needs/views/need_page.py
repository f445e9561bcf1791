"""The page of one need in the workbench."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from alliance.lib.onward import onward
from deadlines.services.calendar import calendar
from deadlines.worktime import Calendar
from files import services as files
from files.models import Attachment
from needs import presenting, selectors, wording
from needs.forms import AcceptForm, CallForm, ReplyForm, WordsForm
from needs.models import Need
from needs.permissions import REVEAL, abilities
from needs.presenting.fitting import booked_for, fitting_rows
from needs.presenting.under_way import running_errand, under_way
from needs.services.errand_ends import usual_end
from needs.services.remainders import may_call
from needs.services.units import unit_photos
from needs.states import Office, State, Verb
from needs.states.wish import VERIFIERS
from needs.views.steps import offered, shown_steps
from needs.views.triage_ways import usual_day
from needs.views.ways import WAYS
from people.models import User
from people.visitors import signed_in


def need_context(request: HttpRequest, need: Need, **forms: Any) -> dict[str, Any]:
    """Everything on the page of one need; ``forms`` are refused ones that keep what was typed."""
    user = signed_in(request)
    may, cal = abilities(user, need), calendar()
    beside = presenting.around([need], cal)
    for form in forms.values():
        _renew(form, need, stale="stale" in forms)
        if isinstance(form, ReplyForm) and need.done_by:
            form.fields.pop("done_by", None)
    steps = offered(WAYS, need, user, may)
    can, told = _can(may), presenting.timeline(need)
    can["dial"] = can["dial"] or may_call(user, need)
    context: dict[str, Any] = {
        "title": need.title,
        "need": presenting.facts(need, _photos(need), beside.extension(need)),
        "strip": presenting.strip(need, user, beside),
        "paused": presenting.paused_unit(need),
        "may_assign": any(step.name == "assign" for step in steps),
        "similar": _similar(need, request),
        "can": can,
        **_boxes(need, cal),
        "decision": presenting.decision(need),
        "why_not": _why_not(need, may),
        "steps": shown_steps(need, user, steps, forms),
        "links": _links(need, user, may),
        "under_way": under_way(need),
        "fitting": fitting_rows(need) if Verb.PROPOSE in may else None,
        "booked": booked_for(need),
        "onward": onward(user, f"need:{need.pk}", need.number),
        "call_form": CallForm(),
        "timeline": told,
        "unit_photos": _of_photos(need, unit_photos(need)) if any(event["reported"] for event in told) else [],
        "rail": _rail(need, request, cal),
        **forms,
    }
    return {**context, "kept": _kept(can, {step.name for step in steps}, forms)}


def _renew(form: Any, need: Need, *, stale: bool) -> None:
    """A stale form keeps its words; only the versions become the newest, so that sending again is a decision."""
    if stale and hasattr(form, "data"):
        form.data = form.data.copy()
        for name, value in {"version": need.version, **getattr(form, "newest", {})}.items():
            form.data[form.add_prefix(name)] = str(value)


def _can(may: frozenset[str]) -> dict[str, bool]:
    return {
        "accept": Verb.ACCEPT in may,
        "reply": Verb.REPLY in may,
        "note": Verb.NOTE in may,
        "dial": Verb.DIAL in may,
        "reveal": REVEAL in may,
        "slip": Verb.SLIP in may,
    }


def _boxes(need: Need, cal: Calendar) -> dict[str, Any]:
    version = {"version": need.version}
    return {
        "accept_form": _accept_form(need, cal),
        "reply_form": _reply_form(need),
        "note_form": WordsForm(prefix="note", initial=version),
    }


def _reply_form(need: Need) -> ReplyForm:
    """The day for the end is asked once, with the first reply."""
    form = ReplyForm(prefix="reply", initial={"version": need.version})
    if need.done_by:
        del form.fields["done_by"]
    elif need.state == State.IN_PROGRESS:
        form.initial["done_by"] = usual_end(need, *running_errand(need))
    return form


def _links(need: Need, user: User, may: frozenset[str]) -> list[dict[str, str]]:
    """Ways on that have a page of their own."""
    if Verb.WISH not in may or not user.roles_at(need.area_id) & VERIFIERS:
        return []
    return [{"label": _("转心愿"), "url": f"{reverse('admin:needs_wish_add')}?need={need.pk}"}]


def _accept_form(need: Need, cal: Calendar) -> AcceptForm:
    """Accepted again after it went elsewhere, the promised day stays, which is not asked for, and what was decided."""
    before = {"nature": need.nature, "category": need.category_id, "urgent": need.urgent}
    first = {"version": need.version, "reply_by": need.reply_by or usual_day(need, cal)}
    form = AcceptForm(initial={**before, **first})
    if need.reply_by:
        del form.fields["reply_by"]
    return form


def _photos(need: Need) -> list[dict[str, str]]:
    return _of_photos(need, files.attachments("need", str(need.pk)))


def _of_photos(need: Need, photos: list[Attachment]) -> list[dict[str, str]]:
    return [
        {"url": reverse("admin:needs_need_photo", args=[need.pk, photo.pk]), "name": photo.name} for photo in photos
    ]


def _why_not(need: Need, may: frozenset[str]) -> str:
    """Why this person decides nothing here; empty where the template says it all."""
    if need.state != State.PENDING or Verb.ACCEPT in may or Verb.CALL_BACK in may:
        return ""
    if need.office == Office.LEADER:
        return _("等分管领导回访。您可以看，可以写备注。")
    where = wording.desk(need)
    return _("这件正等着%(office)s受理，您可以看，不用您来办。") % {"office": where}


BOXES = {"accept": "note", "reply": "words", "note": "words"}
"""Where somebody writes in the forms that are no steps."""


def _kept(can: dict[str, bool], steps: set[str], forms: dict[str, Any]) -> list[dict[str, str]]:
    """What was typed into forms that the page no longer offers: shown, never lost."""
    found: list[dict[str, str]] = []
    for key, form in forms.items():
        name = key.removesuffix("_form")
        if name == key or can.get(name) or name in steps:
            continue
        if hasattr(form, "typed"):
            found += form.typed
        elif name in BOXES and form.is_bound and (words := form[BOXES[name]].value()):
            found.append({"label": str(form[BOXES[name]].label), "words": str(words)})
    return found


def _similar(need: Need, request: HttpRequest) -> list[dict[str, str]]:
    return [
        {
            "url": reverse("admin:needs_need_change", args=[other.pk]),
            "title": other.title,
            "state": other.get_state_display(),
            "when": wording.day(other.created_at),
        }
        for other in selectors.similar(need, signed_in(request))
    ]


def _holder(hand: dict[str, Any]) -> str:
    """In whose hands, in the words of the list."""
    return str(hand.get("line") or hand["name"] or hand["unit"])


def _rail(need: Need, request: HttpRequest, cal: Calendar) -> dict[str, Any]:
    """The queue beside the page, with the one before and the one after."""
    user = signed_in(request)
    queue = presenting.rows(selectors.queue(user), user, cal)
    items = [
        {
            "title": row["title"],
            "url": row["url"],
            "who": " · ".join(dict.fromkeys((row["community"], _holder(row["hand"])))),
            "left": row["due"]["left"],
            "tone": row["due"]["tone"],
            "current": row["pk"] == need.pk,
        }
        for row in queue
    ]
    place = next((i for i, item in enumerate(items) if item["current"]), None)
    rail: dict[str, Any] = {"items": items, "position": ""}
    if place is not None:
        rail["position"] = f"{place + 1} / {len(items)}"
        rail["prev_url"] = items[place - 1]["url"] if place else ""
        rail["next_url"] = items[place + 1]["url"] if place + 1 < len(items) else ""
    elif items:
        rail["next_url"] = items[0]["url"]
    return rail
