"""First start: load the demo into an empty house when DEMO is on."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from portal.demo import loading


class Command(BaseCommand):
    help = "第一次启动时装入演示数据（DEMO=0 时不装）"

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.DEMO and loading.is_empty():
            loading.load(self.stdout.write)
