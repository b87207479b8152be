"""Read the body of an answer with a lid on: so many bytes packed, so many unpacked, few large at once."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterable

_GZIP_MAGIC = b"\x1f\x8b"
_LARGE = 2 * 1024 * 1024


class UnfitError(Exception):
    """An answer, or the way to it, that the guard does not accept."""


class TooLargeError(UnfitError):
    """The body exceeds the limit in bytes that is the argument."""


class DamagedError(UnfitError):
    """The gzip stream is broken or unfinished."""


class OddEncodingError(UnfitError):
    """The body came in an encoding that was not asked for; the argument is its name."""


class Gunzip:
    """Incremental gzip (RFC 1952), one member or several, that makes no more than there is room for."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(wbits=31)

    def __call__(self, packed: bytes, room: int) -> bytes:
        """Return what ``packed`` adds, one byte more than ``room`` at most; raises zlib.error."""
        made = bytearray()
        while packed and len(made) <= room:
            if self._stream.eof:
                if packed[0] != _GZIP_MAGIC[0]:
                    break  # padding after the last member
                self._stream = zlib.decompressobj(wbits=31)
            made += self._stream.decompress(packed, room + 1 - len(made))
            packed = self._stream.unused_data
        return bytes(made)

    @property
    def finished(self) -> bool:
        """Whether the last member is complete."""
        return self._stream.eof


class BodyReader:
    """Reads one body at a time under the limits; few may be large at once, so that memory stays bounded."""

    def __init__(self, packed_limit: int, unpacked_limit: int, large_at_once: int = 16) -> None:
        self._packed_limit = packed_limit
        self._unpacked_limit = unpacked_limit
        self._large = asyncio.Semaphore(large_at_once)

    async def read(self, chunks: AsyncIterable[bytes], length: str, encoding: str) -> bytes:
        """Return the unpacked body; ``length`` and ``encoding`` are the two headers, "" when missing.

        Raises TooLargeError, before reading when the length already says so, DamagedError, OddEncodingError.
        """
        if length.isdigit() and int(length[:20]) > self._packed_limit:
            raise TooLargeError(self._packed_limit)
        if encoding.strip().lower() not in ("", "identity", "gzip", "x-gzip"):
            raise OddEncodingError(encoding)
        lid = _Lid(self._large)
        try:
            return await self._collect(chunks, lid)
        except zlib.error as error:
            raise DamagedError(str(error)) from error
        finally:
            lid.release()

    async def _collect(self, chunks: AsyncIterable[bytes], lid: _Lid) -> bytes:
        """Whether it is gzip is told by two bytes that no feed starts with: servers get the header wrong."""
        body = bytearray()
        packed = 0
        gunzip: Gunzip | None = None
        async for chunk in chunks:
            packed += len(chunk)
            if packed > self._packed_limit:
                raise TooLargeError(self._packed_limit)
            if gunzip is not None:
                body += gunzip(chunk, self._unpacked_limit - len(body))
            else:
                body += chunk
                if body.startswith(_GZIP_MAGIC):
                    gunzip = Gunzip()
                    body = bytearray(gunzip(bytes(body), self._unpacked_limit))
            if len(body) > self._unpacked_limit:
                raise TooLargeError(self._unpacked_limit)
            await lid.lift(len(body))
        if gunzip is not None and not gunzip.finished:
            raise DamagedError("the end is missing")
        return bytes(body)


class _Lid:
    """One body's place among the large ones, taken when it has grown so far."""

    def __init__(self, large: asyncio.Semaphore) -> None:
        self._large = large
        self._held = False

    async def lift(self, size: int) -> None:
        if size > _LARGE and not self._held:
            self._held = await self._large.acquire()

    def release(self) -> None:
        if self._held:
            self._large.release()
