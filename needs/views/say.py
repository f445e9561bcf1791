"""我要反映 in three small steps. Each step keeps what was typed; the last one submits."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from alliance.lib.about import about
from alliance.lib.errors import DomainError, Invalid, Text
from alliance.lib.http import client_ip
from alliance.lib.refused import add_errors
from alliance.lib.text import first_line
from files import services as files
from needs import drafts
from needs.forms import ContactForm, SayForm, WhereForm
from needs.links import progress_url, qr_data_uri
from needs.services.following import find_by_link
from needs.services.intake import NeedDraft, check_words, submit_publicly
from needs.states import Channel
from needs.views.photos import hold_sent
from needs.wording import office, promise
from people.models import Area
from people.services.consents import current_notice
from people.services.proof import new_challenge
from people.visitors import proof_of, proof_wanted

REFUSED = 422


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def what(request: HttpRequest) -> HttpResponse:
    """Step 1: words and photos."""
    draft = drafts.load(request)
    _take_invitation(request, draft)
    about(request, draft.get("community", ""))
    if request.method == "GET":
        return _render_what(request, draft, SayForm(initial={"words": draft.get("words", "")}))
    form = SayForm(request.POST, request.FILES)
    form.is_valid()
    draft["words"] = request.POST.get("words", "")[:20_000]
    drafts.save(request, draft)
    if "drop" in request.POST:
        files.drop_held(draft["hold_key"], request.POST["drop"])
        return redirect("needs:say")
    problems = hold_sent(request, draft["hold_key"])
    errors: dict[str, list[Text]] = {}
    check_words(draft["words"], errors)
    if problems:
        errors["photos"] = problems
    if errors:
        add_errors(form, Invalid(errors))
        return _render_what(request, draft, form, status=REFUSED)
    return redirect("needs:say_where")


def _take_invitation(request: HttpRequest, draft: dict[str, Any]) -> None:
    """Remember what the address brings: the place of a QR code in a stairwell, or "for somebody else"."""
    if request.method != "GET":
        return
    known = False
    if request.GET.get("for") == "other":
        draft["for_other"], known = "other", True
    # A link may fill in a place, never overwrite what somebody typed.
    area = Area.objects.takes_needs(request.GET.get("c", "")).first()
    if area and not draft.get("place_typed"):
        draft.update(community=area.pk, place=request.GET.get("place", "")[:120], from_qr=True)
        known = True
    if known:
        drafts.save(request, draft)


def _render_what(request: HttpRequest, draft: dict[str, Any], form: SayForm, status: int = 200) -> HttpResponse:
    held = [
        {"pk": photo.pk, "name": photo.name, "url": reverse("needs:held_photo", args=[photo.pk])}
        for photo in files.held(draft["hold_key"])
    ]
    context = {"form": form, "held": held, "for_other": draft.get("for_other") == "other", "nav_current": "say"}
    return render(request, "needs/say.html", context, status=status)


@login_not_required
@never_cache
@require_GET
def held_photo(request: HttpRequest, pk: UUID) -> FileResponse:
    """A photo of the visitor's own draft."""
    return files.serve(files.held_one(drafts.load(request)["hold_key"], pk), thumbnail=True)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def where(request: HttpRequest) -> HttpResponse:
    """Step 2: community and place."""
    draft = drafts.load(request)
    about(request, draft.get("community", ""))
    if not draft.get("words"):
        return redirect("needs:say")
    status = 200
    if request.method == "POST":
        form = WhereForm(request.POST)
        draft.update({name: request.POST.get(name, "")[:200] for name in ("community", "place", "spot")})
        draft["place_typed"] = True
        drafts.save(request, draft)
        valid = form.is_valid()
        if _other_window(request, draft, form):
            status = 409
        elif valid:
            return redirect("needs:say_contact")
        else:
            status = REFUSED
    else:
        kept = {name: draft.get(name, "") for name in ("community", "place", "spot")}
        form = WhereForm(initial={**kept, "saying": drafts.saying(draft)})
    context = {"form": form, "from_qr": bool(draft.get("from_qr")), "nav_current": "say"}
    return render(request, "needs/say_where.html", context, status=status)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """Step 3: whom to call, consent, submit."""
    draft = drafts.load(request)
    about(request, draft.get("community", ""))
    if not draft.get("words") or not draft.get("place"):
        # A second tap after the first one went through: the receipt is waiting.
        if drafts.receipt_token(request):
            return redirect("needs:say_done")
        messages.warning(request, _("放得太久，刚才写的没能留住，请再说一遍。着急可以直接打电话。"))
        return redirect("needs:say")
    notice = current_notice("need")
    status = 200
    if request.method == "POST":
        form = ContactForm(request.POST)
        form.is_valid()
        if _other_window(request, draft, form):
            return _render_contact(request, form, notice, 409)
        try:
            token = _submit(request, draft, form)
        except DomainError as error:
            add_errors(form, error)
            form.data = _shown_again(form.data, notice.version)
            status = REFUSED if isinstance(error, Invalid) else error.status
        else:
            drafts.finish(request, token)
            return redirect("needs:say_done")
    else:
        initial = {"notice_version": notice.version, "for_other": draft.get("for_other", "self")}
        form = ContactForm(initial={**initial, "saying": drafts.saying(draft)})
    return _render_contact(request, form, notice, status)


def _other_window(request: HttpRequest, draft: dict[str, Any], form: WhereForm | ContactForm) -> bool:
    """Whether another window has put other words into the draft since this page was drawn; says so on ``form``."""
    posted, present = request.POST.get("saying", ""), drafts.saying(draft)
    if not posted or posted == present:
        return False
    text = _("您在另一个窗口改过要说的事，现在是“%(words)s”。就说这一件，请再点一次；要说别的，请回第一步改。")
    form.add_error(None, text % {"words": first_line(draft["words"])})
    again = request.POST.copy()
    again["saying"] = present
    form.data = again
    return True


def _shown_again(typed: Any, version: int) -> Any:
    """What was typed, under the notice as it is now: agreeing to an older one is no agreement to this."""
    again = typed.copy()
    if again.get("notice_version") != str(version):
        again["notice_version"] = str(version)
        again.pop("consent", None)
    return again


def _render_contact(request: HttpRequest, form: ContactForm, notice: Any, status: int) -> HttpResponse:
    context = {"form": form, "notice": notice, "nav_current": "say"}
    if proof_wanted(request):
        context["altcha_challenge_url"] = reverse("needs:challenge")
    return render(request, "needs/say_contact.html", context, status=status)


def _submit(request: HttpRequest, draft: dict[str, Any], form: ContactForm) -> str:
    typed = form.data
    other = typed.get("for_other") == "other"
    need_draft = NeedDraft(
        client_key=UUID(draft["client_key"]),
        words=draft.get("words", ""),
        place=draft.get("place", ""),
        spot=draft.get("spot", ""),
        area_code=draft.get("community", ""),
        name=typed.get("name", ""),
        phone=typed.get("phone", ""),
        helped_name=typed.get("helped_name", "") if other else "",
        helped_phone=typed.get("helped_phone", "") if other else "",
        consented=typed.get("consent") == "on",
        notice_version=form.cleaned_data.get("notice_version") or 0,
        channel=Channel.QR if draft.get("from_qr") else Channel.WEB,
        hold_key=draft["hold_key"],
    )
    return submit_publicly(need_draft, ip=client_ip(request), proof=proof_of(request, typed)).link_token


@login_not_required
@never_cache
@require_GET
def challenge(request: HttpRequest) -> HttpResponse:
    """A fresh proof-of-work challenge for the form."""
    return JsonResponse(new_challenge())


@login_not_required
@never_cache
@require_GET
def done(request: HttpRequest) -> HttpResponse:
    """The receipt: number, tracking code, QR. Shown to the visitor who has just submitted."""
    token = drafts.receipt_token(request)
    if not token:
        return redirect("needs:track")
    need = find_by_link(token)
    about(request, need.area_id)
    url = progress_url(request, token)
    context = {
        "need": {"number": need.number, "community_name": office(need), "words": need.words},
        "code": need.shown_code,
        "token": token,
        "progress_url": url,
        "qr_data_uri": qr_data_uri(url),
        "promise": promise(need),
        "nav_current": "say",
    }
    return render(request, "needs/say_done.html", context)
