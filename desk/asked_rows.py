"""What a unit was asked to help with, in words: by whom, why, until when, and what it said."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from alliance.lib.dates import moment
from desk.presenting import office
from needs import wording
from needs.models import Need
from needs.services.proposing import waiting_proposals


def asked_row(need: Need) -> dict[str, Any]:
    """A request to the unit: which office asks and why, what, where, by when it is hoped for."""
    return {
        "pk": need.pk,
        "asker": need.desk.name,
        "office": office(need.desk),
        "why": wording.veiled(need.unit_why),
        "unit": str(need.unit),
        "title": wording.veiled(need.title),
        "words": "" if _said_once(need) else wording.veiled(need.words),
        "place": wording.veiled(wording.where(need)),
        "said": need.unit_said,
        "coming": wording.coming(need),
        "comes": wording.coming(need) if need.unit_comes_on else "",
        "by": _hoped(need),
        "paused": _stands_still(need),
        "since": moment(_agreed_at(need) or need.held_since),
        "agreed": _agreed(need),
        "hand": _whose(need),
        "url": reverse("desk:need", args=[need.pk]),
    }


def proposed_rows(resources: Iterable[int]) -> list[dict[str, Any]]:
    """Needs for which one of ``resources`` was proposed: by whom, which number, whom to call, since when. Nothing of
    what it is about: whoever asks says that on the phone.
    """
    return [
        {
            "title": _("%(who)s想请您的“%(name)s”帮个忙") % {"who": one.need.desk.name, "name": one.params["resource"]},
            "number": one.need.number,
            "community": one.need.area.name,
            "office": office(one.need.desk),
            "since": moment(one.at),
        }
        for one in waiting_proposals(list(resources))
    ]


def _said_once(need: Need) -> bool:
    """Whether the heading is all that was said."""
    words, title = need.words.strip(), need.title.strip()
    return words.startswith(title) and len(words) <= len(title) + 1  # but for the full stop


def _agreed(need: Need) -> str:
    """``今天 21:53说可以帮``; empty before."""
    at = _agreed_at(need)
    return _("%(when)s说可以帮") % {"when": moment(at)} if at else ""


def _agreed_at(need: Need) -> datetime | None:
    """When the unit last said that it helps; since then it is its word that counts."""
    at: datetime | None = need.__dict__.get("agreed_at")
    return at if need.unit_said else None


def _whose(need: Need) -> str:
    """That it is the unit's turn: for a word, or to come; behind it the office that answers the resident."""
    facts = {"unit": need.unit, "who": need.desk.name, "said": wording.coming(need)}
    if not need.unit_said:
        return _("%(unit)s，等您回复；%(who)s经办") % facts
    return _("%(unit)s，%(said)s；%(who)s经办") % facts


def _hoped(need: Need) -> str:
    """By when the office hopes for it: for a word, and once that was given for the thing itself."""
    if need.promised is None or need.waiting_since:
        return ""
    said = _("盼%(day)s前办好") if need.unit_said or need.first_reply_at else _("盼%(day)s前回复")
    return said % {"day": wording.day(need.promised)}


def _stands_still(need: Need) -> str:
    """That no day runs while the office waits for the resident; empty where it does."""
    if need.waiting_since is None:
        return ""
    facts = {"who": need.desk.name, "since": moment(need.waiting_since)}
    return _("%(who)s在等居民补充，日子停住，%(since)s起") % facts
