"""The sweep, every minute and after commits; the planning and the clearing away, every hour."""

from __future__ import annotations

from celery import shared_task

from alliance.lib.registry import contributions
from deadlines.services.digest import plan_digests
from deadlines.services.retention import purge_ended
from deadlines.services.sweep import sweep_all
from deadlines.services.weekly import plan_weekly


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
