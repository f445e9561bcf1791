"""What people add to the pages below the site: the default notice, what an administrator should look at."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from alliance.lib.importing import register_importer
from alliance.lib.pagination import capped_count, count_label
from alliance.lib.registry import contribute
from people.defaults import load_defaults
from people.importers import AREAS, STAFF
from people.models import CalendarLink, ListChoice, RoleGrant, User
from people.services.calendar_links import forget_links
from people.states import Role


def account_tiles(request: HttpRequest) -> list[dict[str, Any]]:
    """For system administrators: accounts in use, those without a role, those whose first password still stands."""
    user = request.user
    if not isinstance(user, User) or not user.has_role(Role.SYSTEM_ADMIN):
        return []
    accounts = User.objects.visible_to(user).filter(is_active=True)
    idle = capped_count(accounts.exclude(pk__in=RoleGrant.objects.active().values("user")))
    new = capped_count(accounts.filter(must_change_password=True))
    list_url = reverse("admin:people_user_changelist")
    return [
        {
            "label": _("没有工作角色的账号"),
            "value": count_label(idle),
            "url": f"{list_url}?seat=none",
            "note": _("含联络员"),
        },
        {
            "label": _("还没换初始密码"),
            "value": count_label(new),
            "url": f"{list_url}?is_active__exact=1&must_change_password__exact=1",
        },
        {
            "label": _("在用的账号"),
            "value": count_label(capped_count(accounts)),
            "url": f"{list_url}?is_active__exact=1",
        },
    ]


def forget_lists(user: User) -> None:
    """What was chosen on lists goes with the account."""
    ListChoice.objects.filter(user=user).delete()


def own_links(user: User) -> dict[str, list[dict[str, Any]]]:
    """When one made links to one's calendar; what they read like nobody knows."""
    rows = CalendarLink.objects.filter(user=user).order_by("pk")
    found = [{"at": row.made_at.isoformat(), "ends_on": _until(row)} for row in rows]
    return {"calendar_links": found} if found else {}


def _until(row: CalendarLink) -> str:
    return row.revoked_at.isoformat() if row.revoked_at else ""


contribute("defaults", load_defaults, order=10)
contribute("my.erase", forget_lists, order=40)
contribute("my.erase", forget_links, order=41)
contribute("my.data", own_links, order=90)
contribute("workbench.tiles", account_tiles, order=20)
register_importer(AREAS)
register_importer(STAFF)
