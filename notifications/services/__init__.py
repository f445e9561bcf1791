"""Queue a message with the change that causes it, deliver what is due, read one's inbox."""

from notifications.services.delivery import deliver_all, deliver_due
from notifications.services.figures import figures, oldest_waiting_seconds
from notifications.services.notices import Notice, inbox, latest_unread, mark_read, retire, unread_count
from notifications.services.outbox import queue

__all__ = [
    "Notice",
    "deliver_all",
    "deliver_due",
    "figures",
    "inbox",
    "latest_unread",
    "mark_read",
    "oldest_waiting_seconds",
    "queue",
    "retire",
    "unread_count",
]
