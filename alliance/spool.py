"""The quick start's broker: a folder of messages, in which a message appears whole or not at all.

kombu's own writes a file that readers find at once, and who looks in between takes half a message: it breaks the
worker's turn, and the message is lost.
"""

from __future__ import annotations

from pathlib import Path
from time import monotonic
from typing import Any
from uuid import uuid4

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.encoding import str_to_bytes
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        """Write under a name no queue looks for, then give the message its name, as one step."""
        name = f"{round(monotonic() * 1000)}_{uuid4()}.{queue}.msg"
        begun, whole = (Path(self.data_folder_out, one) for one in (f".{name}.part", name))
        try:
            begun.write_bytes(str_to_bytes(dumps(payload)))
            begun.replace(whole)
        except OSError as error:
            raise ChannelError(f"Cannot add file {str(whole)!r} to directory") from error


class Transport(filesystem.Transport):
    Channel = Channel
