"""The encoding of XML: its bytes become text, by the byte order mark, the declaration or the option, before it is parsed."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from ..errors import InputError
from .lines import Stream, check_encoding, wrong_encoding
from .options import Reading
from .said import say

_STEP = 1 << 17  # bytes that are decoded together
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE = ((b"<\0\0\0", "utf-32-le"), (b"\0\0\0<", "utf-32-be"), (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_DECLARED = re.compile(rb"""\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z][A-Za-z0-9._:-]{0,40})["']""")
# What programs mean that name these encodings: the larger ones of Windows, as browsers read them (https://encoding.spec.whatwg.org/#names-and-labels).
_MEANT = {"iso8859-1": "latin-1", "ascii": "latin-1", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "tis-620": "cp874"}
_OF_ONE_BYTE = frozenset(
    (*(f"cp125{digit}" for digit in range(9)), *(f"iso8859-{number}" for number in range(1, 17)), "koi8-r", "mac-roman")
)
_CONTROLS = re.compile("[\x80-\x9f]")
_WINDOWS = {code: bytes([code]).decode("cp1252", "ignore") or chr(code) for code in range(0x80, 0xA0)}
_WRONG = re.compile("[\udc80-\udcff]")
_RUN = re.compile("[^\0-\x7f]{3,}")
_FEW = 0.3  # share of wrong bytes in words of such bytes alone, from which on they are another encoding: accents stand between letters


def encoding_of(start: bytes, path: str, reading: Reading) -> str:
    """Return the encoding of XML that begins with these bytes: that of the mark, the option, or the declaration; else UTF-8.

    >>> encoding_of(b'<?xml version="1.0" encoding="windows-1256"?>', "a.xml", Reading())
    'windows-1256'
    """
    for mark, encoding in (*_MARKS, *_WIDE):
        if start.startswith(mark):
            return encoding
    if reading.encoding.lower().replace("_", "-") not in ("utf-8", "utf8"):
        return reading.encoding
    declared = _DECLARED.match(start)
    encoding = declared[1].decode() if declared else "utf-8"
    try:
        found = check_encoding(encoding).name
    except InputError as error:
        raise InputError(error.what, path=path, line=1, hint="name the right one with --encoding, for example windows-1256") from error
    # A declaration that was read as ASCII is not in UTF-16.
    return "utf-8" if found.startswith(("utf-16", "utf-32")) else encoding


def without_controls(text: str) -> str:
    """Return a text with what windows-1252 has in place of control characters, which no text means.

    >>> without_controls("don\\x92t")
    'don\u2019t'
    """
    return text.translate(_WINDOWS) if _CONTROLS.search(text) else text


def is_utf8(data: bytes) -> bool:
    """Tell whether bytes are UTF-8 with some characters that are no ASCII. The last character may be cut off.

    >>> is_utf8("café".encode()), is_utf8("café".encode("latin-1")), is_utf8(b"cafe")
    (True, False, False)
    """
    try:
        return not codecs.getincrementaldecoder("utf-8")("strict").decode(data, False).isascii()
    except UnicodeDecodeError:
        return False


def characters(stream: Stream, path: str, reading: Reading, mend: bool) -> Iterator[str]:
    """Yield the text of XML in pieces, without its byte order mark.

    If ``mend``, single bytes that are wrong are read as windows-1252, which is said. Raises `InputError` with the line of a wrong byte, and
    if most of the text is in another encoding.
    """
    encoding = encoding_of(stream.peek(1024)[:1024], path, reading)
    codec = check_encoding(encoding)
    latin = _MEANT.get(codec.name, encoding) == "latin-1"
    found = codecs.lookup(_MEANT.get(codec.name, encoding)).incrementaldecoder
    assert found is not None  # check_encoding
    decoder = found("strict")
    line, at, first = 1, 0, True
    unsure = encoding.lower() in _OF_ONE_BYTE or codec.name in _OF_ONE_BYTE or latin
    while True:
        data = stream.read(_STEP)
        if unsure and not data.isascii():
            unsure = False
            if is_utf8(data):
                say(path, f"the file says that it is {encoding}, but it is UTF-8, and was read so")
                latin, decoder = False, codecs.getincrementaldecoder("utf-8")("strict")
        state = decoder.getstate()
        try:
            text = decoder.decode(data, not data)
        except UnicodeError as error:
            held = state[0]
            start = max(getattr(error, "start", 0) - len(held), 0)
            where = line + data.count(b"\n", 0, start)
            if not mend or not encoding.lower().startswith("utf"):
                raise wrong_encoding(encoding, at + start, path, where) from error
            text, decoder = _mended(held + data, encoding, path, where), found("strict")
        at += len(data)
        line += text.count("\n")
        text = without_controls(text) if latin else text
        if first:
            text, first = text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}"), not text and bool(data)
        yield text
        if not data:
            return


def _mended(data: bytes, encoding: str, path: str, line: int) -> str:
    """Return the text of bytes of which some are wrong. Raises `InputError` if many are: then the encoding is another one."""
    text = data.decode(encoding, "surrogateescape" if encoding.lower().replace("_", "-") in ("utf-8", "utf8") else "replace")
    wrong = len(_WRONG.findall(text))
    if sum(len(run) for run in _RUN.findall(text) if _WRONG.search(run)) > _FEW * wrong:
        what = f"not {encoding}, though it says so or says nothing"
        raise InputError(what, path=path, line=line, hint="name the right one with --encoding, for example windows-1256")
    say(path, f"line {line}: bytes that are not {encoding}; they were read as windows-1252; name another one with --encoding")
    return "".join(_WINDOWS.get(ord(char) - 0xDC00, chr(ord(char) - 0xDC00)) if "\udc80" <= char <= "\udcff" else char for char in text)
