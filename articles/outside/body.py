"""The bytes of an answer, unpacked, and never more of them than allowed: neither on the wire nor out of a gzip bomb."""

import zlib
from collections.abc import Callable, Iterator

import httpcore

from articles.outside.errors import TooLarge, Unexpected, Unreachable

# Of gzip and zlib, told apart by their first bytes.
_ANY_WRAPPING = zlib.MAX_WBITS | 32
_OVERHEAD = 64_000


def read(response: httpcore.Response, address: str, limit: int) -> bytes:
    """All of the body. Raises `TooLarge`, `Unexpected` for unknown packing and `Unreachable` where it breaks off."""
    declared = header(response, "content-length")
    if declared.isdecimal() and int(declared) > limit + _OVERHEAD:
        raise _too_large(address, limit)
    data = bytearray()
    for piece in _unpacker(header(response, "content-encoding"), address, limit)(_wire(response, address, limit)):
        data += piece
        if len(data) > limit:
            raise _too_large(address, limit)
    return bytes(data)


def header(response: httpcore.Response, name: str) -> str:
    """The value of a header, blank where it is absent."""
    found = (value for key, value in response.headers if key.lower() == name.encode())
    return next(found, b"").decode("latin-1").strip()


def _wire(response: httpcore.Response, address: str, limit: int) -> Iterator[bytes]:
    size = 0
    for chunk in response.iter_stream():
        size += len(chunk)
        if size > limit + _OVERHEAD:
            raise _too_large(address, limit)
        yield chunk


def _unpacker(encoding: str, address: str, limit: int) -> Callable[[Iterator[bytes]], Iterator[bytes]]:
    if encoding.lower() in ("", "identity"):
        return lambda chunks: chunks
    if encoding.lower() in ("gzip", "x-gzip", "deflate"):
        return lambda chunks: _inflated(chunks, address, limit)
    raise Unexpected(f"{address} is packed as {encoding[:40]!r}, which was not asked for and cannot be unpacked.")


def _inflated(chunks: Iterator[bytes], address: str, limit: int) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(_ANY_WRAPPING)
    try:
        for chunk in chunks:
            # One byte more than allowed is enough to know.
            yield unpacker.decompress(chunk, limit + 1)
            if unpacker.unconsumed_tail:
                raise _too_large(address, limit)
    except zlib.error as error:
        raise Unexpected(f"{address} says that it is packed with gzip, and is not.") from error
    if not unpacker.eof or unpacker.unused_data:
        raise Unreachable(f"{address} broke off in the middle of the answer.")


def _too_large(address: str, limit: int) -> TooLarge:
    return TooLarge(f"{address} has more than {limit / 1_000_000:g} MB, the most that is fetched.")
