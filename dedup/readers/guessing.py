"""Encodings that a message does not name: UTF-8, the two of Arabic, or that of western Europe are told by their bytes."""

from __future__ import annotations

_FEW = 0.2  # the share of bytes that are not ASCII, of those that are no spaces, up to which a text is of western Europe
_ALEF = 0xC7  # in windows-1256 and in ISO 8859-6; one in eight letters of Arabic
_ALEFS = 0.05
_ISO = (0xE7, 0xE8, 0xE9, 0xEA)  # heh, waw, alef maksura and yeh in ISO 8859-6, letters of French in windows-1256
_ISOS = 0.08


def guessed_encoding(data: bytes) -> str | None:
    """Return the encoding of a text that names none, None if it is none of these.

    >>> guessed_encoding("café".encode()), guessed_encoding("Le café est fermé".encode("cp1252"))
    ('utf-8', 'cp1252')
    >>> news = "انهار الجسر في بلدة مرسى وقتل أربعة أشخاص يوم الاثنين كما قالت الشرطة هناك"
    >>> guessed_encoding(news.encode("cp1256")), guessed_encoding(news.encode("iso8859-6"))
    ('cp1256', 'iso8859-6')
    >>> guessed_encoding("Мост обрушился".encode("cp1251"))
    """
    try:
        data.decode()
    except UnicodeDecodeError:
        pass
    else:
        return "utf-8"
    high = [byte for byte in data if byte > 127]
    if len(high) <= _FEW * len(b"".join(data.split())):
        return "cp1252"
    if high.count(_ALEF) < _ALEFS * len(high):
        return None
    return "iso8859-6" if sum(map(high.count, _ISO)) > _ISOS * len(high) else "cp1256"
