"""Check the chain of seals over the audit log."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.models import AuditSeal
from audit.services import verify


class Command(BaseCommand):
    help = "核对审计记录与封存：manage.py verify_audit [--head 摘要]；有问题时列出并以 1 退出"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--head", default="", help="另外保存的一次封存摘要，应当还在链上")

    def handle(self, *args: Any, **options: Any) -> None:
        problems = verify(head=options["head"])
        for problem in problems:
            self.stderr.write(problem.text)
        if problems:
            raise CommandError(f"审计记录有 {len(problems)} 处问题。")
        last = AuditSeal.objects.order_by("-pk").first()
        ending = f"最后摘要 {last.hash}（截止第 {last.up_to} 条）" if last else "还没有封存"
        self.stdout.write(f"审计记录完好，{ending}。")
