"""Alliances and their units, who belongs to which, who speaks for a unit."""

from members.services.alliances import (
    alliance_of,
    create_alliance,
    join_alliance,
    leave_alliance,
    sole_alliance,
    update_alliance,
)
from members.services.brands import create_brand, update_brand
from members.services.buildings import create_building, update_building
from members.services.cultivations import (
    create_cultivation,
    decide_listed,
    last_criteria,
    list_organisation,
    update_cultivation,
)
from members.services.party import create_organisation, end_organisation, update_organisation
from members.services.profile import change_profile, describe_unit, place_unit, save_strengths, set_shown, set_tags
from members.services.seat_offers import offer_seat, resend_seat_offer, withdraw_seat_offer
from members.services.seats import end_seat, leave_seats, seat_liaison, seat_person, seats_of, speakers_of
from members.services.taking_back import take_back_alliance
from members.services.units import create_unit, public_units, restore_unit, suspend_unit, update_unit

__all__ = [
    "alliance_of",
    "change_profile",
    "create_alliance",
    "create_brand",
    "create_building",
    "create_cultivation",
    "create_organisation",
    "create_unit",
    "decide_listed",
    "describe_unit",
    "end_organisation",
    "end_seat",
    "join_alliance",
    "last_criteria",
    "leave_alliance",
    "leave_seats",
    "list_organisation",
    "offer_seat",
    "place_unit",
    "public_units",
    "resend_seat_offer",
    "restore_unit",
    "save_strengths",
    "seat_liaison",
    "seat_person",
    "seats_of",
    "set_shown",
    "set_tags",
    "sole_alliance",
    "speakers_of",
    "suspend_unit",
    "take_back_alliance",
    "update_alliance",
    "update_brand",
    "update_building",
    "update_cultivation",
    "update_organisation",
    "update_unit",
    "withdraw_seat_offer",
]
