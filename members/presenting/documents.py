"""Which version of a document is in force, in words: one that is published may begin later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.lib.dates import day_of
from members.models import DocumentVersion


def in_force(published: Sequence[DocumentVersion], today: date | None = None) -> DocumentVersion | None:
    """Of the published versions of one document the newest that has begun, if one has."""
    day = today or timezone.localdate()
    begun = [one for one in published if one.effective_on is None or one.effective_on <= day]
    return max(begun, key=lambda one: one.number, default=None)


def standing(version: DocumentVersion, now: DocumentVersion | None) -> tuple[str, str]:
    """How ``version`` stands beside ``now``, the one in force: in words, and a tone."""
    if version == now:
        return _("现行"), "done"
    if version.effective_on and (now is None or version.number > now.number):
        return begins(version.effective_on), "work"
    return _("以前的"), "off"


def begins(day: date) -> str:
    return _("%(day)s起施行") % {"day": day_of(day)}
