"""Teams: everybody reads of them; volunteers join, sign the 责任保证书, leave."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from alliance.lib.about import about
from alliance.lib.errors import DomainError, NotFound
from alliance.lib.refused import add_errors
from people.models import User
from people.visitors import signed_in
from volunteers import public_people
from volunteers.forms.people import PledgeForm
from volunteers.models import Team, TeamMember
from volunteers.permissions.people import leads
from volunteers.presenting import people as words
from volunteers.services.belonging import join_team, leave_team, sign_pledge
from volunteers.services.fitness import volunteer_of

REFUSED = 422


@login_not_required
@never_cache
@require_safe
def teams(request: HttpRequest) -> HttpResponse:
    """The teams of one street; which one is chosen, else one's own, else the first with teams."""
    streets = public_people.streets_with_teams()
    own = volunteer_of(request.user) if isinstance(request.user, User) else None
    asked = request.GET.get("street", "") or (own.street_code if own else "")
    chosen = next((area for area in streets if area.pk == asked), streets[0] if streets else None)
    if chosen is not None:
        about(request, chosen.pk)
    groups = public_people.teams_by_kind(chosen.pk) if chosen is not None else []
    context = {"streets": streets, "street": chosen, "groups": groups, "nav_current": "help"}
    return render(request, "volunteers/teams.html", context)


@login_not_required
@never_cache
@require_safe
def team(request: HttpRequest, pk: int) -> HttpResponse:
    """One team: what it does, who leads it, how many are in it, and what one can do."""
    row = _find(request, pk)
    about(request, row.area_id)
    return render(request, "volunteers/team.html", {**_shown(request, row), "nav_current": "help"})


def _find(request: HttpRequest, pk: int) -> Any:
    rows = Team.objects.visible_to(request.user).with_members().select_related("area", "leader", "unit")
    row = rows.filter(pk=pk).first()
    if row is None:
        raise NotFound(_("没有这支队伍，或者已经解散了。"))
    return row


def _shown(request: HttpRequest, row: Team) -> dict[str, Any]:
    user = request.user if isinstance(request.user, User) else None
    own = volunteer_of(user) if user else None
    found = TeamMember.objects.here().filter(team=row, volunteer=own).select_related("team").first() if own else None
    asked = found is not None and found.asked
    member = None if asked else found
    leading = user is not None and leads(user, row)
    return {
        "team": row,
        "leader": words.leader_of(row),
        "own": own,
        "member": member,
        "asked": asked,
        "waits": member is not None and member.waits,
        "leads": leading,
        "people": public_people.members_for_leader(row) if leading else [],
        "may_join": own is not None and member is None and (row.is_open or asked) and row.closed_on is None,
    }


@never_cache
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, pk: int) -> HttpResponse:
    """加入; where there is a pledge, to it."""
    row = _find(request, pk)
    if request.method == "GET":
        return redirect("volunteers:team", row.pk)
    join_team(pk=row.pk, by=signed_in(request))
    if row.pledge:
        messages.success(request, _("您加入了，还请看一看责任保证书、签个字。"))
        return redirect("volunteers:pledge", row.pk)
    messages.success(request, _("欢迎您加入“%(team)s”。") % {"team": row.name})
    return redirect("volunteers:team", row.pk)


@never_cache
@require_http_methods(["GET", "POST"])
def pledge(request: HttpRequest, pk: int) -> HttpResponse:
    """责任保证书: read, ticked, signed with one's own name."""
    user, row = signed_in(request), _find(request, pk)
    member = TeamMember.objects.live().filter(team=row, volunteer__user=user).first()
    if member is None:
        raise NotFound
    form, status = PledgeForm(initial={"words": row.pledge}), 200
    if request.method == "POST":
        form = PledgeForm(request.POST)
        form.is_valid()
        given = form.cleaned_data
        try:
            sign_pledge(pk=row.pk, by=user, agreed=bool(given.get("agreed")), name=given["name"], words=given["words"])
        except DomainError as error:
            add_errors(form, error)
            status = REFUSED if error.status == 400 else error.status
        else:
            messages.success(request, _("签好了，谢谢您。"))
            return redirect("volunteers:team", row.pk)
    context = {"team": row, "member": member, "form": form, "nav_current": "my"}
    return render(request, "volunteers/pledge.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """退出队伍."""
    row = _find(request, pk)
    if request.method == "POST":
        leave_team(pk=row.pk, by=signed_in(request))
        messages.success(request, _("您退出了“%(team)s”。") % {"team": row.name})
        return redirect("volunteers:mine")
    return redirect("volunteers:team", row.pk)
