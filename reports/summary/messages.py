"""The words of pages and digests, one file a language in ``messages/``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from dedup.errors import ConfigError

LANGUAGES = ("ar", "en", "fr")


@dataclass(frozen=True, slots=True, eq=False)
class Catalog:
    """The messages of one language; there is one object for each, see `catalog`."""

    language: str
    messages: dict[str, Any]

    def say(self, name: str, n: int | None = None, **values: object) -> str:
        """Return a message with its values put in; one with plural forms takes that of the count ``n``."""
        text = self.messages[name]
        if isinstance(text, dict):
            text = text[plural(self.language, n or 0)]
        return str(text.format(n=n, **values))


def plural(language: str, n: int) -> str:
    """Return the CLDR plural category of a count.

    >>> [plural("ar", n) for n in (0, 1, 2, 3, 11, 100)]
    ['zero', 'one', 'two', 'few', 'many', 'other']
    """
    if language == "ar":
        if n < 3:
            return ("zero", "one", "two")[n]
        return "few" if 3 <= n % 100 <= 10 else "many" if n % 100 >= 11 else "other"
    return "one" if n == 1 or (language == "fr" and n == 0) else "other"


@lru_cache(maxsize=len(LANGUAGES))
def catalog(language: str) -> Catalog:
    """Return the messages of a language. Raises `ConfigError` where there are none."""
    if language not in LANGUAGES:
        raise ConfigError(f"lang must be one of {', '.join(LANGUAGES)}, not {language!r}")
    return Catalog(language, json.loads((files("reports.summary") / "catalogues" / f"{language}.json").read_text("utf-8")))
