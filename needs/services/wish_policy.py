"""Who approves wishes in a street: the communities' secretaries, or the street itself."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, NotAllowed, NotFound
from audit.services import record
from audit.states import Action
from needs.models import WishPolicy
from needs.permissions import wish_policy_abilities
from needs.states.wish import Approver
from people.models import Area, User
from people.states import Level


@transaction.atomic
def save_policy(*, by: User, street_code: str, approver: str) -> WishPolicy:
    """Who approves wishes in ``street_code`` from now on; what waits is decided by the new setting.

    Raises ``NotFound`` (not one's street), ``NotAllowed`` (not its party office), ``Invalid``.
    """
    if approver not in Approver.values:
        raise Invalid({"approver": [_("请选谁来审批。")]})
    if not Area.objects.filter(pk=street_code, level=Level.STREET).exists():
        raise Invalid({"street": [_("请选一个街道。")]})
    if "view" not in wish_policy_abilities(by) or not by.roles_at(street_code):
        raise NotFound
    if "change" not in wish_policy_abilities(by, WishPolicy(street_id=street_code)):
        raise NotAllowed
    policy = WishPolicy.objects.select_for_update(of=("self",), no_key=True).filter(pk=street_code).first()
    before = policy.approver if policy else Approver.SECRETARY
    if policy and policy.approver == approver:
        return policy
    policy = _write(policy, street_code, approver)
    record(
        Action.WISH_POLICY_CHANGED,
        actor=by,
        subject=street_code,
        area_code=street_code,
        params={"approver": [str(before), approver]},
    )
    return policy


def _write(policy: WishPolicy | None, street_code: str, approver: str) -> WishPolicy:
    if policy:
        policy.approver = approver
        policy.save(update_fields=["approver"])
        return policy
    try:
        with transaction.atomic():
            return WishPolicy.objects.create(street_id=street_code, approver=approver)
    except IntegrityError as error:
        raise Invalid({"street": [_("这个街道已经有设置了，请在原来的上面改。")]}) from error
