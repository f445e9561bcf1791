"""核对协议: whether the paper in one's hand is what was signed. Everybody may ask; nothing is written."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from alliance.lib.about import about
from alliance.lib.errors import NotFound
from projects import public
from projects.messages import number_of
from projects.models import Amendment, Paper
from projects.services.verifying import SHORTEST, Verdict, papers_of, stands, verify
from projects.states import AgreementState

MOST_TEXT = 60_000


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, number: str) -> HttpResponse:
    """By code (``?code=``, as the printed page's square has it) or, sent, by the whole text."""
    agreement = public.find_signed(number[:40])
    if agreement is None:
        raise NotFound(_("没有这份签好的协议。请核对编号。"))
    about(request, agreement.area_id)
    code = request.GET.get("code", "")[:100] if request.method != "POST" else ""
    text = request.POST.get("text", "")[:MOST_TEXT] if request.method == "POST" else ""
    verdict = verify(agreement, code=code, text=text) if code or text else None
    context = {
        "agreement": agreement,
        "tone": "ok" if agreement.state == AgreementState.RUNNING else "",
        "parties": public.named_parties(agreement),
        "papers": [_paper(paper) for paper in papers_of(agreement)],
        "open_text": agreement.text if public.may_read_text(agreement) else "",
        "code": code,
        "asked": verdict is not None,
        "said": _said(verdict, code) if verdict else None,
        "shortest": SHORTEST,
    }
    return render(request, "projects/check.html", context)


def _paper(paper: Paper) -> dict[str, Any]:
    return {
        "label": _label(paper),
        "number": number_of(paper),
        "signed_on": paper.signed_on,
        "place": paper.signed_place,
        "code": paper.sha256,
        "stands": stands(paper),
    }


def _label(paper: Paper) -> str:
    if isinstance(paper, Amendment):
        return _("补充协议第%(n)d号") % {"n": paper.ordinal}
    return _("协议正文")


def _said(verdict: Verdict, code: str) -> dict[str, Any]:
    """The answer in words: colour is never alone."""
    if verdict.paper is None and code and len("".join(code.replace("-", "").split())) < SHORTEST:
        return {"tone": "late", "title": _("太短了"), "words": _("请至少抄前%(n)d位。") % {"n": SHORTEST}}
    if verdict.paper is None:
        return {"tone": "late", "title": _("对不上"), "words": _("这不是这份协议签的正文，或者校验码抄错了。")}
    if verdict.changed:
        return {"tone": "late", "title": _("对不上"), "words": _("存着的正文同签的时候不一样了。请马上告诉街道。")}
    what = {"what": _label(verdict.paper)}
    if code:
        # a code that is printed on the page says which paper it is; of the words in one's hand it says nothing
        words = _("这是%(what)s的校验码。手里的文字是不是一字不差，请把全文贴进来核对。") % what
        return {"tone": "info", "title": _("校验码对得上"), "words": words}
    return {"tone": "ok", "title": _("一致"), "words": _("%(what)s，同签的时候一字不差。") % what}
