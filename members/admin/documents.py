"""Documents in the workbench: one page each for the versions, the draft, and who has seen what."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alliance.lib.errors import DomainError, Invalid, NotAllowed, NotFound, RuleBroken, Text
from files import services as files
from members import permissions
from members.admin.base import say
from members.forms import typed
from members.forms.documents import DetailsForm, DraftForm, NewDocumentForm
from members.listings.documents import DOCUMENTS
from members.models import Alliance, Document, DocumentVersion
from members.services.documents import (
    OWNER,
    create_document,
    files_of,
    publish_version,
    save_draft,
    update_document,
)
from members.services.receipts import remind_unseen
from members.views.documents import document_context
from people.lists import ListedAdmin
from people.models import User
from people.visitors import signed_in

REFUSED = 422


@admin.register(Document)
class DocumentAdmin(ListedAdmin):
    """Own pages instead of Django's form; rights are the abilities of each row."""

    listing = DOCUMENTS
    abilities = staticmethod(permissions.document_abilities)
    list_display = ("title", "kind", "alliance", "is_public")
    search_fields = ("title",)

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.changelist_view), name="members_document_changelist"),
            path("add/", wrap(self.add), name="members_document_add"),
            path("<int:pk>/change/", wrap(self.page), name="members_document_change"),
            path("<int:pk>/draft/", wrap(self.draft), name="members_document_draft"),
            path("<int:pk>/publish/", wrap(self.publish), name="members_document_publish"),
            path("<int:pk>/details/", wrap(self.details), name="members_document_details"),
            path("<int:pk>/remind/", wrap(self.remind), name="members_document_remind"),
            path("<int:pk>/file/<int:version>/<uuid:file>/", wrap(self.file), name="members_document_file"),
        ]

    def list_actions(self, request: HttpRequest) -> list[dict[str, Any]]:
        """起草文件, for whoever keeps an alliance."""
        if not _own_alliances(signed_in(request)):
            return []
        return [{"label": _("起草文件"), "url": reverse("admin:members_document_add"), "main": True}]

    def add(self, request: HttpRequest) -> HttpResponse:
        """起草文件: what it is, and its first draft."""
        choices = _own_alliances(signed_in(request))
        if not choices:
            raise NotAllowed
        form = NewDocumentForm(request.POST or None, request.FILES or None, label_suffix="")
        alliance: Any = form.fields["alliance"]
        alliance.queryset = Alliance.objects.filter(pk__in=choices).order_by("area_id", "id")
        if request.method != "POST":
            return self._edit(request, form)
        by, complete = signed_in(request), form.is_valid()
        key, problems = _hold(request, form, by)
        if not complete or problems:
            return self._edit(request, form, REFUSED)
        given = typed(form, "alliance", "kind", "title", "text", "effective_on")
        try:
            draft = create_document(by=by, is_public=form.cleaned_data["is_public"], hold_key=key, **given)
        except DomainError as error:
            say(form, error)
            return self._edit(request, form, REFUSED if error.status == 400 else error.status)
        messages.success(request, _("草稿存好了。核对以后再发布。"))
        return self._back(draft.document_id)

    def _edit(self, request: HttpRequest, form: NewDocumentForm, status: int = 200) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "title": _("起草文件"), "form": form}
        context["held"] = _held(request, form)
        return TemplateResponse(request, "admin/members/document/edit.html", context, status=status)

    def _find(self, request: HttpRequest, pk: int) -> Document:
        seen: QuerySet[Document] = Document.objects.visible_to(request.user).select_related("alliance__area")
        document = seen.filter(pk=pk).first()
        if document is None:
            raise NotFound
        return document

    def page(self, request: HttpRequest, pk: int, status: int = 200, **refused: Any) -> HttpResponse:
        """One document; ``?version=`` looks at an earlier version. ``refused`` are forms with what was typed."""
        document, number = self._find(request, pk), request.GET.get("version", "")
        shown = int(number) if number.isdecimal() and len(number) < 6 else None
        context = {
            **self.admin_site.each_context(request),
            "title": document.title,
            **document_context(request.user, document, shown, **refused),
        }
        return TemplateResponse(request, "admin/members/document/change_form.html", context, status=status)

    def draft(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: the draft of the next version is written, or begun."""
        document = self._find(request, pk)
        if request.method != "POST":
            return self._back(pk)
        before = document.versions.filter(published_at__isnull=True).first()
        form = DraftForm(
            request.POST,
            request.FILES,
            there=files_of(before) if before else [],
            first=not document.versions.published().exists(),
            label_suffix="",
            auto_id="draft_%s",
        )
        by, complete = signed_in(request), form.is_valid()
        key, problems = _hold(request, form, by)
        if not complete or problems:
            return self._refused(request, pk, None, "draft_form", form)
        given = typed(form, "text", "change", "effective_on")
        drop, version = form.cleaned_data.get("drop") or (), form.cleaned_data["version"]
        try:
            save_draft(document_pk=pk, by=by, hold_key=key, drop=drop, version=version, **given)
        except DomainError as error:
            return self._refused(request, pk, error, "draft_form", form)
        messages.success(request, _("草稿存好了。核对以后再发布。"))
        return self._back(pk)

    def publish(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: the draft becomes what is in force; there is no way back but a next version."""
        document = self._find(request, pk)
        if request.method != "POST":
            return self._back(pk)
        draft, seen = request.POST.get("draft", ""), request.POST.get("version", "")
        found = DocumentVersion.objects.filter(document=document, pk=_number(draft)).first()
        if found is None:
            raise NotFound
        try:
            publish_version(pk=found.pk, by=signed_in(request), version=_number(seen))
        except RuleBroken as error:  # the draft is no draft any more: what stands there now is shown
            messages.warning(request, str(error.message))
            return self._back(pk)
        except DomainError as error:
            return self._refused(request, pk, error, "publish_error")
        messages.success(request, _("发布了，已经送到各单位。"))
        return self._back(pk)

    def details(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: title, kind, whether everybody may read it."""
        self._find(request, pk)
        if request.method != "POST":
            return self._back(pk)
        form = DetailsForm(request.POST, label_suffix="", auto_id="details_%s")
        try:
            if not form.is_valid():
                return self._refused(request, pk, None, "details_form", form)
            given = typed(form, "kind", "title")
            update_document(pk=pk, by=signed_in(request), is_public=form.cleaned_data["is_public"], **given)
        except DomainError as error:
            return self._refused(request, pk, error, "details_form", form)
        messages.success(request, _("改好了。"))
        return self._back(pk)

    def remind(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: a word to those who have not seen it."""
        self._find(request, pk)
        if request.method == "POST":
            try:
                told = remind_unseen(document_pk=pk, by=signed_in(request))
            except DomainError as error:
                return self._refused(request, pk, error, "remind_error")
            text = ngettext("提醒了%(n)d位联络员。", "提醒了%(n)d位联络员。", told)
            messages.success(request, text % {"n": told})
        return self._back(pk)

    def file(self, request: HttpRequest, pk: int, version: int, file: UUID) -> FileResponse:
        """A file of one of its versions, to be saved."""
        if not DocumentVersion.objects.filter(document=self._find(request, pk), pk=version).exists():
            raise NotFound
        return files.serve(files.attachment(OWNER, str(version), file))

    def _refused(
        self, request: HttpRequest, pk: int, error: DomainError | None, name: str, form: forms.Form | None = None
    ) -> HttpResponse:
        """The page again with the refusal in its place, and everything that was typed."""
        if error is not None and error.status in (NotFound.status, NotAllowed.status):
            raise error
        if form is None:
            return self.page(request, pk, _status(error), **{name: _words(error)})
        if error is not None:
            say(form, error)
        return self.page(request, pk, _status(error), **{name: form, "held": _held(request, form)})

    def _back(self, pk: int) -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse("admin:members_document_change", args=[pk]))


def _status(error: DomainError | None) -> int:
    return REFUSED if error is None or error.status == 400 else error.status


def _words(error: DomainError | None) -> list[Text]:
    fields = error.fields if isinstance(error, Invalid) else {}
    return [text for texts in fields.values() for text in texts] or ([error.message] if error else [])


def _own_alliances(user: User) -> list[int]:
    """Keys of the alliances whose documents the person writes."""
    rows = Alliance.objects.visible_to(user)
    return [alliance.pk for alliance in rows if permissions.keeps_alliance(user, alliance)]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _key(user: User, form: forms.Form) -> str:
    value = form.cleaned_data.get("hold_key") if hasattr(form, "cleaned_data") else None
    return f"document:{user.pk}:{value}" if value else ""


def _hold(request: HttpRequest, form: forms.Form, user: User) -> tuple[str, bool]:
    """Hold what was sent with the form, so that a refused form does not ask for it again; and whether any was bad."""
    key, bad = _key(user, form), False
    for upload in request.FILES.getlist("documents") if key else []:
        try:
            files.hold_document(upload, hold_key=key, created_by=user)
        except Invalid as error:
            say(form, error)
            bad = True
    return key, bad


def _held(request: HttpRequest, form: forms.Form) -> list[str]:
    """Names of what the server keeps already for a form that was refused."""
    key = _key(signed_in(request), form) if form.is_bound else ""
    return [row.name for row in files.held(key)] if key else []
