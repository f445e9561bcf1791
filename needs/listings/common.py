"""What the lists of needs and wishes have in common: the community, the cells that say whose it is and until when."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext

from alliance.lib.dates import minute
from alliance.lib.listing import Cell, Column, Facet, equals
from needs import wording
from needs.selectors import communities

CELL = "admin/needs/_cell.html"
NEWEST = ("-created_at", "-id")

COMMUNITY = Facet(
    key="community",
    label=gettext_lazy("社区"),
    any_label=gettext_lazy("全部社区"),
    options=communities,
    narrow=equals("area_id"),
    main=True,
)


def presented(one: Any) -> dict[str, Any]:
    """The row as ``prepare`` of its list has presented it."""
    found: dict[str, Any] = one.presented
    return found


def _hand(one: Any) -> Cell:
    row = presented(one)
    hand = row["hand"]
    return Cell(text=hand.get("line") or hand["name"] or hand["unit"], template=CELL, facts=row)


def _due(one: Any) -> Cell:
    row = presented(one)
    return Cell(text=row["due"]["left"], template=CELL, facts=row)


def _state(one: Any) -> Cell:
    state = presented(one)["state"]
    return Cell(text=state["label"], tone=state["tone"])


def _in_words(*parts: str) -> str:
    return pgettext("between two clauses", "，").join(part for part in parts if part)


def _in_file(one: Any) -> str:
    row = presented(one)
    hand = row.get("hand_in_file") or row["hand"]
    return _in_words(hand.get("masked") or hand.get("in_file") or hand.get("line") or hand["name"], hand["unit"])


def in_file_only(key: str, label: Any, value: Callable[[Any], Any]) -> Column:
    """Something that stands within another cell of the page."""
    return Column(key=key, label=label, cell=lambda one: str(value(one)), value=value, page=False)


def named_by(label: Any, title: Callable[[Any], Cell], words: Callable[[Any], str]) -> tuple[Column, ...]:
    """What it is, its number and place; numbers that somebody wrote into the words stay behind."""
    return (
        Column(key="title", label=label, cell=title, value=lambda one: wording.veiled(words(one))),
        in_file_only("number", gettext_lazy("编号"), lambda one: one.number),
        in_file_only("community", gettext_lazy("社区"), lambda one: one.area.name),
    )


def hands(until: Any) -> tuple[Column, ...]:
    """In whose hands since when; ``until`` when, as the list calls it; in what state."""
    return (
        Column(key="hand", label=gettext_lazy("在谁手里"), cell=_hand, value=_in_file),
        in_file_only("since", gettext_lazy("从什么时候起"), lambda one: minute(presented(one)["hand"]["at"])),
        Column(key="due", label=until, cell=_due, value=lambda one: presented(one)["due"]["left"]),
        in_file_only("until", gettext_lazy("到什么时候"), lambda one: minute(presented(one)["until"])),
        Column(key="state", label=gettext_lazy("状态"), cell=_state),
    )


def said_at(label: Any) -> Column:
    """When it came in; by this the newest come first."""
    return Column(
        key="new",
        label=label,
        cell=lambda one: wording.moment(one.created_at),
        value=lambda one: minute(one.created_at),
        order=NEWEST,
        shown=False,
    )


def page_of(name: str) -> Callable[[Any], str]:
    """The address of a row's page."""
    return lambda one: reverse(f"admin:needs_{name}_change", args=[one.pk])
