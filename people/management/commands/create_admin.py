"""Create the first system administrator of a new installation."""

from __future__ import annotations

import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from alliance.lib.errors import DomainError, Invalid
from people.models import Area
from people.services.accounts import create_user, grant_role
from people.states import Role


class Command(BaseCommand):
    help = "建立系统管理员：manage.py create_admin 用户名 姓名 区域代码（密码在提示后输入）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("name")
        parser.add_argument("area", help="区划代码，如 330109001")
        parser.add_argument("--role", default=Role.SYSTEM_ADMIN.value, choices=Role.values)

    def handle(self, *args: Any, **options: Any) -> None:
        area = Area.objects.filter(pk=options["area"]).first()
        if area is None:
            raise CommandError("没有这个区域，请先导入区划代码（manage.py import_areas）。")
        password = getpass.getpass("密码：")
        try:
            with transaction.atomic():
                user = create_user(username=options["username"], name=options["name"], password=password, area=area)
                grant_role(user=user, role=options["role"], area=area, by=None)
        except DomainError as error:
            reasons = [str(t) for texts in error.fields.values() for t in texts] if isinstance(error, Invalid) else []
            raise CommandError(" ".join(reasons) or str(error.message)) from error
        self.stdout.write(f"已建立 {user.username}，第一次登录须改密码。")
