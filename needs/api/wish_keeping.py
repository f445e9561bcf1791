"""What keepers of wishes do beside the steps, over the API: look at the household, say who approves."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from alliance.lib.api import REFUSALS
from alliance.lib.api_views import ApiView
from alliance.lib.errors import NotAllowed
from alliance.lib.http import client_ip
from needs.api import wish_shapes as shapes
from needs.models import WishPolicy
from needs.permissions import wish_abilities, wish_policy_abilities
from needs.services.wish_policy import save_policy
from needs.services.wishes import reveal_household
from people.visitors import signed_in


class Household(ApiView):
    """看给谁的：谁看过会记下来；街道的人要写原因。"""

    @extend_schema(
        operation_id="wishes_household",
        tags=["wishes"],
        request=shapes.HouseholdRequest,
        responses={200: shapes.Household, **REFUSALS},
    )
    def post(self, request: Request, pk: int) -> Response:
        if "view" not in wish_abilities(request.user):
            raise NotAllowed
        given = shapes.HouseholdRequest(data=request.data)
        given.is_valid(raise_exception=True)
        wish = reveal_household(pk=pk, by=signed_in(request), ip=client_ip(request), **given.validated_data)
        return Response({name: getattr(wish, name) for name in ("beneficiary", "phone", "household")})


class Policy(ApiView):
    """各街道由谁审批心愿。没有列出的街道，由社区书记审批。"""

    @extend_schema(
        operation_id="wishes_policy", tags=["wishes"], responses={200: shapes.PolicyRow(many=True), **REFUSALS}
    )
    def get(self, request: Request) -> Response:
        if "view" not in wish_policy_abilities(request.user):
            raise NotAllowed
        rows = WishPolicy.objects.visible_to(request.user).order_by("pk")
        return Response([_row(row) for row in rows])

    @extend_schema(
        operation_id="wishes_policy_save",
        tags=["wishes"],
        request=shapes.PolicyRow,
        responses={200: shapes.PolicyRow, **REFUSALS},
    )
    def post(self, request: Request) -> Response:
        if "view" not in wish_policy_abilities(request.user):
            raise NotAllowed
        given = shapes.PolicyRow(data=request.data)
        given.is_valid(raise_exception=True)
        typed = given.validated_data
        saved = save_policy(by=signed_in(request), street_code=typed["street"], approver=typed["approver"])
        return Response(_row(saved))


def _row(policy: WishPolicy) -> dict[str, str]:
    return {"street": policy.street_id, "approver": policy.approver}
