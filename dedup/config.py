"""Every setting of a run, with its default, its unit and what it risks in each direction."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, Self

from .errors import ConfigError, InputError

CONFIG_SCHEMA = "dedup/config/1"
EVIDENCE: tuple[str, ...] = (
    "new",
    "new_squared",
    "new_most",
    "substituted",
    "jaccard",
    "jaccard_squared",
    "containment",
    "containment_squared",
    "lead",
    "opening",
    "length",
    "formula",
    "formula_substituted",
    "formula_length",
    "kind",
    "kind_substituted",
    "unlisted",
    "unlisted_new",
    "unlisted_substituted",
)
"""The evidence of a pair, in its order: see `dedup.verification.model`, which has a weight for each."""

STRICT, LOOSE = 0.8, 0.4
"""Two values of ``min_probability``: few wrong duplicates, and few missed ones."""
Level = Literal["auto", "segment", "document"]
Keep = Literal["longest", "earliest", "latest", "most-complete", "origin", "independent"]
Sources = Literal["any", "same", "cross"]
Include = Literal["none", "rewrite"]
SameId = Literal["version", "replace", "refuse"]
"""What a second text with the same id means: another version of the record, a replacement of the first text, or a mistake."""
SAME_ID: tuple[SameId, ...] = ("version", "replace", "refuse")
_CHOICES = {
    "level": ("auto", "segment", "document"),
    "keep": ("longest", "earliest", "latest", "most-complete", "origin", "independent"),
    "sources": ("any", "same", "cross"),
    "duplicates_include": ("none", "rewrite"),
}

_LARGEST = 1e6  # weight of the model
# The range of each number: (smallest, largest), both included.
_RANGES: dict[str, tuple[float, float]] = {
    "threshold": (0.0, 1.0),
    "min_probability": (0.0, 1.0),
    "recurrence": (1, 1000),
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
    dedup.errors.ConfigError: threshold is 60; it must be between 0.0 and 1.0
    """

    level: Level = "auto"
    """The unit that is matched: ``segment``, ``document``, or ``auto`` (segments of text files, records as documents)."""

    threshold: float = 0.0
    """Smallest Jaccard of word shingles of a match, or the containment of one text that it implies: ``2 * threshold / (1 + threshold)``.
    A pair with less has no relation at all. Higher: fewer matches, as shortened and rewritten copies are missed."""

    min_probability: float = 0.6
    """Smallest probability of a duplicate, as the model tells it. Lower: more duplicates, more of them wrong. Higher: fewer are wrong, more
    are missed. ``STRICT`` and ``LOOSE`` are two such values."""

    recurrence: int = 14
    """Largest document frequency (``max_df``) of a distinctive fingerprint. One that more texts have recurs, as formulas do: it proposes
    no pair. Lower: fewer candidates, and reports that many papers print are missed. Higher: many more candidates."""

    recall: float = 0.99
    """Probability that a pair with a Jaccard of exactly 0.5 becomes a candidate by its signature. Higher: more bands, more work."""

    shingle_words: int = 3
    """Words in a shingle. With 2, more rewording is accepted and formulas pass as duplicates. With 4 or more, edited copies are missed."""

    num_perm: int = 128
    """Values in a signature. Higher: more exact candidates, more memory (4 bytes a value) and more time."""

    seed: int = 1
    """Seed of the permutations: that of datasketch's ``MinHash(seed=)``."""

    background: str = ""
    """Path of a table of the runs of words that recur in an archive, which ``dedup frequencies build`` makes; empty for none. A pair that
    shares little else is less probable to be duplicates. A table of other news: no effect. One of few texts: little effect."""

    min_words: int = 6
    """Evidence limit in words. A shorter text matches only an identical one. Lower: stock phrases match."""

    short_words: int = 16
    """Two texts with fewer words than this, usually headlines, are compared word by word. Lower: headlines with one fact changed match.
    Higher: short reports with a corrected number do not match."""

    passage_words: int = 14
    """Two texts share a passage (``reuse``) if their shared shingles have at least this many words. Lower: every formula is reported."""

    reuse: float = 0.2
    """Smallest share of one text's shingles that the passage must have. Lower: titles and formulas are reported. Higher: long quotes are
    missed."""

    fingerprint_words: int = 3
    """Words that are hashed together for a fingerprint. Lower: common phrases make candidates. Higher: short quotes are missed."""

    fingerprint_window: int = 3
    """Consecutive hashes of which the smallest is kept as a fingerprint. Every shared run of at least
    ``2 * fingerprint_window + fingerprint_words - 1`` words has two fingerprints. It is found if they are distinctive and are at least
    ``fingerprint_share`` of the smaller text's. Higher: fewer fingerprints, and only longer runs are found."""

    fingerprint_share: float = 0.045
    """Two texts are compared if they share at least this share of the smaller text's fingerprints. At 0.045 a shared run is always enough
    if it has 4 words more than a seventh of that text. Lower: many more pairs that share a formula are compared. Higher: quotes and
    rewritten copies are missed."""

    bucket_limit: int = 64
    """Largest number of members of a bucket that are all paired with each other. In an overfull bucket, a larger one, each member is paired
    with its nearest eight on either side. Also the largest number of texts that a channel pairs with one text (if there are more, it is
    paired with the sixteen that share most), and of pairs between the exact copies of two texts. Higher: more pairs among texts that
    repeat often, and more work."""

    max_chars: int = 10_000_000
    """Largest number of code points in one text or line. A longer one is refused. Higher: about 60 bytes of memory a code point while it is
    hashed."""

    duplicates_include: Include = "none"
    """``rewrite``: what tells the same in other words is a duplicate as well. It is held back and clusters, with more wrong pairs."""

    keep: Keep = "longest"
    """Which member of a cluster is canonical: the one with most words, the earliest, the latest, or the one that contains most of the
    others. ``origin``: the one that the others likely come from, an agency's own text before those that credit nobody, and these before
    those that credit somebody else, then the earliest. ``independent``: of those that credit nobody else the one that contains most."""

    prefer: tuple[str, ...] = ()
    """Preferred sources, the best first. Their texts become canonical before all others; with ``keep`` at ``origin`` and ``independent``
    before others with credits of the same kind."""

    within: float | None = None
    """Largest number of seconds between two texts that match, None for no limit. Lower: texts that are printed again later are missed.
    Higher: texts about regular events, such as the weather of another week, may match."""

    sources: Sources = "any"
    """Whether two texts match if they are from one source (``same``), from two sources (``cross``), or in both cases (``any``)."""

    ignore_lines: tuple[str, ...] = ()
    """Lines that weigh nothing where they stand in a text: the footers and links of a site. One that ends with an ellipsis is the beginning
    of lines, and one that begins with it the end of lines. ``learn_lines`` finds those that recur. More: a line of the news is ignored."""

    agencies: str = ""
    """Path of a list of agencies and papers that is added to the one that is shipped, for the credits of texts; empty for none. A spelling
    that is an everyday word: texts are credited to what they do not come from."""

    weights: tuple[float, ...] = ()
    """The model that tells duplicates from others: its bias, then a weight for each of `EVIDENCE`; empty for the one that is shipped.
    ``dedup tune`` fits them to labels. Other weights: other duplicates, so measure them first."""

    @classmethod
    def load(cls, path: str) -> Self:
        """Return the settings in a file, as ``dedup tune --config`` writes it. Raises `InputError` and `ConfigError`."""
        return cls(**read_settings(path))

    def to_dict(self) -> dict[str, Any]:
        """Return the settings that are not the usual ones as plain values for JSON, which `load` reads: schema ``dedup/config/1``.

        >>> Config(threshold=0.6).to_dict()
        {'schema': 'dedup/config/1', 'settings': {'threshold': 0.6}}
        """
        usual = Config()
        changed = {name: value for name, value in asdict(self).items() if value != getattr(usual, name) and name != "weights"}
        found: dict[str, Any] = {"schema": CONFIG_SCHEMA, "settings": changed}
        if self.weights:
            found["model"] = {"bias": self.weights[0], "weights": dict(zip(EVIDENCE, self.weights[1:], strict=True))}
        return found

    def __post_init__(self) -> None:
        prefer: Any = self.prefer  # a caller may give any type
        within: Any = self.within
        background: Any = self.background
        if not isinstance(background, str):
            raise ConfigError(f"background is {background!r}; it must be the path of a file, or empty")
        agencies: Any = self.agencies
        if not isinstance(agencies, str):
            raise ConfigError(f"agencies is {agencies!r}; it must be the path of a file, or empty")
        weights: Any = self.weights
        if not isinstance(weights, tuple) or not all(map(_is_number, weights)) or len(weights) not in (0, 1 + len(EVIDENCE)):
            what = f"weights is {weights!r}; it must be a tuple of {1 + len(EVIDENCE)} numbers"
            raise ConfigError(f"{what}, the bias and a weight for each of {', '.join(EVIDENCE)}, or empty")
        if not isinstance(prefer, tuple) or not all(isinstance(name, str) and name for name in prefer):
            raise ConfigError(f"prefer is {prefer!r}; it must be a tuple of names of sources, for example ('agency', 'paper')")
        ignored: Any = self.ignore_lines
        if not isinstance(ignored, tuple) or not all(isinstance(line, str) and line.strip() for line in ignored):
            raise ConfigError(f"ignore_lines is {ignored!r}; it must be a tuple of lines, for example ('Follow us', 'Reporting by …')")
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
        """Return a short key of these settings. Equal settings have equal keys, in every process.

        >>> Config().key() == Config(seed=1).key() != Config(seed=2).key()
        True
        """
        text = json.dumps(asdict(self), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= _LARGEST


def read_settings(path: str) -> dict[str, Any]:
    """Return the settings in a file by their names, as `Config` takes them. Raises `InputError` and `ConfigError`."""
    try:
        with open(path, encoding="utf-8") as file:
            found = json.load(file)
    except (OSError, ValueError, RecursionError) as error:
        what = (error.strerror or str(error)) if isinstance(error, OSError) else "no JSON"
        raise InputError(what, path=path, hint="give a file that dedup tune --config wrote") from error
    if not isinstance(found, dict) or found.get("schema") != CONFIG_SCHEMA or not isinstance(found.get("settings"), dict):
        raise InputError(f"no settings of the schema {CONFIG_SCHEMA}", path=path, hint="give a file that dedup tune --config wrote")
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in found["settings"].items()}
    known = [field.name for field in fields(Config)]
    if unknown := [name for name in values if name not in known]:
        raise ConfigError(f"{path}: no setting {unknown[0]!r}; known are {', '.join(known)}")
    if (model := found.get("model")) is not None:
        values["weights"] = _weights_of(model, path)
    try:
        Config(**values)
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from error
    return values


def _weights_of(model: Any, path: str) -> tuple[Any, ...]:
    """Return the bias and the weights of a model in a file, in the order of `EVIDENCE`."""
    weights = model.get("weights") if isinstance(model, dict) else None
    if not isinstance(weights, dict) or "bias" not in model:
        raise ConfigError(f"{path}: model must have a bias, and weights by the names of the evidence")
    if {*weights} != {*EVIDENCE}:
        what = f"its weights are of {', '.join(weights)}; this version decides by {', '.join(EVIDENCE)}"
        raise ConfigError(f"{path}: {what}; run dedup tune again")
    return (model["bias"], *(weights[name] for name in EVIDENCE))


NUMBERS: tuple[str, ...] = tuple(field.name for field in fields(Config) if field.name in _RANGES)
"""The names of the settings that are numbers."""
