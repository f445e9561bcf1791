"""On the page of a need, a wish or a resource: the projects and 民生实事 made of it, and the forms that begin one."""

from __future__ import annotations

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from alliance.lib.onward import Made, Onward, Way
from people.models import User
from projects.models import Deed, Project
from projects.permissions import deed_abilities, project_abilities


def onward(user: User, key: str, label: str) -> Onward:
    """Staff alone: what is theirs to keep. A resource may serve any number of them, a need as well."""
    projects = Project.objects.kept_by(user).filter(origin=key).order_by("-drafted_at")
    deeds = Deed.objects.kept_by(user).filter(origin=key).order_by("-year", "-pk")
    made = [
        *(_made(_("共建项目"), "project", row) for row in projects),
        *(_made(_("民生实事"), "deed", row) for row in deeds),
    ]
    ways = []
    if "add" in project_abilities(user):
        ways.append(_way(_("立为共建项目"), "project", label))
    if "add" in deed_abilities(user):
        ways.append(_way(_("提为民生实事"), "deed", label))
    return Onward(tuple(made), tuple(ways))


def _made(what: object, model: str, row: Project | Deed) -> Made:
    return Made(what, row.name, reverse(f"admin:projects_{model}_change", args=[row.pk]), row.get_state_display())  # type: ignore[arg-type]


def _way(label: object, model: str, number: str) -> Way:
    return Way(label, f"{reverse(f'admin:projects_{model}_add')}?{urlencode({'origin': number})}")  # type: ignore[arg-type]
