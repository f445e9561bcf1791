"""Wishes in the workbench: the list, the page of one wish, its decision and its claims. Parse, call one service."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.contrib import admin, messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.errors import Conflict, DomainError, NotFound, Text
from alliance.lib.http import client_ip
from alliance.lib.privacy import spaced
from alliance.lib.refused import add_errors
from claims.models import Claim
from claims.services import steps
from claims.states import Verb as ClaimVerb
from files import services as files
from needs import permissions
from needs.forms.wishes import ClaimForm, HouseholdForm, ReasonForm, VerifyForm
from needs.listings.wishes import WISHES
from needs.models import Wish
from needs.services import wishes
from needs.services.wish_proposing import propose_for_wish
from needs.views.proposing import say_proposed
from needs.views.wish_form import form_page
from needs.views.wishes import wish_context
from people.lists import ListedAdmin
from people.visitors import signed_in

CLAIM_STEPS: dict[str, tuple[Callable[..., Any], Text]] = {
    ClaimVerb.DELIVER: (steps.deliver, gettext_lazy("送到了，等另一位同事代确认。")),
    ClaimVerb.CONFIRM: (steps.confirm, gettext_lazy("圆梦了，已经告诉认领的人。")),
    ClaimVerb.NOT_THERE: (steps.not_there, gettext_lazy("已经告诉认领的人，请他再看看。")),
    ClaimVerb.RELEASE: (steps.release_claim, gettext_lazy("认领收回了，已经告诉认领的人。")),
}


def _verified(wish: Wish) -> str:
    """Who is waited for next."""
    return _("核实好了，等街道来审批。") if wish.at_street else _("核实好了，等另一位来审批。")


@admin.register(Wish)
class WishAdmin(ListedAdmin):
    """Own pages instead of Django's form; rights are the abilities of each row."""

    listing = WISHES

    abilities = staticmethod(permissions.wish_abilities)
    own_menu = True

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        acts = {
            "verify": self.verify,
            "approve": self.approve,
            "reject": self.reject,
            "withdraw": self.withdraw,
            "reopen": self.reopen,
            "propose": self.propose,
            "household": self.household,
            "claim": self.claim,
        }
        return [
            path("", wrap(self.changelist_view), name="needs_wish_changelist"),
            path("add/", wrap(form_page), name="needs_wish_add"),
            path("<int:pk>/edit/", wrap(form_page), name="needs_wish_edit"),
            path("<int:pk>/change/", wrap(self.page), name="needs_wish_change"),
            path("<int:pk>/photo/<uuid:photo>/", wrap(self.photo), name="needs_wish_photo"),
            *(
                path(f"<int:pk>/{name}/", wrap(self._by_post(view)), name=f"needs_wish_{name}")
                for name, view in acts.items()
            ),
        ]

    def _by_post(self, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        """``view`` for POST; anything else goes to the wish's page, if one may see the wish."""

        def answer(request: HttpRequest, pk: int) -> HttpResponse:
            if request.method == "POST":
                return view(request, pk)
            return self._back(self._find(request, pk).pk)

        return answer

    def _find(self, request: HttpRequest, pk: int) -> Wish:
        seen = Wish.objects.visible_to(request.user)
        fields = ("area", "offer", "need", "raised_by", "verified_by")
        wish: Wish | None = seen.select_related(*fields).filter(pk=pk).first()
        if wish is None:
            raise NotFound
        return wish

    def list_actions(self, request: HttpRequest) -> list[dict[str, Any]]:
        """The setting for whoever may change it, the wall, registering."""
        user = signed_in(request)
        found = [{"label": _("看心愿墙"), "url": reverse("needs:wishes"), "main": False}]
        if "change" in permissions.wish_policy_abilities(user):
            policy = reverse("admin:needs_wishpolicy_changelist")
            found.insert(0, {"label": _("谁来审批心愿"), "url": policy, "main": False})
        if "add" in permissions.wish_abilities(user):
            found.append({"label": _("登记心愿"), "url": reverse("admin:needs_wish_add"), "main": True})
        return found

    def page(self, request: HttpRequest, pk: int, status: int = 200, **forms: Any) -> HttpResponse:
        """One wish; ``forms`` are those just refused, with what was typed."""
        wish = self._find(request, pk)
        context = {**self.admin_site.each_context(request), **wish_context(request, wish, **forms)}
        return TemplateResponse(request, "admin/needs/wish/change_form.html", context, status=status)

    def verify(self, request: HttpRequest, pk: int) -> HttpResponse:
        """核实."""
        form = VerifyForm(request.POST)
        return self._act(request, pk, "verify_form", form, wishes.verify_wish, _verified, "how")

    def approve(self, request: HttpRequest, pk: int) -> HttpResponse:
        """通过."""
        form = ReasonForm(request.POST)
        return self._act(request, pk, "approve_form", form, wishes.approve_wish, _("通过了，已经上心愿墙。"))

    def reject(self, request: HttpRequest, pk: int) -> HttpResponse:
        """不通过."""
        form = ReasonForm(request.POST, prefix="reject")
        return self._act(
            request, pk, "reject_form", form, wishes.reject_wish, _("没有通过，已经告诉登记的人。"), "words"
        )

    def withdraw(self, request: HttpRequest, pk: int) -> HttpResponse:
        """撤回."""
        form = ReasonForm(request.POST, prefix="withdraw")
        return self._act(request, pk, "withdraw_form", form, wishes.withdraw_wish, _("撤回了。"), "words")

    def reopen(self, request: HttpRequest, pk: int) -> HttpResponse:
        """再发布."""
        form = ReasonForm(request.POST)
        return self._act(request, pk, "reopen_form", form, wishes.reopen_wish, _("又发布了一期，认领期15天。"))

    def propose(self, request: HttpRequest, pk: int) -> HttpResponse:
        """推荐资源: whoever gives it is told; the wish stays on the wall."""
        chosen, version = (request.POST.get(name, "")[:18] for name in ("resource", "version"))
        try:
            if not (chosen.isdecimal() and version.isdecimal()):
                raise Conflict
            event = propose_for_wish(pk=pk, by=signed_in(request), resource=int(chosen), version=int(version))
        except DomainError as error:
            return self._refused(request, pk, error, "reopen_form", ReasonForm({}))
        say_proposed(request, event.params)
        return self._back(pk)

    def _act(
        self,
        request: HttpRequest,
        pk: int,
        name: str,
        form: Any,
        service: Callable[..., Any],
        done: str | Callable[[Wish], str],
        *fields: str,
    ) -> HttpResponse:
        """Hand the version and ``fields`` of ``form`` to ``service``; a refusal comes back with what was typed."""
        form.is_valid()
        given = {field: form.cleaned_data.get(field) or "" for field in fields}
        version = form.cleaned_data.get("version")
        try:
            if version is None:
                self._find(request, pk)
                raise Conflict
            wish = service(pk=pk, by=signed_in(request), version=version, **given)
        except DomainError as error:
            return self._refused(request, pk, error, name, form)
        messages.success(request, done if isinstance(done, str) else done(wish))
        return self._back(pk)

    def claim(self, request: HttpRequest, pk: int) -> HttpResponse:
        """社区陪同送达, 代确认, 没收到, 收回: one step of one claim of this wish."""
        wish = self._find(request, pk)
        form = ClaimForm(request.POST, request.FILES)
        form.is_valid()
        given = form.cleaned_data
        service, done = CLAIM_STEPS.get(given.get("verb", ""), (None, ""))
        mine = Claim.objects.filter(pk=given.get("claim") or 0, offer__subject=wishes.subject_of(wish.pk))
        if service is None or not mine.exists():
            raise NotFound
        try:
            more = self._photos(request, given["verb"])
            service(
                claim_id=given["claim"], by=signed_in(request), version=given["version"], note=given["note"], **more
            )
        except DomainError as error:
            return self._refused(request, pk, error, "claim_form", form)
        messages.success(request, str(done))
        return self._back(pk)

    def _photos(self, request: HttpRequest, verb: str) -> dict[str, str]:
        """The photos of a delivery, held for it."""
        photos = request.FILES.getlist("photos")
        if verb != ClaimVerb.DELIVER or not photos:
            return {}
        key = str(uuid4())
        for photo in photos:
            files.hold_photo(photo, hold_key=key, created_by=signed_in(request))
        return {"hold_key": key}

    def household(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Who the wish is for, shown once and logged."""
        form = HouseholdForm(request.POST)
        form.is_valid()
        reason = form.cleaned_data.get("reason", "")
        try:
            wish = wishes.reveal_household(pk=pk, by=signed_in(request), reason=reason, ip=client_ip(request))
        except DomainError as error:
            return self._refused(request, pk, error, "household_form", form)
        shown = {
            "name": wish.beneficiary,
            "phone": spaced(wish.phone),
            "phone_href": f"tel:{wish.phone}" if wish.phone else "",
            "household": wish.household,
        }
        return self.page(request, pk, shown=shown)

    def photo(self, request: HttpRequest, pk: int, photo: UUID) -> FileResponse:
        """A photo of a delivery, for whoever sees the wish."""
        wish = self._find(request, pk)
        claims = Claim.objects.filter(offer__subject=wishes.subject_of(wish.pk)).values_list("pk", flat=True)
        for owner, found in files.attachments_of("claim", [str(key) for key in claims]).items():
            if any(one.pk == photo for one in found):
                return files.serve(files.attachment("claim", owner, photo))
        raise NotFound

    def _refused(self, request: HttpRequest, pk: int, error: DomainError, name: str, form: Any) -> HttpResponse:
        """The page again with the refusal at its form, and everything that was typed."""
        if error.status == NotFound.status:
            raise error
        add_errors(form, error)
        stale = {"stale": str(error.message)} if isinstance(error, Conflict) else {}
        status = 422 if error.status == 400 else error.status
        return self.page(request, pk, status, **{name: form}, **stale)

    def _back(self, pk: int) -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse("admin:needs_wish_change", args=[pk]))
