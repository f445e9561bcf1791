"""What one has taken in hand, in person or for a unit: on the way, there, or given back."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from alliance.lib.about import about
from alliance.lib.dates import moment
from alliance.lib.errors import Conflict, DomainError, RuleBroken
from alliance.lib.refused import add_errors
from claims import services
from claims.kinds import offer_kind
from claims.models import Claim
from claims.permissions import abilities
from claims.states import LIVE, Verb
from desk import history, photos, presenting, selectors, too_late
from desk.done import done_page
from desk.forms import DoneForm, WhyForm
from files import services as files
from needs.presenting.wish_around import confirm_days
from needs.services.errand_ends import KIND as ERRAND
from needs.services.errands import errand_of, handover_for
from needs.states.wish import Delivery, WishKind
from needs.wording import sender
from people.models import User
from people.visitors import signed_in
from projects.services.project_offers import OFFER_KIND as PROJECT

SIZE, MOST, REFUSED = 20, 100, 422


@never_cache
@require_GET
def claims(request: HttpRequest) -> HttpResponse:
    """Everything the unit, or without one the person, has replied to and taken on: what is still in hand, the soonest
    first, then what is over, newest first. ``?who=me`` for one's own.
    """
    user = signed_in(request)
    seat, _seats = selectors.seat_here(request, user)
    unit = None if seat is None or request.GET.get("who") == "me" else seat.unit
    page = done_page(user, unit, cursor=request.GET.get("cursor", ""), size=SIZE)
    query = {"cursor": page.next_cursor, **({"who": "me"} if unit is None else {})}
    context = {
        "unit": unit,
        "live": [] if request.GET.get("cursor") else presenting.hand_rows(selectors.in_hand(user, unit)[:MOST]),
        "rows": page.rows,
        "next_url": f"{reverse('desk:claims')}?{urlencode(query)}" if page.next_cursor else "",
        "nav_current": "my",
    }
    return render(request, "desk/claims.html", context)


@never_cache
@require_GET
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """One of these: where to, until when, what next."""
    return _render(request, signed_in(request), pk)


def _render(
    request: HttpRequest,
    user: User,
    pk: int,
    *,
    done: DoneForm | None = None,
    why: WhyForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """A project has a page of its own."""
    found = selectors.own_claim(user, pk)
    if found.offer.kind == PROJECT:
        return redirect("desk:project_offer", found.offer_id)
    if not offer_kind(found.offer.kind).brought:
        return redirect(offer_kind(found.offer.kind).url(found.offer, user))
    about(request, found.offer.area_id)
    may = abilities(user, found)
    filled, back = {"version": found.version}, history.taken_back_of([found])
    done = done or DoneForm(initial={**filled, "hold_key": uuid4()})
    context = {
        "claim": found,
        "offer": found.offer,
        "kind": offer_kind(found.offer.kind).label,
        "badge": presenting.badge(found, back),
        "until": presenting.until(found, confirm_days([found]).get(found.pk), back),
        "since": moment(found.held_since),
        "live": found.state in LIVE,
        "ended": moment(found.ended_at) if found.ended_at else "",
        "first_send": Verb.SEND in may and found.offer.kind != ERRAND,
        "from_unit": selectors.seat_here(request, user)[0] is not None,
        "to_confirm": presenting.to_confirm(found),
        "brought": moment(found.delivered_at) if found.delivered_at else "",
        "may_deliver": Verb.DELIVER in may,
        "may_return": Verb.RETURN in may,
        "done": done,
        "why": why or WhyForm(initial=filled),
        "held": photos.held(request, done),
        "photos": [_photo(found, one) for one in services.photos_of(found)],
        "timeline": history.history(found),
        "office": presenting.office(found.offer.keeper),
        "nav_current": "my",
        **_of_kind(user, found),
    }
    return render(request, "desk/claim.html", context, status=status)


def _of_kind(user: User, found: Claim) -> dict[str, Any]:
    """What belongs to the kind: the address of an errand for whoever runs it, how a wish is delivered."""
    if found.offer.kind == ERRAND:
        errand = errand_of(found.offer_id)
        return {"errand": errand, "handover": handover_for(user, errand), "belongs": presenting.belongs(user, errand)}
    wish = selectors.wishes_of([found.offer_id]).get(found.offer_id)
    return {
        "card": presenting.wish_card(found.offer, wish, ""),
        "story": wish.story if wish else "",
        "delivery": presenting.how_delivered(wish),
        "accompanied": wish is None or wish.kind != WishKind.GOODS or wish.delivery == Delivery.ACCOMPANIED,
    }


def _photo(found: Claim, one: Any) -> str:
    return reverse("desk:claim_photo", args=[found.pk, one.pk])


@never_cache
@require_http_methods(["GET", "POST"])
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """开始送."""
    if request.method == "POST":
        user = signed_in(request)
        found = selectors.own_claim(user, pk)
        form = WhyForm(request.POST)
        form.is_valid()
        try:
            services.send(claim_id=pk, by=user, version=form.cleaned_data.get("version"))
        except (Conflict, RuleBroken):
            messages.warning(request, too_late.meanwhile(found, user))
        else:
            messages.success(request, _("记下了，正在送。送到以后请再点一下。"))
    return redirect("desk:claim", pk)


@never_cache
@require_http_methods(["GET", "POST"])
def deliver(request: HttpRequest, pk: int) -> HttpResponse:
    """送到了, with a word and photos."""
    if request.method != "POST":
        return redirect("desk:claim", pk)
    user = signed_in(request)
    form = DoneForm(request.POST, request.FILES)
    form.is_valid()
    try:
        selectors.own_claim(user, pk)
        key = photos.hold(request, form)
        claim = services.deliver(
            claim_id=pk,
            by=user,
            version=form.cleaned_data.get("version"),
            note=request.POST.get("words", ""),
            hold_key=key,
        )
    except DomainError as error:
        return _refused(request, user, pk, error, done=form)
    thanks = _("记下了，谢谢您。居民说收到了，或者%(office)s问过，就算办好。") % {"office": sender(claim.offer)}
    messages.success(request, thanks if claim.offer.kind == ERRAND else _("记下了，谢谢您。社区问过以后会确认。"))
    return redirect("desk:claim", pk)


@never_cache
@require_http_methods(["GET", "POST"])
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """退回认领, with a reason: others can take it then."""
    if request.method != "POST":
        return redirect("desk:claim", pk)
    user = signed_in(request)
    form = WhyForm(request.POST)
    form.is_valid()
    version, why = form.cleaned_data.get("version"), request.POST.get("why", "")
    try:
        selectors.own_claim(user, pk)
        services.return_claim(claim_id=pk, by=user, version=version, note=why)
    except DomainError as error:
        return _refused(request, user, pk, error, why=form)
    messages.success(request, _("退回好了，没关系，别人可以接着办。"))
    return redirect("desk:home")


def _refused(request: HttpRequest, user: User, pk: int, error: DomainError, **forms: Any) -> HttpResponse:
    """The form with what was typed and the sentence; where the page has no such form any more, the words to copy."""
    (form,) = forms.values()
    if error.status == 404:
        return too_late.page(request, too_late.of_nobody(), form, status=404)
    if error.status not in (400, 409):
        raise error
    found = selectors.own_claim(user, pk)
    wanted = Verb.DELIVER if "done" in forms else Verb.RETURN
    if wanted not in abilities(user, found):
        return too_late.page(request, too_late.of_claim(found, user), form, status=409)
    if error.status == 409:
        add_errors(form, Conflict(_("%(what)s您写的还在，看一眼再交。") % {"what": too_late.meanwhile(found, user)}))
        form.data = _fresh(form.data, found.version)
    else:
        add_errors(form, _named(error))
    return _render(request, user, pk, status=REFUSED if error.status == 400 else error.status, **forms)


def _named(error: DomainError) -> DomainError:
    """The service's ``note`` is the form's words."""
    fields = getattr(error, "fields", {})
    if "note" in fields:
        fields["words"] = fields["why"] = fields.pop("note")
    return error


def _fresh(typed: Any, version: int) -> Any:
    """What was typed, to be sent again about the thing as it is now."""
    again = typed.copy()
    again["version"] = str(version)
    return again


@never_cache
@require_GET
def photo(request: HttpRequest, pk: int, photo: UUID) -> FileResponse:
    """A photo of one's own delivery."""
    found = selectors.own_claim(signed_in(request), pk)
    return files.serve(files.attachment("claim", str(found.pk), photo))
