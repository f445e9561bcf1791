"""Patrol sections in the workbench: set up, described, thanked for, closed; what was found on a walk is answered."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from alliance.lib.dates import day_of
from alliance.lib.errors import Conflict, NotAllowed, NotFound
from members.permissions import keeps_place
from people.models import User
from people.visitors import signed_in
from projects.admin.saving import FormPages
from resources.admin.acts import STALE, Act, simply
from volunteers.admin.people_pages import PeoplePages
from volunteers.forms import sections as forms
from volunteers.forms.people_staff import places_of
from volunteers.listings.sections import SECTIONS, section_state
from volunteers.models import Section, SectionNote
from volunteers.permissions.sections import section_abilities
from volunteers.presenting import sections as words
from volunteers.services import section_notes, section_turns, sections


def _waiting(row: Any, user: User) -> dict[str, Any]:
    rows = SectionNote.objects.to_answer().filter(section=row).exclude(by=user).order_by("at", "pk")
    return {"rows": [(one.pk, f"{day_of(one.day)} {one.words[:40]}") for one in rows]}


def _answer(pk: int, by: User, version: int, form: Any) -> Any:
    given = form.given()
    if not SectionNote.objects.filter(pk=given["row"], section=pk).exists():
        raise NotFound
    return section_notes.answer_note(pk=given["row"], by=by, words=given["words"], number=given["number"])


ACTS = (
    Act(
        name="answer",
        verb="change",
        label=gettext_lazy("答复巡查发现"),
        take=_answer,
        done=gettext_lazy("答复了，已经告诉巡的人。"),
        form=forms.AnswerForm,
        fits=lambda row, user: bool(_waiting(row, user)["rows"]),
        arguments=_waiting,
        tone="main",
        unfolded=True,
    ),
    Act(
        name="thank",
        verb="thank",
        label=gettext_lazy("期满致谢"),
        take=simply(section_turns.thank_section),
        done=gettext_lazy("谢过了，这一段又可以认领。"),
        form=forms.WordsForm,
        hint=gettext_lazy("这一期算完成，记进单位的服务卡；接着还想巡的可以再认领。"),
    ),
    Act(
        name="release",
        verb="release",
        label=gettext_lazy("收回"),
        take=simply(section_turns.release_section),
        done=gettext_lazy("收回了，已经告诉认领的人。"),
        form=forms.WordsForm,
    ),
    Act(
        name="close",
        verb="close",
        label=gettext_lazy("停掉这一段"),
        take=simply(sections.close_section),
        done=gettext_lazy("停了。"),
        form=forms.WordsForm,
        hint=gettext_lazy("日记都在。停了不能恢复，要用再登记一段。"),
    ),
)


@admin.register(Section)
class SectionAdmin(FormPages, PeoplePages):
    """Own pages instead of Django's form."""

    listing = SECTIONS
    abilities = staticmethod(section_abilities)
    acts = ACTS
    new_title = gettext_lazy("登记责任段")
    edit_title = gettext_lazy("修改责任段")

    def more_urls(self, wrap: Any) -> list[URLPattern]:
        return [
            path("add/", wrap(self.add), name="volunteers_section_add"),
            path("<int:pk>/edit/", wrap(self.edit), name="volunteers_section_edit"),
        ]

    def keeps(self, user: User, row: Any) -> bool:
        return keeps_place(user, row.area_id)

    def rows(self, request: HttpRequest) -> Any:
        rows = Section.objects.kept_by(request.user).with_notes(timezone.localdate() - timedelta(days=30))
        return rows.select_related("area", "team", "claim__unit", "claim__person", "made_by")

    def list_actions(self, request: HttpRequest) -> list[dict[str, Any]]:
        if not self.has_add_permission(request):
            return []
        return [{"label": _("登记责任段"), "url": reverse("admin:volunteers_section_add"), "main": True}]

    def sheet(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        user = signed_in(request)
        may_edit = "change" in section_abilities(user, row)
        return {
            "title": row.name,
            "code": row.number,
            "state": section_state(row),
            "said": row.words,
            "edit_url": reverse("admin:volunteers_section_edit", args=[row.pk]) if may_edit else "",
            "facts": _facts(row),
            "lists": [
                {"title": _("公众页面"), "lines": [{"text": _("打开，补记纸上的日记"), "url": _public(row)}]},
                {"title": _("巡查日记"), "lines": [_line(one, _public(row)) for one in words.diary(row, user)]},
            ],
        }

    def add(self, request: HttpRequest) -> HttpResponse:
        """登记责任段."""
        user = signed_in(request)
        if not self.has_add_permission(request) or not places_of(user).exists():
            raise NotAllowed
        if request.method != "POST":
            return self.shown(request, forms.SectionForm(user=user), None)
        form = forms.SectionForm(request.POST, user=user)

        def save() -> Section:
            given = form.cleaned_data
            if given["client_key"] is None:
                raise Conflict(_("请重新打开页面再填一次。"))
            area = given["area"].pk if given.get("area") else ""
            seen = given.get("seen_warnings") or ""
            return sections.add_section(
                client_key=given["client_key"], by=user, area=area, typed=form.typed(), seen_warnings=seen
            )

        return self.saved(request, form, None, save)

    def edit(self, request: HttpRequest, pk: int) -> HttpResponse:
        """修改责任段."""
        row, user = self._find(request, pk), signed_in(request)
        if "change" not in section_abilities(user, row):
            raise NotAllowed
        if request.method != "POST":
            return self.shown(request, forms.SectionForm(user=user, section=row), row)
        form = forms.SectionForm(request.POST, user=user, section=row)

        def save() -> Section:
            given = form.cleaned_data
            if given["version"] is None:
                raise Conflict(STALE)
            seen = given.get("seen_warnings") or ""
            return sections.change_section(
                pk=pk, by=user, version=given["version"], typed=form.typed(), seen_warnings=seen
            )

        return self.saved(request, form, row, save)


def _public(row: Section) -> str:
    return reverse("volunteers:section", args=[row.pk])


def _facts(row: Any) -> list[dict[str, str]]:
    for_whom = [str(_("单位"))] if row.for_units else []
    for_whom += [str(_("个人和队伍"))] if row.for_people else []
    facts = [
        (_("类别"), str(row.get_kind_display())),
        (_("哪里的"), row.area.name),
        (_("希望多久走一次"), str(row.get_every_display())),
        (_("谁可以认领"), _("、").join(for_whom)),
        (_("谁在巡"), words.holder_for_office(row)),
        (_("从哪天起"), day_of(row.claim.claimed_at) if row.claim else ""),
        (_("巡得怎么样"), words.walked(row)),
        (_("登记时间"), f"{day_of(row.made_at)} {row.made_by.name if row.made_by else ''}"),
        (_("停的时间"), day_of(row.closed_on) if row.closed_on else ""),
    ]
    return [{"label": label, "text": text} for label, text in facts if text]


def _line(one: dict[str, Any], page: str) -> dict[str, str]:
    """``page``: where its photos are."""
    note = one["note"]
    said = [part for part in (one["said"], one["who"], _("照纸上的日记补记") if one["on_paper"] else "") if part]
    if note.answered_at:
        answered = {"words": note.answer, "need": note.need.number if note.need else ""}
        said.append((_("答复：%(words)s %(need)s") % answered).strip())
    pictures = len(one["photos"])
    if pictures:
        said.append(ngettext("%(n)d张照片", "%(n)d张照片", pictures) % {"n": pictures})
    text = f"{one['day']} {note.words}".strip()
    return {"text": text, "small": " · ".join(said), "url": page if pictures else ""}
