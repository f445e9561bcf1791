"""The lists of the register (``alliance.lib.listing``): one module per noun."""

from members.listings import bodies, documents, liaisons, party, receipts, units

__all__ = ["bodies", "documents", "liaisons", "party", "receipts", "units"]
