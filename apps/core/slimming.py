"""A JSON document read piece by piece, without the files in it that are too large to be kept.

1. A file stands in a string of base64, which has neither quotes nor escapes, under a name such as `Content`.
2. Such a string longer than a file may be is left out, and with it as many more as there are beyond what all files may
   come to; an `OMITTED` stands there, by which its reader knows that the file was too large.
3. So much memory is used, and no more: what is kept. A document that is larger without its files is refused.
"""

import base64
from typing import BinaryIO

OMITTED = b"tradewell: this file was too large to be kept"
_OMITTED = base64.b64encode(OMITTED)
_NAMES = {b"content", b"data"}
_CHUNK = 256 * 1024
_SMALL = 4096  # strings up to this are names and words, never counted as files


class TooLarge(Exception):
    """The document is larger than `most`, even without its files."""


def slimmed(stream: BinaryIO, *, largest: int, together: int, most: int) -> bytes:
    """The document without files above `largest` bytes, nor beyond `together` in all; at most `most` bytes of it."""
    return _Slimming(largest * 4 // 3 + 4, together * 4 // 3 + 4, most).run(stream)


class _Slimming:
    def __init__(self, largest: int, together: int, most: int):
        self.largest, self.left, self.most = largest, together, most
        self.kept = bytearray()
        self.string: bytearray | None = None  # the one we are in; None between two
        self.is_dropped = self.is_escaped = False
        self.name = b""

    def run(self, stream: BinaryIO) -> bytes:
        while chunk := stream.read(_CHUNK):
            self._take(chunk)
        if self.string is not None:
            self.kept += b'"' + self.string
        return bytes(self.kept)

    def _take(self, chunk: bytes) -> None:
        at = 0
        while at < len(chunk):
            end = chunk.find(b'"', at)
            if self.string is None:
                self._keep(chunk[at : end if end >= 0 else len(chunk)])
                if end < 0:
                    return
                self.string, self.is_dropped, self.is_escaped = bytearray(), False, False
                at = end + 1
                continue
            piece = chunk[at : end if end >= 0 else len(chunk)]
            self._add(piece)
            at += len(piece) + 1
            if end < 0:
                return
            if self.is_escaped:
                self._add(b'"')
            else:
                self._close()

    def _keep(self, piece: bytes) -> None:
        if len(self.kept) + len(piece) > self.most:
            raise TooLarge
        self.kept += piece

    def _add(self, piece: bytes) -> None:
        """Go on with a string; whether it ends in an escape decides if a quote after it closes it."""
        for byte in reversed(piece):
            if byte != 0x5C:
                self.is_escaped = (len(piece) - len(piece.rstrip(b"\\"))) % 2 == 1
                break
        else:
            self.is_escaped ^= len(piece) % 2 == 1
        if self.is_dropped:
            return
        self.string += piece
        if self._is_file() and len(self.string) > min(self.largest, self.left):
            self.is_dropped, self.string = True, bytearray()
        elif len(self.kept) + len(self.string) > self.most:
            raise TooLarge

    def _is_file(self) -> bool:
        return self.name.lower() in _NAMES and len(self.string) > _SMALL

    def _close(self) -> None:
        if self._is_file() and not self.is_dropped:
            self.left -= len(self.string)
        said = _OMITTED if self.is_dropped else bytes(self.string)
        if len(said) <= 64:
            self.name = said
        self._keep(b'"' + said)
        self.kept += b'"'
        self.string = None
