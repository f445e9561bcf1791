"""What a signed-in resident does with needs said before."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from alliance.lib.errors import DomainError, NotAllowed
from alliance.lib.http import client_ip
from alliance.lib.refused import add_errors
from needs.forms import TrackForm
from needs.services.mine import add_said
from needs.views.follow import REFUSED, patience
from people.states import SignIn
from people.visitors import signed_in


@never_cache
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Older needs are found by number and code once, and stand under 我的 from then on."""
    user = signed_in(request)
    if user.sign_in != SignIn.PHONE:
        raise NotAllowed(_("这一页是给用手机号登录的居民的。"))
    form = TrackForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        form.is_valid()
        typed = {name: request.POST.get(name, "") for name in ("number", "code")}
        try:
            need = add_said(user=user, ip=client_ip(request), **typed)
        except DomainError as error:
            add_errors(form, patience(error))
            status = REFUSED if error.status in (400, 404) else error.status
        else:
            messages.success(request, _("加进来了：%(number)s。") % {"number": need.number})
            return redirect("portal:my")
    return render(request, "needs/my_add.html", {"form": form, "nav_current": "my"}, status=status)
