"""登记心愿 and changing it: one page for both; from a need it is 转心愿."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from alliance.lib.errors import Conflict, DomainError, NotAllowed, NotFound
from alliance.lib.refused import add_errors
from needs import wish_selectors
from needs.forms.wishes import PRIVATE, PUBLIC, WishForm
from needs.models import Need, Wish
from needs.permissions import abilities, wish_abilities
from needs.services import wishes
from needs.services.wish_from_need import wish_from_need
from needs.states import Verb
from needs.states.wish import WishVerb
from people.models import Area
from people.states import Level
from people.visitors import signed_in


@require_http_methods(["GET", "HEAD", "POST"])
def form_page(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A new wish (``?need=`` of a need), or changes to one that is not published yet."""
    wish = _wish(request, pk) if pk is not None else None
    need = _need(request) if wish is None else None
    areas = _areas(request, wish, need)
    if request.method != "POST":
        form = WishForm(areas=areas, initial=_start(wish, need))
        return _page(request, form, wish, need)
    form = WishForm(request.POST, areas=areas)
    if not form.is_valid():
        return _page(request, form, wish, need, 422)
    try:
        saved = _save(request, form, wish, need)
    except DomainError as error:
        if error.status == NotFound.status:
            raise
        add_errors(form, error)
        return _page(request, form, wish, need, 422 if error.status == 400 else error.status)
    messages.success(
        request, _("改好了，要重新核实。") if wish else _("登记好了，编号%(number)s。") % {"number": saved.number}
    )
    return HttpResponseRedirect(reverse("admin:needs_wish_change", args=[saved.pk]))


def _save(request: HttpRequest, form: WishForm, wish: Wish | None, need: Need | None) -> Wish:
    given, by = form.cleaned_data, signed_in(request)
    typed: dict[str, Any] = {**form.typed(), "seen_warnings": given["seen_warnings"]}
    if wish is not None:
        if given["version"] is None:
            raise Conflict
        return wishes.edit_wish(pk=wish.pk, by=by, version=given["version"], **typed)
    if given["client_key"] is None:
        raise Conflict(_("请重新打开登记页面再填一次。"))
    if need is not None:
        return wish_from_need(
            need_pk=need.pk,
            by=by,
            version=given["version"],
            client_key=given["client_key"],
            area=given["area"],
            **typed,
        )
    return wishes.raise_wish(client_key=given["client_key"], by=by, area=given["area"], **typed)


def _wish(request: HttpRequest, pk: int) -> Wish:
    wish: Wish | None = Wish.objects.visible_to(request.user).select_related("area").filter(pk=pk).first()
    if wish is None:
        raise NotFound
    if WishVerb.EDIT not in wish_abilities(request.user, wish):
        raise NotAllowed
    return wish


def _need(request: HttpRequest) -> Need | None:
    """The need that becomes a wish, if one is named and may become one."""
    given = request.GET.get("need", "")
    if not given:
        if "add" not in wish_abilities(request.user):
            raise NotAllowed
        return None
    seen = Need.objects.visible_to(request.user).select_related("area")
    need: Need | None = seen.filter(pk=int(given)).first() if given.isdecimal() and len(given) < 10 else None
    if need is None:
        raise NotFound
    known = Wish.objects.filter(need=need, raised_by=request.user.pk).exists()
    if Verb.WISH not in abilities(request.user, need) and not known:
        raise NotAllowed
    return need


def _areas(request: HttpRequest, wish: Wish | None, need: Need | None) -> list[tuple[str, str]]:
    if wish is not None:
        return [(wish.area_id, wish.area.name)]
    if need is None:
        return wish_selectors.communities_to_raise(signed_in(request))
    if need.area.level != Level.STREET:
        return [(need.area_id, need.area.name)]
    rows = Area.objects.served().filter(level=Level.COMMUNITY, code__startswith=need.area_id).order_by("code")
    return list(rows.values_list("code", "name"))


def _start(wish: Wish | None, need: Need | None) -> dict[str, Any]:
    """What stands in the form at first: of the household nothing, which only its own page shows."""
    if wish is None:
        return {"version": need.version} if need else {}
    public = {name: getattr(wish, name) for name in PUBLIC if name != "area"}
    return {**public, "area": wish.area_id, "version": wish.version}


def _page(
    request: HttpRequest, form: WishForm, wish: Wish | None, need: Need | None, status: int = 200
) -> HttpResponse:
    back = reverse("admin:needs_wish_changelist")
    if wish:
        back = reverse("admin:needs_wish_change", args=[wish.pk])
    elif need:
        back = reverse("admin:needs_need_change", args=[need.pk])
    context = {
        **admin.site.each_context(request),
        "title": _("修改心愿") if wish else _("转心愿") if need else _("登记心愿"),
        "form": form,
        "public": [form[name] for name in PUBLIC],
        "private": [form[name] for name in PRIVATE],
        "wish": wish,
        "need": need,
        "back_url": back,
        "warned": "seen_warnings" in form.errors or (form.is_bound and bool(form["seen_warnings"].value())),
    }
    return TemplateResponse(request, "admin/needs/wish/edit.html", context, status=status)
