"""The API's addresses, joined from the apps, with its schema and its page (served offline)."""

from __future__ import annotations

from django.urls import include, path
from drf_spectacular.views import SpectacularSwaggerSplitView

from alliance.schema import SchemaView

urlpatterns = [
    path("schema/", SchemaView.as_view(), name="api_schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api_schema"), name="api_docs"),
    path("", include("people.api.urls")),
    path("", include("files.api.urls")),
    path("", include("transfers.api.urls")),
    path("", include("members.api.urls")),
    path("", include("claims.api.urls")),
    path("", include("resources.api.urls")),
    path("", include("points.api.urls")),
    path("", include("needs.api.urls")),
    path("", include("projects.api.urls")),
    path("", include("volunteers.api.urls")),
    path("", include("meetings.api.urls")),
]
