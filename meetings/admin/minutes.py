"""纪要: the page on which they are written, or the signed paper is put; every revision stays."""

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
from meetings.forms.minutes import MinutesForm
from meetings.models import Meeting, Minutes
from meetings.permissions import meeting_abilities, meeting_hands
from meetings.presenting import papers
from meetings.services.minutes import PAPER, latest_revision, write_minutes
from meetings.services.signing_in import codes_now
from meetings.states import Hand, MeetingVerb
from needs.links import qr_data_uri
from people.models import User
from people.visitors import signed_in

PAGE, SHEET, CODE = "admin/meetings/meeting/minutes.html", "meetings/sheet.html", "meetings/code.html"
REFUSED = 422


class MinutesPages:
    """For the admin class of meetings: minutes, the sheet to print, the code on the wall."""

    admin_site: Any
    change_url: Callable[[int], str]
    _find: Callable[[HttpRequest, int], Meeting]

    def minutes_urls(self, wrap: Callable[..., Any]) -> list[URLPattern]:
        return [
            path("<int:pk>/minutes/", wrap(self.minutes), name="meetings_meeting_minutes"),
            path("<int:pk>/minutes/<int:owner>/<uuid:file>/", wrap(self.paper), name="meetings_meeting_paper"),
            path("<int:pk>/sheet/", wrap(self.sheet), name="meetings_meeting_sheet"),
            path("<int:pk>/code/", wrap(self.code), name="meetings_meeting_code"),
        ]

    def minutes(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Every revision, and the form for the next."""
        row, user = self._find(request, pk), signed_in(request)
        if request.method != "POST":
            return self._minutes_page(request, row, MinutesForm(initial=papers.first_words(row)))
        if Hand.KEEPER not in meeting_hands(user, row):
            raise NotAllowed
        form = MinutesForm(request.POST, request.FILES)
        key, good = _hold(request, form, user)
        if not form.is_valid() or not good:
            return self._minutes_page(request, row, form, REFUSED)
        given = form.cleaned_data
        try:
            if given["base"] is None:
                raise Conflict
            write_minutes(meeting=pk, by=user, base=given["base"], text=given["text"], hold_key=key)
        except DomainError as error:
            if error.status in (NotFound.status, NotAllowed.status):
                raise
            status = REFUSED if error.status == Invalid.status else error.status
            return self._minutes_page(
                request, row, _refused(form, error, row), status, stale=isinstance(error, Conflict)
            )
        messages.success(request, _("存好了。看过没问题，就归档发给参会的。"))
        return HttpResponseRedirect(self.change_url(pk))

    def _minutes_page(
        self, request: HttpRequest, row: Meeting, form: MinutesForm, status: int = 200, *, stale: bool = False
    ) -> HttpResponse:
        user = signed_in(request)
        may = MeetingVerb.MINUTE in meeting_abilities(user, row)
        key = _key(user, form)
        context = {
            **self.admin_site.each_context(request),
            "title": _("纪要"),
            "meeting": row,
            "revisions": papers.revisions(row),
            "form": form if may or form.is_bound else None,
            "stale": stale,
            "held": [one.name for one in files.held(key)] if key else [],
            "back_url": self.change_url(row.pk),
        }
        return TemplateResponse(request, PAGE, context, status=status)

    def paper(self, request: HttpRequest, pk: int, owner: int, file: UUID) -> FileResponse:
        """The signed paper of one revision."""
        row = self._find(request, pk)
        if not Minutes.objects.filter(meeting=row, pk=owner).exists():
            raise NotFound
        return files.serve(files.attachment(PAPER, str(owner), file))

    def sheet(self, request: HttpRequest, pk: int) -> HttpResponse:
        """打印签到表: for those without a phone."""
        row = self._find(request, pk)
        context = {**papers.sheet(row), "back_url": self.change_url(pk)}
        return TemplateResponse(request, SHEET, context)

    def code(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The code, as large as the screen; it is another one every half minute."""
        self._find(request, pk)
        row, picture, digits, left = codes_now(pk, signed_in(request))
        link = request.build_absolute_uri(f"{reverse('meetings:here', args=[pk])}?code={picture}")
        context = {
            **papers.wall(row),
            "qr": qr_data_uri(link),
            "digits": f"{digits[:3]} {digits[3:]}",
            "back_url": self.change_url(pk),
        }
        response = TemplateResponse(request, CODE, context)
        response["Refresh"] = str(left)
        return response


def _key(user: User, form: MinutesForm) -> str:
    """What the pages of ``form`` are held under: of this form and this person alone."""
    typed = form["hold_key"].value() if form.is_bound else ""
    try:
        return f"minutes:{user.pk}:{UUID(str(typed))}"
    except ValueError:
        return ""


def _hold(request: HttpRequest, form: MinutesForm, user: User) -> tuple[str, bool]:
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


def _refused(form: Any, error: DomainError, row: Meeting) -> Any:
    """What was typed, with what to put right; after a colleague's revision the next is written on that one."""
    add_errors(form, error)
    if isinstance(error, Conflict):
        form.data = again = form.data.copy()
        again["base"] = str(latest_revision(row))
    return form
