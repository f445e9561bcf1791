"""我的: one's needs and notices, consents, form of address, one's data to take along."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from alliance.lib.errors import DomainError, NotAllowed, RuleBroken
from alliance.lib.http import client_ip
from alliance.lib.privacy import mask_phone
from alliance.lib.refused import add_errors
from alliance.lib.registry import contributions
from needs.services.mine import my_needs
from people.models import User
from people.services.consents import consents_of, withdraw_own
from people.services.residents import call_me, leave_everywhere
from people.states import SignIn
from people.visitors import signed_in
from portal.forms import NameForm
from portal.parcel import take_along

REFUSED = 422


@never_cache
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """What one has going here. Staff have their own desk."""
    user = signed_in(request)
    if user.sign_in != SignIn.PHONE and user.is_staff:
        return redirect("admin:index")
    return _render(request, NameForm(initial={"name": user.name}))


def _render(request: HttpRequest, form: NameForm, status: int = 200) -> HttpResponse:
    user = signed_in(request)
    found = (add(request) for add in contributions("my.sections"))
    sections = sorted((section for section in found if section), key=lambda section: section.get("order", 0))
    context = {
        "sections": sections,
        "resident": user.sign_in == SignIn.PHONE,
        "name": user.name,
        "phone": mask_phone(user.phone),
        "form": form,
        "nav_current": "my",
    }
    return render(request, "portal/my.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def rename(request: HttpRequest) -> HttpResponse:
    """Change how one is called."""
    if request.method == "POST":
        form = NameForm(request.POST)
        form.is_valid()
        try:
            call_me(user=resident(request), name=request.POST.get("name", ""))
        except DomainError as error:
            if error.status != 400:
                raise
            add_errors(form, error)
            return _render(request, form, REFUSED)
        messages.success(request, _("称呼改好了。"))
    return redirect("portal:my")


@never_cache
@require_GET
def consents(request: HttpRequest) -> HttpResponse:
    """What one agreed to, when, in which version."""
    user = resident(request)
    rows = consents_of(user).select_related("notice").order_by("-given_at", "-pk")
    own_key = f"u:{user.pk}"
    said = {need.number: need.title for need in my_needs(user)}
    shown = [
        {
            "pk": row.pk,
            "title": row.notice.title,
            "version": row.notice.version,
            "about": "" if row.source == own_key else row.source,
            "said": said.get(row.source, ""),
            "given_at": row.given_at,
            "withdrawn_at": row.withdrawn_at,
            # Without this consent there is no account: it is taken back by deleting the account.
            "by_erasing": row.subject_key == own_key and row.source == own_key,
        }
        for row in rows
    ]
    return render(request, "portal/my_consents.html", {"rows": shown, "nav_current": "my"})


@never_cache
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one consent back; the account's own is taken back by deleting the account."""
    user = resident(request)
    if request.method == "POST":
        try:
            withdraw_own(pk=pk, by=user)
        except RuleBroken:
            return redirect("portal:my_erase")
        messages.success(request, _("已经撤回。办完的马上隐去您的联系方式，还在办的办完就隐去。"))
    return redirect("portal:my_consents")


@never_cache
@require_http_methods(["GET", "POST"])
def download(request: HttpRequest) -> HttpResponse | FileResponse:
    """Everything kept about oneself, as a page to read and as JSON."""
    user = resident(request)
    if request.method != "POST":
        return redirect("portal:my")
    content = take_along(user=user, ip=client_ip(request))
    return FileResponse(content, as_attachment=True, filename=_("我的信息.zip"))


@never_cache
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """Sign out on every device, this one included."""
    if request.method == "POST":
        leave_everywhere(user=signed_in(request))
        logout(request)
        messages.success(request, _("所有设备都退出了。"))
        return redirect("portal:home")
    return redirect("portal:my")


def resident(request: HttpRequest) -> User:
    """Whoever signed in by phone. Raises ``NotAllowed`` for an account with a password."""
    user = signed_in(request)
    if user.sign_in != SignIn.PHONE:
        raise NotAllowed(_("这一页是给用手机号登录的居民的。"))
    return user
