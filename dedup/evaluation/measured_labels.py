"""Labelled pairs, measured: what the model says of them with some settings, and which are duplicates then."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..arrays.ragged import Array, Ragged
from ..candidates.exact_copies import first_copies
from ..clusters.stars import components
from ..config import Config
from ..errors import ConfigError, InputError
from ..readers.values import Text, documents_of
from ..sketch.sketches import sketch_documents
from ..verification.features import PAIR, are_short, measure
from ..verification.model import model_of
from ..verification.relations import is_alike, relate, relate_short
from ..verification.short_table import ShortTable
from .truth import LeftOut, Pair, Truth, Unknown, without

FEWEST = 10
"""Labelled duplicates, and others, from which a choice means something; and events of them."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """Labelled pairs, measured: a row each of `PAIR`, and which of them the model decides; identical and short ones it does not.

    ``fixed`` is the probability of the others; ``possible`` says which pairs share enough to be matched at all.
    """

    pairs: Array
    decided: Array
    fixed: Array
    possible: Array
    same: Array
    weights: Array
    events: Array
    left_out: LeftOut | None = None

    def probabilities(self, config: Config) -> Array:
        """Return the probability of each pair with these settings."""
        found: Array = np.where(self.decided, model_of(config).probabilities(self.pairs)[0], self.fixed)
        return found

    def accepted(self, config: Config) -> Array:
        """Return which pairs are duplicates under these settings, were all of them proposed: a mask."""
        found: Array = self.possible & is_alike(self.pairs, config) & (self.probabilities(config) >= config.min_probability)
        return found


def measure_labels(
    texts: Iterable[Text], truth: Truth, config: Config | None = None, *, jobs: int = 1, unknown: Unknown = "refuse"
) -> Labelled:
    """Measure the labelled pairs among texts. Pairs with a text that is too short to match are left out.

    Raises `ConfigError` for too few labels of either sort, and for clusters, which label no pair as different.
    """
    config = config or Config()
    known = _known(truth)
    _refuse_few(known, FEWEST)
    sketches = sketch_documents(documents_of(texts), config, jobs)
    rows = {segment.id: row for row, segment in enumerate(sketches.segments)}
    lengths = sketches.words.lengths
    missing = sorted({name for pair, _ in known for name in pair} - rows.keys())
    if missing and unknown == "refuse":
        raise InputError(f"a label names {missing[0]!r}, which is no text that is matched", hint="check --id-field, --level and the labels")
    truth, left_out = without(truth, frozenset(missing), rows)
    known = _known(truth)
    _refuse_few(known, FEWEST)
    known = [(pair, same) for pair, same in known if min(lengths[rows[name]] for name in pair) >= config.min_words]
    _refuse_few(known, 1)
    sides = np.array([sorted((rows[a], rows[b])) for (a, b), _ in known], np.int64).reshape(-1, 2)
    left, right = sides[:, 0], sides[:, 1]
    pairs, measured = _measure(sketches.words, left, right, config)
    relate_short(pairs, ShortTable.of(sketches.short, left, right), replace(config, threshold=0.0))
    short = are_short(sketches.words, pairs, config)
    alike = first_copies(sketches.words)
    identical = alike[left] == alike[right]
    return Labelled(
        pairs,
        measured & ~short & ~identical,
        np.where(identical, 1.0, pairs["probability"]),
        identical | np.where(short, pairs["relation"] >= 0, measured),
        np.array([same for _, same in known]),
        np.array([truth.weights.get(pair, 1.0) for pair, _ in known]),
        _numbered(components(len(lengths), left, right)[left]),
        left_out,
    )


def _numbered(values: Array) -> Array:
    """Return for each value its number, in the order in which values come for the first time: that of the labels, not of the texts."""
    _, first, places = np.unique(values, return_index=True, return_inverse=True)
    numbers: Array = np.argsort(np.argsort(first))[places]
    return numbers


def _measure(words: Ragged, left: Array, right: Array, config: Config) -> tuple[Array, Array]:
    """Return pairs of rows measured and related, without `Config.threshold`, and which of them share enough to be."""
    found = measure(words, left, right, config)
    relate(found, replace(config, threshold=0.0))
    numbers = left * len(words) + right
    places = np.flatnonzero(np.isin(numbers, found["left"] * len(words) + found["right"]))
    pairs = np.zeros(len(left), PAIR)
    pairs["left"], pairs["right"], pairs["relation"] = left, right, -1
    pairs[places] = found  # both are in the order of the labels
    measured = np.zeros(len(left), bool)
    measured[places] = True
    return pairs, measured


def _known(truth: Truth) -> list[tuple[Pair, bool]]:
    return sorted((pair, same) for pair, same in truth.pairs.items() if same is not None)


def _refuse_few(known: Sequence[tuple[Pair, bool]], fewest: int) -> None:
    if min(sum(same for _, same in known), sum(not same for _, same in known)) < fewest:
        raise ConfigError(f"fewer than {fewest} labelled duplicates or others that are long enough to match: label more pairs of both")
