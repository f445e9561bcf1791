"""居民故事 in the workbench: written, agreed to, shown, taken down."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.errors import Conflict, DomainError, NotAllowed, NotFound
from alliance.lib.refused import add_errors
from people.lists import ListedAdmin
from people.models import User
from people.visitors import signed_in
from projects.forms.story import ConsentForm, StoryForm, WordsForm
from projects.listings.stories import STORIES, state_of
from projects.models import Project, Story
from projects.permissions import keeps, project_abilities, story_abilities
from projects.services import stories as services
from projects.states import StoryState
from resources.admin.acts import Act, ActViews, simply
from resources.forms.acts import ReasonForm

PAGE, EDIT = "admin/projects/story/page.html", "admin/projects/edit.html"
MOST = 200


class WhyForm(ReasonForm):
    """Why it is taken down."""


def _as_it_is(row: Any, user: User) -> dict[str, Any]:
    return {"initial": {name: getattr(row, name) for name in ("called", "title", "words")}}


ACTS = (
    Act(
        name="show",
        verb="show",
        label=gettext_lazy("展示"),
        take=simply(services.show_story),
        done=gettext_lazy("展示出来了。"),
        tone="main",
        unfolded=True,
        hint=gettext_lazy("项目页、项目展示和大屏上都看得到。"),
        fits=lambda row, user: row.consent_on is not None,
    ),
    Act(
        name="consent",
        verb="consent",
        label=gettext_lazy("登记同意"),
        button=gettext_lazy("记下同意"),
        take=simply(services.note_consent),
        done=gettext_lazy("记下了，可以展示。"),
        form=ConsentForm,
        tone="main",
        hint=gettext_lazy("把写好的念给本人听，或者给本人看过，同意了再登记。"),
    ),
    Act(
        name="edit",
        verb="edit",
        label=gettext_lazy("修改"),
        take=simply(services.edit_story),
        done=gettext_lazy("改好了。"),
        form=WordsForm,
        hint=gettext_lazy("改了以后，要请本人重新同意。"),
        arguments=_as_it_is,
    ),
    Act(
        name="take_down",
        verb="take_down",
        label=gettext_lazy("撤下"),
        button=gettext_lazy("撤下这个故事"),
        tone="danger",
        take=simply(services.take_down_story),
        done=gettext_lazy("撤下了，故事已经清空。"),
        form=WhyForm,
        hint=gettext_lazy("本人不愿意了，马上撤。撤下就清空，不能恢复。"),
    ),
)


@admin.register(Story)
class StoryAdmin(ActViews, ListedAdmin):
    """Own pages instead of Django's form."""

    listing = STORIES
    abilities = staticmethod(story_abilities)
    acts = ACTS

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.changelist_view), name="projects_story_changelist"),
            path("add/", wrap(self.add), name="projects_story_add"),
            path("<int:pk>/change/", wrap(self.page), name="projects_story_change"),
            *self.act_urls(wrap),
        ]

    def able(self, user: User, row: Any) -> frozenset[str]:
        return story_abilities(user, row)

    def _open_to(self, act: Act, row: Any, user: User) -> bool:
        """Whoever keeps it is told by the service where it is too late."""
        return keeps(user, row.project.area_id)

    def _find(self, request: HttpRequest, pk: int) -> Story:
        if not self.has_view_permission(request):
            raise NotAllowed
        rows = Story.objects.visible_to(request.user).select_related("project__area", "written_by", "consent_by")
        row: Story | None = rows.filter(pk=pk).first()
        if row is None:
            raise NotFound
        return row

    def list_actions(self, request: HttpRequest) -> list[dict[str, Any]]:
        if not _projects(signed_in(request)):
            return []
        return [{"label": _("写故事"), "url": reverse("admin:projects_story_add"), "main": True}]

    def page(self, request: HttpRequest, pk: int, status: int = 200, **said: Any) -> HttpResponse:
        row, user = self._find(request, pk), signed_in(request)
        context = {
            **self.admin_site.each_context(request),
            "title": row.title or row.get_state_display(),
            "story": row,
            "state": state_of(row),
            "gone": row.state == StoryState.TAKEN_DOWN,
            "steps": self.shown_acts(row, user, said.pop("refused", {})),
            **said,
        }
        return TemplateResponse(request, PAGE, context, status=status)

    def add(self, request: HttpRequest) -> HttpResponse:
        """写故事; ``?project=`` chooses one."""
        user = signed_in(request)
        known = _projects(user)
        if not known:
            raise NotAllowed
        if request.method != "POST":
            return self._form(request, StoryForm(projects=known, initial={"project": request.GET.get("project", "")}))
        form = StoryForm(request.POST, projects=known)
        if not form.is_valid():
            return self._form(request, form, 422)
        given = form.given()
        try:
            if given["client_key"] is None:
                raise Conflict(_("请重新打开页面再填一次。"))
            made = services.write_story(**{**given, "project": int(given["project"])}, by=user)
        except DomainError as error:
            if error.status in (NotFound.status, NotAllowed.status):
                raise
            add_errors(form, error)
            return self._form(request, form, 422 if error.status == 400 else error.status)
        messages.success(request, _("写好了。请本人看过、同意以后，再登记同意。"))
        return HttpResponseRedirect(self.change_url(made.pk))

    def _form(self, request: HttpRequest, form: StoryForm, status: int = 200) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("写故事"),
            "form": form,
            "groups": form.groups(),
            "row": None,
            "listed": self.opts.verbose_name_plural,
            "back_url": reverse("admin:projects_story_changelist"),
        }
        return TemplateResponse(request, EDIT, context, status=status)


def _projects(user: User) -> list[tuple[int, str]]:
    """Projects about which ``user`` may write."""
    if "add" not in project_abilities(user):
        return []
    rows = Project.objects.kept_by(user).order_by("-drafted_at", "-pk")[:MOST]
    return [(row.pk, row.name) for row in rows if keeps(user, row.area_id)]
