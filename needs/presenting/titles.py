"""What the subjects of limits and dues are about, in a sentence."""

from __future__ import annotations

from collections.abc import Iterable

from needs.models import Errand, Extension, ListRound, Need, Wish
from people.models import User

KINDS = ("need", "extension", "errand", "errand_claim", "wish", "wish_claim", "offer", "claim")


def titles(user: User, subjects: Iterable[str]) -> dict[str, str]:
    """By subject (``need:7``, ``wish:7`` … as ``KINDS``), as far as ``user`` sees need or wish: one statement for each
    kind of subject.
    """
    keys: dict[str, list[int]] = {kind: [] for kind in KINDS}
    for subject in subjects:
        kind, _colon, key = subject.partition(":")
        if kind in keys and key.isdigit():
            keys[kind].append(int(key))
    mine = Need.objects.visible_to(user)
    found: dict[str, str] = {}
    if keys["need"]:
        rows = mine.filter(pk__in=keys["need"]).values_list("pk", "title")
        found |= {f"need:{pk}": title for pk, title in rows}
    if keys["extension"]:
        asked = Extension.objects.filter(pk__in=keys["extension"], need__in=mine).values_list("pk", "need__title")
        found |= {f"extension:{pk}": title for pk, title in asked}
    if keys["errand"]:
        errands = Errand.objects.filter(pk__in=keys["errand"], need__in=mine).values_list("pk", "what")
        found |= {f"errand:{pk}": what for pk, what in errands}
    wishes = Wish.objects.visible_to(user)
    if keys["wish"]:
        found |= {f"wish:{pk}": item for pk, item in wishes.filter(pk__in=keys["wish"]).values_list("pk", "item")}
    if keys["wish_claim"]:
        brought = wishes.filter(offer__claims__in=keys["wish_claim"]).values_list("offer__claims", "item")
        found |= {f"wish_claim:{pk}": item for pk, item in brought}
    runs = Errand.objects.filter(need__in=mine)
    for kind, path in (("offer", "offer"), ("claim", "offer__claims"), ("errand_claim", "offer__claims")):
        if keys[kind]:
            wanted = {f"{path}__in": keys[kind]}
            run = runs.filter(**wanted).order_by().values_list(path, "what")
            both = run.union(wishes.filter(**wanted).order_by().values_list(path, "item"), all=True)
            found |= {f"{kind}:{pk}": title for pk, title in both}
    return found


def titles_by_number(user: User, numbers: Iterable[str]) -> dict[str, str]:
    """What the needs, wishes and errands of these numbers are about, as far as ``user`` sees them."""
    asked, mine = sorted(set(numbers)), Need.objects.visible_to(user)
    needs = mine.filter(number__in=asked).order_by().values_list("number", "title")
    errands = (
        Errand.objects.filter(need__in=mine, offer__label__in=asked).order_by().values_list("offer__label", "what")
    )
    wishes = Wish.objects.visible_to(user).filter(number__in=asked).order_by().values_list("number", "item")
    return dict(needs.union(wishes, errands, all=True)) if asked else {}


def round_titles(user: User, subjects: Iterable[str]) -> dict[str, str]:
    """By subject (``lists:7``): the name of the round, as far as ``user`` reads it."""
    keys = [
        int(key) for kind, _colon, key in (one.partition(":") for one in subjects) if kind == "lists" and key.isdigit()
    ]
    rows = ListRound.objects.visible_to(user).filter(pk__in=keys) if keys else ListRound.objects.none()
    return {f"lists:{pk}": title for pk, title in rows.values_list("pk", "title")}
