"""Sign in for a token, sign out to end it. Wrong passwords count toward the same lock as on the sign-in page."""

from __future__ import annotations

from django.contrib.auth import authenticate
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db import transaction
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from knox.models import AuthToken
from rest_framework import status
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from alliance.lib.api_views import ApiView
from alliance.lib.errors import NotAllowed
from alliance.lib.http import client_ip
from people.api.permissions import FIRST_PASSWORD
from people.api.serializers import SignInAnswer, SignInRequest
from people.services.limits import take


class SignIn(ApiView):
    """用户名和密码换令牌（12小时内有效）。"""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(request=SignInRequest, responses=SignInAnswer, tags=["auth"], operation_id="sign_in")
    def post(self, request: Request) -> Response:
        take("api-sign-in", client_ip(request), limit=30, seconds=600)
        given = SignInRequest(data=request.data)
        given.is_valid(raise_exception=True)
        user = authenticate(request._request, **given.validated_data)
        if user is None or not user.is_active:
            raise AuthenticationFailed(_("用户名或密码不对；连错5次要等30分钟。"))
        if user.must_change_password:
            raise NotAllowed(FIRST_PASSWORD)
        instance, token = AuthToken.objects.create(user=user)
        user_logged_in.send(sender=type(user), request=request._request, user=user)
        answer = {"token": token, "expires_at": instance.expiry, "name": user.get_full_name()}
        return Response(SignInAnswer(answer).data, status=status.HTTP_200_OK)

    def get_authenticate_header(self, request: Request) -> str:
        return "Token"


class SignOut(ApiView):
    """令牌作废。"""

    @extend_schema(request=None, responses={204: None}, tags=["auth"], operation_id="sign_out")
    def post(self, request: Request) -> Response:
        if isinstance(request.auth, AuthToken):
            with transaction.atomic():
                request.auth.delete()
                user_logged_out.send(sender=type(request.user), request=request._request, user=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)
