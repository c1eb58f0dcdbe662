"""Times of records as pages show them."""

from __future__ import annotations

import re
from datetime import datetime

_STANDARD = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::\d\d(?:[.,]\d+)?)?\s?(Z|[+-]\d\d:?\d\d)?", re.ASCII)


def today() -> str:
    """Return the day of this machine, as the list is asked for days."""
    return datetime.now().astimezone().date().isoformat()


def clock_time(time: str) -> str:
    """Return a time as its source writes it, one in the standard form without its seconds.

    >>> clock_time("2026-11-28T14:05:09+03:00"), clock_time("Sat, 28 Nov")
    ('2026-11-28 14:05 +03:00', 'Sat, 28 Nov')
    """
    found = _STANDARD.fullmatch(time.strip())
    if found is None:
        return time
    zone = {None: "", "Z": " UTC"}.get(found[3], f" {found[3]}")
    return f"{found[1]} {found[2]}{zone}"
