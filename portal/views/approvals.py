"""待我审批: one inbox for everything that waits for this person's yes or no."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from alliance.lib.approvals import approvals
from alliance.lib.errors import DomainError, Invalid, NotAllowed, NotFound
from needs.models import Extension
from needs.presenting import span
from needs.services.extensions import decide_extension
from people.states import WORK_ROLES
from people.visitors import signed_in


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Everything that waits, the longest waiting first. Raises ``NotAllowed`` for those who decide nothing here."""
    if not signed_in(request).has_role(*WORK_ROLES):
        raise NotAllowed
    return _page(request)


@require_http_methods(["GET", "HEAD", "POST"])
def extension(request: HttpRequest, pk: int) -> HttpResponse:
    """同意延期 or 不同意, right in the inbox; a refusal comes back there with what was typed."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("admin:approvals"))
    if not Extension.objects.visible_to(signed_in(request)).filter(pk=pk).exists():
        raise NotFound
    granted = request.POST.get("granted", "")
    words, version = request.POST.get("words", ""), request.POST.get("version", "")
    try:
        if granted not in ("yes", "no"):
            raise Invalid({"granted": [_("请点“同意延期”或“不同意”。")]})
        number = int(version) if version.isdecimal() and len(version) < 10 else None
        decide_extension(pk=pk, by=signed_in(request), granted=granted == "yes", words=words, version=number)
    except DomainError as error:
        if error.status in (NotFound.status, NotAllowed.status):
            raise
        return _refused(request, pk, error, words)
    done = _("同意了，答复的日子已经改，居民也会收到消息。") if granted == "yes" else _("没有同意，已经告诉申请的人。")
    messages.success(request, done)
    return HttpResponseRedirect(reverse("admin:approvals"))


def _refused(request: HttpRequest, pk: int, error: DomainError, words: str) -> HttpResponse:
    fields = error.fields if isinstance(error, Invalid) else {}
    texts = [str(text) for texts in fields.values() for text in texts] or [str(error.message)]
    refused = {"pk": pk, "errors": texts, "words": words}
    return _page(request, refused, 422 if isinstance(error, Invalid) else error.status)


def _page(request: HttpRequest, refused: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    """The list; ``refused`` is a decision that did not go through, shown above if its row is gone meanwhile."""
    now = timezone.now()
    rows = [{**row, "waited": _("等了%(time)s") % {"time": span(now - row["since"])}} for row in approvals(request)]
    for row in rows:
        if refused and row.get("decide_url") and row["pk"] == refused["pk"]:
            row.update(errors=refused["errors"], words=refused["words"])
            refused = None
    context = {**admin.site.each_context(request), "title": _("待我审批"), "rows": rows, "refused": refused}
    return TemplateResponse(request, "admin/approvals.html", context, status=status)
