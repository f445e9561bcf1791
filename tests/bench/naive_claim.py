"""The control: a claim as a first draft would have it. Read with a lock, look at everything, save, create, create."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone
from knox.auth import TokenAuthentication
from rest_framework import generics, parsers, renderers, serializers, status
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from claims.models import Claim, ClaimEvent, Offer
from claims.services.moving import EXPIRE, WARN, warn_at
from claims.states import ClaimState, OfferState, Verb
from deadlines.models import Due
from members.models import Liaison, Membership, MemberUnit
from needs.messages import wishes as messages
from needs.models import Wish, WishEvent
from needs.services.wish_people import wish_keepers
from needs.states.wish import WishVerb
from notifications.services import queue


class OfferShape(serializers.ModelSerializer[Offer]):
    class Meta:
        model = Offer
        fields = ("id", "kind", "label", "title", "taken", "shares")


class ClaimShape(serializers.ModelSerializer[Claim]):
    offer = OfferShape(read_only=True)
    client_key = serializers.UUIDField()

    class Meta:
        model = Claim
        fields = ("id", "offer", "unit", "client_key", "state", "claimed_at", "deliver_by", "delivered_at", "version")
        read_only_fields = ("state", "claimed_at", "deliver_by", "delivered_at", "version")


class NaiveClaim(generics.GenericAPIView[Claim]):
    """The library's own token lookup, a model serializer, and a transaction that reads before it writes."""

    queryset = Claim.objects.all()
    serializer_class = ClaimShape
    authentication_classes = (TokenAuthentication,)
    permission_classes = (IsAuthenticated,)
    renderer_classes = (renderers.JSONRenderer,)
    parser_classes = (parsers.JSONParser,)

    @transaction.atomic
    def post(self, request: Request, pk: int) -> Response:
        given = self.get_serializer(data=request.data)
        given.is_valid(raise_exception=True)
        unit: MemberUnit = given.validated_data["unit"]
        offer = Offer.objects.select_for_update().get(pk=pk)
        if not Liaison.objects.active().filter(user=request.user, unit=unit).exists() or unit.suspended_at:
            raise PermissionDenied
        if not Membership.objects.active().filter(unit=unit, alliance__area=offer.street_code).exists():
            raise PermissionDenied
        now = timezone.now()
        if (
            offer.state != OfferState.OPEN
            or offer.taken >= offer.shares
            or not offer.closes_at
            or offer.closes_at < now
        ):
            raise ValidationError
        offer.taken += 1
        offer.version += 1
        offer.save()
        claim = self._create(request, offer, unit, given.validated_data["client_key"], now)
        self._tell(request, offer, claim)
        return Response(self.get_serializer(claim).data, status=status.HTTP_201_CREATED)

    def _create(self, request: Request, offer: Offer, unit: MemberUnit, key: Any, now: datetime) -> Claim:
        assert offer.deliver_within is not None
        last = timezone.localtime(now + offer.deliver_within)
        claim = Claim.objects.create(
            offer=offer,
            unit=unit,
            by=request.user,
            client_key=key,
            whole=offer.shares == 1,
            claimed_at=now,
            deliver_by=datetime.combine(last.date(), time(23, 59, 59), last.tzinfo),
        )
        ClaimEvent.objects.create(claim=claim, at=now, actor=request.user, verb=Verb.CLAIM, target=ClaimState.CLAIMED)
        assert claim.deliver_by is not None
        for kind, at in ((WARN, warn_at(claim.deliver_by)), (EXPIRE, claim.deliver_by)):
            Due.objects.create(
                kind=kind,
                subject=f"claim:{claim.pk}",
                label=offer.label,
                area_code=offer.area_id,
                key=f"{kind}:{claim.pk}:{claim.version}",
                due_at=at,
            )
        return claim

    def _tell(self, request: Request, offer: Offer, claim: Claim) -> None:
        """The wish's history, and a notice to each of its keepers."""
        wish = Wish.objects.get(pk=offer.subject.partition(":")[2])
        event = WishEvent.objects.create(
            wish=wish,
            actor=request.user,
            verb=WishVerb.CLAIMED,
            source=wish.state,
            target=wish.state,
            params={"actor": request.user.name, "claimer": str(claim.unit), "claim": claim.pk},
        )
        for keeper in wish_keepers(wish):
            if keeper != request.user:
                message = messages.about(messages.WishClaimed, wish)
                queue(message, occurrence=f"{wish.number}:{event.pk}", users=[keeper])
