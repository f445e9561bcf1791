"""The API's side of errors and pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiSerializerExtension
from rest_framework import exceptions, serializers
from rest_framework.fields import empty
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import exception_handler as rest_handler

from alliance.lib import pagination
from alliance.lib.errors import Conflict, DomainError, Invalid, TooMany
from alliance.lib.http import as_domain_error
from alliance.lib.keyset import slice_of

LIKE = 0.7
"""How much a name must be like another to be taken for a slip of the pen: ``unit_id`` for ``unit``."""
NO_FIELD = api_settings.NON_FIELD_ERRORS_KEY


class ProblemAnswer(serializers.Serializer[Any]):
    """Every refusal: a stable code, a sentence for people, and what is wrong with which field."""

    code = serializers.CharField()
    message = serializers.CharField()
    fields = serializers.DictField(child=serializers.ListField(child=serializers.CharField()), required=False)  # type: ignore[assignment]


class Given(serializers.Serializer[Any]):
    """What callers send; every shape of a body is one. A field it does not know is refused by name, never dropped:
    ``unit_id`` in place of ``unit`` would do something else than what was meant, and say that all is well.
    """

    def run_validation(self, data: Any = empty) -> Any:
        if data is not empty and not isinstance(data, Mapping) and not (data is None and self.allow_null):
            raise exceptions.ValidationError({NO_FIELD: [_("内容要写成一个JSON对象，放在花括号里。")]})
        return super().run_validation(data)

    def to_internal_value(self, data: Any) -> Any:
        unknown = _unknown(self, data) if isinstance(data, Mapping) else {}
        try:
            value = super().to_internal_value(data)
        except exceptions.ValidationError as error:
            if not unknown or not isinstance(error.detail, dict):
                raise
            raise exceptions.ValidationError({**error.detail, **unknown}) from error
        if unknown:
            raise exceptions.ValidationError(unknown)
        return value


def _unknown(shape: Given, data: Mapping[str, Any]) -> dict[str, list[str]]:
    return unknown(data, [name for name, field in shape.fields.items() if not field.read_only])


def unknown(given: Iterable[str], known: Sequence[str]) -> dict[str, list[str]]:
    """A sentence for each of the first ten names that are not ``known``, with the one that was probably meant."""
    found = {}
    for name in [name for name in given if name not in known][:10]:
        shown = str(name)[:40]
        near = get_close_matches(shown, known, n=1, cutoff=LIKE)
        said = _("没有“%(name)s”这一项，是不是“%(near)s”？") if near else _("没有“%(name)s”这一项，请去掉或核对名称。")
        found[shown] = [said % {"name": shown, "near": near[0] if near else ""}]
    return found


class GivenSchema(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    """The description says so as well."""

    target_class = "alliance.lib.api.Given"
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Any) -> Any:
        schema = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        shape = self.target if isinstance(self.target, type) else type(self.target)
        if not shape.__doc__:
            schema.pop("description", None)  # it would be the one above
        return {**schema, "additionalProperties": False} if direction == "request" else schema


REFUSALS = dict.fromkeys((400, 401, 403, 404, 409, 429), ProblemAnswer)


def problem(error: DomainError) -> dict[str, Any]:
    """The body of every refused API call: ``{code, message, fields?}``."""
    said = error.plain if isinstance(error, Conflict) else error.message
    body: dict[str, Any] = {"code": error.code, "message": str(said)}
    if isinstance(error, Invalid) and error.fields:
        body["fields"] = {name: [str(text) for text in texts] for name, texts in error.fields.items()}
    return body


def _rest_problem(exc: Exception, response: Response) -> dict[str, Any]:
    """DRF's own errors in the same shape as ours."""
    data = response.data
    if isinstance(exc, exceptions.ValidationError):
        fields = data if isinstance(data, dict) else {"non_field_errors": data}
        return {"code": "invalid", "message": str(Invalid.default), "fields": fields}
    if isinstance(exc, Http404 | exceptions.NotFound):
        return {"code": "not_found", "message": _("没有找到。请核对后再试。")}
    if isinstance(exc, exceptions.NotAuthenticated):
        return {"code": "not_authenticated", "message": _("请先登录换令牌，请求头写成“Authorization: Token 令牌”。")}
    code = {
        401: "not_authenticated",
        403: "not_allowed",
        405: "method_not_allowed",
        415: "unsupported_media_type",
    }
    detail = str(data.get("detail", "")) if isinstance(data, dict) else ""
    return {"code": code.get(response.status_code, "error"), "message": detail}


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Map every error of a service or of DRF to ``{code, message, fields?}`` with the right status."""
    error = as_domain_error(exc)
    if error is not None:
        headers = {"Retry-After": str(error.retry_after)} if isinstance(error, TooMany) else None
        response = Response(problem(error), status=error.status, headers=headers)
    else:
        if isinstance(exc, PermissionDenied):
            exc = exceptions.PermissionDenied()
        handled = rest_handler(exc, context)
        if handled is None:
            return None
        handled.data = _rest_problem(exc, handled)
        response = handled
    return response


class KeysetPagination(BasePagination):
    """``{results, next}``; ``next`` is the cursor of the following page, empty on the last.

    In the view's ``order``; without one the newest first, by ``created_at``.
    """

    parameters = ("cursor", "size")
    order: Sequence[str] = ()
    page_size = 25
    max_size = 100

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        try:
            size = min(max(int(request.query_params.get("size", self.page_size)), 1), self.max_size)
        except ValueError:
            size = self.page_size
        cursor = request.query_params.get("cursor", "")
        if self.order:
            rows, self.next_cursor = slice_of(queryset, self.order, cursor=cursor, size=size)
            return rows
        page = pagination.page(queryset, cursor=cursor, size=size)
        self.next_cursor = page.next_cursor
        return page.rows

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"results": data, "next": self.next_cursor})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["results", "next"],
            "properties": {
                "results": schema,
                "next": {"type": "string", "description": "下一页的位置；空表示没有了"},
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [
            {"name": "cursor", "in": "query", "required": False, "schema": {"type": "string"}},
            {
                "name": "size",
                "in": "query",
                "required": False,
                "schema": {"type": "integer", "minimum": 1, "maximum": 100},
            },
        ]
