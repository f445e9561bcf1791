"""Shapes of signing in."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from alliance.lib.api import Given


class SignInRequest(Given):
    username = serializers.CharField(max_length=60, label="用户名")
    password = serializers.CharField(max_length=128, label="密码", trim_whitespace=False)


class SignInAnswer(serializers.Serializer[Any]):
    token = serializers.CharField(label="令牌", help_text="放在请求头 Authorization: Token … 里")
    expires_at = serializers.DateTimeField(label="失效时间")
    name = serializers.CharField(label="姓名")
