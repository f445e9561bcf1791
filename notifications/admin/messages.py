"""Deliveries (what became of messages, not what they said) and the wordings, for system administrators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from alliance.lib.admin import ScopedAdmin
from alliance.lib.errors import Conflict, DomainError, Invalid, NotAllowed
from notifications import presenting, services
from notifications.forms import TextForm, show_refusal
from notifications.messages import label_of
from notifications.models import Message, MessageText
from notifications.permissions import CANCEL, RETRY, message_abilities, text_abilities
from people.visitors import signed_in

REFUSED = 422


@admin.register(Message)
class MessageAdmin(ScopedAdmin):
    """Looked at; what is still on its way may be sent at once or called off."""

    abilities = staticmethod(message_abilities)
    change_form_template = "admin/notifications/message/change_form.html"
    list_display = ("created_at", "kind", "channel", "about", "state", "reason_text", "attempts")
    list_filter = ("state", "channel")
    ordering = ("-created_at", "-id")
    fields = (
        "kind",
        "subject_label",
        "channel",
        "state",
        "reason_text",
        "attempts",
        "provider_id",
        "created_at",
        "not_before",
        "expires_at",
        "sent_at",
        "read_at",
    )
    readonly_fields = ("kind", "reason_text")

    @admin.display(description=_("消息"), ordering="rule")
    def kind(self, row: Message) -> str:
        return label_of(row)

    @admin.display(description=_("对象"), ordering="subject_label")
    def about(self, row: Message) -> str:
        return row.subject_label

    about.nowrap = True  # type: ignore[attr-defined]  # a number is one piece

    @admin.display(description=_("原因"))
    def reason_text(self, row: Message) -> str:
        return row.reason

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/retry/", view(self.retry), name="notifications_message_retry"),
            path("<int:pk>/cancel/", view(self.cancel), name="notifications_message_cancel"),
        ]
        return [*own, *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any) -> Any:
        row = options.get("obj")
        can = message_abilities(request.user, row) if row else frozenset()
        context["can"] = {"retry": RETRY in can, "cancel": CANCEL in can}
        return super().render_change_form(request, context, *args, **options)

    @method_decorator(require_POST)
    def retry(self, request: HttpRequest, pk: int) -> HttpResponse:
        """立即发送."""
        return self._steer(request, pk, services.retry_message, _("已经排到最前面，马上发。"))

    @method_decorator(require_POST)
    def cancel(self, request: HttpRequest, pk: int) -> HttpResponse:
        """取消发送."""
        return self._steer(request, pk, services.cancel_message, _("已经取消，不会再发。"))

    def _steer(self, request: HttpRequest, pk: int, service: Callable[..., Message], done: Any) -> HttpResponse:
        service(pk, signed_in(request))
        messages.success(request, done)
        return HttpResponseRedirect(reverse("admin:notifications_message_change", args=[pk]))


@admin.register(MessageText)
class MessageTextAdmin(ScopedAdmin):
    """消息文本: every wording of every message, edited with a preview. Rows exist only for what was changed."""

    abilities = staticmethod(text_abilities)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("", view(self.texts), name="notifications_messagetext_changelist"),
            path("<str:rule>/<str:part>/", view(self.text), name="notifications_messagetext_change"),
            path("<str:rule>/<str:part>/preview/", view(self.preview), name="notifications_messagetext_preview"),
        ]

    def texts(self, request: HttpRequest) -> HttpResponse:
        """All of them, by message."""
        self._require(request, "view")
        context = {
            **self.admin_site.each_context(request),
            "title": MessageText._meta.verbose_name_plural,
            "rules": presenting.rules(),
            "may_change": "change" in text_abilities(request.user),
        }
        return TemplateResponse(request, "admin/notifications/texts.html", context)

    def text(self, request: HttpRequest, rule: str, part: str) -> HttpResponse:
        """One of them. POST saves it; ``reset`` takes the own wording back."""
        self._require(request, "change" if request.method == "POST" else "view")
        page = presenting.wording(rule, part)
        if request.method != "POST":
            form = TextForm(initial={"text": page["text"], "version": page["version"]})
            return self._page(request, page, form)
        form = TextForm(request.POST)
        form.is_valid()
        which: dict[str, Any] = {"by": signed_in(request), "rule": rule, "part": part}
        which["version"] = form.cleaned_data.get("version") or 0
        try:
            if "reset" in request.POST:
                services.reset_text(**which)
                messages.success(request, _("恢复成原来的文字了。"))
            else:
                services.save_text(**which, text=request.POST.get("text", ""))
                messages.success(request, _("改好了，下一条消息就用新的文字。"))
        except DomainError as error:
            return self._refused(request, page, form, error)
        return HttpResponseRedirect(reverse("admin:notifications_messagetext_changelist"))

    def preview(self, request: HttpRequest, rule: str, part: str) -> HttpResponse:
        """What the wording in the form would look like."""
        self._require(request, "view")
        declared, which = services.find_part(rule, part)
        context = presenting.preview(declared, which, request.POST.get("text", ""))
        return TemplateResponse(request, "admin/notifications/_preview.html", context)

    def _require(self, request: HttpRequest, verb: str) -> None:
        if verb not in text_abilities(request.user):
            raise NotAllowed

    def _refused(self, request: HttpRequest, page: dict[str, Any], form: TextForm, error: DomainError) -> HttpResponse:
        if not isinstance(error, Invalid | Conflict):
            raise error
        show_refusal(form, error)
        return self._page(request, page, form, status=REFUSED if isinstance(error, Invalid) else error.status)

    def _page(self, request: HttpRequest, page: dict[str, Any], form: TextForm, status: int = 200) -> HttpResponse:
        shown = str(form["text"].value() or "")
        context = {
            **self.admin_site.each_context(request),
            **page,
            "title": page["label"],
            "form": form,
            "may_change": "change" in text_abilities(request.user),
            **presenting.preview(page["declared"], page["part"], shown),
        }
        return TemplateResponse(request, "admin/notifications/text.html", context, status=status)
