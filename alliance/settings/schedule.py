"""What the clock sends, and how often in seconds. docs/operations.md says what each of it is for."""

from __future__ import annotations

from typing import Any

CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "pulse": {"task": "deadlines.pulse", "schedule": 10},
    "sweep-dues": {"task": "deadlines.sweep", "schedule": 60},
    "plan-dues": {"task": "deadlines.plan", "schedule": 3600},
    "purge-dues": {"task": "deadlines.purge", "schedule": 3600},
    "deliver-messages": {"task": "notifications.deliver", "schedule": 60},
    "deliver-emails": {"task": "notifications.deliver_email", "schedule": 60},
    "post-to-groups": {"task": "notifications.post", "schedule": 60},
    "purge-cards": {"task": "notifications.purge", "schedule": 3600},
    "write-exports": {"task": "transfers.export", "schedule": 60},
    "purge-exports": {"task": "transfers.purge_exports", "schedule": 3600},
    "seal-audit": {"task": "audit.seal", "schedule": 300},
    "purge-held-files": {"task": "files.purge_held", "schedule": 3600},
    "purge-people": {"task": "people.purge", "schedule": 3600},
    "work-imports": {"task": "transfers.work", "schedule": 60},
    "purge-imports": {"task": "transfers.purge", "schedule": 3600},
    "plan-meetings": {"task": "meetings.plan", "schedule": 3600},
    "keep-points": {"task": "points.keep", "schedule": 3600},
    "anonymise-needs": {"task": "needs.anonymise", "schedule": 3600},
    "break-silences": {"task": "needs.silence", "schedule": 3600},
    "forget-guardians": {"task": "volunteers.forget", "schedule": 3600},
}
