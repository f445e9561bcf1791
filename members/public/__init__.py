"""What everybody may know of alliances: for the public pages and the public API alike.

Nothing here starts from a row that is not public. Units are those that agreed to be shown, and of what is known of
them only the parts they agreed to; people appear where they agreed to have their names listed; bodies and documents
are those marked public. Counts are counts of what is shown, so that nothing can be told from what is left out.
"""

from members.public.alliances import (
    Role,
    Structure,
    brands_of,
    documents_of,
    find_alliance,
    find_document,
    structure_of,
    sub_alliances_of,
    top_alliances,
)
from members.public.groups import Grid, Side, grid_of
from members.public.units import (
    Filter,
    choices_of,
    find_unit,
    memberships_of,
    more_parts_of,
    moved_to,
    names_of,
    parts_of,
    units_of,
)

__all__ = [
    "Filter",
    "Grid",
    "Role",
    "Side",
    "Structure",
    "brands_of",
    "choices_of",
    "documents_of",
    "find_alliance",
    "find_document",
    "find_unit",
    "grid_of",
    "memberships_of",
    "more_parts_of",
    "moved_to",
    "names_of",
    "parts_of",
    "structure_of",
    "sub_alliances_of",
    "top_alliances",
    "units_of",
]
