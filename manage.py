#!/usr/bin/env python3
"""Django's command line. What changes the schema runs as the database owner, everything else as the application."""

from __future__ import annotations

import os
import sys

OWNER_COMMANDS = frozenset({"migrate", "flush", "setup", "sqlmigrate"})


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance.settings.local")
    if len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS:
        os.environ.setdefault("TONGXIN_AS_OWNER", "1")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
