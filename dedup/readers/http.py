"""HTTP responses as archives keep them: the body of a page, with its transfer and its compression undone, within limits."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from importlib import import_module

_STATUS = re.compile(rb"HTTP/[0-9.]{1,4} +([0-9]{3})")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[^\r\n]{0,1000}\r?\n")
_CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
_LONGEST_HEAD = 1 << 18  # bytes of the headers
_MOST_CODINGS = 4
_PIECE = 1 << 10  # bytes of Brotli that are unpacked together


@dataclass(frozen=True, slots=True)
class Response:
    """A response: its status, its type in lower case, its charset if it names one, and its body as it was sent."""

    status: int
    kind: str
    charset: str | None
    codings: tuple[str, ...]
    body: bytes


def kind_and_charset(content_type: str) -> tuple[str, str | None]:
    """Return the type and the charset of a header ``Content-Type``.

    >>> kind_and_charset('Text/HTML; charset="utf-8"'), kind_and_charset("")
    (('text/html', 'utf-8'), ('', None))
    """
    found = _CHARSET.search(content_type[:1000])
    return content_type[:1000].partition(";")[0].strip().lower(), found[1] if found else None


def parse_response(block: bytes) -> Response | None:
    """Return the response of a block; None if it is none."""
    status = _STATUS.match(block)
    if status is None:
        return None
    ends = [(place, len(mark)) for mark in (b"\r\n\r\n", b"\n\n") if (place := block.find(mark, 0, _LONGEST_HEAD)) >= 0]
    if not ends:
        return Response(int(status[1]), "", None, (), b"")
    place, size = min(ends)
    headers: dict[str, str] = {}
    for line in block[:place].decode("latin-1").split("\n")[1:]:
        name, _, value = line.partition(":")
        headers.setdefault(name.strip().lower(), value.strip())
    kind, charset = kind_and_charset(headers.get("content-type", ""))
    codings = [each.strip().lower() for each in headers.get("content-encoding", "").split(",")]
    transfer = [each.strip().lower() for each in headers.get("transfer-encoding", "").split(",")]
    undone = tuple(each for each in (*reversed(transfer), *reversed(codings)) if each and each != "identity")
    return Response(int(status[1]), kind, charset, undone[:_MOST_CODINGS], block[place + size :])


def body_of(response: Response, limit: int) -> bytes:
    """Return the body as the server meant it. Raises `ValueError` where that is not possible, and for more than ``limit`` bytes.

    Many archives keep headers of a compression that they undid: a body that does not look compressed stays as it is.
    """
    body = response.body
    for coding in response.codings:
        if coding == "chunked":
            body = _joined(body)
        elif coding in ("gzip", "x-gzip"):
            body = _inflated(body, 31, limit) if body.startswith(b"\x1f\x8b") else body
        elif coding == "deflate":
            body = _deflated(body, limit)
        elif coding in ("br", "zstd"):
            body = _unpacked(body, coding, limit)
        else:
            raise ValueError(f"the compression {coding[:20]!r}")
    if len(body) > limit:
        raise ValueError("its size")
    return body


def _joined(body: bytes) -> bytes:
    """Return the data of chunks; a body that is not in chunks as it is."""
    parts: list[bytes] = []
    at = 0
    while found := _CHUNK.match(body, at):
        size = int(found[1], 16)
        if not size:
            return b"".join(parts)
        end = found.end() + size
        parts.append(body[found.end() : end])
        at = end + (2 if body[end : end + 2] == b"\r\n" else 1 if body[end : end + 1] == b"\n" else 0)
        if at <= end and end < len(body):  # no line end behind a chunk: these are no chunks
            return body if len(parts) == 1 else b"".join(parts)
    return b"".join(parts) if parts else body


def _inflated(body: bytes, window: int, limit: int) -> bytes:
    inflater = zlib.decompressobj(window)
    try:
        found = inflater.decompress(body, limit + 1)
    except zlib.error as error:
        raise ValueError("damaged compression") from error
    return found  # one that was cut off is as long as it is


def _deflated(body: bytes, limit: int) -> bytes:
    for window in (15, -15):  # servers send both, see RFC 9110, section 8.4.1.2
        try:
            return _inflated(body, window, limit)
        except ValueError:
            continue
    if b"<" in body[:1000]:
        return body
    raise ValueError("damaged compression")


def _unpacked(body: bytes, coding: str, limit: int) -> bytes:
    if body.lstrip()[:1] == b"<":
        return body
    package = "brotli" if coding == "br" else "zstandard"
    try:
        module = import_module(package)
    except ImportError as error:
        raise ValueError(f"{coding} compression, which needs pip install {package}") from error
    damaged = module.error if coding == "br" else module.ZstdError
    try:
        if coding == "zstd":
            return bytes(module.ZstdDecompressor(max_window_size=1 << 27).stream_reader(body).read(limit + 1))
        unpacker = module.Decompressor()
        found = bytearray()
        for at in range(0, len(body), _PIECE):  # in small pieces, because each may grow
            found += unpacker.process(body[at : at + _PIECE])
            if len(found) > limit:
                break
        return bytes(found)
    except damaged as error:
        raise ValueError("damaged compression") from error
