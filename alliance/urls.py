"""All addresses of the site, joined."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

handler400 = "portal.views.bad_request"
handler403 = "portal.views.permission_denied"
handler404 = "portal.views.page_not_found"
handler500 = "portal.views.server_error"

urlpatterns = [
    path("", include("portal.urls")),
    path("", include("needs.urls")),
    path("", include("members.urls")),
    path("", include("resources.urls")),
    path("", include("projects.urls")),
    path("", include("volunteers.urls")),
    path("", include("meetings.urls")),
    path("", include("points.urls")),
    path("", include("notifications.urls")),
    path("desk/", include("desk.urls")),
    path("i18n/setlang/", login_not_required(set_language), name="set_language"),
    path("api/v1/", include("alliance.api")),
    path("admin/", admin.site.urls),
]
