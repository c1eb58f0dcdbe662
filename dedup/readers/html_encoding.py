"""The encoding of a page: its byte order mark, the option, the server, the page itself, else UTF-8 or what its bytes look like.

Source: WHATWG HTML, section 13.2.3.2, and Encoding, which says what labels mean.
"""

from __future__ import annotations

import codecs
import re

from .lines import check_encoding
from .mail_text import codec_of
from .xml_encoding import is_utf8

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_HEAD = 8192  # bytes in which a page says its encoding
_DECLARED = re.compile(
    rb"""<(?:meta\s[^>]{0,400}?charset|\?xml\s[^>]{0,200}?encoding)\s*=\s*["']?\s*([A-Za-z][A-Za-z0-9._:-]{1,40})""", re.IGNORECASE
)
_LANGUAGE = re.compile(rb"""<html\s[^>]{0,400}?lang\s*=\s*["']?([A-Za-z]{2,3})""", re.IGNORECASE)
_MEANT = {"ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932",
          "euc_kr": "cp949", "tis-620": "cp874", "iso8859-6": "iso8859-6"}  # fmt: skip
_LANGUAGES = {
    "cp1256": "ar fa ur ku ps", "cp1251": "ru uk bg sr be mk", "cp1254": "tr az", "cp1250": "pl cs hu ro sk hr sl", "cp1253": "el",
    "cp1255": "he",
}  # fmt: skip
_OF_LANGUAGE = {language.encode(): encoding for encoding, languages in _LANGUAGES.items() for language in languages.split()}
_RUN = re.compile(rb"[\x80-\xff]{3,}")
_HIGH = re.compile(rb"[\x80-\xff]")
_WRONG = re.compile("[\udc80-\udcff]")
_FEW_WRONG = 0.05  # share of such bytes that may be wrong in UTF-8
_MANY = 0.5  # share of bytes beyond ASCII that stand together, from which on they are words of another script, not accents


def decode_page(data: bytes, option: str, charset: str | None = None) -> tuple[str, str | None]:
    """Return the text of a page, and what is to be said about its encoding.

    ``option`` is the encoding that the user named, UTF-8 if none; ``charset`` is the one that the server or the mail named.

    >>> decode_page("<meta charset=windows-1256>خبر".encode("windows-1256"), "utf-8")
    ('<meta charset=windows-1256>خبر', None)
    >>> decode_page("<html lang=ar>خبر عاجل".encode("windows-1256"), "utf-8")
    ('<html lang=ar>خبر عاجل', 'it does not say its encoding; it was read as cp1256; name another one with --encoding')
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace"), None
    chosen = check_encoding(option).name
    if chosen != "utf-8":
        return data.decode(chosen, "replace"), None
    found = _DECLARED.search(data[:_HEAD])
    for name in (charset, found[1].decode() if found else None):
        codec = codec_of(name) if name else None
        if codec and not codec.startswith(("utf-16", "utf-32", "utf-8")) and not is_utf8(data):
            return data.decode(_MEANT.get(codec, codec), "replace"), None
    try:
        return data.decode("utf-8"), None
    except UnicodeDecodeError:
        if len(_WRONG.findall(data.decode("utf-8", "surrogateescape"))) <= _FEW_WRONG * len(_HIGH.findall(data)):
            return data.decode("utf-8", "replace"), "some of its bytes are not UTF-8, and were replaced"
    guess = _guess(data)
    return data.decode(guess, "replace"), f"it does not say its encoding; it was read as {guess}; name another one with --encoding"


def _guess(data: bytes) -> str:
    """Return the encoding of Windows that a page is in, by its language, or by how its bytes stand together."""
    language = _LANGUAGE.search(data[:_HEAD])
    if language and language[1].lower() in _OF_LANGUAGE:
        return _OF_LANGUAGE[language[1].lower()]
    together = sum(map(len, _RUN.findall(data)))
    return "cp1256" if together > _MANY * len(_HIGH.findall(data)) else "cp1252"
