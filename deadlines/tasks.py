"""The pulse, every ten seconds; the sweep, every minute and after commits; planning and clearing away, every hour."""

from __future__ import annotations

from celery import shared_task

from alliance.lib.registry import contributions
from deadlines.services.digest import plan_digests
from deadlines.services.heartbeat import PULSE, beat
from deadlines.services.retention import purge_ended
from deadlines.services.sweep import sweep_all
from deadlines.services.weekly import plan_weekly


@shared_task(name="deadlines.pulse")
def pulse() -> None:
    """Some worker hears and works: a worker that is sent nothing for some of these is deaf (``alliance.watchdog``)."""
    beat(PULSE)


@shared_task(name="deadlines.sweep")
def sweep() -> None:
    """Do what is due."""
    sweep_all()


@shared_task(name="deadlines.plan")
def plan() -> None:
    """Put the regular work of the coming days on the list."""
    plan_digests()
    plan_weekly()
    for plan_more in contributions("dues.plan"):
        plan_more()


@shared_task(name="deadlines.purge")
def purge() -> None:
    """Delete what ended long ago."""
    purge_ended()
