"""The quick start's broker: who looks while a message is being written finds none, and then all of it."""

from __future__ import annotations

from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu import Connection
from kombu.transport import filesystem

from alliance import spool
from alliance.celery import app


class Looked:
    """A part of a message that, while it is being written, has somebody look for messages."""

    def __init__(self, reader: Any) -> None:
        self.reader, self.found = reader, ""

    def __json__(self) -> str:
        try:
            self.reader._get("celery")
        except Empty:
            self.found = "nothing"
        except ValueError:
            self.found = "half a message"
        return "whole"


@pytest.mark.parametrize(
    ("transport", "found", "then"),
    [(spool.Transport, "nothing", ["whole"]), (filesystem.Transport, "half a message", [])],
)
def test_who_looks_meanwhile_finds_no_half_message(tmp_path: Path, transport: Any, found: str, then: list[str]) -> None:
    """With kombu's own, the control, the message is broken and gone."""
    folders = dict.fromkeys(("data_folder_in", "data_folder_out"), str(tmp_path))
    with Connection(transport=transport, transport_options={**folders, "control_folder": str(tmp_path)}) as broker:
        writer: Any = broker.channel()
        reader: Any = broker.channel()
        looked = Looked(reader)
        writer._put("celery", {"task": looked})
        assert looked.found == found
        read = []
        while True:
            try:
                read.append(reader._get("celery")["task"])
            except Empty:
                break
        assert read == then
        assert [path.name for path in tmp_path.iterdir() if "celery" in path.name] == []


def test_the_product_writes_so() -> None:
    with app.connection_for_write("filesystem://localhost/") as broker:
        assert type(broker.transport) is spool.Transport
