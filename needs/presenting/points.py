"""What points were given for, as a statement of points says it: the errand or wish, and what the rule gives for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from claims.models import Claim
from needs.models import Errand, Wish
from needs.wording.errands import ERRAND
from points.figures import said
from points.models import Rule, Transfer
from points.things import Thing, keys_of


def things(viewer: Any, postings: Sequence[Transfer]) -> dict[str, Thing]:
    """By source of ``postings``: one statement, two more for staff; none where nothing is of here."""
    rows = keys_of(postings, "claim")
    claims = list(Claim.objects.filter(pk__in=rows).select_related("offer")) if rows else []
    pages = _staff_pages(viewer, claims) if claims and viewer.roles else {}
    return {
        f"claim:{claim.pk}": Thing(
            claim.offer.label,
            reverse("desk:claim", args=[claim.pk]) if claim.person_id == viewer.pk else pages.get(claim.offer_id, ""),
            _worked(claim, rows[claim.pk].rule),
        )
        for claim in claims
    }


def _staff_pages(viewer: Any, claims: Sequence[Claim]) -> dict[int, str]:
    """By offer: where staff go on with it, as far as they see it."""
    offers = [claim.offer_id for claim in claims]
    errands = Errand.objects.visible_to(viewer).filter(offer__in=offers).values_list("offer_id", "need_id")
    wishes = Wish.objects.visible_to(viewer).filter(offer__in=offers).values_list("offer_id", "pk")
    found = {offer: reverse("admin:needs_need_change", args=[need]) for offer, need in errands}
    return found | {offer: reverse("admin:needs_wish_change", args=[pk]) for offer, pk in wishes if offer}


def _worked(claim: Claim, rule: Rule | None) -> str:
    if rule is None:
        return ""
    if claim.offer.kind == ERRAND:
        return _("跑腿一件%(n)s分") % {"n": said(rule.errand)}
    return _("个人圆梦一个%(n)s分") % {"n": said(rule.wish)}
