"""``python -m tests.prove.claimers 200 20``: in a running site, so many claimers with tokens and so many wishes.

Half speak for a unit each, half come in person. Prints one line of JSON: ``{"claimers": [[token, unit], …],
"offers": […]}``.
"""

from __future__ import annotations

import json
import sys

import django


def main(claimers: int, offers: int) -> None:
    django.setup()
    from knox.models import AuthToken

    from members.models import Alliance, Liaison, Membership, MemberUnit
    from members.states import UnitKind
    from people.models import Area, User
    from tests.claims.wishes import COMMUNITY, published_wishes

    street = Area.objects.get(pk=COMMUNITY[:9])
    alliance = Alliance.objects.filter(area=street).earliest("pk")
    people = User.objects.bulk_create(
        User(username=f"r1-{n}", name=f"认领人{n}（演示）", password="!", is_demo=True) for n in range(claimers)
    )
    units = MemberUnit.objects.bulk_create(
        MemberUnit(name=f"第{n}号单位（演示）", kind=UnitKind.SCHOOL, area=street, is_public=n % 4 == 0)
        for n in range(claimers // 2)
    )
    joined, speakers = "2026-01-01", people[: len(units)]
    Membership.objects.bulk_create(Membership(alliance=alliance, unit=unit, joined_on=joined) for unit in units)
    Liaison.objects.bulk_create(
        Liaison(unit=unit, user=user, starts_on=joined) for unit, user in zip(units, speakers, strict=True)
    )
    unit_of = {user.pk: unit.pk for unit, user in zip(units, speakers, strict=True)}
    tokens = [[AuthToken.objects.create(user=user)[1], unit_of.get(user.pk)] for user in people]
    print(json.dumps({"claimers": tokens, "offers": published_wishes(offers)}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
