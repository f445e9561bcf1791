"""Patrol sections and their diaries over the API."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import F, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from alliance.lib.api import REFUSALS, KeysetPagination
from alliance.lib.api_views import ApiView, ListView
from alliance.lib.errors import NotFound
from files.services import own_key
from people.visitors import signed_in
from volunteers.api import section_shapes as shapes
from volunteers.models import Section, SectionNote
from volunteers.permissions.sections import Known, known_of, note_abilities, section_abilities
from volunteers.presenting.sections import holder_for_all
from volunteers.services import section_notes, section_turns
from volunteers.states.sections import How, Outcome

OK, CREATED = status.HTTP_200_OK, status.HTTP_201_CREATED


class SectionFilter(django_filters.FilterSet):
    street = django_filters.CharFilter(field_name="street_code", label="街道代码")
    kind = django_filters.CharFilter(field_name="kind", label="类别")
    free = django_filters.BooleanFilter(field_name="claim", lookup_expr="isnull", label="只看等人认领的")
    mine = django_filters.BooleanFilter(method="only_mine", label="只看自己、本单位和队里在巡的")

    class Meta:
        model = Section
        fields: ClassVar[list[str]] = []

    def only_mine(self, queryset: Any, name: str, value: bool) -> Any:
        return queryset.filter(pk__in=Section.objects.held_by(self.request.user).values("pk")) if value else queryset


def _section(row: Section, user: Any, known: Known | None = None) -> dict[str, Any]:
    names = ("number", "name", "kind", "words", "every", "for_units", "for_people", "noted_on", "version")
    return {
        "id": row.pk,
        "street": row.street_code,
        "area": row.area_id,
        "holder": holder_for_all(row),
        "abilities": sorted(section_abilities(user, row, known)),
        **{name: getattr(row, name) for name in names},
    }


def _rows(user: Any) -> QuerySet[Section]:
    rows = Section.objects.visible_to(user).select_related("team", "claim__unit", "claim__person__volunteer")
    return rows.annotate(created_at=F("made_at"))


def _one(pk: int, user: Any) -> Section:
    row = _rows(user).filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


class Sections(ListView):
    """巡查责任段，新的在前。"""

    queryset = Section.objects.none()
    filterset_class = SectionFilter
    pagination_class = KeysetPagination

    def get_queryset(self) -> QuerySet[Section]:
        return _rows(self.request.user).filter(closed_on__isnull=True)

    @extend_schema(
        operation_id="volunteer_sections_list",
        tags=["volunteers"],
        responses={200: shapes.SectionRow(many=True), **REFUSALS},
    )
    def get(self, request: Request) -> Response:
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        known = known_of(request.user)
        return self.get_paginated_response([_section(row, request.user, known) for row in rows or []])


class SectionTake(ApiView):
    """认领一段，以单位、队伍或本人的名义；同一个提交键再发一次，得到第一次的结果（200）。"""

    @extend_schema(
        operation_id="volunteer_sections_take",
        tags=["volunteers"],
        request=shapes.SectionTakeRequest,
        responses={200: shapes.SectionRow, 201: shapes.SectionRow, **REFUSALS},
    )
    def post(self, request: Request, pk: int) -> Response:
        given = shapes.SectionTakeRequest(data=request.data)
        given.is_valid(raise_exception=True)
        user = signed_in(request)
        claim = section_turns.take_section(pk=pk, by=user, **given.validated_data)
        return Response(_section(_one(pk, user), user), status=CREATED if claim.just_made else OK)


class SectionGiveBack(ApiView):
    """退回一段，要写为什么。"""

    @extend_schema(
        operation_id="volunteer_sections_give_back",
        tags=["volunteers"],
        request=shapes.SectionBackRequest,
        responses={200: shapes.SectionRow, **REFUSALS},
    )
    def post(self, request: Request, pk: int) -> Response:
        given = shapes.SectionBackRequest(data=request.data)
        given.is_valid(raise_exception=True)
        user = signed_in(request)
        section_turns.give_back_section(pk=pk, by=user, **given.validated_data)
        return Response(_section(_one(pk, user), user))


def _note(row: SectionNote, user: Any) -> dict[str, Any]:
    names = ("day", "outcome", "words", "at", "answer", "answered_at")
    return {
        "id": row.pk,
        "section": row.section_id,
        "by": row.by.name,
        "on_paper": row.how == How.PAPER,
        "need": row.need.number if row.need else "",
        "abilities": sorted(note_abilities(user, row, timezone.localdate())),
        **{name: getattr(row, name) for name in names},
    }


def _notes(user: Any) -> QuerySet[SectionNote]:
    rows = SectionNote.objects.visible_to(user).there().select_related("section", "by", "need")
    return rows.annotate(created_at=F("at"))


class SectionNoteFilter(django_filters.FilterSet):
    section = django_filters.NumberFilter(field_name="section", label="责任段")
    outcome = django_filters.ChoiceFilter(choices=Outcome.choices, label="怎么样")
    waits = django_filters.BooleanFilter(method="only_waiting", label="只看等答复的")

    class Meta:
        model = SectionNote
        fields: ClassVar[list[str]] = []

    def only_waiting(self, queryset: Any, name: str, value: bool) -> Any:
        return queryset.to_answer() if value else queryset


class SectionNotes(ListView):
    """看得到的巡查日记：自己的、本单位和队里在巡的；工作人员看到自己区域的。"""

    queryset = SectionNote.objects.none()
    filterset_class = SectionNoteFilter
    pagination_class = KeysetPagination

    def get_queryset(self) -> QuerySet[SectionNote]:
        return _notes(self.request.user)

    @extend_schema(
        operation_id="volunteer_section_notes_list",
        tags=["volunteers"],
        responses={200: shapes.SectionNoteRow(many=True), **REFUSALS},
    )
    def get(self, request: Request) -> Response:
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response([_note(row, request.user) for row in rows or []])


class SectionWrite(ApiView):
    """记一笔；照片先传到 /photos/。同一个提交键再发一次，得到第一次的结果（200）。"""

    @extend_schema(
        operation_id="volunteer_sections_note",
        tags=["volunteers"],
        request=shapes.SectionNoteRequest,
        responses={200: shapes.SectionNoteRow, 201: shapes.SectionNoteRow, **REFUSALS},
    )
    def post(self, request: Request, pk: int) -> Response:
        given = shapes.SectionNoteRequest(data=request.data)
        given.is_valid(raise_exception=True)
        user, typed = signed_in(request), dict(given.validated_data)
        typed["hold_key"] = own_key(user, typed["hold_key"])
        made = section_notes.write_note(section=pk, by=user, **typed)
        return Response(_note(_notes(user).get(pk=made.pk), user), status=CREATED if made.just_made else OK)


class SectionNoteTakeBack(ApiView):
    """撤回当天记的、还没答复的一条。"""

    @extend_schema(
        operation_id="volunteer_section_notes_take_back",
        tags=["volunteers"],
        request=shapes.SectionNoteTakeBackRequest,
        responses={204: None, **REFUSALS},
    )
    def post(self, request: Request, pk: int) -> Response:
        shapes.SectionNoteTakeBackRequest(data=request.data).is_valid(raise_exception=True)
        section_notes.take_back_note(pk=pk, by=signed_in(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class SectionNoteAnswer(ApiView):
    """答复巡查发现的问题。"""

    @extend_schema(
        operation_id="volunteer_section_notes_answer",
        tags=["volunteers"],
        request=shapes.SectionNoteAnswerRequest,
        responses={200: shapes.SectionNoteRow, **REFUSALS},
    )
    def post(self, request: Request, pk: int) -> Response:
        given = shapes.SectionNoteAnswerRequest(data=request.data)
        given.is_valid(raise_exception=True)
        user = signed_in(request)
        section_notes.answer_note(pk=pk, by=user, **given.validated_data)
        return Response(_note(_notes(user).get(pk=pk), user))
