"""Zip archives that workbooks are, unpacked part by part and never further than they may."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING

from esser_gap.read.refusals import DamagedError, needs_password, unpacks_too_large
from esser_gap.read.tags import root_prefix

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

MAX_UNPACKED = 2**31
"""Bytes that all parts may take: a full sheet of 40 columns takes about 1.5 GB."""
MAX_RATIO = 400
"""A part may unpack to so many times its size. Sheets with the same in every row reach 165, zip bombs 1,000."""
_ALWAYS_FINE = 2**22
"""A part may unpack to so many bytes, however small it was."""
_LONGEST_PIECE = 2**26
_ENCRYPTED = 1
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_STEP = 2**15


class Archive:
    """A zip archive.

    Parts are found as the reader of workbooks finds them: capital letters and backslashes do not matter.
    """

    def __init__(self, path: Path, content: bytes) -> None:
        """List the parts.

        Args:
            path: The file, for refusals.
            content: Its bytes.

        Raises:
            InputError: When it would take too much memory.
            DamagedError: When it is no archive, a part of it is missing, or two parts have one name.
        """
        self._path, self._content = path, content
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                entries = archive.infolist()
        except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error) as problem:
            raise DamagedError from problem
        self._entries = {_plain(entry.filename): entry for entry in entries}
        if len(self._entries) != len(entries):
            raise DamagedError
        self._check(sum(entry.file_size for entry in entries), len(content))

    def __contains__(self, name: str) -> bool:
        return _plain(name) in self._entries

    @property
    def names(self) -> tuple[str, ...]:
        """Give the names of all parts, as the archive spells them."""
        return tuple(entry.filename for entry in self._entries.values())

    def chunks(self, name: str) -> Iterator[bytes]:
        """Unpack a part bit by bit.

        Args:
            name: Name of a part that there is.

        Raises:
            InputError: When it needs a password, or would take too much memory.
            DamagedError: When it is not what the archive says of it.
        """
        entry = self._entries[_plain(name)]
        if entry.flag_bits & _ENCRYPTED:
            raise needs_password(self._path)
        self._check(entry.file_size, entry.compress_size)
        size = crc = 0
        for chunk in _unpacked(self._packed(entry), entry.compress_type):
            size, crc = size + len(chunk), zlib.crc32(chunk, crc)
            if size > entry.file_size:
                raise DamagedError
            yield chunk
        if (size, crc) != (entry.file_size, entry.CRC):
            raise DamagedError

    def read(self, name: str) -> bytes:
        """Unpack a part whole (see `chunks`)."""
        return b"".join(self.chunks(name))

    def read_xml(self, name: str) -> bytes:
        """Unpack a part that is XML (see `chunks`); one that declares entities is taken as damaged."""
        xml = self.read(name)
        if root_prefix(xml) is None:
            raise DamagedError
        return xml

    def copy_with(self, parts: Mapping[str, bytes], endings: tuple[str, ...]) -> bytes:
        """Pack the archive again with other contents of some parts, and only with the parts of some endings."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for name in self._entries:
                if name.endswith(endings):
                    archive.writestr(name, parts[name] if name in parts else self.read(name))
        return packed.getvalue()

    def _packed(self, entry: zipfile.ZipInfo) -> memoryview:
        header = self._content[entry.header_offset : entry.header_offset + _LOCAL_HEADER.size]
        if len(header) < _LOCAL_HEADER.size:
            raise DamagedError
        mark, name_length, extra_length = _LOCAL_HEADER.unpack(header)
        start = entry.header_offset + _LOCAL_HEADER.size + name_length + extra_length
        packed = memoryview(self._content)[start : start + entry.compress_size]
        if mark != b"PK\x03\x04" or len(packed) < entry.compress_size:
            raise DamagedError
        return packed

    def _check(self, unpacked: int, packed: int) -> None:
        if unpacked > MAX_UNPACKED or (unpacked > _ALWAYS_FINE and unpacked > MAX_RATIO * packed):
            raise unpacks_too_large(self._path, packed, unpacked)


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").casefold()


def _unpacked(packed: memoryview, method: int) -> Iterator[bytes]:
    """Unpack in steps, small enough that what comes out stays near the processor while it is looked at."""
    steps = (packed[place : place + _STEP] for place in range(0, len(packed), _STEP))
    if method == zipfile.ZIP_STORED:
        yield from map(bytes, steps)
        return
    if method != zipfile.ZIP_DEFLATED:
        raise DamagedError
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        yield from map(unpacker.decompress, steps)
    except zlib.error as problem:
        raise DamagedError from problem


def cut_before(mark: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Join chunks and cut them anew, so that every piece but the first starts with a mark.

    Args:
        mark: Where to cut, such as `<row`; not every place is a cut.
        chunks: Consecutive bytes.

    Raises:
        DamagedError: When the mark does not come for so long that memory would fill.
    """
    held = b""
    for chunk in chunks:
        searched = max(0, len(held) - len(mark))
        held += chunk
        place = held.rfind(mark, searched)
        if place > 0:
            yield held[:place]
            held = held[place:]
        elif len(held) > _LONGEST_PIECE:
            raise DamagedError
    yield held
