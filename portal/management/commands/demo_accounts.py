"""Print the demo's accounts, one a line: user name, password, what it is for; and two residents' phones."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from people.models import User
from portal.demo import giving, loading


class Command(BaseCommand):
    help = "列出演示账号"

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            return
        present = set(User.objects.filter(is_demo=True).values_list("username", flat=True))
        for username, password, does in loading.accounts():
            if username in present:
                self.stdout.write(f"{username}\t{password}\t{does}")
        for (phone, name), who in ((loading.residents()[0], "居民"), (giving.VOLUNTEER, "有积分的志愿者")):
            self.stdout.write(f"{phone}\t验证码印在这里\t{who}{name}，从 /sign-in/ 登录")
