"""``python -m tests.infra.skewed SECONDS worker …``: Celery on a machine whose clock is ahead (negative: behind)."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta

import time_machine
from celery.__main__ import main

if __name__ == "__main__":
    ahead = timedelta(seconds=float(sys.argv.pop(1)))
    time_machine.travel(datetime.now(UTC) + ahead, tick=True).start()
    sys.argv[0] = "celery"
    sys.exit(main())
