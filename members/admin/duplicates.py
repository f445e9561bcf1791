"""可能重复 in the workbench: pairs side by side, 不是重复, what a merge would move, the merge, and taking it back."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from alliance.lib.errors import Conflict, DomainError, NotAllowed, NotFound
from alliance.lib.text import fold
from members.likeness import Why
from members.models import MemberUnit, UnitMerge
from members.permissions import merge_abilities
from members.services import duplicates, merging
from members.services.duplicates import Alike
from members.services.in_hand import in_hand
from members.states import REGISTER_ROLES
from people.models import User
from people.visitors import signed_in

HERE = "admin:members_duplicates"
RECENT = 20
WHY = {
    Why.NAME: gettext_lazy("名称相同"),
    Why.PINYIN: gettext_lazy("读音相同"),
    Why.SHORT: gettext_lazy("简称相同"),
    Why.ALIKE: gettext_lazy("名称相近"),
}


def _why(one: Alike) -> Any:
    """Names that are written otherwise are not called the same."""
    if one.why == Why.NAME and fold(one.first.name) != fold(one.second.name):
        return _("去掉地名和后缀后相同")
    return WHY[one.why]


def urls(site: AdminSite) -> list[URLPattern]:
    """Addresses of the pages of this module."""
    view = site.admin_view
    return [
        path("members/duplicates/", view(pairs), name="members_duplicates"),
        path("members/duplicates/apart/", view(apart), name="members_apart"),
        path("members/merge/", view(merge), name="members_merge"),
        path("members/merges/<int:pk>/undo/", view(undo), name="members_merge_undo"),
        path("members/alike/", view(alike), name="members_alike"),
    ]


def nav(request: HttpRequest) -> dict[str, Any] | None:
    """单位核对, for whoever keeps the register."""
    if not (isinstance(request.user, User) and request.user.has_role(*REGISTER_ROLES)):
        return None
    here, merging_now = reverse(HERE), reverse("admin:members_merge")
    current = request.path.startswith((here, merging_now))
    items = [{"label": _("可能重复"), "url": here, "current": current}]
    return {"key": "members", "title": _("单位核对"), "items": items}


def _keeper(request: HttpRequest) -> User:
    user = signed_in(request)
    if not user.has_role(*REGISTER_ROLES):
        raise NotAllowed
    return user


@require_GET
def pairs(request: HttpRequest) -> HttpResponse:
    """Pairs that may be one unit, and what was merged lately."""
    user = _keeper(request)
    rows = [
        {
            "first": one.first,
            "second": one.second,
            "why": _why(one),
            "may": "merge" in merge_abilities(user, one.first, one.second),
        }
        for one in duplicates.possible_duplicates(user)
    ]
    seen = MemberUnit.objects.visible_to(user).values("pk")
    merges = UnitMerge.objects.filter(kept__in=seen).select_related("kept", "gone", "by", "undone_by")[:RECENT]
    context = {**admin.site.each_context(request), "title": _("可能重复"), "rows": rows, "merges": merges}
    return TemplateResponse(request, "admin/members/duplicates.html", {**context, "most": duplicates.SHOWN})


@require_http_methods(["GET", "POST"])
def apart(request: HttpRequest) -> HttpResponse:
    """不是重复."""
    user = _keeper(request)
    if request.method == "POST":
        first, second = _keys(request.POST.get("first"), request.POST.get("second"))
        duplicates.keep_apart(first_id=first, second_id=second, by=user)
        messages.success(request, _("记下了，这两个以后不再一起列出。"))
    return redirect(HERE)


@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest) -> HttpResponse:
    """GET: what would move, and what gives way. POST: do just that."""
    user = _keeper(request)
    given = request.POST if request.method == "POST" else request.GET
    kept, gone = _keys(given.get("kept"), given.get("gone"))
    if request.method == "POST":
        try:
            merging.merge_units(kept_id=kept, gone_id=gone, by=user, seen=request.POST.get("seen", ""))
        except Conflict:
            return _preview(request, user, kept, gone, changed=True)
        except DomainError as error:
            return _refused(request, error)
        messages.success(request, _("合并好了。旧的链接会转到保留的单位；弄错了，可以在下面撤销。"))
        return redirect(HERE)
    return _preview(request, user, kept, gone)


def _preview(request: HttpRequest, user: User, kept: int, gone: int, *, changed: bool = False) -> HttpResponse:
    try:
        preview = merging.preview_merge(kept_id=kept, gone_id=gone, by=user)
    except DomainError as error:
        return _refused(request, error)
    other = f"{reverse('admin:members_merge')}?{urlencode({'kept': gone, 'gone': kept})}"
    context = {
        **admin.site.each_context(request),
        "title": _("合并单位"),
        "preview": preview,
        "in_hand": in_hand(gone),
        "changed": changed,
        "other_url": other,
    }
    return TemplateResponse(request, "admin/members/merge.html", context, status=409 if changed else 200)


def _refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Two that cannot be made one: the sentence, on the list."""
    if error.status != 409:
        raise error
    messages.error(request, str(error.message))
    return redirect(HERE)


@require_http_methods(["GET", "POST"])
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """撤销合并."""
    user = _keeper(request)
    if request.method == "POST":
        try:
            _merge, stays = merging.undo_merge(pk=pk, by=user)
        except DomainError as error:
            return _refused(request, error)
        if stays:
            messages.warning(request, _("撤销了。有%(n)d项后来有人改过，留在保留的单位，请核对。") % {"n": len(stays)})
        else:
            messages.success(request, _("撤销了，两个单位都和合并以前一样。"))
    return redirect(HERE)


@require_GET
def alike(request: HttpRequest) -> HttpResponse:
    """Units that the name just typed may already be: a fragment below the field, in nobody's way."""
    user = _keeper(request)
    found = duplicates.look_alikes(
        by=user, name=request.GET.get("name", ""), short_name=request.GET.get("short_name", "")
    )
    return render(request, "admin/members/_alike.html", {"found": found})


def _keys(*typed: str | None) -> list[int]:
    """Keys as an address or a form has them. Raises ``NotFound``."""
    if not all(text and text.isascii() and text.isdigit() and len(text) < 10 for text in typed):
        raise NotFound
    return [int(text or 0) for text in typed]
