"""议题 in the workbench: raised from a need or by a colleague, answered at a meeting or without one."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.dates import day_of, moment
from alliance.lib.errors import Conflict, NotAllowed
from meetings.admin.pages import RowPages, fact
from meetings.forms.acts import TopicAnswerForm
from meetings.forms.topics import TopicForm
from meetings.listings.following import TOPICS
from meetings.models import Topic
from meetings.permissions import topic_abilities
from meetings.presenting import words
from meetings.presenting.onward import begun_of, need_named
from meetings.services.topics import answer_topic, raise_topic, withdraw_topic
from meetings.states import Hand, TopicVerb
from people.models import User
from people.visitors import signed_in
from projects.admin.saving import FormPages
from projects.services.linked import resolve
from resources.admin.acts import Act, simply

ACTS = (
    Act(
        name="answer",
        verb=TopicVerb.ANSWER,
        label=gettext_lazy("答复"),
        take=simply(answer_topic),
        done=gettext_lazy("答复好了，提出的人已经知道。"),
        form=TopicAnswerForm,
        tone="main",
        hint=gettext_lazy("不用上会的，现在就能答复。上了会的，在会议页写结果，归档时一起答复。"),
    ),
    Act(
        name="withdraw",
        verb=TopicVerb.WITHDRAW,
        label=gettext_lazy("撤回"),
        take=simply(withdraw_topic),
        done=gettext_lazy("撤回了。"),
        hint=gettext_lazy("还没列进议程，可以撤回。"),
    ),
)


@admin.register(Topic)
class TopicAdmin(FormPages, RowPages):
    """Own pages instead of Django's form."""

    listing = TOPICS
    abilities = staticmethod(topic_abilities)
    acts = ACTS
    new_title = gettext_lazy("提议题")
    made = gettext_lazy("提好了，下次会自己列进议程。")

    def more_urls(self, wrap: Any) -> list[URLPattern]:
        return [path("add/", wrap(self.add), name="meetings_topic_add")]

    def rows(self, request: HttpRequest) -> Any:
        return Topic.objects.kept_by(request.user).select_related("area", "unit", "raised_by", "meeting")

    def parties(self, user: User, row: Any) -> frozenset[Any]:
        raised = frozenset({Hand.RAISER}) if row.raised_by_id == user.pk else frozenset()
        return super().parties(user, row) | raised

    def list_actions(self, request: HttpRequest) -> list[dict[str, Any]]:
        if "raise" not in topic_abilities(request.user):
            return []
        return [{"label": _("提议题"), "url": reverse("admin:meetings_topic_add"), "main": True}]

    def sheet(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        user = signed_in(request)
        origin = resolve(user, [row.origin]).get(row.origin) if row.origin else None
        meeting = row.meeting
        lists = [{"title": _("结果"), "lines": [{"text": row.answer}]}] if row.answer else []
        return {
            "title": row.title,
            "code": row.origin_label,
            "state": words.topic_state(row),
            "said": row.words,
            "facts": [
                fact(_("谁提的"), words.raiser_of(row)),
                fact(_("哪里"), row.area.name),
                fact(_("提出时间"), day_of(row.raised_at)),
                *([fact(_("从哪件事来"), row.origin_label, str(origin.url) if origin else "")] if row.origin else []),
                *([_of_meeting(meeting)] if meeting else []),
            ],
            "lists": lists,
        }

    def add(self, request: HttpRequest) -> HttpResponse:
        """提议题; ``?origin=XQ-…``: 转议事, from that need."""
        user = signed_in(request)
        if "raise" not in topic_abilities(user):
            raise NotAllowed
        if request.method != "POST":
            return self.shown(request, TopicForm(user=user, initial=begun_of(user, request.GET)), None)
        form = TopicForm(request.POST, user=user)

        def save() -> Topic:
            given = form.cleaned_data
            if given["client_key"] is None:
                raise Conflict(_("请重新打开页面再填一次。"))
            said = {name: given[name] for name in ("client_key", "title", "words_why", "seen_warnings")}
            unit = given["unit"].pk if given["unit"] else None
            return raise_topic(
                by=user, area=given["area"].pk, unit=unit, need=need_named(user, given["origin"]), **said
            )

        return self.saved(request, form, None, save)


def _of_meeting(meeting: Any) -> dict[str, Any]:
    url = reverse("admin:meetings_meeting_change", args=[meeting.pk])
    return fact(_("哪次会"), f"{meeting.title} {moment(meeting.starts)}", url)
