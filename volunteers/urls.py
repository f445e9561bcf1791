"""Public pages of volunteering."""

from __future__ import annotations

from volunteers.urls_activities import urlpatterns as activities
from volunteers.urls_people import urlpatterns as people
from volunteers.urls_sections import urlpatterns as sections

app_name = "volunteers"
urlpatterns = [*activities, *people, *sections]
