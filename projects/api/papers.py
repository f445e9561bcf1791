"""Agreements and amendments over the API: lists, one of them, a new one, and every step as the pages take it."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar

import django_filters
from django.db.models import F, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from alliance.lib.api import REFUSALS, KeysetPagination
from alliance.lib.api_views import ApiView, ListView
from alliance.lib.errors import NotFound
from alliance.lib.search import named
from people.models import User
from people.visitors import signed_in
from projects import services
from projects.api import paper_rows as rows
from projects.api import paper_shapes as typed
from projects.api.steps import MOST, Of, ProjectStepRequest, ProjectWordsRequest, step
from projects.models import Agreement, Amendment
from projects.states import AgreementState

AGREEMENT = Of("agreements", rows.found, rows.one, typed.AgreementOne)
AMENDMENT = Of("amendments", rows.found_amendment, rows.amendment, typed.AmendmentRow)
ASK = Of("asks", rows.found_ask, rows.of_ask, typed.AgreementOne)


class AgreementFilter(django_filters.FilterSet):
    """Filters of agreements."""

    q = django_filters.CharFilter(method="said", label="主题、编号里的词")
    state = django_filters.ChoiceFilter(choices=AgreementState.choices, label="状态")
    area = django_filters.CharFilter(field_name="area__code", lookup_expr="startswith", label="社区或街道代码")
    unit = django_filters.NumberFilter(method="with_unit", min_value=1, max_value=MOST, label="签约单位")

    class Meta:
        model = Agreement
        fields: ClassVar[list[str]] = []

    def said(self, queryset: Any, name: str, value: str) -> Any:
        return named(queryset, value)

    def with_unit(self, queryset: Any, name: str, value: Any) -> Any:
        return queryset.filter(parties__unit=int(value))


class Agreements(ListView):
    """看得到的协议：街道社区的，和本单位要签的、签了的，新的在前；拟一份。"""

    queryset = Agreement.objects.none()
    filterset_class = AgreementFilter
    pagination_class = KeysetPagination

    def get_queryset(self) -> QuerySet[Agreement]:
        seen = Agreement.objects.visible_to(self.request.user).select_related("area").prefetch_related("parties")
        return seen.annotate(created_at=F("drafted_at"))

    @extend_schema(
        operation_id="agreements_list", tags=["projects"], responses={200: typed.AgreementRow(many=True), **REFUSALS}
    )
    def get(self, request: Request) -> Response:
        found: list[Any] = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        return self.get_paginated_response([rows.row_of(row) for row in found])

    @extend_schema(
        operation_id="agreements_draft",
        tags=["projects"],
        request=typed.AgreementRequest,
        responses={200: typed.AgreementOne, 201: typed.AgreementOne, **REFUSALS},
    )
    def post(self, request: Request) -> Response:
        user = signed_in(request)
        given = typed.AgreementRequest(data=request.data)
        given.is_valid(raise_exception=True)
        made = services.draft_agreement(by=user, **given.validated_data)
        code = status.HTTP_201_CREATED if made.just_made else status.HTTP_200_OK
        return Response(rows.one(rows.found(user, made.pk), user), status=code)


class AgreementOne(ApiView):
    """一份协议：正文、各方、单位的答复、补充协议。"""

    @extend_schema(operation_id="agreements_one", tags=["projects"], responses={200: typed.AgreementOne, **REFUSALS})
    def get(self, request: Request, pk: int) -> Response:
        user = signed_in(request)
        return Response(rows.one(rows.found(user, pk), user))


def _amend(*, pk: int, by: User, **given: Any) -> Any:
    return services.draft_amendment(agreement=pk, by=by, **given)


def _edit_amendment(*, pk: int, by: User, **given: Any) -> Any:
    if not Amendment.objects.visible_to(by).filter(pk=pk).exists():
        raise NotFound
    return services.edit_amendment(pk=pk, by=by, **given)


def _of(name: str, doc: str, service: Any, shape: Any = ProjectStepRequest) -> Any:
    return step(AGREEMENT, name, doc, service, shape)


def _paper(name: str, doc: str, service: Any, shape: Any = ProjectStepRequest) -> tuple[Any, Any]:
    """The same step of an agreement and of an amendment."""
    return (
        step(AGREEMENT, name, doc, partial(service, of=Agreement), shape),
        step(AMENDMENT, name, doc, partial(service, of=Amendment), shape),
    )


Send, SendAdded = _paper("send", "请单位确认，正文从现在起定下来；要改得先收回。", services.send_paper)
Recall, RecallAdded = _paper("recall", "收回修改。", services.recall_paper, ProjectWordsRequest)
Approve, ApproveAdded = _paper("approve", "同意签约；送出去的人自己不能批。", services.approve_paper)
Refuse, RefuseAdded = _paper("refuse", "退回修改。", services.refuse_paper, ProjectWordsRequest)
Sign, SignAdded = _paper("sign", "登记签约；正文从现在起不再变。", services.sign_paper, typed.SignRequest)
Scan, ScanAdded = _paper("scan", "补传盖章页，只加不减。", services.add_scan, typed.ScanRequest)
Drop, DropAdded = _paper("drop", "不签了。", services.drop_paper, ProjectWordsRequest)
EditAdded = step(AMENDMENT, "edit", "改补充协议。", _edit_amendment, typed.AmendTyped)
Edit = _of("edit", "改草稿，全部重写。", services.edit_agreement, typed.AgreementEditRequest)
Amend = _of("amend", "拟补充协议。", _amend, typed.AmendRequest)
Review = _of("review", "期满评估。", services.review_agreement, ProjectWordsRequest)
Renew = _of("renew", "续签：同样的话另拟一份。", services.renew_agreement, typed.RenewRequest)
Close = _of("close", "申请结项，评估以后；另一位审批的人同意才结束。", services.ask_close, ProjectWordsRequest)
End = _of("end", "申请提前终止；另一位审批的人同意才结束。", services.ask_end, ProjectWordsRequest)
AgreeToEnd = _of("agree_to_end", "同意结束；申请的人自己不能同意。", services.agree_to_end)
KeepOn = _of("keep_on", "不结束，继续办：收回申请，或者不同意。", services.keep_agreement, ProjectWordsRequest)
Leave = _of("leave", "一方退出。", services.leave_agreement, typed.PartyLeaveRequest)
Appoint = _of("appoint", "换专员。", services.appoint_commissioner, typed.AppointRequest)
Show = _of("show", "公开或不公开正文。", services.show_agreement, typed.ShowRequest)
Answer = step(
    ASK, "answer", "单位确认，或者说想改什么；只由现在的联络员答复。", services.answer_ask, typed.AskAnswerRequest
)
OnPaper = step(
    ASK, "on_paper", "登记书面确认，只用于没有联络员的单位。", services.confirm_on_paper, typed.OnPaperRequest
)
