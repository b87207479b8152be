"""Messages between the program and its index writer: JSON with its length in four bytes before it."""

from __future__ import annotations

import json
import struct
from typing import Any, BinaryIO

_LENGTH = struct.Struct("!I")


def write_frame(stream: BinaryIO, message: Any) -> None:
    """Send one message; raises OSError when nobody listens."""
    payload = json.dumps(message, separators=(",", ":")).encode()
    stream.write(_LENGTH.pack(len(payload)) + payload)
    stream.flush()


def read_frame(stream: BinaryIO) -> Any | None:
    """Return the next message, None when the stream has ended, in the middle of one too."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    payload = stream.read(_LENGTH.unpack(head)[0])
    return json.loads(payload) if len(payload) == _LENGTH.unpack(head)[0] else None
