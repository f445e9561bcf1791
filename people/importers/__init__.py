"""What may come in as a file about people: areas, staff with their roles."""

from people.importers.areas import AREAS
from people.importers.staff import STAFF

__all__ = ["AREAS", "STAFF"]
