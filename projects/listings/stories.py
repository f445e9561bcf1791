"""Residents' stories of one's streets: which wait for a consent, which are shown, which were taken down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy

from alliance.lib.dates import day_of, iso
from alliance.lib.listing import Cell, Column, Listing, Rows, Tab, register
from projects.models import Story
from projects.permissions import project_abilities
from projects.states import StoryState

TONES = {StoryState.WRITTEN: "work", StoryState.SHOWN: "done", StoryState.TAKEN_DOWN: "off"}


def _in_state(state: str) -> Callable[[Rows, Any], Rows]:
    return lambda found, _user: found.filter(state=state)


def state_of(one: Story) -> Cell:
    """The state, and whether a consent is missing."""
    waits = one.state == StoryState.WRITTEN and one.consent_on is None
    flags = ((str(gettext_lazy("等本人同意")), "warn"),) if waits else ()
    return Cell(text=one.get_state_display(), tone=TONES[StoryState(one.state)], flags=flags)


STORIES = register(
    Listing(
        key="projects.stories",
        title=pgettext_lazy("plural", "居民故事"),
        url_name="admin:projects_story_changelist",
        row_url=lambda one: reverse("admin:projects_story_change", args=[one.pk]),
        may_view=lambda user: "view" in project_abilities(user),
        rows=lambda user: Story.objects.visible_to(user).select_related("project__area", "written_by"),
        order=("-written_at", "-id"),
        order_label=gettext_lazy("新的在前"),
        tabs=(
            Tab(key="all", label=gettext_lazy("全部"), narrow=lambda found, _user: found),
            *(Tab(key=state.value, label=state.label, narrow=_in_state(state)) for state in StoryState),
        ),
        columns=(
            Column(
                key="title",
                label=gettext_lazy("故事"),
                cell=lambda one: Cell(text=one.title or one.get_state_display(), small=one.called),
                value=lambda one: one.title,
            ),
            Column(key="project", label=gettext_lazy("项目"), cell=lambda one: one.project.name),
            Column(
                key="consent",
                label=gettext_lazy("哪天同意的"),
                cell=lambda one: Cell(text=day_of(one.consent_on), small=one.get_consent_how_display()),
                value=lambda one: iso(one.consent_on),
            ),
            Column(
                key="written",
                label=gettext_lazy("写的时间"),
                cell=lambda one: day_of(one.written_at),
                value=lambda one: iso(one.written_at),
                order=("-written_at", "-id"),
            ),
            Column(key="state", label=gettext_lazy("状态"), cell=state_of, value=lambda one: one.get_state_display()),
        ),
        empty_title=gettext_lazy("还没有故事"),
        empty_text=gettext_lazy("居民愿意说、也同意公开的，写一篇，放在项目旁边。"),
    )
)
