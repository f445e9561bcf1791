"""Needs in the workbench: the list, the page of one need, and its actions. Parse, call one service, present."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django_htmx.http import reswap, retarget

from alliance.lib.errors import Conflict, DomainError, NotFound
from alliance.lib.http import client_ip
from alliance.lib.privacy import spaced
from alliance.lib.refused import add_errors
from files import services as files
from needs import permissions
from needs.admin.steps import StepViews
from needs.forms import AcceptForm, CallForm, ReplyForm, WordsForm
from needs.listings.needs import NEEDS
from needs.models import Need
from needs.presenting import LIST_FIELDS, overtaken, timeline
from needs.services import handling, units
from needs.services.meanwhile import Overtaken
from needs.services.proposing import propose_resource
from needs.views.follow import slip_facts
from needs.views.need_page import need_context
from needs.views.proposing import say_proposed
from people.lists import ListedAdmin
from people.visitors import signed_in


@admin.register(Need)
class NeedAdmin(StepViews, ListedAdmin):
    """Own pages instead of Django's form; rights are the abilities of each row."""

    listing = NEEDS
    list_template = "admin/needs/need/change_list.html"

    abilities = staticmethod(permissions.abilities)
    own_menu = True

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        actions = [
            path(f"<int:pk>/{verb}/", wrap(self._by_post(view)), name=f"needs_need_{verb}")
            for verb, view in (
                ("accept", self.accept),
                ("reply", self.reply),
                ("note", self.note),
                ("dial", self.dial),
                ("propose", self.propose),
            )
        ]
        return [
            path("", wrap(self.changelist_view), name="needs_need_changelist"),
            path("<int:pk>/change/", wrap(self.page), name="needs_need_change"),
            path("<int:pk>/slip/", wrap(self._by_post(self.slip)), name="needs_need_slip"),
            path("<int:pk>/photo/<uuid:photo>/", wrap(self.photo), name="needs_need_photo"),
            *actions,
            *self.step_urls(wrap),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """A whole number opens its need, whatever became of it and whichever tab one looks at."""
        typed = request.GET.get("q", "").strip()
        if typed.count("-") == 3 and self.has_view_permission(request):
            found = Need.objects.visible_to(request.user).filter(number=typed.upper()).first()
            if found is not None:
                return self._back(found.pk)
        return super().changelist_view(request, extra_context)

    def _by_post(self, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        """``view`` for POST; anything else goes to the need's page, if one may see the need.

        A reload in the address bar and a sign-in on the way back both ask for an action's address by GET.
        """

        def answer(request: HttpRequest, pk: int) -> HttpResponse:
            if request.method == "POST":
                return view(request, pk)
            return self._back(self._find(request, pk).pk)

        return answer

    def _find(self, request: HttpRequest, pk: int) -> Need:
        need = Need.objects.visible_to(request.user).select_related(*LIST_FIELDS).filter(pk=pk).first()
        if need is None:
            raise NotFound
        return need

    def page(self, request: HttpRequest, pk: int, status: int = 200, **forms: Any) -> HttpResponse:
        """One need; ``forms`` are those just refused, with what was typed."""
        need = self._find(request, pk)
        context = {**self.admin_site.each_context(request), **need_context(request, need, **forms)}
        return TemplateResponse(request, "admin/needs/need/change_form.html", context, status=status)

    def accept(self, request: HttpRequest, pk: int) -> HttpResponse:
        """受理."""
        form = AcceptForm(request.POST)
        if not form.is_valid():
            return self.page(request, pk, 422, accept_form=form)
        given = form.cleaned_data
        if given["version"] is None:
            return self._refused(request, pk, Conflict(), accept_form=form)
        try:
            need = handling.accept_need(
                pk=pk,
                by=signed_in(request),
                version=given["version"],
                reply_by=given["reply_by"],
                nature=given["nature"],
                category_id=given["category"].pk if given["category"] else None,
                urgent=given["urgent"],
                note=given["note"],
            )
        except DomainError as error:
            return self._refused(request, pk, error, accept_form=form)
        messages.success(request, _("%(number)s 已受理，居民看得到答复的日子了。") % {"number": need.number})
        return self._back(pk)

    def reply(self, request: HttpRequest, pk: int) -> HttpResponse:
        """回复居民."""
        return self._say(request, pk, "reply", handling.reply_to_resident, _("已发给居民。"), ReplyForm)

    def note(self, request: HttpRequest, pk: int) -> HttpResponse:
        """内部备注."""
        return self._say(request, pk, "note", handling.add_note, _("备注记下了，居民看不到。"))

    def _say(
        self,
        request: HttpRequest,
        pk: int,
        name: str,
        service: Callable[..., Any],
        done: str,
        kind: type[WordsForm] = WordsForm,
    ) -> HttpResponse:
        """Hand what was written in the box ``name`` to ``service``."""
        form = kind(request.POST, prefix=name)
        form.is_valid()
        if form.has_error("done_by"):
            return self.page(request, pk, 422, **{f"{name}_form": form})
        words, version = form.data.get(f"{name}-words", ""), form.cleaned_data.pop("version", None)
        try:
            if version is None:
                raise Conflict
            service(pk=pk, by=signed_in(request), version=version, **{**form.cleaned_data, "words": words})
        except DomainError as error:
            return self._refused(request, pk, error, **{f"{name}_form": form})
        messages.success(request, done)
        return self._back(pk)

    def propose(self, request: HttpRequest, pk: int) -> HttpResponse:
        """推荐资源: whoever gives it is told; the need stays where it is."""
        chosen, version = request.POST.get("resource", ""), request.POST.get("version", "")
        form = WordsForm({})
        try:
            if not (_is_number(chosen) and _is_number(version)):
                raise Conflict
            event = propose_resource(pk=pk, by=signed_in(request), resource=int(chosen), version=int(version))
        except DomainError as error:
            return self._refused(request, pk, error, propose_form=form)
        say_proposed(request, event.params)
        return self._back(pk)

    def dial(self, request: HttpRequest, pk: int) -> HttpResponse:
        """拨打: shows the phone, logged by itself."""
        form = CallForm(request.POST)
        form.is_valid()
        try:
            need = handling.call_resident(
                pk=pk, by=signed_in(request), reason=form.cleaned_data.get("reason", ""), ip=client_ip(request)
            )
        except DomainError as error:
            if error.status == 404:
                raise
            add_errors(form, error)
            if "reason" in request.POST and form.has_error("reason"):
                return self._asked_again(request, pk, form)
            refusal = {"error": " ".join(str(text) for texts in form.errors.values() for text in texts)}
            return self._dialled(request, pk, refusal, status=error.status)
        helped = " ".join(part for part in (need.helped_name, need.helped_phone) if part)
        dial: dict[str, Any] = {
            "name": need.contact_name,
            "phone": spaced(need.contact_phone),
            "phone_href": f"tel:{need.contact_phone}",
            "number": need.number,
            "url": reverse("admin:needs_need_change", args=[pk]),
            "helped": _("替 %(who)s 反映") % {"who": helped} if helped else "",
            "over": need.is_over,
        }
        return self._dialled(request, pk, dial)

    def _dialled(self, request: HttpRequest, pk: int, dial: dict[str, Any], status: int = 200) -> HttpResponse:
        if getattr(request, "htmx", None):
            # htmx shows answers of 200 only; the error is words in the same place. On the need's own page the history
            # comes along, with the line of this call.
            asked = request.htmx.current_url_abs_path  # type: ignore[attr-defined]
            here = (asked or "").startswith(reverse("admin:needs_need_change", args=[pk]))
            told = timeline(self._find(request, pk)) if here and not dial.get("error") else None
            return TemplateResponse(request, "admin/needs/_dial.html", {"dial": dial, "timeline": told})
        return self.page(request, pk, status, dial=dial)

    def _asked_again(self, request: HttpRequest, pk: int, form: CallForm) -> HttpResponse:
        """The question why once more, with the refusal at its field."""
        if not getattr(request, "htmx", False):
            return self.page(request, pk, 422, call_form=form)
        context = {"need": self._find(request, pk), "call_form": form}
        answer = TemplateResponse(request, "admin/needs/_reveal.html", context)
        return reswap(retarget(answer, "#reveal"), "outerHTML")

    def slip(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The resident's slip, printed at the counter: number and code, without the link."""
        need = handling.print_slip(pk=pk, by=signed_in(request), ip=client_ip(request))
        back = {"back_url": reverse("admin:needs_need_change", args=[pk]), "progress_url": "", "qr_data_uri": ""}
        return TemplateResponse(request, "needs/slip.html", {**slip_facts(request, need), **back})

    def photo(self, request: HttpRequest, pk: int, photo: UUID) -> FileResponse:
        """A photo of a need one may see."""
        need = self._find(request, pk)
        return files.serve(units.staff_photo(need, photo))

    def _back(self, pk: int) -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse("admin:needs_need_change", args=[pk]))

    def _refused(self, request: HttpRequest, pk: int, error: DomainError, **forms: Any) -> HttpResponse:
        """The page again, with what was typed; above a stale form stands what happened meanwhile."""
        if error.status == 404:
            raise error
        if isinstance(error, Conflict):
            own = "" if isinstance(error, Overtaken) or error.message == Conflict.default else str(error.message)
            return self.page(request, pk, error.status, stale=own or overtaken(self._find(request, pk)), **forms)
        for form in forms.values():
            add_errors(form, error)
        if error.status != 400:
            messages.error(request, str(error.message))
        return self.page(request, pk, 422 if error.status == 400 else error.status, **forms)


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) < 10
