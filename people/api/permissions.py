"""Who may use the API at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import IsAuthenticated

from alliance.lib.errors import NotAllowed
from people.backends import may_enter
from people.models import User

if TYPE_CHECKING:
    # The views themselves read this class from the settings.
    from rest_framework.request import Request
    from rest_framework.views import APIView

FIRST_PASSWORD = _("第一次登录，请先到工作台改密码，再用接口。")


class MayEnter(IsAuthenticated):
    """The rules of the door, asked again at every call: a token outlives them otherwise."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        user = request.user
        if not isinstance(user, User) or not may_enter(user):
            return False
        if user.must_change_password:
            raise NotAllowed(FIRST_PASSWORD)
        return True
