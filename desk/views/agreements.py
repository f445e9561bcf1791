"""我们的协议: what a unit is asked to confirm, what it has signed, until when that runs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from alliance.lib.about import about
from alliance.lib.dates import moment
from alliance.lib.errors import NotFound
from alliance.lib.pagination import page_by
from desk import presenting, selectors, together
from desk.acting import take
from desk.forms.together import NoForm, YesForm
from files import services as files
from people.visitors import signed_in
from projects import services
from projects.presenting import papers
from projects.services.signing import SCANS

SIZE = 20
FORMS: dict[str, type[YesForm] | type[NoForm]] = {"confirm": YesForm, "change": NoForm}


@never_cache
@require_GET
def agreements(request: HttpRequest) -> HttpResponse:
    """What waits for the unit's word, then every agreement it is a party of, the newest first."""
    user = signed_in(request)
    seat, seats = selectors.seat_here(request, user)
    if seat is None:
        raise NotFound
    asks = list(together.open_asks(seat.unit))
    page = page_by(
        together.agreements_of(seat.unit), "drafted_at", newest=True, cursor=request.GET.get("cursor", ""), size=SIZE
    )
    waiting = {ask.party.agreement_id for ask in asks}
    context = {
        "unit": seat.unit,
        "others": [one.unit for one in seats if one.unit_id != seat.unit_id],
        "asked": together.ask_rows(asks),
        "rows": [together.agreement_row(row) for row in page.rows if row.pk not in waiting],
        "next_url": f"?cursor={page.next_cursor}" if page.next_cursor else "",
        "nav_current": "my",
    }
    return render(request, "desk/agreements.html", context)


@never_cache
@require_GET
def agreement(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them: the text, what each unit said, what is asked now."""
    return _render(request, pk)


def _render(request: HttpRequest, pk: int, *, name: str = "", form: Any = None, status: int = 200) -> HttpResponse:
    user = signed_in(request)
    here, seats = selectors.seat_here(request, user)
    row, unit = together.agreement_for(user, pk, here, seats)
    about(request, row.area_id)
    ask = together.open_asks(unit).filter(party__agreement=row).first()
    asked = (ask.amendment or row) if ask else None
    given = {"ask": ask.pk, "sha256": ask.sha256} if ask else {}
    forms = {key: kind(auto_id=f"{key}_%s", initial=given) for key, kind in FORMS.items()}
    context: dict[str, Any] = {
        "agreement": row,
        "unit": unit,
        "badge": together.agreement_badge(row, waits=ask is not None),
        "facts": together.agreement_facts(row),
        "parties": papers.parties_said(row),
        "asked": papers.label(asked) if asked else "",
        "asked_text": asked.text if asked else "",
        "asked_since": moment(ask.asked_at) if ask else "",
        "answer_by": together.answer_by(ask) if ask else "",
        "papers": [] if asked is row else papers.shown(row, lambda paper, file: _file_url(pk, paper, file)),
        "confirm": form if name == "confirm" else forms["confirm"],
        "change": form if name == "change" else forms["change"],
        "open": name,
        "late": bool(form) and ask is None,
        "office": presenting.office(row.area),
        "nav_current": "my",
    }
    return render(request, "desk/agreement.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """确认, or 想改一改 with words, of the very text that was read."""
    if request.method != "POST":
        return redirect("desk:agreement", pk)
    user = signed_in(request)
    form = FORMS[name](request.POST, auto_id=f"{name}_%s")

    def say(given: dict[str, Any]) -> None:
        services.answer_ask(
            pk=given["ask"], by=user, yes=name == "confirm", words=given["words"], sha256=given["sha256"]
        )

    agreed, otherwise = _("确认好了，谢谢您。各方都确认、街道审批以后签约。"), _("告诉街道了，改好会再请您看。")
    return take(
        request,
        form,
        say,
        again=lambda refused, status: _render(request, pk, name=name, form=refused, status=status),
        done=agreed if name == "confirm" else otherwise,
        to=reverse("desk:agreement", args=[pk]),
    )


@never_cache
@require_GET
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet on A4, as the workbench prints it."""
    user = signed_in(request)
    here, seats = selectors.seat_here(request, user)
    row, _unit = together.agreement_for(user, pk, here, seats)
    if not row.is_signed:
        raise NotFound
    about(request, row.area_id)
    return render(request, "projects/print.html", papers.sheet(row, back=reverse("desk:agreement", args=[pk])))


@never_cache
@require_GET
def file(request: HttpRequest, pk: int, what: str, owner: int, file: UUID) -> FileResponse:
    """A sealed page of the agreement or of one of its amendments."""
    user = signed_in(request)
    here, seats = selectors.seat_here(request, user)
    row, _unit = together.agreement_for(user, pk, here, seats)
    papers.require_of(row, what, owner)
    return files.serve(files.attachment(what, str(owner), file))


def _file_url(pk: int, paper: Any, file: UUID) -> str:
    return reverse("desk:agreement_file", args=[pk, SCANS[type(paper)], paper.pk, file])
