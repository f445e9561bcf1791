"""What fits what, over the API: resources for a need or a wish, what a resource could meet, and what was proposed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from alliance.lib.api import REFUSALS, Given
from alliance.lib.api_views import ApiView
from alliance.lib.errors import NotAllowed, NotFound
from needs.api.detail import visible
from needs.models import Need, NeedEvent, Wish, WishEvent
from needs.permissions import abilities, wish_abilities
from needs.services import proposing, wish_proposing
from needs.services.meeting import Met, could_meet
from needs.services.proposing import Fitting, When
from needs.states import Verb
from needs.states.wish import WishVerb
from people.visitors import signed_in
from resources.models import Resource

MOST = 10
LONGEST, FARTHEST = timedelta(days=31), timedelta(days=800)


class FittingRow(serializers.Serializer[Any]):
    """A resource that may help, and why. It is proposed, never assigned."""

    resource = serializers.IntegerField(label="资源")
    name = serializers.CharField(label="名称")
    kind = serializers.CharField(label="种类的键")
    giver = serializers.CharField(label="谁提供")
    unit = serializers.IntegerField(label="提供单位", allow_null=True)
    reasons = serializers.ListField(child=serializers.CharField(), label="为什么")
    proposed = serializers.BooleanField(label="推荐过了")


class MetRow(serializers.Serializer[Any]):
    """A need or a wish that a resource could meet, and why."""

    kind = serializers.ChoiceField(label="是什么", choices=[("need", "诉求"), ("wish", "微心愿")])
    id = serializers.IntegerField()
    number = serializers.CharField(label="编号")
    title = serializers.CharField(label="一句话")
    area = serializers.CharField(label="社区代码")
    area_name = serializers.CharField(label="社区")
    reasons = serializers.ListField(child=serializers.CharField(), label="为什么")
    proposed = serializers.BooleanField(label="推荐过了")
    version = serializers.IntegerField(label="版本")


class ProposalRow(serializers.Serializer[Any]):
    """One proposal as it was made."""

    id = serializers.IntegerField()
    at = serializers.DateTimeField(label="时间")
    by = serializers.CharField(label="谁推荐的")
    resource = serializers.IntegerField(label="资源")
    name = serializers.CharField(label="名称")
    giver = serializers.CharField(label="谁提供")


class ProposeRequest(Given):
    resource = serializers.IntegerField(label="推荐哪一件资源", min_value=1, max_value=2_000_000_000)
    version = serializers.IntegerField(label="版本", min_value=1, max_value=2_000_000_000)


class WhenAsked(serializers.Serializer[Any]):
    """Behind the ?: with a time and a number of people it is said what is free then and large enough."""

    starts = serializers.DateTimeField(label="从", required=False)
    ends = serializers.DateTimeField(label="到", required=False)
    people = serializers.IntegerField(label="大约几个人", required=False, min_value=1, max_value=100_000)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        starts, ends = attrs.get("starts"), attrs.get("ends")
        if (starts is None) != (ends is None):
            raise serializers.ValidationError({"ends": [_("从几点到几点，两项一起写。")]})
        if starts and ends and not starts < ends <= starts + LONGEST:
            raise serializers.ValidationError({"ends": [_("结束要晚于开始，最长一个月。")]})
        if starts and abs(starts - timezone.now()) > FARTHEST:
            raise serializers.ValidationError({"starts": [_("请选前后两年以内的一天。")]})
        return attrs


def _when(request: Request) -> When:
    """What stands behind the ?. Raises where it makes no sense."""
    given = WhenAsked(data={name: value for name, value in request.query_params.items() if value})
    given.is_valid(raise_exception=True)
    return When(**given.validated_data)


def _looks(name: str) -> Any:
    answers = {200: FittingRow(many=True), **REFUSALS}
    return extend_schema(operation_id=name, tags=["resources"], parameters=[WhenAsked], responses=answers)


def _lists(name: str) -> Any:
    return extend_schema(operation_id=name, tags=["resources"], responses={200: ProposalRow(many=True), **REFUSALS})


def _proposes(name: str) -> Any:
    answers = {201: ProposalRow, **REFUSALS}
    return extend_schema(operation_id=name, tags=["resources"], request=ProposeRequest, responses=answers)


class ForNeed(ApiView):
    """用得上的资源，最合适的在前。"""

    query = ("starts", "ends", "people")

    @_looks("needs_resources")
    def get(self, request: Request, pk: int) -> Response:
        need, when = visible(request.user, pk), _when(request)
        may = Verb.PROPOSE in abilities(request.user, need)
        return Response(_fitting(proposing.fitting(need, most=MOST, when=when) if may else []))


class NeedProposals(ApiView):
    """推荐过的资源；再推荐一件：两边都会收到消息，诉求还在原处。"""

    @_lists("needs_proposals")
    def get(self, request: Request, pk: int) -> Response:
        return Response([_proposal(event) for event in proposing.proposals(visible(request.user, pk))])

    @_proposes("needs_propose")
    def post(self, request: Request, pk: int) -> Response:
        visible(request.user, pk)
        given = ProposeRequest(data=request.data)
        given.is_valid(raise_exception=True)
        made = proposing.propose_resource(pk=pk, by=signed_in(request), **given.validated_data)
        return Response(_proposal(made), status=status.HTTP_201_CREATED)


class ForWish(ApiView):
    """用得上的资源，最合适的在前；心愿在墙上等人认领时才有。"""

    query = ("starts", "ends", "people")

    @_looks("wishes_resources")
    def get(self, request: Request, pk: int) -> Response:
        wish, when = _wish(request, pk), _when(request)
        may = WishVerb.PROPOSE in wish_abilities(request.user, wish)
        return Response(_fitting(wish_proposing.fitting_wish(wish, most=MOST, when=when) if may else []))


class WishProposals(ApiView):
    """推荐过的资源；再推荐一件：两边都会收到消息，心愿还在墙上。"""

    @_lists("wishes_proposals")
    def get(self, request: Request, pk: int) -> Response:
        return Response([_proposal(event) for event in wish_proposing.proposals(_wish(request, pk))])

    @_proposes("wishes_propose")
    def post(self, request: Request, pk: int) -> Response:
        _wish(request, pk)
        given = ProposeRequest(data=request.data)
        given.is_valid(raise_exception=True)
        made = wish_proposing.propose_for_wish(pk=pk, by=signed_in(request), **given.validated_data)
        return Response(_proposal(made), status=status.HTTP_201_CREATED)


class CouldMeet(ApiView):
    """一件资源能帮上哪些诉求和心愿；只有工作人员看得到，提供的一方看不到。"""

    @extend_schema(
        operation_id="resources_could_meet", tags=["resources"], responses={200: MetRow(many=True), **REFUSALS}
    )
    def get(self, request: Request, pk: int) -> Response:
        if "view" not in abilities(request.user):
            raise NotAllowed
        rows = Resource.objects.kept_by(request.user).select_related("kind", "unit", "area")
        row = rows.filter(pk=pk).first()
        if row is None:
            raise NotFound
        return Response([_met(one) for one in could_meet(row, signed_in(request), most=MOST)])


def _wish(request: Request, pk: int) -> Wish:
    """The wish, for staff of its area. Raises ``NotAllowed``, ``NotFound``."""
    if "view" not in wish_abilities(request.user):
        raise NotAllowed
    rows = Wish.objects.visible_to(request.user).select_related("area", "offer")
    wish: Wish | None = rows.filter(pk=pk).first()
    if wish is None:
        raise NotFound
    return wish


def _fitting(found: Iterable[Fitting]) -> list[dict[str, Any]]:
    return [
        {
            "resource": one.resource.pk,
            "name": one.resource.name,
            "kind": one.resource.kind.key,
            "giver": str(one.resource.unit or one.resource.area.name),
            "unit": one.resource.unit_id,
            "reasons": [str(reason) for reason in one.reasons],
            "proposed": one.proposed,
        }
        for one in found
    ]


def _met(one: Met) -> dict[str, Any]:
    thing = one.thing
    return {
        "kind": "need" if isinstance(thing, Need) else "wish",
        "id": thing.pk,
        "number": thing.number,
        "title": thing.title if isinstance(thing, Need) else thing.item,
        "area": thing.area_id,
        "area_name": thing.area.name,
        "reasons": [str(reason) for reason in one.reasons],
        "proposed": one.proposed,
        "version": thing.version,
    }


def _proposal(event: NeedEvent | WishEvent) -> dict[str, Any]:
    return {
        "id": event.pk,
        "at": event.at,
        "by": event.actor.name if event.actor else "",
        "resource": event.params["resource_id"],
        "name": event.params["resource"],
        "giver": event.params["giver"],
    }
