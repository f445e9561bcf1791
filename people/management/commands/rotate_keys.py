"""Put personal data under the newest key."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from alliance.lib.errors import DomainError
from people.services.rotation import rotate_keys


class Command(BaseCommand):
    help = "把个人信息改用 PRIVACY_KEYS 的第一把密钥加密：manage.py rotate_keys [--count]；可以反复运行"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--count", action="store_true", help="只数还有多少行用旧密钥，不改动")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = rotate_keys(only_count=options["count"])
        except DomainError as error:
            raise CommandError(str(error.message)) from error
        for table, rows in found.items():
            self.stdout.write(f"{table}\t{rows}")
        words = "行仍用旧密钥。" if options["count"] else "行已改用新密钥。"
        self.stdout.write(f"共 {sum(found.values())} {words}")
