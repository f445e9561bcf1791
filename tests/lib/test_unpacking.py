"""Zips from outside: read as far as they say, and refused if more comes. Beside it, what ``zipfile`` does with them."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest

from alliance.lib import unpacking
from alliance.lib.unpacking import Parts, Unreadable, repacked
from tests.prove.mutants import forged

LARGE = 30_000_000
MEGABYTE = 1024 * 1024


def _zip(method: int = zipfile.ZIP_DEFLATED, **parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return stream.getvalue()


def _used(work: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("part", [b"", b"a", b"0123456789" * 300_000, bytes(range(256)) * 5000, b"\0" * 5_000_000])
def test_what_is_whole_is_read_as_it_is(method: int, part: bytes) -> None:
    parts = Parts(_zip(method, 一=part, b=b"second"), most=2)
    assert [parts.read(entry) for entry in parts.entries] == [part, b"second"]
    again = Parts(repacked((e.filename, parts.read(e)) for e in parts.entries).getvalue(), most=2)
    assert [(entry.filename, again.read(entry)) for entry in again.entries] == [("一", part), ("b", b"second")]


@pytest.mark.parametrize("act", ["read", "check"])
def test_a_part_that_says_less_than_it_holds_is_unpacked_no_further(act: str) -> None:
    parts = Parts(forged(_zip(a=b"a"), "b", b"\0" * LARGE), most=10)

    def work() -> None:
        with pytest.raises(Unreadable):
            getattr(parts, act)(parts.entries[1])

    assert _used(work) < MEGABYTE


def test_the_library_unpacks_it_whole() -> None:
    """The control: without our bound, a hundred bytes are a piece of work."""
    with zipfile.ZipFile(io.BytesIO(forged(_zip(a=b"a"), "b", b"\0" * LARGE))) as archive:
        assert _used(lambda: archive.read("b")) > LARGE


@pytest.mark.parametrize("said", [LARGE - 1, LARGE + 1])
def test_a_part_is_exactly_as_long_as_it_says(said: int) -> None:
    parts = Parts(forged(_zip(a=b"a"), "b", b"\0" * LARGE, said=said), most=10)
    with pytest.raises(Unreadable):
        parts.check(parts.entries[1])


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_of_packing_are_not_read(method: int) -> None:
    parts = Parts(_zip(method, a=b"\0" * LARGE), most=10)

    def work() -> None:
        with pytest.raises(Unreadable):
            parts.read(parts.entries[0])

    assert _used(work) < MEGABYTE


def test_a_large_part_is_checked_in_little_memory() -> None:
    parts = Parts(_zip(a=b"\0" * LARGE), most=10)
    assert _used(lambda: parts.check(parts.entries[0])) < 4 * unpacking.PIECE
    assert _used(lambda: parts.read(parts.entries[0])) > LARGE


def test_a_list_of_very_many_parts_is_not_even_read() -> None:
    content = _zip(**{f"p{number}": b"" for number in range(50)})
    with pytest.raises(Unreadable):
        Parts(content, most=20)
    assert len(Parts(content, most=50).entries) == 50


@pytest.mark.parametrize("place", ["sum", "name", "cut"])
def test_damage_is_seen(place: str) -> None:
    content = _zip(zipfile.ZIP_STORED, aaaa=b"the part as it was")
    changed = {
        "sum": content.replace(b"as it was", b"as it is!"),
        "name": content.replace(b"aaaa", b"bbbb", 1),
        "cut": content.replace(b"the part", b"", 1),
    }[place]
    with pytest.raises(Unreadable):
        parts = Parts(changed, most=5)
        parts.check(parts.entries[0])


def test_what_is_no_zip_is_unreadable() -> None:
    for content in (b"", b"PK\x03\x04", b"PK\x05\x06" + b"\xff" * 18):
        with pytest.raises(Unreadable):
            Parts(content, most=5)
