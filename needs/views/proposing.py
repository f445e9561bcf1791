"""推荐资源 over HTTP: what is said once something was proposed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _


def say_proposed(request: HttpRequest, params: Mapping[str, Any]) -> None:
    """Who was told; or that nobody could be, and what to do instead."""
    giver = {"giver": params.get("giver", "")}
    if params.get("silent"):
        messages.warning(request, _("推荐记下了。%(giver)s还没有联络员，收不到消息，请打电话告诉他们。") % giver)
    else:
        messages.success(request, _("已经告诉%(giver)s了。") % giver)
