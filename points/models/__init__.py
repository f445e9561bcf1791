"""Accounts, the ledger and the rules. Amounts are tenths of a point (``points.states.TENTHS``)."""

from points.models.account import Account, Day, Lot
from points.models.correction import Correction
from points.models.ledger import Entry, LedgerCheck, Transfer
from points.models.reward import Redemption, RedemptionEvent, Reward
from points.models.rule import Rule

__all__ = [
    "Account",
    "Correction",
    "Day",
    "Entry",
    "LedgerCheck",
    "Lot",
    "Redemption",
    "RedemptionEvent",
    "Reward",
    "Rule",
    "Transfer",
]
