"""How long personal data stay with a need: two years after its end, then names and phones are hidden for good.

Sooner where the person asked for it: then as soon as the need has ended, or thirty days after an answer that nobody
came back to. Source of the rule: the privacy notice (PIPL 19, 47). What was done stays, for statistics.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from needs.models import Need
from needs.querysets import NeedQuerySet
from needs.services.wish_left_open import tell_of_open_wishes

KEEP = timedelta(days=2 * 365)
QUIET = timedelta(days=30)
BATCH = 200


def anonymise_old() -> int:
    """Hide names, phones and tracking secrets of needs that ended more than two years ago, or whose person asked for
    it (``erase_on_end``); returns how many.

    In batches of 200, each its own transaction; rows somebody holds are left for the next night. Running it twice
    changes nothing more.
    """
    done = 0
    for due in (_old, _asked):  # one after the other: each has an index of its own, which an OR would pass by
        while batch := _anonymise_some(due()):
            done += batch
    return done


def _old() -> NeedQuerySet:
    """Ended more than two years ago, with names and phones."""
    return Need.objects.exclude(phone_index="").filter(ended_at__lt=timezone.now() - KEEP).order_by("ended_at")


def _asked() -> NeedQuerySet:
    """Settled, and the person asked to be forgotten."""
    settled = Need.objects.filter(erase_on_end=True).exclude(phone_index="").settled(timezone.now() - QUIET)
    return Need.objects.filter(pk__in=settled.values("pk"))


@transaction.atomic
def _anonymise_some(due: NeedQuerySet) -> int:
    rows = list(due.select_for_update(of=("self",), no_key=True, skip_locked=True)[:BATCH])
    hide_contacts(rows)
    return len(rows)


def hide_contacts(needs: list[Need]) -> None:
    """Empty names, phones and tracking secrets of ``needs``, locked rows. Who keeps their open wishes is told."""
    for need in needs:
        need.contact_name = need.contact_phone = need.phone_index = ""
        need.helped_name = need.helped_phone = ""
        need.tracking_code = need.code_index = ""
        need.resident = None
    fields = ["contact_name", "contact_phone", "phone_index", "helped_name", "helped_phone", "resident"]
    Need.objects.bulk_update(needs, [*fields, "tracking_code", "code_index"])
    tell_of_open_wishes(needs)


def forget_at_end(need: Need) -> None:
    """``need``, a locked row, has just ended: who asked to be forgotten then is forgotten now."""
    if need.erase_on_end:
        hide_contacts([need])
