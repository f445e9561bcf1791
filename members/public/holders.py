"""Who is named in a body's seat, on pages everybody reads."""

from __future__ import annotations

from members.models import BodySeat


def shown_holder(seat: BodySeat) -> str:
    """The unit if it agreed to be shown, the person who agreed to have the name listed, both, or nothing.

    A title goes with the name; where the person sits for a unit that is not shown, it could name that unit and stays
    away.
    """
    unit = seat.unit
    unit_shown = unit is not None and unit.is_public and unit.merged_into_id is None
    words = [str(unit)] if unit_shown else []
    if seat.is_public:
        name = seat.name or (seat.user.name if seat.user and seat.user.is_active else "")
        words += [name] if name else []
        if name and seat.title and (unit is None or unit_shown):
            words.append(seat.title)
    return " ".join(words)
