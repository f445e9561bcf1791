"""Who may not book for a while, and 平时 or 战时 of a street, over the API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from alliance.lib.api import REFUSALS, Given, KeysetPagination
from alliance.lib.api_views import ApiView, ListView
from alliance.lib.errors import NotAllowed, NotFound
from people.models import Area
from people.querysets import within
from people.states import Level
from people.visitors import signed_in
from resources import services
from resources.api import rows
from resources.listings.pauses import who
from resources.models import Booking, Mode, Pause
from resources.permissions import commands, pause_abilities, resource_abilities
from resources.querysets import streets_of


class PauseRow(serializers.Serializer[Any]):
    """Who books nothing until before a day."""

    id = serializers.IntegerField()
    who = serializers.CharField(label="谁，居民遮盖")
    unit = serializers.IntegerField(label="单位", allow_null=True)
    starts_on = serializers.DateField(label="从哪天")
    until = serializers.DateField(label="到哪天恢复")
    why = serializers.CharField(label="为什么")
    lifted_at = serializers.DateTimeField(label="提前恢复的时间", allow_null=True)
    abilities = serializers.ListField(child=serializers.CharField(), label="您可以做的")


class PauseRequest(Given):
    why = serializers.CharField(label="为什么，对方预约时看得到", max_length=200)
    until = serializers.DateField(
        label="到哪天恢复", required=False, allow_null=True, default=None, help_text="不填是30天"
    )


class NothingRequest(Given):
    """Nothing is to be said with it."""


class ModeRow(serializers.Serializer[Any]):
    """How a street stands."""

    street = serializers.CharField(label="街道代码")
    street_name = serializers.CharField(label="街道")
    emergency = serializers.BooleanField(label="战时")
    since = serializers.DateTimeField(label="从何时起", allow_null=True)
    why = serializers.CharField(label="为什么", allow_blank=True)
    may_change = serializers.BooleanField(label="您可以改")
    version = serializers.IntegerField(label="版本")


class ModeRequest(Given):
    street = serializers.CharField(label="街道代码", max_length=9)
    emergency = serializers.BooleanField(label="转入战时")
    why = serializers.CharField(label="为什么", max_length=200)
    version = serializers.IntegerField(label="版本", min_value=1, max_value=2_000_000_000)


class Pauses(ListView):
    """暂停预约的单位和居民。"""

    queryset = Pause.objects.none()
    pagination_class = KeysetPagination

    def get_queryset(self) -> Any:
        return Pause.objects.visible_to(self.request.user).select_related("unit", "person", "street")

    @extend_schema(operation_id="pauses_list", tags=["resources"], responses={200: PauseRow(many=True), **REFUSALS})
    def get(self, request: Request) -> Response:
        found = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response([_pause(row, request.user) for row in found or []])


class PauseBooker(ApiView):
    """几次约了不来的，暂停一段时间；已经约好的不受影响。"""

    @extend_schema(
        operation_id="bookings_pause",
        tags=["resources"],
        request=PauseRequest,
        responses={201: PauseRow, **REFUSALS},
    )
    def post(self, request: Request, pk: int) -> Response:
        user = signed_in(request)
        row = rows.booked(user, pk)
        given = PauseRequest(data=request.data)
        given.is_valid(raise_exception=True)
        if not Booking.objects.kept_by(user).filter(pk=pk).exists():
            raise NotAllowed
        street = Area.objects.get(pk=row.street_code)
        made = services.pause_booking(street=street, by=user, unit=row.unit, person=row.person, **given.validated_data)
        return Response(_pause(made, user), status=status.HTTP_201_CREATED)


class Lift(ApiView):
    """提前恢复。"""

    @extend_schema(
        operation_id="pauses_lift",
        tags=["resources"],
        request=NothingRequest,
        responses={200: PauseRow, **REFUSALS},
    )
    def post(self, request: Request, pk: int) -> Response:
        user = signed_in(request)
        if not Pause.objects.visible_to(user).filter(pk=pk).exists():
            raise NotFound
        NothingRequest(data=request.data).is_valid(raise_exception=True)
        return Response(_pause(services.lift_pause(pk=pk, by=user), user))


def _pause(row: Pause, user: Any) -> dict[str, Any]:
    names = ("starts_on", "until", "why", "lifted_at")
    return {
        "id": row.pk,
        "who": who(row),
        "unit": row.unit_id,
        **{name: getattr(row, name) for name in names},
        "abilities": sorted(pause_abilities(user, row)),
    }


class Modes(ApiView):
    """自己街道的平时和战时；党建办和分管领导可以改。"""

    @extend_schema(operation_id="resources_modes", tags=["resources"], responses={200: ModeRow(many=True), **REFUSALS})
    def get(self, request: Request) -> Response:
        user = signed_in(request)
        if "view" not in resource_abilities(user):
            raise NotAllowed
        own = within(streets_of(user), area="code", street="")
        streets = list(Area.objects.served().filter(own, level=Level.STREET).order_by("code"))
        modes = {mode.street_id: mode for mode in Mode.objects.filter(street__in=streets)}
        return Response([_mode(street, modes.get(street.pk), user) for street in streets])

    @extend_schema(
        operation_id="resources_mode",
        tags=["resources"],
        request=ModeRequest,
        responses={200: ModeRow, **REFUSALS},
    )
    def post(self, request: Request) -> Response:
        user = signed_in(request)
        if "view" not in resource_abilities(user):
            raise NotAllowed
        given = ModeRequest(data=request.data)
        given.is_valid(raise_exception=True)
        mode = services.set_mode(by=user, **given.validated_data)
        return Response(_mode(mode.street, mode, user))


def _mode(street: Area, mode: Mode | None, user: Any) -> dict[str, Any]:
    set_by_hand = mode is not None and mode.by_id is not None
    return {
        "street": street.pk,
        "street_name": street.name,
        "emergency": mode.emergency if mode else False,
        "since": mode.since if mode and set_by_hand else None,
        "why": mode.why if mode else "",
        "may_change": commands(user, street.pk),
        "version": mode.version if mode else 1,
    }
