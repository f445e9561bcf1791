"""What may be done about a due or a message: a page that asks once more, then a POST to the same address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from alliance.lib.errors import DomainError, NotAllowed, NotFound
from deadlines import presenting, selectors
from deadlines.filters import ReasonForm
from deadlines.models import Due
from deadlines.permissions import due_abilities
from deadlines.selectors import Filter
from deadlines.services.again import retry_kind, settle_missed
from deadlines.services.dues import cancel_due, retry_due
from deadlines.states import DueState
from deadlines.views.board import tab_url
from notifications.models import Message
from notifications.permissions import message_abilities
from notifications.services import cancel_message, retry_message
from people.visitors import signed_in

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """重办: now, however late it is."""
    due = _due(request, pk, "retry")
    if request.method == "POST":
        return _do(request, lambda: retry_due(pk=pk, by=signed_in(request)), _("已经重新排上，一分钟内就办。"))
    words = _("马上再办一次，不管迟了多久。已经办成的部分不会重复。")
    return _ask(request, due, title=_("重办这一条？"), words=words, button=_("重办"))


@require_http_methods(METHODS)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """取消, with a reason that is kept in the log."""
    due = _due(request, pk, "cancel")
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        done = _("已经取消，这一条不会再办。")
        return _do(request, lambda: cancel_due(pk=pk, by=signed_in(request), reason=reason), done)
    words = _("取消以后这一条不再办，也不再提醒。事情本身和它的期限不变。")
    status = 422 if form.errors else 200
    return _ask(request, due, title=_("取消这一条？"), words=words, button=_("取消这一条"), form=form, status=status)


@require_http_methods(METHODS)
def retry_all(request: HttpRequest) -> HttpResponse:
    """全部重办: every failed due of one kind that one may see."""
    user = signed_in(request)
    if "retry" not in due_abilities(user):
        raise NotAllowed
    kind = request.GET.get("kind", "")
    count = selectors.wrong_by_kind(user, Filter(kind=kind), DueState.FAILED).get(kind, 0)
    if not count:
        raise NotFound
    if request.method == "POST":
        return _do(request, lambda: retry_kind(kind=kind, by=user), _again)
    title = ngettext(
        "重办没办成的%(n)d条“%(kind)s”？",
        "重办没办成的%(n)d条“%(kind)s”？",
        count,
    ) % {"n": count, "kind": presenting.due_label(kind)}
    return _page(request, title=title, words=_("都马上再办一次，不管迟了多久。"), button=_("全部重办"), facts=[])


def _again(count: int) -> str:
    return ngettext("%(n)d条已经重新排上，一分钟内就办。", "%(n)d条已经重新排上，一分钟内就办。", count) % {"n": count}


@require_http_methods(METHODS)
def seen_all(request: HttpRequest) -> HttpResponse:
    """都知道了: every due of one kind that one may see and that was missed."""
    user = signed_in(request)
    if "cancel" not in due_abilities(user):
        raise NotAllowed
    kind = request.GET.get("kind", "")
    count = selectors.wrong_by_kind(user, Filter(kind=kind), DueState.MISSED).get(kind, 0)
    if not count:
        raise NotFound
    if request.method == "POST":
        return _do(request, lambda: settle_missed(kind=kind, by=user), _settled)
    title = ngettext(
        "错过的%(n)d条“%(kind)s”，都知道了？",
        "错过的%(n)d条“%(kind)s”，都知道了？",
        count,
    ) % {"n": count, "kind": presenting.due_label(kind)}
    words = _("从列表里去掉，不再办。想补办哪一条，请先在列表里点那一条的“重办”。")
    return _page(request, title=title, words=words, button=_("都知道了"), facts=[])


def _settled(count: int) -> str:
    return ngettext("%(n)d条已经从列表里去掉。", "%(n)d条已经从列表里去掉。", count) % {"n": count}


@require_http_methods(METHODS)
def message_retry(request: HttpRequest, pk: int) -> HttpResponse:
    """马上发: a waiting message does not wait for its pause."""
    message = _message(request, pk)
    if request.method == "POST":
        return _do(request, lambda: retry_message(pk, signed_in(request)), _("马上就发，过一分钟看结果。"))
    return _ask_about(
        request, message, title=_("马上发这一条？"), words=_("不等下一次，马上试着发。"), button=_("马上发")
    )


@require_http_methods(METHODS)
def message_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """取消: a waiting message is not sent any more."""
    message = _message(request, pk)
    if request.method == "POST":
        return _do(request, lambda: cancel_message(pk, signed_in(request)), _("已经取消，不再发了。"))
    words = _("取消以后这条短信或邮件不再发出，号码和内容马上清空，不能恢复。")
    return _ask_about(request, message, title=_("取消这条消息？"), words=words, button=_("取消这一条"))


def _due(request: HttpRequest, pk: int, verb: str) -> Due:
    """The due, if the person may see it and do ``verb`` to it; the service asks again on the locked row."""
    user = signed_in(request)
    due: Due | None = Due.objects.visible_to(user).filter(pk=pk).first()
    if due is None:
        raise NotFound
    if verb not in due_abilities(user, due):
        raise NotAllowed
    return due


def _message(request: HttpRequest, pk: int) -> Message:
    user = signed_in(request)
    if "view" not in message_abilities(user):
        raise NotAllowed
    message: Message | None = Message.objects.visible_to(user).filter(pk=pk).first()
    if message is None:
        raise NotFound
    return message


def _back(request: HttpRequest) -> str:
    """The list one came from."""
    tab = request.GET.get("tab", "")
    return tab_url(tab if tab in selectors.TABS else selectors.TROUBLE)


def _do(request: HttpRequest, work: Callable[[], Any], done: str | Callable[[Any], str]) -> HttpResponse:
    """Do it, say what came of it, and go back to the list."""
    try:
        result = work()
    except DomainError as error:
        if error.status in (NotFound.status, NotAllowed.status):
            raise
        messages.error(request, str(error.message))
    else:
        messages.success(request, done if isinstance(done, str) else done(result))
    return HttpResponseRedirect(_back(request))


def _ask(request: HttpRequest, due: Due, **asked: Any) -> HttpResponse:
    row = presenting.due_rows([due], signed_in(request), "")[0]
    facts = [
        (_("事项"), " · ".join(part for part in (row["kind"], row["about"], row["rung"]) if part)),
        (_("编号"), row["number"]),
        (_("社区"), row["place"]),
        (_("该办时间"), row["when"]),
        (_("状态"), " · ".join(part for part in (str(row["state"]["label"]), row["tried"]) if part)),
        (_("原因"), row["why"]),
    ]
    return _page(request, facts=facts, **asked)


def _ask_about(request: HttpRequest, message: Message, **asked: Any) -> HttpResponse:
    row = presenting.message_rows([message], signed_in(request))[0]
    facts = [
        (_("消息"), row["kind"]),
        (_("编号"), row["number"]),
        (_("渠道"), row["channel"]),
        (_("生成时间"), row["when"]),
        (_("状态"), row["state"]["label"]),
        (_("原因"), row["why"]),
    ]
    return _page(request, facts=facts, **asked)


def _page(
    request: HttpRequest,
    *,
    title: str,
    words: str,
    button: str,
    facts: list[tuple[str, Any]],
    form: ReasonForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": title,
        "words": words,
        "button": button,
        "facts": [(name, value) for name, value in facts if value],
        "form": form,
        "back_url": _back(request),
    }
    return TemplateResponse(request, "admin/due/confirm.html", context, status=status)
