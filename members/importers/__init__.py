"""What may come in as a file about the register: units, liaisons, party organisations."""

from members.importers.liaisons import LIAISONS
from members.importers.party import PARTY
from members.importers.units import UNITS

__all__ = ["LIAISONS", "PARTY", "UNITS"]
