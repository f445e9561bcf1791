"""Fill the house with invented needs, for measuring and for trials on texts of one's own."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from alliance.lib.errors import DomainError
from portal.scale.loading import load
from portal.scale.texts import from_file, invented


class Command(BaseCommand):
    help = "写入虚构诉求：manage.py seed_scale --needs 200000 [--seed 1] [--texts 文件.csv]"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--needs", type=int, required=True, help="多少件")
        parser.add_argument("--seed", type=int, default=20261121, help="种子数；同一个数得到同样的内容")
        parser.add_argument("--texts", type=Path, help="用这个 CSV 里的文本（title、body 两列）")
        parser.add_argument("--until", type=date.fromisoformat, help="收到时间都早于这一天（今天）")
        parser.add_argument("--i-know", action="store_true", help="不是演示环境也写")

    def handle(self, *args: Any, **options: Any) -> None:
        needs, seed = options["needs"], options["seed"]
        if needs < 1:
            raise CommandError("--needs 应为正整数。")
        try:
            texts = from_file(options["texts"], seed) if options["texts"] else invented(seed)
            self.stdout.write(f"种子 (seed) {seed}")
            until = options["until"] or timezone.localdate()
            seconds = load(texts, needs=needs, seed=seed, until=until, say=self.stdout.write, certain=options["i_know"])
        except (DomainError, OSError, UnicodeDecodeError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"写入 {needs:,} 件，用时 {seconds:.1f} 秒")
