"""兑换品 in the workbench: the list, a new one, its page, changing it, taking it off the shelf."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from alliance.lib.errors import Conflict, DomainError, NotAllowed, NotFound
from alliance.lib.privacy import mask_name
from alliance.lib.refused import add_errors
from people.lists import ListedAdmin
from people.models import User
from people.visitors import signed_in
from points.forms import CallOffForm, RewardForm
from points.listings.lists import REWARDS, TONES
from points.models import Redemption, Reward
from points.permissions import may_call_off, reward_abilities
from points.presenting import exchange as words
from points.presenting.rule import in_points
from points.services.picking_up import cancel_redemption
from points.services.rewards import add_reward, change_reward, resume_reward, stop_reward
from points.states import Shelf
from resources.permissions import KEEPERS

WHAT = ("name", "sort", "points", "words", "donor")
WHERE = ("area", "unit", "place", "where")
FEW = 50
HOW_MANY = ("left", "per_quarter", "worth", "until")


@admin.register(Reward)
class RewardAdmin(ListedAdmin):
    """Kept by the office in whose area it is."""

    listing = REWARDS
    abilities = staticmethod(reward_abilities)

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.changelist_view), name="points_reward_changelist"),
            path("add/", wrap(self.add), name="points_reward_add"),
            path("<int:pk>/change/", wrap(self.page), name="points_reward_change"),
            path("<int:pk>/edit/", wrap(self.edit), name="points_reward_edit"),
            path("<int:pk>/stop/", wrap(self.stop), name="points_reward_stop"),
            path("<int:pk>/resume/", wrap(self.resume), name="points_reward_resume"),
            path("exchange/<int:pk>/call-off/", wrap(self.call_off), name="points_redemption_call_off"),
        ]

    def list_actions(self, request: HttpRequest) -> list[dict[str, Any]]:
        able = signed_in(request).has_role(*KEEPERS)
        counter = {"label": _("核销兑换码"), "url": reverse("desk:counter"), "main": False}
        add = {"label": _("登记兑换品"), "url": reverse("admin:points_reward_add"), "main": True}
        return [counter, add] if able else []

    def _find(self, request: HttpRequest, pk: int) -> Reward:
        if not self.has_view_permission(request):
            raise NotAllowed
        rows = Reward.objects.kept_by(request.user).select_related("area", "unit", "place")
        row: Reward | None = rows.filter(pk=pk).first()
        if row is None:
            raise NotFound
        return row

    def page(self, request: HttpRequest, pk: int, status: int = 200, refused: Any = None) -> HttpResponse:
        """One reward, and who comes for it; ``refused`` is an exchange's key and its form, just refused."""
        row, user = self._find(request, pk), signed_in(request)
        facts = [(_("要几分"), in_points(row.price)), (_("种类"), row.get_sort_display()), *words.facts(row, user)]
        facts += [(_("等着来领的"), str(row.redemptions.held().count())), (_("说明"), row.words)]
        context = {
            **self.admin_site.each_context(request),
            "title": row.name,
            "reward": row,
            "tone": TONES[Shelf(row.state)],
            "facts": [{"label": label, "text": text} for label, text in facts if text],
            "able": reward_abilities(user, row),
            "waiting": _waiting(row, user, refused),
        }
        return TemplateResponse(request, "admin/points/reward.html", context, status=status)

    def call_off(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST 收回: what cannot be given after all; points and lots are as before, and the person reads why."""
        row = Redemption.objects.kept_by(request.user).filter(pk=pk).first()
        if row is None:
            raise NotFound
        self._find(request, row.reward_id)
        if request.method == "POST":
            form = CallOffForm(request.POST, prefix=f"x{pk}")
            form.is_valid()
            try:
                cancel_redemption(pk=pk, by=signed_in(request), why=form.cleaned_data.get("why", ""))
            except DomainError as error:
                if error.status in (NotFound.status, NotAllowed.status):
                    raise
                add_errors(form, error)
                status = 422 if error.status == 400 else error.status
                return self.page(request, row.reward_id, status, refused=(pk, form))
            messages.success(request, _("收回了，积分退回去了，已经告诉本人。"))
        return HttpResponseRedirect(reverse("admin:points_reward_change", args=[row.reward_id]))

    def add(self, request: HttpRequest) -> HttpResponse:
        """登记兑换品."""
        user = signed_in(request)
        if not user.has_role(*KEEPERS):
            raise NotAllowed
        if request.method != "POST":
            return self._form(request, RewardForm(user=user), None)
        form = RewardForm(request.POST, user=user)

        def save() -> Reward:
            key = form.cleaned_data["client_key"]
            if key is None:
                raise Conflict(_("请重新打开登记页面再填一次。"))
            return add_reward(client_key=key, by=user, area=form.cleaned_data["area"].pk, draft=form.draft())

        return self._saved(request, form, None, save)

    def edit(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Change it; what is on hold keeps its price."""
        row, user = self._find(request, pk), signed_in(request)
        if "change" not in reward_abilities(user, row):
            raise NotAllowed
        if request.method != "POST":
            return self._form(request, RewardForm(user=user, reward=row), row)
        form = RewardForm(request.POST, user=user, reward=row)

        def save() -> Reward:
            if form.cleaned_data["version"] is None:
                raise Conflict
            return change_reward(pk=pk, by=user, version=form.cleaned_data["version"], draft=form.draft())

        return self._saved(request, form, row, save)

    def _saved(
        self, request: HttpRequest, form: RewardForm, row: Reward | None, save: Callable[[], Reward]
    ) -> HttpResponse:
        if not form.is_valid():
            return self._form(request, form, row, 422)
        try:
            saved = save()
        except DomainError as error:
            if error.status == NotFound.status:
                raise
            add_errors(form, error)
            return self._form(request, form, row, 422 if error.status == 400 else error.status)
        messages.success(request, _("改好了。") if row else _("登记好了，居民看得到了。"))
        return HttpResponseRedirect(reverse("admin:points_reward_change", args=[saved.pk]))

    def _form(self, request: HttpRequest, form: RewardForm, row: Reward | None, status: int = 200) -> HttpResponse:
        listed = reverse("admin:points_reward_changelist")
        titles = ((_("是什么"), WHAT), (_("到哪里领"), WHERE), (_("有多少"), HOW_MANY))
        context = {
            **self.admin_site.each_context(request),
            "title": _("修改兑换品") if row else _("登记兑换品"),
            "form": form,
            "groups": [(title, [form[name] for name in names if name in form.fields]) for title, names in titles],
            "reward": row,
            "back_url": reverse("admin:points_reward_change", args=[row.pk]) if row else listed,
        }
        return TemplateResponse(request, "admin/points/reward_edit.html", context, status=status)

    def stop(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._put(request, pk, stop_reward, _("下架了。已经兑换的还能来领。"))

    def resume(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._put(
            request,
            pk,
            resume_reward,
            _("又上架了。"),
            _("上架了，但居民还看不到：先看看日子过了没有、单位在不在联盟。"),
        )

    def _put(
        self, request: HttpRequest, pk: int, service: Callable[..., Any], done: str, but: str = ""
    ) -> HttpResponse:
        """``but``: what is said instead, should nobody see it all the same."""
        self._find(request, pk)
        if request.method == "POST":
            service(pk=pk, by=signed_in(request), version=None)
            seen = not but or Reward.objects.on_shelf().filter(pk=pk).exists()
            (messages.success if seen else messages.warning)(request, done if seen else but)
        return HttpResponseRedirect(reverse("admin:points_reward_change", args=[pk]))


def _waiting(row: Reward, user: User, refused: Any) -> list[dict[str, Any]]:
    """What is on hold, the first to lapse on top; with a form each, for whoever may call it off."""
    able = may_call_off(user, row)
    rows = row.redemptions.held().select_related("account__person").order_by("until", "pk")
    found = []
    for one in rows[:FEW]:
        who = one.account.person
        form = CallOffForm(prefix=f"x{one.pk}") if able and who != user else None
        if form and refused and refused[0] == one.pk:
            form = refused[1]
        found.append({**words.exchange(one), "who": mask_name(who.name) if who else "", "form": form})
    return found
