"""What patrol sections add to the pages below: their kind of offer, a part of 我的, what a person takes along."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.dates import day_of
from alliance.lib.registry import contribute
from claims.kinds import OfferKind, register_offer_kind
from claims.models import Offer
from people.models import User
from volunteers import approvals_sections as approvals
from volunteers.models import Section, SectionNote
from volunteers.services.section_notes import forget_notes
from volunteers.services.sections import OFFER_KIND

MOST = 20


def page_of(offer: Offer, user: User) -> str:
    """Where whoever claimed it writes the diary."""
    return reverse("volunteers:section", args=[int(offer.subject.partition(":")[2])])


def my_section(request: HttpRequest) -> dict[str, Any] | None:
    """我的责任段: what one walks, oneself or with a team; units have theirs on the desk."""
    if not isinstance(request.user, User):
        return None
    rows = Section.objects.held_by(request.user).filter(claim__unit__isnull=True).order_by("name", "pk")[:MOST]
    lines = [
        {
            "text": row.name,
            "small": _("最近一次%(day)s") % {"day": day_of(row.noted_on)} if row.noted_on else _("还没记过"),
            "url": reverse("volunteers:section", args=[row.pk]),
        }
        for row in rows
    ]
    return {"title": _("我的责任段"), "lines": lines, "order": 31} if lines else None


def my_data(user: User) -> dict[str, list[dict[str, Any]]]:
    """What one wrote in diaries, as plain values."""
    rows = SectionNote.objects.filter(by=user).select_related("section").order_by("pk")
    notes = [
        {
            "number": row.section.number,
            "title": row.section.name,
            "day": row.day.isoformat(),
            "outcome": row.get_outcome_display(),
            "words": row.words,
            "answer": row.answer,
            "at": row.at.isoformat(),
        }
        for row in rows
    ]
    return {"patrols": notes} if notes else {}


register_offer_kind(OfferKind(OFFER_KIND, label=gettext_lazy("责任段"), url=page_of, brought=False))
contribute("my.sections", my_section, order=31)
contribute("my.data", my_data, order=37)
contribute("my.erase", forget_notes, order=40)
contribute("workbench.approvals", approvals.found_on_walks, order=62)
