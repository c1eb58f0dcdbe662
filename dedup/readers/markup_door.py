"""Stand-in until dedup.text.markup is there."""

from __future__ import annotations

import re
from html import unescape


def plain_text(html: str) -> str:
    """Return the text of HTML."""
    text = re.sub(r"<(br|/p|/div|/li)[^>]*>", "\n\n", html)
    return unescape(re.sub(r"<[^>]*>", "", text)).strip()
