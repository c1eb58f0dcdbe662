"""Every setting of a run, with its default, its unit and what it risks in each direction."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

from .errors import ConfigError

Level = Literal["auto", "segment", "document"]
Keep = Literal["longest", "earliest", "latest", "most-complete"]
Sources = Literal["any", "same", "cross"]
SameId = Literal["version", "replace", "refuse"]
"""What a second text under one id is: another version of the record, one that replaces the one before, or a mistake."""
SAME_ID: tuple[SameId, ...] = ("version", "replace", "refuse")
_CHOICES = {
    "level": ("auto", "segment", "document"),
    "keep": ("longest", "earliest", "latest", "most-complete"),
    "sources": ("any", "same", "cross"),
}

# What each number may be: (smallest, largest), both included.
_RANGES: dict[str, tuple[float, float]] = {
    "threshold": (0.05, 1.0),
    "containment": (0.05, 1.0),
    "novelty": (0.0, 1.0),
    "recurrence": (1, 1000),
    "fresh": (0.0, 1.0),
    "rewrite": (0.01, 1.0),
    "recall": (0.5, 0.99999),
    "shingle_words": (1, 16),
    "num_perm": (16, 1024),
    "seed": (0, 2**32 - 1),
    "min_words": (1, 1000),
    "short_words": (0, 64),
    "passage_words": (2, 1000),
    "fingerprint_words": (2, 64),
    "fingerprint_window": (1, 256),
    "fingerprint_share": (0.0, 1.0),
    "reuse": (0.0, 1.0),
    "bucket_limit": (2, 100_000),
    "max_chars": (1, 2**31),
}


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of a run. Raises `ConfigError` for a value out of range.

    >>> Config(threshold=0.6).threshold
    0.6
    >>> Config(threshold=60)
    Traceback (most recent call last):
    dedup.errors.ConfigError: threshold is 60; it must be between 0.05 and 1.0
    """

    level: Level = "auto"
    """What is matched: ``segment``, ``document``, or ``auto`` (segments of text files, records as documents)."""

    threshold: float = 0.5
    """Jaccard of word shingles from which a pair is a revision. Lower: more templates pass; higher: heavy edits are missed."""

    containment: float = 0.5
    """Share of one text's shingles in the other from which the other holds it. Lower: round-ups that share
    half an item pass as copies; higher: abridged copies that were also edited are missed."""

    novelty: float = 0.35
    """Weighted share of words that *each* text may have to itself in a duplicate (an abridged copy is new on one side only, a
    template on both), with twice those that stand in place of others. Higher: templates pass as revisions; lower:
    heavily updated reports are missed."""

    recurrence: int = 14
    """Texts that may have a fingerprint before it recurs, as formulas do: then it proposes no pair and is no evidence. Lower: reports
    that many papers print are taken for formulas; higher: formulas pass as evidence."""

    fresh: float = 0.1
    """Share of the smaller text's fingerprints that both have and that do not recur, in a duplicate. Higher: reports that many papers print
    are missed; lower: texts made of formulas pass as revisions."""

    rewrite: float = 0.11
    """The same from which two texts that share little else but their words are one report rewritten. Lower: reports about one event
    from two hands pass as copies; higher: rewritten copies are missed."""

    recall: float = 0.99
    """Probability that a pair exactly at ``threshold`` becomes a candidate. Higher: more bands, more work."""

    shingle_words: int = 3
    """Words in a shingle. 2 forgives more rewording and takes formulas for copies; 4 and more miss edited copies."""

    num_perm: int = 128
    """Values in a signature. More: sharper candidates, more memory (4 bytes each) and time."""

    seed: int = 1
    """Seed of the permutations, as datasketch's ``MinHash(seed=)``."""

    min_words: int = 6
    """Evidence limit in words: a shorter text matches only where it is identical. Lower: stock phrases match."""

    short_words: int = 16
    """Words below which two texts, headlines as a rule, are compared word by word. Lower: headlines with one fact exchanged match;
    higher: short reports with a number corrected do not."""

    passage_words: int = 14
    """Words in shared shingles from which two texts share a passage (``reuse``). Lower: every formula is reported."""

    reuse: float = 0.2
    """Share of one text's shingles that the passage must make up. Lower: titles and formulas; higher: long quotes are missed."""

    fingerprint_words: int = 3
    """Words hashed together for a fingerprint. Lower: common phrases make candidates; higher: short quotes are missed."""

    fingerprint_window: int = 3
    """Consecutive hashes of which one is kept: every shared run of at least ``2 * fingerprint_window + fingerprint_words - 1``
    words holds two and is found, if they do not recur and are also ``fingerprint_share`` of the smaller text's. Higher: fewer
    fingerprints, longer runs needed."""

    fingerprint_share: float = 0.045
    """Share of the smaller text's fingerprints that both must have to be compared: at 0.045 a run of 4 words more than a seventh of that
    text is always enough. Lower: many more pairs that share a formula are compared; higher: quotes and rewritten copies are missed."""

    bucket_limit: int = 64
    """Members of one band's bucket that are all paired with each other; in a larger one each is paired with its nearest eight on
    either side. Also the others that a channel pairs with one text, of more the strongest sixteen, and the copies of a text that are
    paired with those of another. Higher: more pairs of what repeats a lot, at more work."""

    max_chars: int = 10_000_000
    """Code points of one text or line beyond which it is refused. Higher: memory of about 60 bytes each while it is hashed."""

    keep: Keep = "longest"
    """Which member of a cluster is canonical: the one with most words, the first, the last, or the one that holds most of the others."""

    prefer: tuple[str, ...] = ()
    """Sources whose texts are canonical before all others, in this order."""

    within: float | None = None
    """Seconds that may lie between two texts that match, None for any number. Lower: what is printed again later is missed; higher: what
    recurs by nature, the weather of another week, may match."""

    sources: Sources = "any"
    """Whether texts of one source match (``same``), of two (``cross``), or both."""

    def __post_init__(self) -> None:
        prefer: Any = self.prefer  # whatever a caller gives
        within: Any = self.within
        if not isinstance(prefer, tuple) or not all(isinstance(name, str) and name for name in prefer):
            raise ConfigError(f"prefer is {prefer!r}; it must be a tuple of names of sources, as ('agency', 'paper')")
        if within is not None and (isinstance(within, bool) or not isinstance(within, int | float)):
            raise ConfigError(f"within is {within!r}; it must be a number of seconds")
        for name, choices in _CHOICES.items():
            if getattr(self, name) not in choices:
                raise ConfigError(f"{name} is {getattr(self, name)!r}; it must be one of {', '.join(choices)}")
        if self.within is not None and not 0 <= self.within < float("inf"):
            raise ConfigError(f"within is {self.within}; it must be a number of seconds")
        for name, (low, high) in _RANGES.items():
            value = getattr(self, name)
            whole = isinstance(low, int) and isinstance(high, int)
            if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
                raise ConfigError(f"{name} is {value!r}; it must be a {'whole ' if whole else ''}number")
            if not low <= value <= high:
                raise ConfigError(f"{name} is {value}; it must be between {low} and {high}")

    def key(self) -> str:
        """Return a short name of these settings: equal settings, equal key, in every process.

        >>> Config().key() == Config(seed=1).key() != Config(seed=2).key()
        True
        """
        text = json.dumps(asdict(self), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


NUMBERS: tuple[str, ...] = tuple(field.name for field in fields(Config) if field.name in _RANGES)
"""The names of the settings that are numbers."""


_SECONDS = {"d": 86400.0, "h": 3600.0, "m": 60.0, "s": 1.0}


def parse_duration(text: str) -> float:
    """Return the seconds of a number with its unit. Raises `ConfigError`.

    >>> parse_duration("36h")
    129600.0
    """
    try:
        seconds = float(text[:-1]) * _SECONDS[text[-1:]]
    except (KeyError, ValueError):
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise ConfigError(f"{text!r} is no time; write 14d, 36h, 90m or 30s")
    return seconds


def parse_setting(setting: str) -> tuple[str, Any]:
    """Return the name and the value of a setting from NAME=VALUE: a number, a choice, names with commas, a duration as ``36h``.

    Raises `ConfigError` for a name or a value that there is not.

    >>> parse_setting("threshold=0.7"), parse_setting("prefer=agency,paper"), parse_setting("within=1h")
    (('threshold', 0.7), ('prefer', ('agency', 'paper')), ('within', 3600.0))
    """
    name, sign, text = setting.partition("=")
    value: Any = text
    known = [field.name for field in fields(Config)]
    if name not in known or not sign:
        raise ConfigError(f"--set {setting}: no setting {name!r}; write NAME=VALUE, there are {', '.join(known)}")
    try:
        if name in NUMBERS:
            value = int(text) if isinstance(getattr(Config(), name), int) else float(text)
        elif name == "within":
            value = parse_duration(text)
        elif name == "prefer":
            value = tuple(filter(None, map(str.strip, text.split(","))))
        Config(**{name: value})
    except ConfigError as error:
        raise ConfigError(f"--set {setting}: {error}") from error
    except ValueError as error:
        raise ConfigError(f"--set {setting}: {text!r} is not a number") from error
    return name, value
