"""The signing of an agreement or its amendment: the text once more, day and place, the sealed pages; more later."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from alliance.lib.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from alliance.lib.refused import add_errors
from files import services as files
from people.models import User
from people.visitors import signed_in
from projects import services
from projects.admin.amendment_acts import may_added, open_amendment
from projects.forms.signing import ScanForm, SignForm
from projects.models import Agreement, Amendment, Ask, Paper
from projects.permissions import agreement_abilities, paper_abilities, sides
from projects.presenting import papers
from projects.services.answering import SHEET
from projects.services.signing import SCANS
from projects.services.verifying import papers_of
from projects.states import PaperVerb, Side
from resources.admin.acts import STALE
from resources.forms.acts import ActForm

SIGN, SCAN = "admin/projects/agreement/sign.html", "admin/projects/agreement/scans.html"
REFUSED = 422
OF: dict[str, Any] = {"sign": Agreement, "sign_added": Amendment}


class SigningPages:
    """For the admin class of agreements."""

    admin_site: Any
    change_url: Callable[[int], str]
    _find: Callable[[HttpRequest, int], Agreement]

    def signing_urls(self, wrap: Callable[..., Any]) -> list[URLPattern]:
        return [
            path("<int:pk>/sign/", wrap(self.sign), {"name": "sign"}, name="projects_agreement_sign"),
            path("<int:pk>/sign-added/", wrap(self.sign), {"name": "sign_added"}, name="projects_agreement_sign_added"),
            path("<int:pk>/scans/", wrap(self.scans), name="projects_agreement_scans"),
            path("<int:pk>/file/<str:what>/<int:owner>/<uuid:file>/", wrap(self.file), name="projects_agreement_file"),
        ]

    def signing_links(self, row: Agreement, user: User, verbs: frozenset[str]) -> list[dict[str, str]]:
        """Beside the acts of its page: what is to be signed now, and the sealed pages. ``verbs``: what ``user`` may."""
        found, added = [], open_amendment(row) if row.is_signed else None
        if PaperVerb.SIGN in verbs:
            found.append(_link(_("登记签约"), "sign", row))
        if added is not None and PaperVerb.SIGN in may_added(added, user):
            found.append(_link(_("登记补充协议签约"), "sign_added", row))
        if PaperVerb.SCAN in verbs:
            found.append(_link(_("上传盖章页"), "scans", row))
        return found

    def sealed(self, row: Agreement) -> list[dict[str, Any]]:
        """The sealed pages by paper."""
        if not row.is_signed:
            return []
        found = papers.sealed(papers_of(row), _file_url(row))
        return [{"label": papers.label(one), "files": kept} for one, kept in found if kept]

    def sign(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        """登记签约: of the agreement, or of the amendment that is under way."""
        row, user = self._find(request, pk), signed_in(request)
        paper: Any = row if OF[name] is Agreement else open_amendment(row)
        able = paper is not None and PaperVerb.SIGN in paper_abilities(user, paper)
        if request.method != "POST":
            if not able:
                return HttpResponseRedirect(self.change_url(pk))
            return self._sign_page(request, row, paper, SignForm(initial={"version": paper.version}), name)
        if Side.KEEPER not in sides(user, row):
            raise NotAllowed
        if paper is None:
            raise NotFound
        form = SignForm(request.POST, request.FILES)
        key, good = _hold(request, form, user)
        if not form.is_valid() or not good:
            return self._sign_page(request, row, paper, form, name, REFUSED)
        given = form.cleaned_data
        try:
            if given["version"] is None:
                raise Conflict(STALE)
            services.sign_paper(
                of=OF[name],
                pk=paper.pk,
                by=user,
                version=given["version"],
                signed_on=given["signed_on"],
                place=given["place"],
                hold_key=key,
            )
        except DomainError as error:
            if error.status in (NotFound.status, NotAllowed.status):
                raise
            return self._sign_page(request, row, paper, _refused(form, error, paper), name, _status(error))
        messages.success(request, _("签好了，正文从现在起不会再变。"))
        return HttpResponseRedirect(self.change_url(pk))

    def _sign_page(
        self, request: HttpRequest, row: Agreement, paper: Paper, form: ActForm, name: str, status: int = 200
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("登记签约"),
            "agreement": row,
            "what": papers.label(paper),
            "text": paper.text,
            "parties": papers.parties_said(row) if paper is row else [],
            "form": form,
            "held": _held(request, form),
            "url": reverse(f"admin:projects_agreement_{name}", args=[row.pk]),
            "back_url": self.change_url(row.pk),
        }
        return TemplateResponse(request, SIGN, context, status=status)

    def scans(self, request: HttpRequest, pk: int) -> HttpResponse:
        """盖章页: those there are, and the form for more."""
        row, user = self._find(request, pk), signed_in(request)
        if request.method != "POST":
            return self._scan_page(request, row, self._scan_form(row))
        if Side.KEEPER not in sides(user, row):
            raise NotAllowed
        form = self._scan_form(row, request.POST, request.FILES)
        key, good = _hold(request, form, user)
        if not form.is_valid() or not good:
            return self._scan_page(request, row, form, REFUSED)
        kind, _colon, owner = form.cleaned_data["paper"].partition(":")
        paper = papers.require_of(row, kind, int(owner))
        try:
            services.add_scan(of=type(paper), pk=paper.pk, by=user, version=None, hold_key=key)
        except DomainError as error:
            if error.status in (NotFound.status, NotAllowed.status):
                raise
            return self._scan_page(request, row, _refused(form, error, paper), _status(error))
        messages.success(request, _("传好了。"))
        return HttpResponseRedirect(reverse("admin:projects_agreement_scans", args=[pk]))

    def _scan_form(self, row: Agreement, *data: Any) -> ScanForm:
        known = [(f"{SCANS[type(one)]}:{one.pk}", papers.label(one)) for one in papers_of(row)]
        return ScanForm(*data, papers=known)

    def _scan_page(self, request: HttpRequest, row: Agreement, form: ScanForm, status: int = 200) -> HttpResponse:
        may = PaperVerb.SCAN in agreement_abilities(signed_in(request), row)
        context = {
            **self.admin_site.each_context(request),
            "title": _("盖章页"),
            "agreement": row,
            "sealed": self.sealed(row),
            "form": form if may or form.is_bound else None,
            "held": _held(request, form),
            "back_url": self.change_url(row.pk),
        }
        return TemplateResponse(request, SCAN, context, status=status)

    def file(self, request: HttpRequest, pk: int, what: str, owner: int, file: UUID) -> FileResponse:
        """A sealed page or the sheet on which a unit confirmed, for whoever keeps the agreement."""
        row = self._find(request, pk)
        if what != SHEET:
            papers.require_of(row, what, owner)
        elif not Ask.objects.filter(pk=owner, party__agreement=row).exists():
            raise NotFound
        return files.serve(files.attachment(what, str(owner), file))


def _link(label: str, name: str, row: Agreement) -> dict[str, str]:
    return {"label": label, "url": reverse(f"admin:projects_agreement_{name}", args=[row.pk])}


def _file_url(row: Agreement) -> papers.FileUrl:
    def url(paper: Paper, file: UUID) -> str:
        return reverse("admin:projects_agreement_file", args=[row.pk, SCANS[type(paper)], paper.pk, file])

    return url


def _key(user: User, form: ActForm) -> str:
    """What the pages of ``form`` are held under: of this form and this person alone."""
    typed = form["hold_key"].value() if form.is_bound else ""
    try:
        return f"paper:{user.pk}:{UUID(str(typed))}"
    except ValueError:
        return ""


def _hold(request: HttpRequest, form: ActForm, user: User) -> tuple[str, bool]:
    """Hold what was sent, so that a refused form does not ask for it again; and whether every page was good."""
    key, good = _key(user, form), True
    for upload in request.FILES.getlist("scan") if key else []:
        keep = files.hold_document if (upload.name or "").lower().endswith(".pdf") else files.hold_photo
        try:
            keep(upload, hold_key=key, created_by=user)
        except Invalid as error:
            good = False
            for texts in error.fields.values():
                form.add_error("scan", [str(text) for text in texts])
    return key, good


def _held(request: HttpRequest, form: ActForm) -> list[str]:
    """Names of the pages a refused form keeps."""
    key = _key(signed_in(request), form)
    return [row.name for row in files.held(key)] if key else []


def _refused(form: Any, error: DomainError, paper: Any) -> Any:
    """What was typed, with what to put right; a stale form becomes one of the paper as it is now."""
    if isinstance(error, Invalid) and "signed_place" in error.fields:
        error.fields["place"] = error.fields.pop("signed_place")
    add_errors(form, error)
    if isinstance(error, Conflict):
        paper.refresh_from_db()
        form.data = again = form.data.copy()
        again["version"] = str(paper.version)
    return form


def _status(error: DomainError) -> int:
    return REFUSED if error.status == Invalid.status else error.status
