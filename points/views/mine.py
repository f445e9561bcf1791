"""我的积分: what one has, what is held, what ends with the year, and where every point came from."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from alliance.lib.about import about
from alliance.lib.dates import day_of
from alliance.lib.errors import DomainError, NotFound
from alliance.lib.refused import add_errors
from people.models import User
from people.visitors import signed_in
from points import public
from points.figures import said
from points.forms import WrongForm
from points.models import Account, Redemption, Transfer
from points.permissions import redemption_abilities
from points.presenting import exchange as words
from points.presenting import statement
from points.services.correcting import ask_correction
from points.services.picking_up import cancel_redemption
from points.states import CorrectionState, RedemptionState, RedemptionVerb

FEW, REFUSED = 30, 422


@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """One sheet for each street in which one has points; mostly one. With ``wrong`` (an account) its postings, to
    choose the one that is not right."""
    user = signed_in(request)
    accounts = list(Account.objects.of(user).select_related("street").order_by("pk"))
    turned, before = _number(request, "account"), _number(request, "before")
    asking = _number(request, "wrong")
    doubted = next((account for account in accounts if account.pk == asking), None)
    if doubted is not None:
        return render(request, "points/which.html", {"sheet": _lines(doubted, before, user), "nav_current": "my"})
    sheets = [_sheet(account, before if turned in (None, account.pk) else None, user) for account in accounts]
    return render(request, "points/mine.html", {"sheets": sheets, "nav_current": "my"})


def _number(request: HttpRequest, name: str) -> int | None:
    typed = request.GET.get(name, "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 16 else None


def _lines(account: Account, before: int | None, viewer: User) -> dict[str, Any]:
    """A page of the statement."""
    rows = statement.lines_of(account)
    found = list((rows.filter(pk__lt=before) if before else rows)[: FEW + 1])
    asked = account.corrections.filter(state=CorrectionState.ASKED)
    return {
        "account": account,
        "lines": statement.lines(found[:FEW], viewer),
        "older": found[FEW - 1].pk if len(found) > FEW else None,
        "newest": before is None,
        "asked": set(asked.values_list("transfer_id", flat=True)),
    }


def _sheet(account: Account, before: int | None, viewer: User) -> dict[str, Any]:
    """Figures, what waits to be picked up, and a page of the statement. ``shops``: whether going to the shelf is what
    one would do next: nothing waits to be fetched, and there is something one can have."""
    rows = account.redemptions.held().select_related("reward__area", "reward__unit", "reward__place")
    held = list(rows.order_by("until", "pk"))
    waiting = [row for row in held if words.waits(row)]
    ends = statement.ending(account)
    answered = account.corrections.exclude(state=CorrectionState.ASKED).select_related("transfer")
    return {
        **_lines(account, before, viewer),
        "usable": said(account.balance),
        "held": said(sum(row.price for row in held)) if held else "",
        "ending": {"points": said(ends[0]), "day": day_of(ends[1])} if ends else None,
        "exchanges": [
            {**words.exchange(row), "where": words.where(row.reward, account.person, told=True)} for row in waiting
        ],
        "shops": not waiting and public.affordable(account.street_id, account.balance),
        "answers": [statement.answer(row) for row in answered.order_by("-answered_at")[:3]],
    }


def _own(request: HttpRequest, pk: int) -> Redemption:
    rows = Redemption.objects.filter(account__person=signed_in(request))
    row = rows.select_related("account", "reward__area", "reward__unit", "reward__place").filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


@never_cache
@require_safe
def exchange(request: HttpRequest, pk: int) -> HttpResponse:
    """The code, as large as the screen; or what became of it."""
    row = _own(request, pk)
    about(request, row.reward.area_id)
    held = words.waits(row)
    told = held or row.state == RedemptionState.DONE
    context = {
        "exchange": words.exchange(row),
        "reward": row.reward,
        "where": words.where(row.reward, request.user, told=told),
        "come": words.to_come(row.reward, request.user, told=True) if held else None,
        "held": held,
        "may_cancel": RedemptionVerb.CANCEL in redemption_abilities(signed_in(request), row),
        "outcome": None if held else words.outcome(row),
        "nav_current": "my",
        **(words.code(request, row) if held else {}),
    }
    return render(request, "points/exchange.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """取消兑换: points and thing as before."""
    row = _own(request, pk)
    if request.method == "POST":
        cancel_redemption(pk=row.pk, by=signed_in(request))
        messages.success(request, _("取消了，%(n)s分退回来了。") % {"n": said(row.price)})
        return redirect("points:mine")
    return redirect("points:exchange", pk)


@never_cache
@require_http_methods(["GET", "POST"])
def wrong(request: HttpRequest, account: int, transfer: int | None = None) -> HttpResponse:
    """记录有误: about one posting, or about one that is missing."""
    user = signed_in(request)
    own = Account.objects.of(user).filter(pk=account).first()
    row = Transfer.objects.filter(pk=transfer, account=own).first() if own and transfer else None
    if own is None or (transfer and row is None):
        raise NotFound
    form, status = WrongForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        form.is_valid()
        key = form.cleaned_data.get("client_key") or uuid4()
        try:
            ask_correction(
                by=user, account=own.pk, client_key=key, words=request.POST.get("words", ""), transfer=transfer
            )
        except DomainError as error:
            if error.status == NotFound.status:
                raise
            add_errors(form, error)
            status = REFUSED if error.status == 400 else error.status
        else:
            messages.success(request, _("收到了，街道核对后给您答复。"))
            return redirect("points:mine")
    context = {"form": form, "line": statement.lines([row], user)[0] if row else None, "back": reverse("points:mine")}
    return render(request, "points/wrong.html", {**context, "nav_current": "my"}, status=status)
