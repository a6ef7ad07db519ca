"""Windows compound files, which are a file system in a file: their streams."""

from __future__ import annotations

import struct

from esser_gap.read.refusals import DamagedError

_DIRECTORY_START, _SMALL_START, _MORE_TABLES = 48, 60, 68
_TABLES = slice(76, 512)
_SMALL = 4_096
"""Streams with fewer bytes are kept in a stream of their own, in sectors of 64 bytes."""
_SMALL_SECTOR = 64
_ENTRY = 128
_LAST = 0xFFFFFFFA
"""Numbers of sectors from here on mean something else: the end, or no sector."""


class CompoundFile:
    """A compound file."""

    def __init__(self, content: bytes) -> None:
        """List the streams.

        Args:
            content: Bytes of the file.

        Raises:
            DamagedError: When a part is missing.
        """
        self._content = content
        try:
            self._sector = 1 << struct.unpack_from("<H", content, 30)[0]
            self._next = self._table()
            start, small_start = _number(content, _DIRECTORY_START), _number(content, _SMALL_START)
            directory = self._chain(start)
            self._next_small = _numbers(self._chain(small_start))
            entries = [directory[place : place + _ENTRY] for place in range(0, len(directory), _ENTRY)]
            self._streams = {_name(entry): (_number(entry, 116), _number(entry, 120)) for entry in entries}
            self._small = self._chain(_number(entries[0], 116))
        except (struct.error, IndexError, ValueError) as problem:
            raise DamagedError from problem

    def __contains__(self, name: str) -> bool:
        return name in self._streams

    def read(self, name: str) -> bytes:
        """Read a stream that there is.

        Raises:
            DamagedError: When a part of it is missing.
        """
        start, size = self._streams[name]
        stream = self._small_chain(start) if size < _SMALL else self._chain(start)
        if len(stream) < size:
            raise DamagedError
        return stream[:size]

    def _table(self) -> list[int]:
        """Read for each sector which one is next."""
        places = list(_numbers(self._content[_TABLES]))
        more = _number(self._content, _MORE_TABLES)
        seen = set()
        while more < _LAST and more not in seen:
            seen.add(more)
            *further, more = _numbers(self._at(more))
            places += further
        return [following for place in places if place < _LAST for following in _numbers(self._at(place))]

    def _at(self, sector: int) -> bytes:
        start = (sector + 1) * self._sector
        return self._content[start : start + self._sector]

    def _chain(self, sector: int) -> bytes:
        return b"".join(map(self._at, _followed(sector, self._next)))

    def _small_chain(self, sector: int) -> bytes:
        starts = (place * _SMALL_SECTOR for place in _followed(sector, self._next_small))
        return b"".join(self._small[start : start + _SMALL_SECTOR] for start in starts)


def _followed(sector: int, following: list[int]) -> list[int]:
    chain: list[int] = []
    while sector < _LAST:
        if sector >= len(following) or len(chain) > len(following):
            raise DamagedError
        chain.append(sector)
        sector = following[sector]
    return chain


def _name(entry: bytes) -> str:
    length = struct.unpack_from("<H", entry, 64)[0]
    return entry[: max(0, length - 2)].decode("utf-16-le", errors="replace")


def _number(content: bytes, place: int) -> int:
    number: int = struct.unpack_from("<I", content, place)[0]
    return number


def _numbers(content: bytes) -> list[int]:
    whole = len(content) // 4
    return list(struct.unpack(f"<{whole}I", content[: 4 * whole]))
