"""The only place that knows who sees which needs."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self, cast

from django.apps import apps
from django.db.models import BooleanField, CharField, Exists, ExpressionWrapper, F, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from alliance.lib.locking import LockingQuerySet
from alliance.lib.search import matching
from claims.states import OfferState
from needs.states import HANDLERS, ONLOOKERS, OPEN_STATES, STAND_INS, STREET_HANDLERS, Office, State, Verb
from needs.states.wish import APPROVERS, Approver, WishState
from people.querysets import within
from people.states import Role, SignIn

if TYPE_CHECKING:
    from needs.models import (  # noqa: F401 (named in strings below)
        Answer,
        Category,
        Errand,
        Extension,
        Need,
        Wish,
        WishPolicy,
    )
    from people.models import User


def seen_areas(user: Any) -> frozenset[str]:
    """Who sees which needs: those of the areas in which ``user`` holds a working role; nobody else sees any."""
    return user.areas_of(*ONLOOKERS) if getattr(user, "is_authenticated", False) else frozenset()


def _to_call_back(user: Any) -> Q:
    mine = Q(within(user.areas_of(Role.LEADER)), office=Office.LEADER)
    if codes := user.areas_of(*STAND_INS):
        grants = apps.get_model("people", "RoleGrant")._default_manager.active()
        street = ExpressionWrapper(OuterRef("street_code"), CharField())
        led = grants.filter(role=Role.LEADER, user__is_active=True).annotate(street=street)
        mine |= Q(within(codes), ~Exists(led.filter(street__startswith=F("area_id"))), office=Office.LEADER)
    return mine


class NeedQuerySet(LockingQuerySet["Need"]):
    """Needs as one person sees them, and the questions the workbench asks."""

    def visible_to(self, user: Any) -> Self:
        """Needs that ``user`` sees (``seen_areas``)."""
        return self.in_areas(seen_areas(user))

    def in_areas(self, codes: frozenset[str]) -> Self:
        """Needs of the areas ``codes`` and below; none without codes."""
        return self.filter(within(codes)) if codes else self.none()

    def said_by(self, user: User) -> Self:
        """Needs said with the phone that opens the account of ``user``: since it is theirs (``phone_since``), and older
        ones proven by number and code.

        For an account with a password none.
        """
        known = user.sign_in == SignIn.PHONE and user.phone_index
        theirs = Q(created_at__gte=user.phone_since) | Q(resident=user.pk)
        return self.filter(theirs, phone_index=user.phone_index) if known else self.none()

    def settled(self, quiet_since: datetime) -> Self:
        """Ended; or answered before ``quiet_since``, and the resident has neither added, nor urged, nor had it taken up
        again since."""
        told = Q(events__verb__in=[Verb.REPLY, Verb.FINISH])
        said = Q(events__verb__in=[Verb.SUPPLEMENT, Verb.URGE, Verb.REOPEN])
        rows = self.annotate(answered_at=Max("events__at", filter=told), said_at=Max("events__at", filter=said))
        heard = Q(said_at__isnull=True) | Q(said_at__lt=F("answered_at"))
        return rows.filter(Q(ended_at__isnull=False) | Q(heard, answered_at__lt=quiet_since))

    def open(self) -> Self:
        """Not yet ended."""
        return self.filter(state__in=OPEN_STATES)

    def pending(self) -> Self:
        """Waiting to be accepted."""
        return self.filter(state=State.PENDING)

    def at_desk_of(self, user: Any) -> Self:
        """At ``user``'s own desk: the community's for its people, the street's for the street's, the leader's."""
        desks = ((Office.COMMUNITY, HANDLERS - STREET_HANDLERS), (Office.STREET, STREET_HANDLERS))
        mine = _to_call_back(user)
        for office, roles in desks:
            if codes := user.areas_of(*roles):
                mine |= Q(within(codes), office=office)
        return self.filter(mine)

    def to_call_back(self, user: Any) -> Self:
        """Waiting for a call by ``user``: the leader, or whoever stands in where a street has none."""
        return self.pending().filter(_to_call_back(user))

    def unanswered(self) -> Self:
        """Accepted, and the resident has had no reply yet."""
        return self.filter(state=State.IN_PROGRESS, first_reply_at__isnull=True)

    def running(self) -> Self:
        """Accepted, unanswered, and the clock runs: nobody waits for more from the resident."""
        return self.unanswered().filter(waiting_since__isnull=True)

    def answered(self) -> Self:
        """The resident has had a reply that named a day for the end, and its clock runs."""
        return self.filter(state=State.IN_PROGRESS, done_by__isnull=False, waiting_since__isnull=True)

    def due_today(self) -> Self:
        """What was promised is due today: the reply, or the end."""
        today = timezone.localdate()
        return self.running().filter(reply_by=today) | self.answered().filter(done_by=today)

    def overdue(self) -> Self:
        """The day that was promised last has passed."""
        today = timezone.localdate()
        return self.running().filter(reply_by__lt=today) | self.answered().filter(done_by__lt=today)

    def at_units_of(self, user: User) -> Self:
        """Those with which a unit has been asked to help for which ``user`` speaks today, suspended or not."""
        seats = apps.get_model("members", "Liaison")._default_manager.active().filter(user_id=user.pk)
        return self.at_units(seats.values("unit"))

    def at_units(self, units: Any) -> Self:
        """Those with which one of ``units`` (keys) has been asked to help, and that it has not answered yet."""
        return self.filter(unit__in=units, state=State.IN_PROGRESS)

    def held_by(self, user: Any) -> Self:
        """In this very person's hands."""
        return self.filter(holder=user)

    def search(self, term: str) -> Self:
        """Needs whose number, words or place contain every word of ``term``."""
        return cast("Self", matching(self, term))

    def in_public_list(self) -> Self:
        """What stands in the public 需求清单: put there by staff, and neither taken back nor refused."""
        return self.filter(listed=True).exclude(state__in=[State.WITHDRAWN, State.NOT_ACCEPTED])


class CategoryQuerySet(LockingQuerySet["Category"]):
    def visible_to(self, user: Any) -> Self:
        return self

    def in_use(self) -> Self:
        return self.filter(is_active=True)


class AnswerQuerySet(LockingQuerySet["Answer"]):
    """Answers have no ``visible_to``: nobody sees single ones beside a need (``needs.services.answers``)."""


class ExtensionQuerySet(LockingQuerySet["Extension"]):
    def visible_to(self, user: Any) -> Self:
        """Requests about needs one sees."""
        codes = seen_areas(user)
        return self.filter(within(codes, area="need__area__code", street="need__street_code")) if codes else self.none()

    def with_decider(self) -> Self:
        """With ``at_community``: whether the community's secretary decides, as ``deciders`` has it; ``at_leader``:
        nobody can but the street's 分管领导; else the street.
        """
        grants = apps.get_model("people", "RoleGrant")._default_manager.active()
        place = ExpressionWrapper(OuterRef("need__area_id"), CharField())
        posts = grants.filter(user__is_active=True).annotate(place=place)
        others = posts.filter(place__startswith=F("area_id")).exclude(user=OuterRef("asked_by"))
        secretary = Exists(others.filter(role=Role.COMMUNITY_SECRETARY))
        near = Q(secretary, need__office=Office.COMMUNITY)
        above = Exists(others.filter(role__in=[Role.SECTION_HEAD, Role.PARTY_OFFICE]))
        return self.annotate(
            at_community=ExpressionWrapper(near, BooleanField()),
            at_leader=ExpressionWrapper(~near & ~Q(above), BooleanField()),
        )


class ErrandQuerySet(LockingQuerySet["Errand"]):
    def visible_to(self, user: Any) -> Self:
        """Staff see the errands of the needs they see; everybody else meets them as offers."""
        codes = seen_areas(user)
        return self.filter(within(codes, area="need__area__code", street="need__street_code")) if codes else self.none()


class WishQuerySet(LockingQuerySet["Wish"]):
    """Wishes as staff and the public see them. What a wish has come to is read from its offer, never stored."""

    def visible_to(self, user: Any) -> Self:
        """Staff see the wishes of their areas, whatever became of them."""
        codes = seen_areas(user)
        return self.filter(within(codes)) if codes else self.none()

    def to_verify(self) -> Self:
        """Registered; nobody has asked the household yet."""
        return self.filter(state=WishState.TO_VERIFY, verified_by__isnull=True)

    def to_approve(self) -> Self:
        """Verified; somebody else is to say yes."""
        return self.filter(state=WishState.TO_VERIFY, verified_by__isnull=False)

    def for_street(self, street_decides: QuerySet[Any]) -> Self:
        """Those that wait for the street's yes or no: by its setting (``street_decides``: codes of such streets), since
        it was verified by the only secretary, or since there is no secretary beside whoever verified.
        """
        grants = apps.get_model("people", "RoleGrant")._default_manager.active()
        place = ExpressionWrapper(OuterRef("area_id"), CharField())
        posts = grants.filter(role__in=APPROVERS[Approver.SECRETARY], user__is_active=True).annotate(place=place)
        others = posts.filter(place__startswith=F("area_id")).exclude(user=OuterRef("verified_by"))
        return self.to_approve().filter(Q(street_code__in=street_decides) | Q(at_street=True) | ~Exists(others))

    def waiting_for(self, user: User, street_decides: QuerySet[Any]) -> Self:
        """Those that ``user`` may approve, as ``needs.permissions.approving_roles`` has it, and did not verify."""
        secretary = within(user.areas_of(*APPROVERS[Approver.SECRETARY])) & ~Q(street_code__in=street_decides)
        waiting = self.to_approve().exclude(verified_by=user)
        above = self.filter(within(user.areas_of(*APPROVERS[Approver.STREET]))).for_street(street_decides)
        return waiting.filter(secretary | Q(pk__in=above.values("pk")))

    def claimable(self) -> Self:
        """待认领: on the wall, in its window, with a share left."""
        now = timezone.now()
        in_time = Q(offer__closes_at__isnull=True) | Q(offer__closes_at__gt=now)
        return self._offered(OfferState.OPEN).filter(in_time, offer__taken__lt=F("offer__shares"))

    def under_way(self) -> Self:
        """圆梦中: somebody has a share in hand that is not done yet."""
        return self.filter(state=WishState.PUBLISHED, offer__taken__gt=F("offer__done"))

    def fulfilled(self) -> Self:
        """已圆梦: what was taken is done, and nothing more can be taken."""
        ended = Q(offer__state=OfferState.CLOSED) | Q(offer__closes_at__lte=timezone.now())
        return self.filter(ended, state=WishState.PUBLISHED, offer__done__gt=0, offer__done=F("offer__taken"))

    def unclaimed(self) -> Self:
        """到期未认领: the window has passed and nobody has it."""
        ended = Q(offer__state=OfferState.CLOSED) | Q(offer__closes_at__lte=timezone.now())
        return self.filter(ended, state=WishState.PUBLISHED, offer__taken=0, offer__done=0)

    def _offered(self, state: str) -> Self:
        return self.filter(state=WishState.PUBLISHED, offer__state=state)


class WishPolicyQuerySet(LockingQuerySet["WishPolicy"]):
    def visible_to(self, user: Any) -> Self:
        codes = seen_areas(user)
        return self.filter(within(codes, area="street__code", street="street_id")) if codes else self.none()

    def approver_of(self, street_code: str) -> str:
        """Who approves there; without a row the community's secretary."""
        found = self.filter(pk=street_code).values_list("approver", flat=True).first()
        return found or Approver.SECRETARY

    def street_decides(self) -> QuerySet[Any, str]:
        """Codes of the streets whose own people approve."""
        return self.filter(approver=Approver.STREET).values_list("pk", flat=True)
