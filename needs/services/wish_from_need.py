"""转心愿: what somebody said they need becomes a wish; the need stays in its holder's hands until it is fulfilled."""

from __future__ import annotations

from typing import Any, Unpack
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid
from needs.models import Need, Wish
from needs.services.accepting import acceptance, taken_in_hand
from needs.services.locked import locked_need
from needs.services.wish_fields import WishFields, checked
from needs.services.wishes import community_of, store_once
from needs.states import State, Verb
from people.models import User


@transaction.atomic
def wish_from_need(
    *,
    need_pk: int,
    by: User,
    version: int | None,
    client_key: UUID,
    area: str = "",
    seen_warnings: str = "",
    **typed: Unpack[WishFields],
) -> Wish:
    """Register a wish that came from a need; who is to have it and their phone are the need's unless typed anew.

    A need that nobody has accepted yet is accepted with it, by ``by``. What was said to a street goes to the community
    ``area``. The same ``client_key`` again finds the first wish. Raises as ``raise_wish`` and as ``accept_need``.
    """
    need: Need = Need.objects.visible_to(by).select_related("area").locked(need_pk)
    first = Wish.objects.select_related("area").filter(client_key=client_key, need=need, raised_by=by).first()
    if first is not None:
        return first
    need = locked_need(pk=need_pk, by=by, verb=Verb.WISH, version=version)
    community = community_of(area or need.area_id, by)
    if not community.pk.startswith(need.area_id):
        raise Invalid({"area": [_("请选这件事所在的社区。")]})
    found = checked(_with(need, typed), seen_warnings=seen_warnings)
    wish = store_once(client_key=client_key, by=by, community=community, found=found, need=need)
    _take_in_hand(need, by)
    return wish


def _with(need: Need, typed: WishFields) -> WishFields:
    """``typed``, with the person of the need where nobody was named."""
    if typed.get("beneficiary"):
        return typed
    name, phone = need.helped_name or need.contact_name, need.helped_phone or need.contact_phone
    return {**typed, "beneficiary": name, "phone": typed.get("phone") or phone}


def _take_in_hand(need: Need, by: User) -> None:
    pending = need.state == State.PENDING
    changes: dict[str, Any] = acceptance(need, holder=by) if pending else {}
    event = need.move_to(Verb.WISH, actor=by, changes=changes)
    if pending:
        taken_in_hand(need, event)
