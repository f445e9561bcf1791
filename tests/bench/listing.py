"""Bar: the first page of the staff's list over HTTP."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator

from tests.bench.bars import Bar, interleaved
from tests.bench.web import PRODUCT, Client, serving

STREET, WORKER = "330109001", "zhoumin"
REQUESTS, NAIVE_REQUESTS = 300, 8
OF_BARE, OF_NAIVE = 0.40, 10.0


def bars() -> Iterator[Bar]:
    """Against bare SQL behind the same server, and against a first draft with the same sign-in and middleware."""
    from knox.models import AuthToken

    from people.models import User

    token = AuthToken.objects.create(user=User.objects.get(username=WORKER))[1]
    sign_in = f"Authorization: Token {token}\r\n"
    with contextlib.ExitStack() as stack:
        product = Client(stack.enter_context(serving(PRODUCT)), "/api/v1/needs/", sign_in)
        bare_port = stack.enter_context(serving("tests.bench.bare:application", BENCH_STREET=STREET))
        bare = Client(bare_port, "/")
        naive_port = stack.enter_context(serving(PRODUCT, DJANGO_SETTINGS_MODULE="tests.bench.naive_settings"))
        naive = Client(naive_port, "/naive/", sign_in)
        same_rows(product, bare, naive)
        medians = interleaved(
            {
                "list product": (product.must_get, REQUESTS),
                "list bare SQL": (bare.must_get, REQUESTS),
                "list naive DRF": (naive.must_get, NAIVE_REQUESTS),
            }
        )
    yield Bar("list/bare", medians["list bare SQL"] / medians["list product"], OF_BARE)
    yield Bar("list/naive", medians["list naive DRF"] / medians["list product"], OF_NAIVE)


def same_rows(product: Client, bare: Client, naive: Client) -> None:
    """A fast answer counts only if it is the same answer."""
    ours = json.loads(product.must_get())["results"]
    theirs = json.loads(bare.must_get())
    plain = json.loads(naive.must_get())["results"]
    assert len(ours) == 25
    assert [sorted(row) for row in ours] == [sorted(row) for row in theirs]
    for names in ("id", "number", "title", "area_name", "place", "state", "category", "holder", "reply_by", "done_by"):
        assert [row[names] for row in ours] == [row[names] for row in theirs], names
    assert [row["id"] for row in ours] == [row["id"] for row in plain]
