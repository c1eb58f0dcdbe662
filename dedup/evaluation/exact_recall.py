"""How much of an exact search the candidates hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from ..candidates.channels import candidates, distinctive_of, resembling_of
from ..candidates.exact_copies import first_copies, unique_rows
from ..candidates.exact_search import exact_pairs
from ..candidates.lsh import LSH_JACCARD, bands_of
from ..config import Config
from ..errors import InputError
from ..readers.values import Text, documents_of
from ..sketch.sketches import sketch_documents
from .figures import share_of

MOST_EXACT = 50_000
"""Segments among which an exact search is made."""


@dataclass(frozen=True, slots=True)
class CandidateRecall:
    """How many pairs an exact search finds, how many are candidates, how many of the former are candidates (``held``), and their share."""

    exact_pairs: int
    candidates: int
    held: int
    recall: float | None


def candidate_recall(texts: Iterable[Text], config: Config | None = None, *, jobs: int = 1) -> CandidateRecall:
    """Measure how many of the pairs that an exact search finds are candidates.

    Exact are the pairs of which one text holds `LSH_JACCARD` of the other's shingles, and so all with a Jaccard as large. Raises
    `InputError` for more than `MOST_EXACT` segments.
    """
    config = config or Config()
    sketches = sketch_documents(documents_of(texts), config, jobs)
    if len(sketches.segments) > MOST_EXACT:
        raise InputError(f"{len(sketches.segments):,} segments; an exact search takes up to {MOST_EXACT:,}", hint="take a sample")
    rows = np.flatnonzero(sketches.words.lengths >= config.min_words)
    words = sketches.words.take(rows)
    left, right = exact_pairs(words, config.shingle_words, LSH_JACCARD)
    resembling = resembling_of(sketches, rows, bands_of(config), config)
    fresh = distinctive_of(sketches, unique_rows(sketches.words, first_copies(sketches.words), config), config)
    proposed = {*zip(*(side.tolist() for side in candidates(resembling, fresh.among(rows), config)[:2]), strict=True)}
    exact = [*zip(rows[left].tolist(), rows[right].tolist(), strict=True)]
    held = sum(pair in proposed for pair in exact)
    return CandidateRecall(len(exact), len(proposed), held, share_of(held, len(exact)))
