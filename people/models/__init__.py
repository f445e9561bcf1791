"""Areas, people, what they are where, what they agreed to."""

from people.models.accounts import RoleGrant, User
from people.models.areas import Area
from people.models.calendars import CalendarLink
from people.models.codes import SignInCode
from people.models.lists import ListChoice
from people.models.records import Consent, NumberSequence, PrivacyNotice, RateBucket

__all__ = [
    "Area",
    "CalendarLink",
    "Consent",
    "ListChoice",
    "NumberSequence",
    "PrivacyNotice",
    "RateBucket",
    "RoleGrant",
    "SignInCode",
    "User",
]
