"""The steps of resources and bookings over the API: one service each, as the pages take them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from alliance.lib.api import REFUSALS, KeysetPagination
from alliance.lib.api_views import ApiView, ListView
from files.services import own_key
from people.models import User
from people.visitors import signed_in
from resources import services
from resources.api import rows, shapes
from resources.api import step_shapes as typed
from resources.models import Usage

Shape = type[serializers.Serializer[Any]]


def with_photos(user: User, given: Mapping[str, Any]) -> dict[str, Any]:
    """``given`` with the key of the photos as only ``user`` has it."""
    found = dict(given)
    if key := found.pop("hold_key", None):
        found["hold_key"] = own_key(user, key)
    return found


class _Step(ApiView):
    """One verb of a resource or a booking, which is answered as it stands then."""

    shape: ClassVar[Shape]
    service: ClassVar[Callable[..., Any]]
    find: ClassVar[Callable[..., Any]]
    shown: ClassVar[Callable[..., dict[str, Any]]]

    def post(self, request: Request, pk: int) -> Response:
        user, own = signed_in(request), type(self)
        own.find(user, pk)
        given: Any = self.shape(data=request.data)
        given.is_valid(raise_exception=True)
        own.service(pk=pk, by=user, **self.said(user, given))
        return Response(own.shown(own.find(user, pk), user))

    def said(self, user: User, given: Any) -> dict[str, Any]:
        """What the service takes of it."""
        return dict(given.validated_data)


def _step(of: str, name: str, doc: str, service: Callable[..., Any], shape: Shape, base: type[_Step] = _Step) -> Any:
    """The view of one verb, with its own entry in the description."""
    is_resource = of == "resources"
    parts = {
        "__doc__": doc,
        "shape": shape,
        "service": staticmethod(service),
        "find": staticmethod(rows.found if is_resource else rows.booked),
        "shown": staticmethod(rows.one if is_resource else rows.booking_one),
        "post": _described(base, of, name, doc, shape, shapes.ResourceOne if is_resource else shapes.BookingAnswer),
    }
    return type(f"{of.title()}{name.title()}", (base,), parts)


def _described(base: type[_Step], of: str, name: str, doc: str, shape: Shape, answer: Shape) -> Any:
    @extend_schema(
        operation_id=f"{of}_{name}",
        tags=["resources"],
        description=doc,
        request=shape,
        responses={200: answer, **REFUSALS},
    )
    def post(self: _Step, request: Request, pk: int) -> Response:
        return base.post(self, request, pk)

    return post


class _Edit(_Step):
    def said(self, user: User, given: Any) -> dict[str, Any]:
        return with_photos(user, given.validated_data)


class _Hours(_Step):
    def said(self, user: User, given: Any) -> dict[str, Any]:
        return {"version": given.validated_data["version"], "spans": given.spans()}


def _resource(name: str, doc: str, service: Any, shape: Shape = typed.StepRequest, base: type[_Step] = _Step) -> Any:
    return _step("resources", name, doc, service, shape, base)


def _booking(name: str, doc: str, service: Any, shape: Shape = typed.StepRequest) -> Any:
    return _step("bookings", name, doc, service, shape)


Edit = _resource("edit", "改内容；大家看得到的改了，要再审批。", services.edit_resource, typed.EditRequest, _Edit)
Hours = _resource("hours", "换每周的开放时间；已经约好的照旧。", services.change_hours, typed.HoursRequest, _Hours)
Close = _resource("close", "关闭几天；那几天已有预约的，说明收回才关。", services.close_days, typed.CloseRequest)
OpenAgain = _resource("open_again", "这几天又开放。", services.open_again, typed.OpenAgainRequest)
Parts = _resource("parts", "大厅由哪几间合成；约大厅就约下每一间。", services.set_parts, typed.PartsRequest)
AskAgain = _resource("ask_again", "重新送审。", services.ask_again)
Approve = _resource("approve", "通过，大家可以看到和预约。", services.approve_resource)
Refuse = _resource("refuse", "退回修改，写清要改什么。", services.refuse_resource, typed.WhyNotRequest)
Stop = _resource(
    "stop", "不再提供；已有约好的，说明取消才停，并告诉对方为什么。", services.stop_resource, typed.StopRequest
)
Resume = _resource("resume", "恢复。", services.resume_resource)

Accept = _booking("approve", "同意。", services.approve_booking)
TurnDown = _booking("refuse", "这次不行，写一句为什么。", services.refuse_booking, typed.WhyNotRequest)
Cancel = _booking(
    "cancel", "取消自己或本单位的预约，按提供方说的提前几小时。", services.cancel_booking, typed.NoteRequest
)
CallOff = _booking("call_off", "提供方收回，写一句为什么。", services.call_off_booking, typed.WhyNotRequest)
HandOver = _booking("hand_over", "已经交给对方：钥匙、东西。", services.hand_over)
TakeBack = _booking("take_back", "用完了、还好了；服务了几个人。", services.take_back, typed.TakeBackRequest)
NoShow = _booking("no_show", "对方没有来；对方可以说明情况。", services.note_no_show)
Appeal = _booking("appeal", "说明没有来的情况，一次。", services.appeal, typed.WhyNotRequest)
Decide = _booking("decide", "街道答复说明；记的人不能答复。", services.decide_appeal, typed.AppealAnswerRequest)


class Uses(ListView):
    """使用记录：哪天、服务了几个人。提供的一方和街道社区看得到，也能记。"""

    queryset = Usage.objects.none()
    pagination_class = KeysetPagination

    def get_queryset(self) -> Any:
        return Usage.objects.visible_to(self.request.user)

    @extend_schema(
        operation_id="resources_uses", tags=["resources"], responses={200: typed.UseRow(many=True), **REFUSALS}
    )
    def get(self, request: Request, pk: int) -> Response:
        rows.found(request.user, pk)
        found = self.paginate_queryset(self.get_queryset().filter(resource=pk))
        return self.get_paginated_response([_use(row) for row in found or []])

    @extend_schema(
        operation_id="resources_note_use",
        tags=["resources"],
        request=typed.UseRequest,
        responses={201: typed.UseRow, **REFUSALS},
    )
    def post(self, request: Request, pk: int) -> Response:
        user = signed_in(request)
        rows.found(user, pk)
        given = typed.UseRequest(data=request.data)
        given.is_valid(raise_exception=True)
        made = services.note_use(resource=pk, by=user, **given.validated_data)
        return Response(_use(made), status=status.HTTP_201_CREATED)


def _use(row: Usage) -> dict[str, Any]:
    return {"day": row.day, "people": row.people, "words": row.words, "booking": row.booking_id}
