"""民生实事 and the service menu over the API."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from alliance.lib.api import REFUSALS, KeysetPagination
from alliance.lib.api_views import ApiView, ListView
from alliance.lib.errors import Invalid, NotFound
from people.models import Area, User
from people.states import Level
from people.visitors import signed_in
from projects.api import deed_shapes as typed
from projects.api.steps import MOST, Of, ProjectStepRequest, ProjectWordsRequest, step
from projects.models import Deed, DeedReport
from projects.permissions import deed_abilities
from projects.services import deeds
from projects.services.deed_running import clear_deed, report_deed, unpublish_deed
from projects.services.deed_standing import wanting
from projects.states import DeedField, DeedState

ROW = (
    *("number", "year", "name", "words", "goal", "field", "source", "state"),
    *("position", "percent", "satisfaction", "version"),
)


class DeedFilter(django_filters.FilterSet):
    """Filters of livelihood items."""

    year = django_filters.NumberFilter(field_name="year", min_value=2000, max_value=3000, label="年度")
    state = django_filters.ChoiceFilter(choices=DeedState.choices, label="状态")
    field = django_filters.ChoiceFilter(choices=DeedField.choices, label="类别")
    area = django_filters.CharFilter(field_name="area__code", lookup_expr="startswith", label="社区或街道代码")
    unit = django_filters.NumberFilter(method="of_unit", min_value=1, max_value=MOST, label="责任单位")

    class Meta:
        model = Deed
        fields: ClassVar[list[str]] = []

    def of_unit(self, queryset: Any, name: str, value: Any) -> Any:
        mine = Deed.objects.filter(unit=int(value), unit__is_public=True) | Deed.objects.kept_by(
            self.request.user
        ).filter(unit=int(value))
        return queryset.filter(pk__in=mine.values("pk"))


def found(user: Any, pk: int) -> Deed:
    """The item, if ``user`` sees it. Raises ``NotFound``."""
    row: Deed | None = Deed.objects.visible_to(user).select_related("area", "unit").filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def row_of(row: Deed, inside: bool) -> dict[str, Any]:
    """As ``DeedRow``: a unit that has not agreed to be shown is named to those inside alone."""
    named = row.unit is not None and (inside or row.unit.is_public)
    return {
        "id": row.pk,
        "area": row.area_id,
        "unit": row.unit_id if named else None,
        "who": row.unit.name if named and row.unit else row.area.name,
        **{name: getattr(row, name) for name in ROW},
    }


def one(row: Deed, user: Any) -> dict[str, Any]:
    """As ``DeedOne``."""
    abilities = deed_abilities(user, row)
    inside = len(abilities) > 1 or Deed.objects.kept_by(user).filter(pk=row.pk).exists()
    reports = [{name: getattr(one, name) for name in ("month", "percent", "words", "version")} for one in _reports(row)]
    names = ("at", "on_day", "verb", "words", "params")
    return {
        **row_of(row, inside),
        "reports": reports,
        "wanting": [str(text) for text in wanting(row)] if inside else [],
        "records": [{name: getattr(one, name) for name in names} for one in row.records.all()] if inside else [],
        "abilities": sorted(str(verb) for verb in abilities),
    }


def _reports(row: Deed) -> list[DeedReport]:
    return list(row.reports.order_by("month"))


class Deeds(ListView):
    """看得到的民生实事：公布了的大家都看得到，候选只给街道社区和责任单位看；提出一件。"""

    queryset = Deed.objects.none()
    filterset_class = DeedFilter
    pagination_class = KeysetPagination

    def get_queryset(self) -> QuerySet[Deed]:
        seen = Deed.objects.visible_to(self.request.user).select_related("area", "unit")
        return seen.annotate(created_at=F("proposed_at"))

    @extend_schema(operation_id="deeds_list", tags=["projects"], responses={200: typed.DeedRow(many=True), **REFUSALS})
    def get(self, request: Request) -> Response:
        rows: list[Any] = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        kept = Deed.objects.kept_by(request.user).filter(pk__in=[row.pk for row in rows])
        inside = set(kept.values_list("pk", flat=True))
        return self.get_paginated_response([row_of(row, row.pk in inside) for row in rows])

    @extend_schema(
        operation_id="deeds_propose",
        tags=["projects"],
        request=typed.DeedRequest,
        responses={200: typed.DeedOne, 201: typed.DeedOne, **REFUSALS},
    )
    def post(self, request: Request) -> Response:
        user = signed_in(request)
        given = typed.DeedRequest(data=request.data)
        given.is_valid(raise_exception=True)
        made = deeds.propose_deed(by=user, **given.validated_data)
        code = status.HTTP_201_CREATED if made.just_made else status.HTTP_200_OK
        return Response(one(found(user, made.pk), user), status=code)


class DeedOne(ApiView):
    """一件民生实事，带每个月的进度。"""

    @extend_schema(operation_id="deeds_one", tags=["projects"], responses={200: typed.DeedOne, **REFUSALS})
    def get(self, request: Request, pk: int) -> Response:
        user = signed_in(request)
        return Response(one(found(user, pk), user))


class PublishDeeds(ApiView):
    """公布一年的民生实事，按给的顺序；都要初筛、论证过，不超过这一年的件数。"""

    @extend_schema(
        operation_id="deeds_publish",
        tags=["projects"],
        request=typed.DeedsPublishRequest,
        responses={200: typed.DeedRow(many=True), **REFUSALS},
    )
    def post(self, request: Request) -> Response:
        user = signed_in(request)
        given = typed.DeedsPublishRequest(data=request.data)
        given.is_valid(raise_exception=True)
        said = given.validated_data
        street = Area.objects.filter(pk=said["street"], level=Level.STREET).first()
        if street is None:
            raise Invalid({"street": [_("请填街道代码。")]})
        made = deeds.publish_deeds(street=street, year=said["year"], by=user, pks=said["deeds"], most=said["most"])
        return Response([row_of(found(user, row.pk), True) for row in made])


def _vote(*, pk: int, by: User, **given: Any) -> Any:
    yes, of = given.pop("yes"), given.pop("of")
    return deeds.note_deed(pk=pk, by=by, votes=None if yes is None or of is None else (yes, of), **given)


DEED = Of("deeds", found, one, typed.DeedOne)


def _of(name: str, doc: str, service: Any, shape: Any = ProjectStepRequest) -> Any:
    return step(DEED, name, doc, service, shape)


Edit = _of("edit", "改候选；改过的要重新初筛、论证。", deeds.edit_deed, typed.DeedEditRequest)
Screen = _of("screen", "初筛：普惠、可行、可量化。", deeds.screen_deed, typed.ScreenRequest)
Note = _of("note", "论证、票决、督促、验收，写下哪天的事。", _vote, typed.DeedNoteRequest)
Report = _of("report", "报一个月的进度；报过的要改，带上那一条的版本。", report_deed, typed.DeedReportRequest)
Ask = _of("ask", "满意度：问了几位、满意几位。", deeds.ask_about_deed, typed.DeedAskRequest)
Clear = _of("clear", "销号：办完、验收、问过满意度。", clear_deed)
Unpublish = _of("unpublish", "撤回公布，当天、还没报过进度的。", unpublish_deed, ProjectWordsRequest)
LeaveOut = _of("leave_out", "这次不入选。", deeds.leave_out_deed, ProjectWordsRequest)
