"""Residents' stories over the API: what everybody reads, what the office keeps, and every step of one."""

from __future__ import annotations

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
from people.visitors import signed_in
from projects.api import story_shapes as typed
from projects.api.steps import MOST, Of, ProjectStepRequest, step
from projects.models import Story
from projects.permissions import story_abilities
from projects.services import stories
from projects.states import StoryState

ROW = ("called", "title", "words", "state", "shown_at", "version")
OFFICE = ("written_at", "worded_on", "consent_on", "consent_how", "consent_kept", "ended_why")


class StoryFilter(django_filters.FilterSet):
    """Filters of stories."""

    project = django_filters.NumberFilter(field_name="project", min_value=1, max_value=MOST, label="共建项目")
    state = django_filters.ChoiceFilter(choices=StoryState.choices, label="状态")
    area = django_filters.CharFilter(field_name="project__area__code", lookup_expr="startswith", label="社区或街道代码")

    class Meta:
        model = Story
        fields: ClassVar[list[str]] = []


def found(user: Any, pk: int) -> Story:
    """The story, if ``user`` reads it. Raises ``NotFound``."""
    row: Story | None = Story.objects.read_by(user).select_related("project").filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def row_of(row: Story, inside: bool) -> dict[str, Any]:
    """As ``StoryRow``: how it was agreed to is the office's own."""
    said = {name: getattr(row, name) for name in OFFICE}
    return {
        "id": row.pk,
        "project": row.project_id,
        "project_name": row.project.name,
        **{name: getattr(row, name) for name in ROW},
        **(said if inside else {name: "" if isinstance(value, str) else None for name, value in said.items()}),
    }


def one(row: Story, user: Any) -> dict[str, Any]:
    """As ``StoryOne``."""
    inside = Story.objects.visible_to(user).filter(pk=row.pk).exists()
    return {**row_of(row, inside), "abilities": sorted(story_abilities(user, row)) if inside else ["view"]}


class Stories(ListView):
    """居民故事：展示了的大家都看得到，其余只给街道社区看；写一篇。"""

    queryset = Story.objects.none()
    filterset_class = StoryFilter
    pagination_class = KeysetPagination

    def get_queryset(self) -> QuerySet[Story]:
        seen = Story.objects.read_by(self.request.user).select_related("project")
        return seen.annotate(created_at=F("written_at"))

    @extend_schema(
        operation_id="stories_list", tags=["projects"], responses={200: typed.StoryRow(many=True), **REFUSALS}
    )
    def get(self, request: Request) -> Response:
        rows: list[Any] = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        kept = Story.objects.visible_to(request.user).filter(pk__in=[row.pk for row in rows])
        inside = set(kept.values_list("pk", flat=True))
        return self.get_paginated_response([row_of(row, row.pk in inside) for row in rows])

    @extend_schema(
        operation_id="stories_write",
        tags=["projects"],
        request=typed.StoryRequest,
        responses={200: typed.StoryOne, 201: typed.StoryOne, **REFUSALS},
    )
    def post(self, request: Request) -> Response:
        user = signed_in(request)
        given = typed.StoryRequest(data=request.data)
        given.is_valid(raise_exception=True)
        made = stories.write_story(by=user, **given.validated_data)
        code = status.HTTP_201_CREATED if made.just_made else status.HTTP_200_OK
        return Response(one(found(user, made.pk), user), status=code)


class StoryOne(ApiView):
    """一篇居民故事。"""

    @extend_schema(operation_id="stories_one", tags=["projects"], responses={200: typed.StoryOne, **REFUSALS})
    def get(self, request: Request, pk: int) -> Response:
        user = signed_in(request)
        return Response(one(found(user, pk), user))


STORY = Of("stories", found, one, typed.StoryOne)


def _of(name: str, doc: str, service: Any, shape: Any = ProjectStepRequest) -> Any:
    return step(STORY, name, doc, service, shape)


Edit = _of("edit", "改没有展示的；话变了，要请本人重新同意。", stories.edit_story, typed.StoryEditRequest)
Consent = _of("consent", "登记本人同意，只对现在的话。", stories.note_consent, typed.StoryConsentRequest)
Show = _of("show", "展示，登记过同意才行。", stories.show_story)
TakeDown = _of("take_down", "撤下，马上清空，不能恢复。", stories.take_down_story, typed.StoryTakeDownRequest)
