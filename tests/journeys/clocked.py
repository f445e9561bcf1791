"""The product on another day: a web server, and a sweep that may be killed at its n-th step.

``MOMENT`` (ISO, with its zone) is when the process believes to begin; from there its clock runs on.

    granian … tests.journeys.clocked:application
    python -m tests.journeys.clocked 12     # one sweep, killed before its twelfth step; 0: not killed
"""

from __future__ import annotations

import os
import sys
from datetime import datetime

import django
import time_machine

time_machine.travel(datetime.fromisoformat(os.environ["MOMENT"]), tick=True).start()

if __name__ == "__main__":
    django.setup()

    from deadlines.services.sweep import sweep_all
    from tests.prove.lab.dying import die_before_step

    die_before_step(int(sys.argv[1]))
    sweep_all()
else:
    from alliance.wsgi import application  # noqa: F401 (granian asks for it by name)
