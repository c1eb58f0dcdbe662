"""Our own words on pages and in digests: a catalogue of messages for each language, in JSON files beside this module."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from dedup.errors import ConfigError

from ..language.detect import detect_language
from ..model import Comparison, Report, Timeline

CATALOG_LANGUAGES = ("ar", "en", "fr")
_FALLBACK = "ar"


@dataclass(frozen=True, slots=True, eq=False)
class Catalog:
    """The messages of one language; `load_catalog` makes one object for each."""

    language: str
    messages: dict[str, Any]

    @property
    def is_right_to_left(self) -> bool:
        """True where lines run from right to left."""
        return self.language == "ar"

    def say(self, name: str, n: int | None = None, **values: object) -> str:
        """Return a message with its values filled in. A message with plural forms takes the form of the count ``n``."""
        text = self.messages[name]
        if isinstance(text, dict):
            text = text[plural_category(self.language, n or 0)]
        return str(text.format(n=n, **values))


def plural_category(language: str, n: int) -> str:
    """Return the CLDR plural category of a count.

    >>> [plural_category("ar", n) for n in (0, 1, 2, 3, 11, 100)]
    ['zero', 'one', 'two', 'few', 'many', 'other']
    """
    if language == "ar":
        if n < 3:
            return ("zero", "one", "two")[n]
        return "few" if 3 <= n % 100 <= 10 else "many" if n % 100 >= 11 else "other"
    return "one" if n == 1 or (language == "fr" and n == 0) else "other"


@lru_cache(maxsize=len(CATALOG_LANGUAGES))
def load_catalog(language: str) -> Catalog:
    """Return the messages of a language. Raises `ConfigError` where there are none."""
    if language not in CATALOG_LANGUAGES:
        raise ConfigError(f"lang must be one of {', '.join(CATALOG_LANGUAGES)}, not {language!r}")
    return Catalog(language, json.loads((files("reports.messages") / f"{language}.json").read_text("utf-8")))


def catalog_for(subject: Comparison | Timeline | Report, lang: str | None = None) -> Catalog:
    """Return the messages of ``lang``, and where that is None those of the language of the newest text.

    A newest text without letters leaves the choice to the one before it. Of a report the language is that of most of its texts. Arabic
    is for texts in a language that we have no messages of, and where no text has letters. Raises `ConfigError` for a ``lang`` without
    messages.
    """
    return load_catalog(_language_for(subject) if lang is None else lang)


def _language_for(subject: Comparison | Timeline | Report) -> str:
    if isinstance(subject, Comparison):
        return follow_language(subject.b.text, subject.a.text)
    if isinstance(subject, Timeline):
        return _language_of_timeline(subject)
    found = Counter(map(_language_of_timeline, subject.timelines)) or Counter(follow_language(text) for _, text in subject.only_texts)
    return found.most_common(1)[0][0] if found else _FALLBACK


def _language_of_timeline(timeline: Timeline) -> str:
    return follow_language(*(version.text for version in reversed(timeline.versions)))


def follow_language(*texts: str) -> str:
    """Return the language that we have messages of, for the first of these texts that has letters.

    >>> [follow_language(*texts) for texts in (["قتل 12"], ["12 died"], ["", "12 died"], ["12 kişi öldü"], ["12"])]
    ['ar', 'en', 'en', 'ar', 'ar']
    """
    found = next((detect_language(text) for text in texts if any(map(str.isalpha, text))), _FALLBACK)
    return found if found in CATALOG_LANGUAGES else _FALLBACK
