"""Import official area codes from a CSV (columns code, name, level, parent_code)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from alliance.lib.errors import DomainError
from people.services.areas import import_areas, read_csv


class Command(BaseCommand):
    help = "导入区划代码：manage.py import_areas areas.csv [--only 330109] [--served]"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--only", default="", help="只导入这个代码及其上下级")
        parser.add_argument("--served", action="store_true", default=None, help="导入的区域向居民开通")

    def handle(self, *args: Any, **options: Any) -> None:
        only = options["only"]
        try:
            rows = read_csv(options["path"])
            chosen = [row for row in rows if row["code"].startswith(only) or only.startswith(row["code"])]
            result = import_areas(chosen, served=options["served"])
        except (DomainError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"新增 {result.created}，更新 {result.updated}")
