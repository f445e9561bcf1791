"""Triage over the API: hand on, send up and back, decline, ask the resident, more time. One service each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from alliance.lib.api import REFUSALS
from alliance.lib.api_views import ApiView
from alliance.lib.errors import Invalid
from needs.api import triage_shapes as typed
from needs.api.detail import detail, visible
from needs.api.serializers import NeedDetail, WordsRequest
from needs.services import assigning, extensions, handling, triage, waiting
from people.visitors import signed_in


def _schema(name: str, shape: type[serializers.Serializer[Any]]) -> Callable[..., Any]:
    return extend_schema(
        operation_id=f"needs_{name}", tags=["needs"], request=shape, responses={200: NeedDetail, **REFUSALS}
    )


def _take(request: Request, pk: int, shape: type[serializers.Serializer[Any]], service: Callable[..., Any]) -> Response:
    """Hand what was typed to ``service`` and answer with the need as it stands then."""
    visible(request.user, pk)
    given = shape(data=request.data)
    given.is_valid(raise_exception=True)
    service(pk=pk, by=signed_in(request), **given.validated_data)
    return Response(detail(visible(request.user, pk), request.user))


class Assign(ApiView):
    """转给同事，或商请单位协助。"""

    @_schema("assign", typed.AssignRequest)
    def post(self, request: Request, pk: int) -> Response:
        return _take(request, pk, typed.AssignRequest, self._assign)

    @staticmethod
    def _assign(*, category: int | None, **given: Any) -> None:
        try:
            assigning.assign_need(category_id=category, **given)
        except Invalid as error:
            if "to" not in error.fields:
                raise
            raise Invalid(_as_asked(error.fields, given)) from error


def _as_asked(fields: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """What is wrong with ``to`` (a form's one field) under the names that were sent; both where none or two were."""
    targets = [name for name in ("to_user_id", "to_unit_id") if given[name] is not None]
    names = targets if len(targets) == 1 else ["to_user_id", "to_unit_id"]
    rest = {name: texts for name, texts in fields.items() if name != "to"}
    return {**rest, **dict.fromkeys(names, fields["to"])}


class Escalate(ApiView):
    """上报街道。"""

    @_schema("escalate", typed.WhyRequest)
    def post(self, request: Request, pk: int) -> Response:
        return _take(request, pk, typed.WhyRequest, triage.escalate_need)


class SendBack(ApiView):
    """退回社区，或交给社区办。"""

    @_schema("send_back", typed.SendBackRequest)
    def post(self, request: Request, pk: int) -> Response:
        return _take(request, pk, typed.SendBackRequest, triage.send_back_need)


class Return(ApiView):
    """经办人退回。"""

    @_schema("return", typed.WhyRequest)
    def post(self, request: Request, pk: int) -> Response:
        return _take(request, pk, typed.WhyRequest, triage.return_need)


class Decline(ApiView):
    """不予受理。"""

    @_schema("decline", typed.DeclineRequest)
    def post(self, request: Request, pk: int) -> Response:
        return _take(request, pk, typed.DeclineRequest, triage.decline_need)


class Ask(ApiView):
    """请居民补充，停钟。"""

    @_schema("ask", WordsRequest)
    def post(self, request: Request, pk: int) -> Response:
        return _take(request, pk, WordsRequest, waiting.ask_resident)


class Resume(ApiView):
    """恢复计时。"""

    @_schema("resume", typed.NeedStepRequest)
    def post(self, request: Request, pk: int) -> Response:
        return _take(request, pk, typed.NeedStepRequest, waiting.resume_need)


class Extend(ApiView):
    """申请延期。"""

    @_schema("extend", typed.ExtensionRequest)
    def post(self, request: Request, pk: int) -> Response:
        return _take(request, pk, typed.ExtensionRequest, extensions.ask_extension)


class Note(ApiView):
    """内部备注，居民看不到。"""

    @_schema("note", WordsRequest)
    def post(self, request: Request, pk: int) -> Response:
        return _take(request, pk, WordsRequest, handling.add_note)


class Decide(ApiView):
    """同意或不同意延期。"""

    @_schema("decide_extension", typed.DecideRequest)
    def post(self, request: Request, pk: int) -> Response:
        given = typed.DecideRequest(data=request.data)
        need_pk = extensions.need_of(pk, request.user)
        given.is_valid(raise_exception=True)
        extensions.decide_extension(pk=pk, by=signed_in(request), **given.validated_data)
        return Response(detail(visible(request.user, need_pk), request.user))
