"""到期与提醒: what runs, what is sent, what is stuck. The page only reads; actions stand in ``views.acts``."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alliance.lib.errors import NotAllowed
from deadlines import presenting, selectors
from deadlines.filters import BoardFilter
from deadlines.kinds import due_kinds, stage_kinds
from deadlines.permissions import due_abilities
from deadlines.selectors import Filter
from deadlines.services.heartbeat import seconds_since
from deadlines.services.sweep import HEARTBEAT
from deadlines.states import DueState
from notifications.states import State
from people.models import User
from people.visitors import signed_in

TROUBLE_STATES = (DueState.WAITING, DueState.FAILED, DueState.MISSED)
MESSAGE_STATES = (State.WAITING, State.FAILED, State.UNCERTAIN, State.MISSED)


def board_url(**params: Any) -> str:
    """Address of the page with ``params``; empty ones are left out."""
    kept = {name: value for name, value in params.items() if value}
    return reverse("admin:due_board") + (f"?{urlencode(kept)}" if kept else "")


def tab_url(tab: str, **params: Any) -> str:
    return board_url(tab="" if tab == selectors.STAGES else tab, **params)


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Figures, tabs, and the list of the chosen tab."""
    user = signed_in(request)
    if "view" not in due_abilities(user):
        raise NotAllowed
    tab = _tab(request, user)
    form, chosen, chips = _narrowed(request, user, tab)
    cursor = request.GET.get("cursor", "")
    found = LISTS[tab](user, chosen, cursor)
    params = {"kind": chosen.kind, "community": chosen.community, "state": chosen.state}
    figures = selectors.figures(user)
    context = {
        **admin.site.each_context(request),
        "title": _("到期与提醒"),
        "beat": beat(),
        "oldest": presenting.span(figures.oldest) if figures.oldest >= 60 else "",
        "tiles": _tiles(figures, tab),
        "tabs": _tabs(tab, user, figures),
        "tab": tab,
        "part": f"admin/due/_{PARTS[tab]}.html",
        "filter_form": form,
        "hidden": [("tab", tab)] if tab != selectors.STAGES else [],
        "chips": chips,
        "clear_url": tab_url(tab),
        "first_url": tab_url(tab, **params) if cursor else "",
        "next_url": tab_url(tab, **params, cursor=found["next"]) if found.get("next") else "",
        "may_steer": "retry" in due_abilities(user),
        **found,
    }
    return TemplateResponse(request, "admin/due/board.html", context)


def beat() -> dict[str, Any]:
    """The dead man's line."""
    return presenting.beat_words(seconds_since(HEARTBEAT))


def _tab(request: HttpRequest, user: User) -> str:
    asked = request.GET.get("tab", "")
    if asked == selectors.MESSAGES and not selectors.sees_messages(user):
        return selectors.STAGES
    return asked if asked in selectors.TABS else selectors.STAGES


def _narrowed(request: HttpRequest, user: User, tab: str) -> tuple[BoardFilter, Filter, list[dict[str, str]]]:
    of_stages = tab in selectors.STAGE_TABS or tab == selectors.KEPT
    kinds = [(kind.name, kind.label) for kind in (stage_kinds() if of_stages else due_kinds())]
    states = {
        selectors.TROUBLE: [(state.value, state.label) for state in TROUBLE_STATES],
        selectors.MESSAGES: [(state.value, state.label) for state in MESSAGE_STATES],
    }
    areas = selectors.communities(user)
    form = BoardFilter(
        request.GET, kinds=[] if tab == selectors.MESSAGES else kinds, areas=areas, states=states.get(tab, [])
    )
    form.is_valid()  # what is not among the choices narrows nothing, and the form says so
    given = form.cleaned_data
    chosen = Filter(tab=tab, **{name: given.get(name, "") for name in ("kind", "community", "state")})
    named: dict[str, dict[str, Any]] = {
        "kind": dict(kinds),
        "community": dict(areas),
        "state": dict(states.get(tab, [])),
    }
    params = {name: getattr(chosen, name) for name in named}
    chips = [
        {"label": str(words[params[name]]), "url": tab_url(tab, **{**params, name: ""})}
        for name, words in named.items()
        if params[name]
    ]
    return form, chosen, chips


def _tiles(figures: selectors.Figures, current: str) -> list[dict[str, Any]]:
    """The counts; those of limits are ways to lists that no tab leads to."""
    today, late = tab_url(selectors.TODAY), tab_url(selectors.LATE)
    here = {selectors.TODAY: today, selectors.LATE: late}.get(current)
    found = [
        (_("今天到期"), figures.today, today, ""),
        (_("已超期"), figures.late, late, "late"),
        (_("卡住的"), figures.stuck, tab_url(selectors.TROUBLE), "late"),
        (_("错过的"), figures.missed, tab_url(selectors.TROUBLE, state=DueState.MISSED.value), "warn"),
    ]
    if figures.unsent is not None:
        found.append((_("没发出的消息"), figures.unsent, tab_url(selectors.MESSAGES), "warn"))
    return [
        {"label": label, "value": value, "url": url, "tone": tone if value else "", "current": url == here}
        for label, value, url, tone in found
    ]


def _tabs(current: str, user: User, figures: selectors.Figures) -> list[dict[str, Any]]:
    counts = {selectors.TROUBLE: figures.stuck + figures.missed, selectors.MESSAGES: figures.unsent or 0}
    labels = [
        (selectors.STAGES, _("计时")),
        (selectors.REMINDERS, _("要发的提醒")),
        (selectors.TOMORROW, _("明天会这样写")),
        (selectors.TROUBLE, _("卡住和错过")),
        (selectors.MESSAGES, _("消息")),
        (selectors.KEPT, _("按时情况")),
    ]
    shown = [pair for pair in labels if pair[0] != selectors.MESSAGES or selectors.sees_messages(user)]
    return [
        {"label": label, "url": tab_url(tab), "current": tab == current, "count": counts.get(tab)}
        for tab, label in shown
    ]


def _stages(user: User, chosen: Filter, cursor: str) -> dict[str, Any]:
    page = selectors.stages(user, chosen, cursor)
    return {"rows": presenting.stage_rows(page.rows, user), "next": page.next_cursor}


def _reminders(user: User, chosen: Filter, cursor: str) -> dict[str, Any]:
    page = selectors.reminders(user, chosen, cursor)
    return {"rows": presenting.due_rows(page.rows, user, selectors.REMINDERS), "next": page.next_cursor}


def _trouble(user: User, chosen: Filter, cursor: str) -> dict[str, Any]:
    page = selectors.trouble(user, chosen, cursor)
    able = due_abilities(user)
    rows = presenting.due_rows(page.rows, user, selectors.TROUBLE)
    return {
        "rows": rows,
        "next": page.next_cursor,
        "again": _at_once(user, chosen, DueState.FAILED, "admin:due_retry_all") if "retry" in able else [],
        "seen": _at_once(user, chosen, DueState.MISSED, "admin:due_seen_all") if "cancel" in able else [],
    }


def _at_once(user: User, chosen: Filter, state: DueState, name: str) -> list[dict[str, Any]]:
    """Buttons for everything of one kind."""
    return [
        {"label": presenting.due_label(kind), "count": count, "url": f"{reverse(name)}?{urlencode({'kind': kind})}"}
        for kind, count in selectors.wrong_by_kind(user, chosen, state).items()
    ]


def _messages(user: User, chosen: Filter, cursor: str) -> dict[str, Any]:
    page = selectors.messages(user, chosen, cursor)
    return {"rows": presenting.message_rows(page.rows, user), "next": page.next_cursor}


def _tomorrow(user: User, chosen: Filter, cursor: str) -> dict[str, Any]:
    page, found = selectors.tomorrow(user, chosen, cursor)
    rows = presenting.preview_rows(page.rows, found, user)
    return {"rows": rows, "next": page.next_cursor, "day": presenting.tomorrow_words()}


def _kept(user: User, chosen: Filter, cursor: str) -> dict[str, Any]:
    return {"rows": presenting.kept_rows(selectors.kept(user, chosen))}


LISTS = {
    **dict.fromkeys(selectors.STAGE_TABS, _stages),
    selectors.REMINDERS: _reminders,
    selectors.TROUBLE: _trouble,
    selectors.MESSAGES: _messages,
    selectors.TOMORROW: _tomorrow,
    selectors.KEPT: _kept,
}
PARTS = {**{tab: tab for tab in selectors.TABS}, **dict.fromkeys(selectors.STAGE_TABS, selectors.STAGES)}
