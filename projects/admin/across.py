"""Milestones and assessments in the workbench: lists across all projects, whose rows lead to the project's page."""

from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern, path

from people.lists import ListedAdmin
from projects.listings.milestones import ASSESSMENTS, MILESTONES
from projects.models import Assessment, Milestone
from projects.permissions import listed_abilities


class _Across(ListedAdmin):
    """Only a list: they are made and changed on the project's page."""

    abilities = staticmethod(listed_abilities)

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_changelist"
        return [path("", self.admin_site.admin_view(self.changelist_view), name=name)]


@admin.register(Milestone)
class MilestoneAdmin(_Across):
    listing = MILESTONES


@admin.register(Assessment)
class AssessmentAdmin(_Across):
    listing = ASSESSMENTS
