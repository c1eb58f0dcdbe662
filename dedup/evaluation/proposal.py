"""What makes two texts a candidate among others: the channels that propose the pair, and the numbers behind them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ..arrays.ragged import Array
from ..candidates.channels import channels, distinctive_of, resembling_of
from ..candidates.exact_copies import first_copies, pairs_among, pairs_between, unique_rows
from ..candidates.lsh import Bands, bands_of
from ..clusters.constraints import may_match, restricts
from ..config import Config
from ..sketch.sketches import Sketches


@dataclass(frozen=True, slots=True)
class Proposal:
    """What makes two texts a candidate: the channels that propose the pair (``by``), and the numbers behind them.

    ``texts`` counts the different texts, among which fingerprints recur. ``allowed`` is False where the settings ``within`` and
    ``sources`` forbid the match, and ``listed`` where the texts have too many exact copies for each pair of these to be listed.
    ``overfull`` is True where both are alike with too many others, so that they are compared with the best of these alone.
    ``estimate`` is the Jaccard that the signatures estimate, ``probability`` that of sharing one of the ``bands`` of so many ``rows``,
    ``bands_shared`` how many they do share. ``fingerprints`` counts those of each text, also those that recur.
    """

    by: tuple[str, ...]
    texts: int
    allowed: bool
    listed: bool
    overfull: bool
    estimate: float
    probability: float
    bands: int
    rows: int
    bands_shared: int
    fingerprints: tuple[int, int]
    fingerprints_shared: int

    def to_dict(self) -> dict[str, Any]:
        """Return the proposal as plain values for JSON; shares have four digits."""
        found = {name: round(value, 4) if isinstance(value, float) else value for name, value in asdict(self).items()}
        return {**found, "by": [*self.by], "fingerprints": [*self.fingerprints]}


def are_copies(sketches: Sketches, left: int, right: int) -> bool:
    """Tell whether two rows are exact copies: the same words in the same order, and at least one."""
    one, other = sketches.words.row(left), sketches.words.row(right)
    return len(one) > 0 and np.array_equal(one, other)


def proposal_of(sketches: Sketches, left: int, right: int, jaccard: float, config: Config) -> Proposal:
    """Return what makes two rows of sketches a candidate, as `dedup.find_duplicates` has it: the first of exact copies stands for all."""
    first = first_copies(sketches.words)
    unique = unique_rows(sketches.words, first, config)
    fresh = distinctive_of(sketches, unique, config)
    bands, signatures = bands_of(config), sketches.signatures[[left, right]]
    prints = [set(sketches.fingerprints.row(row).tolist()) for row in (left, right)]
    ends = sorted((left, right) if restricts(config) else (int(first[left]), int(first[right])))
    rows = np.flatnonzero(sketches.words.lengths >= config.min_words) if restricts(config) else unique
    found, overfull = channels(resembling_of(sketches, rows, bands, config), fresh.among(rows), config)
    return Proposal(
        tuple(name for name, codes in found.items() if (ends[0] << 32 | ends[1]) in codes) if ends[0] >= 0 else (),
        len(fresh.rows),
        _is_allowed(sketches, left, right, config),
        _is_listed(first, left, right, config),
        bool(np.isin(ends, overfull).all()),
        float((signatures[0] == signatures[1]).mean()),
        bands.probability(float(jaccard)),
        bands.bands,
        bands.rows,
        _bands_shared(signatures, bands),
        (len(prints[0]), len(prints[1])),
        len(prints[0] & prints[1]),
    )


def _is_allowed(sketches: Sketches, left: int, right: int, config: Config) -> bool:
    names = sorted({name or "" for name in sketches.sources})
    sources = np.searchsorted(names, [name or "" for name in sketches.sources])
    return bool(may_match(np.array([left]), np.array([right]), sketches.timestamps, sources, config)[0])


def _is_listed(first: Array, left: int, right: int, config: Config) -> bool:
    if restricts(config) or first[left] < 0 or first[right] < 0:
        return True
    one, other = sorted((left, right), key=lambda row: (int(first[row]), row))
    copies, others = (np.flatnonzero(first == first[row]).tolist() for row in (one, other))
    same = first[one] == first[other]
    listed = pairs_among(copies, config.bucket_limit) if same else pairs_between(copies, others, config.bucket_limit)
    return (one, other) in {*listed}


def _bands_shared(signatures: Array, bands: Bands) -> int:
    equal = signatures[0] == signatures[1]
    return int(equal[: bands.bands * bands.rows].reshape(bands.bands, bands.rows).all(axis=1).sum())
