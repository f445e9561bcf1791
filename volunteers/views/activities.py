"""身边活动: what happens near by, one activity, and the button."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from alliance.lib.about import about
from alliance.lib.errors import DomainError, NotFound
from alliance.lib.refused import add_errors
from needs.links import qr_data_uri
from people.visitors import signed_in
from resources.services.hours import WEEKDAYS
from volunteers import public_activities as public
from volunteers.forms.activities import JoinForm
from volunteers.models import Activity, Post
from volunteers.permissions.activities import runs
from volunteers.presenting import activities as words
from volunteers.presenting.photos import public_of
from volunteers.services.photo_consents import agreed_when_signing_up
from volunteers.services.signing import sign_up
from volunteers.states import ActivityKind

REFUSED = 422


@login_not_required
@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """A month of activities: as a calendar, and one after the other."""
    chosen = public.chosen_from(request)
    if chosen.street:
        about(request, chosen.street)
    slots = public.days_of(chosen)
    before, after = public.months_round(chosen.month)
    context = {
        "chosen": chosen,
        "groups": words.agenda(slots),
        "weeks": public.weeks_of(chosen, (timezone.localdate(slot.starts) for slot in slots)),
        "weekdays": WEEKDAYS,
        "streets": public.streets(),
        "kinds": ActivityKind.choices,
        "before": f"?{urlencode(chosen.query(month=f'{before:%Y-%m}'))}",
        "after": f"?{urlencode(chosen.query(month=f'{after:%Y-%m}'))}",
        "nav_current": "help",
    }
    return render(request, "volunteers/activities.html", context)


@login_not_required
@never_cache
@require_safe
def activity(request: HttpRequest, pk: int) -> HttpResponse:
    """One activity: when, where, how many seats; who goes; for whoever runs it, the links to do so."""
    row = public.find_activity(request.user, pk)
    return _render(request, row, JoinForm(activity=row))


def _render(
    request: HttpRequest, row: Activity, form: JoinForm, *, chosen: int | None = None, status: int = 200
) -> HttpResponse:
    about(request, row.area_id)
    here, slots = reverse("volunteers:activity", args=[row.pk]), public.days_ahead(row)
    days = words.days(slots, row)
    mine = public.own_signups(row, request.user)
    taken = {one.post.slot_id for one in mine}
    open_days = [one for one in days if one["open"] and one["slot"].pk not in taken]
    open_days = words.with_clashes(open_days, public.clashes((one["slot"] for one in open_days), request.user))
    full = [post["post"] for one in open_days for post in one["posts"] if post["full"]]
    open_days = words.with_lines(open_days, public.lines(full) if full else {})
    own = [words.own(one) for one in mine]
    run = runs(request.user, row) if request.user.is_authenticated else False
    alone = words.alone(days)
    # What the facts or the form say already is not said again beside them; whoever runs it finds the way to each day.
    listed = days if run else [] if alone else [one for one in days if one not in open_days]
    link = f"{settings.SITE_URL.rstrip('/')}{here}" if settings.SITE_URL else ""
    context: dict[str, Any] = {
        "activity": row,
        "host": words.host_of(row),
        "facts": words.facts(row),
        "days": days,
        "alone": alone,
        "listed": listed,
        "open_days": open_days,
        "first_post": chosen or _first_post(open_days),
        "several": sum(len(one["posts"]) for one in open_days) > 1,
        "service": any(post["post"].is_service for one in open_days for post in one["posts"]),
        "own": own,
        "form": form,
        "photos": public_of(row),
        "notice": words.notice_text(row, slots, link),
        "runs": run,
        "sign_in": f"{reverse('portal:sign_in')}?{urlencode({'next': here})}",
        "nav_current": "help",
    }
    return render(request, "volunteers/activity.html", context, status=status)


def _first_post(open_days: list[dict[str, Any]]) -> int | None:
    """What is chosen first: of the days on which one has nothing else, if there are any."""
    day = next((one for one in open_days if not one["clash"]), open_days[0] if open_days else None)
    return day["posts"][0]["post"].pk if day else None


@never_cache
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """我要报名. What the form chose goes before the address."""
    typed = request.POST.get("post", "")
    post = _post(int(typed) if typed.isdecimal() and len(typed) < 18 else pk)
    row = public.find_activity(request.user, post.slot.activity_id)
    if request.method != "POST":
        return redirect("volunteers:activity", row.pk)
    form = JoinForm(request.POST, activity=row)
    if not form.is_valid():
        return _render(request, row, form, chosen=post.pk, status=REFUSED)
    key = form.cleaned_data["client_key"] or form.fields["client_key"].initial()
    try:
        made = sign_up(post=post.pk, by=signed_in(request), client_key=key, party=form.party())
    except DomainError as error:
        if error.status == NotFound.status:
            raise
        add_errors(form, error)
        return _render(request, row, form, chosen=post.pk, status=REFUSED if error.status == 400 else error.status)
    if form.cleaned_data["photos"]:
        agreed_when_signing_up(made, signed_in(request), guardian=form.party().guardian_ok)
    return redirect("volunteers:signup", made.pk)


def _post(pk: int) -> Post:
    found = Post.objects.select_related("slot").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


@login_not_required
@never_cache
@require_safe
def poster(request: HttpRequest, pk: int) -> HttpResponse:
    """海报: one sheet to hang up, with a picture of the address."""
    row = public.find_activity(request.user, pk)
    about(request, row.area_id)
    here = reverse("volunteers:activity", args=[row.pk])
    slots = public.days_ahead(row)
    context = {
        "activity": row,
        "host": words.host_of(row),
        "facts": words.facts(row),
        "days": words.days(slots, row)[:6],
        "qr": qr_data_uri(request.build_absolute_uri(here)),
        "link": request.build_absolute_uri(here),
        "nav_current": "help",
    }
    return render(request, "volunteers/poster.html", context)
