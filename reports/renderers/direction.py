"""The direction and the language of a text, as HTML pages and Word files state them."""

from __future__ import annotations

import re
import unicodedata

# Arabic-script letters that Arabic itself does not use (Persian, Urdu, Kurdish, Pashto, Uyghur).
_OTHER_ARABIC_SCRIPT = re.compile("[\u0672-\u06d3\u06d5\u06ee-\u06ff\u0750-\u077f]")


def text_direction(text: str) -> str:
    """Return ``rtl`` or ``ltr`` by the share of right-to-left letters.

    >>> text_direction("CNN: سقوط شهداء في الغوطة"), text_direction("The word كتاب"), text_direction("12")
    ('rtl', 'ltr', 'ltr')
    """
    found = [unicodedata.bidirectional(char) for char in text]
    right = sum(kind in ("R", "AL") for kind in found)
    # Two fifths, not a half: an Arabic text may have many names and links in Latin letters.
    return "rtl" if right and right >= 0.4 * (right + found.count("L")) else "ltr"


def html_language(text: str) -> str:
    """Return ``ar`` for a text in Arabic, else the empty string, which in HTML means unknown.

    >>> html_language("سقوط شهداء"), html_language("گزارش تازه"), html_language("news")
    ('ar', '', '')
    """
    letters = [char for char in text if char.isalpha()]
    arabic = sum("\u0620" <= char <= "\u064a" for char in letters)
    return "ar" if 2 * arabic > len(letters) and not _OTHER_ARABIC_SCRIPT.search(text) else ""
