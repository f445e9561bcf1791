"""The API's side of errors and pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler as rest_handler

from alliance.lib import pagination
from alliance.lib.errors import DomainError, Invalid, TooMany
from alliance.lib.http import as_domain_error
from alliance.lib.keyset import slice_of


class ProblemAnswer(serializers.Serializer[Any]):
    """Every refusal: a stable code, a sentence for people, and what is wrong with which field."""

    code = serializers.CharField()
    message = serializers.CharField()
    fields = serializers.DictField(child=serializers.ListField(child=serializers.CharField()), required=False)  # type: ignore[assignment]


REFUSALS = dict.fromkeys((400, 401, 403, 404, 409, 429), ProblemAnswer)


def problem(error: DomainError) -> dict[str, Any]:
    """The body of every refused API call: ``{code, message, fields?}``."""
    body: dict[str, Any] = {"code": error.code, "message": str(error.message)}
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
