"""What somebody did in person is worth points: an errand that arrived, a wish that came true. Units have the honour.

Called in the transaction of the claim's last step, after everything else that it locks.
"""

from __future__ import annotations

from django.utils import timezone

from claims.models import Claim
from needs.models import Errand, Wish
from needs.services.hands import account_of
from needs.wording.points import ERRAND_DONE, WISH_DONE
from notifications.messages import in_source_language
from points.models import Rule
from points.services.awarding import award_and_tell


def thank_for_errand(claim: Claim, errand: Errand) -> None:
    """For whoever ran it; not for an errand of one's own."""
    rule = Rule.objects.on(timezone.localdate()).first()
    if rule is None or not rule.errand or claim.person is None or claim.person in account_of(errand.need):
        return
    label = in_source_language(ERRAND_DONE, {"what": errand.what})
    _give(claim, errand.need.area_id, rule, rule.errand, label)


def thank_for_wish(claim: Claim, wish: Wish) -> None:
    """For whoever made it come true in person; not for a wish of one's own."""
    rule = Rule.objects.on(timezone.localdate()).first()
    if rule is None or not rule.wish or claim.person is None:
        return
    if wish.need is not None and claim.person in account_of(wish.need):
        return
    _give(claim, wish.area_id, rule, rule.wish, in_source_language(WISH_DONE, {"what": wish.item}))


def _give(claim: Claim, area: str, rule: Rule, amount: int, label: str) -> None:
    if claim.person is not None and claim.person.is_active:
        award_and_tell(
            person=claim.person,
            area_code=area,
            source=f"claim:{claim.pk}",
            amount=amount,
            label=label[:80],
            rule=rule,
        )
