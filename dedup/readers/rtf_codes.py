"""The words of RTF: which stand for a character, which begin what is no text, and the code pages of fonts."""

from __future__ import annotations

import codecs

SYMBOL = "symbol"
"""The code page of fonts of signs: their bytes are no letters."""
CODE_PAGES = {
    2: SYMBOL, 77: "mac_roman", 78: "cp932", 79: "cp949", 80: "gb2312", 81: "big5", 83: "mac_hebrew", 84: "mac_arabic", 85: "mac_greek",
    86: "mac_turkish", 88: "mac_latin2", 89: "mac_cyrillic", 128: "cp932", 129: "cp949", 130: "johab", 134: "gb18030", 136: "cp950",
    161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 179: "cp1256", 180: "cp1256", 181: "cp1255", 186: "cp1257",
    204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
"""The code page of a font by its ``\\\\fcharset``."""
CODECS = {65001: "utf-8", 10000: "mac_roman", 10004: "mac_arabic", 708: "iso8859-6", 709: "iso8859-6", 1361: "johab"}
"""The codecs of code pages, where they are not called ``cp`` and the number."""
CHARACTERS = {
    "tab": "\t", "line": "\n", "softline": "\n", "lbr": "\n", "emdash": "\N{EM DASH}", "endash": "\N{EN DASH}", "emspace": " ",
    "enspace": " ", "qmspace": " ", "bullet": "\N{BULLET}", "lquote": "\N{LEFT SINGLE QUOTATION MARK}",
    "rquote": "\N{RIGHT SINGLE QUOTATION MARK}", "ldblquote": "\N{LEFT DOUBLE QUOTATION MARK}",
    "rdblquote": "\N{RIGHT DOUBLE QUOTATION MARK}", "ltrmark": "\N{LEFT-TO-RIGHT MARK}", "rtlmark": "\N{RIGHT-TO-LEFT MARK}",
    "zwj": "\N{ZERO WIDTH JOINER}", "zwnj": "\N{ZERO WIDTH NON-JOINER}", "zwbo": "\N{ZERO WIDTH SPACE}", "zwnbo": "\N{WORD JOINER}",
}  # fmt: skip
LEFT_OUT = {
    "footnote": "footnote", "annotation": "comment", "header": "header", "headerl": "header", "headerr": "header", "headerf": "header",
    "footer": "footer", "footerl": "footer", "footerr": "footer", "footerf": "footer",
}  # fmt: skip
"""The destinations that are texts, but not part of the story, and what they are called."""
SKIPPED = {
    "colortbl", "stylesheet", "pict", "nonshppict", "shprslt", "sp", "objdata", "objclass", "objname", "ftnsep", "ftnsepc", "ftncn",
    "aftnsep", "aftnsepc", "aftncn", "xe", "tc", "tcn", "rxe", "txe", "nonesttables", "author", "operator", "subject", "keywords",
    "comment", "doccomm", "hlinkbase", "company", "manager", "category", "printim", "buptim", "nextfile", "template", "private",
    "fldinst", "pnseclvl", "bkmkstart", "bkmkend", "atnid", "atnauthor", "atndate", "atnref", "atrfstart", "atrfend", "listtable",
    "listoverridetable", "list", "listlevel", "leveltext", "levelnumbers", "listname", "revtbl", "rsidtbl", "generator", "mmathPr",
    "themedata", "colorschememapping", "datastore", "latentstyles", "xmlnstbl", "filetbl", "pgptbl", "fontemb", "falt", "panose",
    "passwordhash", "datafield", "formfield",
}  # fmt: skip
"""The destinations whose content is no text."""
SHOWN = {"shpinst", "shptxt", "do", "dptxbxtext", "nesttableprops", "ud", "shpgrp", "moMath", "fonttbl"}
"""The destinations marked as unknown to old programs, whose content is text nevertheless."""


def character(number: int | bytes) -> str:
    """Return the character of a number of 16 bits, which may be negative, or of one that is larger."""
    number = int(number)
    return chr(number & 0xFFFF) if number < 0x10000 else chr(number) if number < 0x110000 else "\N{REPLACEMENT CHARACTER}"


def codec(number: int) -> str:
    """Return the codec of a code page of Windows, that of western Europe if Python has none for it."""
    try:
        return codecs.lookup(CODECS.get(number, f"cp{number}")).name
    except LookupError:
        return "cp1252"


def has_utf8(data: bytes) -> bool:
    """Tell whether the bytes of a file that are not ASCII are UTF-8, which RTF does not allow, but some programs write."""
    if data.isascii():
        return False
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
