"""Holding photos and documents for a draft, attaching them to an owner, handing them out, clearing away the rest.

A file is written before its row commits, so a row never lacks its file. If the row's own statement fails, the
file is removed at once; if the transaction around it rolls back later, or the process dies, the file is left
without a row, and the hourly sweep removes it, told apart by its name: the row's key. A row goes first
and its file after the commit; what is missed there the same sweep finds.
"""

from files.services.handing import (
    attach_held,
    attachment,
    attachments,
    attachments_of,
    content,
    drop_attached,
    drop_held,
    held,
    held_one,
    serve,
)
from files.services.holding import (
    MAX_FILES,
    MAX_PHOTOS,
    hold_document,
    hold_own,
    hold_own_document,
    hold_photo,
    own_key,
)
from files.services.sweeping import HELD_FOR, purge_held, purge_orphans

__all__ = [
    "HELD_FOR",
    "MAX_FILES",
    "MAX_PHOTOS",
    "attach_held",
    "attachment",
    "attachments",
    "attachments_of",
    "content",
    "drop_attached",
    "drop_held",
    "held",
    "held_one",
    "hold_document",
    "hold_own",
    "hold_own_document",
    "hold_photo",
    "own_key",
    "purge_held",
    "purge_orphans",
    "serve",
]
