"""The control: the list as a first draft would have it. Page numbers, a full count, nested rows fetched one by one."""

from __future__ import annotations

from typing import Any

from django.urls import include, path
from rest_framework import generics, pagination, renderers, serializers

from needs.models import Category, Need
from people.models import Area, User
from tests.bench.naive_claim import NaiveClaim


class AreaShape(serializers.ModelSerializer[Area]):
    class Meta:
        model = Area
        fields = ("code", "name")


class CategoryShape(serializers.ModelSerializer[Category]):
    class Meta:
        model = Category
        fields = ("id", "name")


class HolderShape(serializers.ModelSerializer[User]):
    class Meta:
        model = User
        fields = ("id", "name")


class NeedShape(serializers.ModelSerializer[Need]):
    area = AreaShape()
    category = CategoryShape()
    holder = HolderShape()

    class Meta:
        model = Need
        fields = (
            *("id", "number", "title", "area", "place", "state", "urgent", "category", "holder"),
            *("created_at", "reply_by", "first_reply_at", "done_by"),
        )


class Pages(pagination.PageNumberPagination):
    page_size = 25


class NaiveNeeds(generics.ListAPIView[Need]):
    serializer_class = NeedShape
    pagination_class = Pages
    renderer_classes = (renderers.JSONRenderer,)

    def get_queryset(self) -> Any:
        return Need.objects.visible_to(self.request.user).order_by("-created_at")


urlpatterns = [
    path("naive/", NaiveNeeds.as_view()),
    path("naive/offers/<int:pk>/claim/", NaiveClaim.as_view()),
    path("", include("alliance.urls")),
]
