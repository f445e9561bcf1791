"""The control: a claim that reads, finds a share left, and then writes. It must give one wish to several."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import include, path
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from claims.models import Claim, ClaimEvent, Offer
from claims.states import ClaimState, Verb


class NaiveClaim(APIView):
    """With the product's own sign-in; the guard of the table is off as well (``whole=False``)."""

    def post(self, request: Request, pk: int) -> Response:
        offer = Offer.objects.get(pk=pk)
        if offer.taken >= offer.shares:
            return Response({"code": "rule_broken", "message": "已被认领"}, status=409)
        unit, now = request.data.get("unit"), timezone.now()
        offer.taken += 1
        offer.save(update_fields=["taken"])
        person: Any = None if unit else request.user
        claim = Claim.objects.create(
            offer=offer,
            unit_id=unit,
            person=person,
            by=request.user,
            client_key=request.data["client_key"],
            whole=False,
            claimed_at=now,
            deliver_by=now + timedelta(days=15),
        )
        ClaimEvent.objects.create(claim=claim, actor=person, verb=Verb.CLAIM, target=ClaimState.CLAIMED)
        return Response({"id": claim.pk}, status=201)


urlpatterns = [path("api/v1/offers/<int:pk>/claim/", NaiveClaim.as_view()), path("", include("alliance.urls"))]
