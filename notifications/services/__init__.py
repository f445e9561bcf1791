"""Queue a message with the change that causes it, deliver what is due, read one's inbox, ask by card, word it."""

from notifications.services.cards import (
    NOTE_LENGTH,
    Shown,
    answer_card,
    card_path,
    card_url,
    make_card,
    purge_cards,
    revoke_cards,
    show_card,
)
from notifications.services.delivery import deliver_all, deliver_due
from notifications.services.figures import figures, oldest_waiting_seconds
from notifications.services.gathering import send_gathered
from notifications.services.holding import usual_quiet_hours
from notifications.services.notices import (
    Notice,
    first_said,
    inbox,
    latest,
    latest_unread,
    mark_read,
    retire,
    retire_all,
    unread_count,
)
from notifications.services.outbox import Letter, call_off, queue, queue_many
from notifications.services.own_data import erase_own, own_data
from notifications.services.posting import say_all
from notifications.services.preferences import (
    Choices,
    Topic,
    Wanted,
    open_channels,
    save_preferences,
    topics,
    wanted_by,
)
from notifications.services.robots import save_robot, test_robot
from notifications.services.steering import cancel_message, retry_message
from notifications.services.texts import check_text, filled, find_part, reset_text, save_text, sms_count

__all__ = [
    "NOTE_LENGTH",
    "Choices",
    "Letter",
    "Notice",
    "Shown",
    "Topic",
    "Wanted",
    "answer_card",
    "call_off",
    "cancel_message",
    "card_path",
    "card_url",
    "check_text",
    "deliver_all",
    "deliver_due",
    "erase_own",
    "figures",
    "filled",
    "find_part",
    "first_said",
    "inbox",
    "latest",
    "latest_unread",
    "make_card",
    "mark_read",
    "oldest_waiting_seconds",
    "open_channels",
    "own_data",
    "purge_cards",
    "queue",
    "queue_many",
    "reset_text",
    "retire",
    "retire_all",
    "retry_message",
    "revoke_cards",
    "save_preferences",
    "save_robot",
    "save_text",
    "say_all",
    "send_gathered",
    "show_card",
    "sms_count",
    "test_robot",
    "topics",
    "unread_count",
    "usual_quiet_hours",
    "wanted_by",
]
