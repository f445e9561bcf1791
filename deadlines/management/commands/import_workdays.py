"""Import working days from a CSV (columns 日期, 上班, 说明)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from alliance.lib.errors import DomainError
from deadlines.services.calendar import import_csv


class Command(BaseCommand):
    help = "导入工作日历：manage.py import_workdays 2027.csv [--fill]"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--fill", action="store_true", help="文件里是全年的安排：没列出的日子按周一到周五")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = import_csv(by=None, text=options["path"].read_bytes(), fill=options["fill"])
        except (DomainError, OSError) as error:
            raise CommandError(str(error)) from error
        if done.errors:
            raise CommandError("\n".join(done.errors))
        self.stdout.write(f"新增 {done.added}，更新 {done.changed}，重算期限 {done.moved}")
