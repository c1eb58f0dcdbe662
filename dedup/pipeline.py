"""Join the stages: documents in, matches and clusters out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations, product
from typing import Any

import numpy as np

from . import lsh, verify
from .bulletin import match_bulletins
from .cluster import components, make_cluster, rank_members, stars
from .config import Config
from .errors import ConfigError
from .fold import FOLD_VERSION
from .measure import PAIR, measure, recurring, similarities
from .model import Document, Match, Relation, Result
from .ragged import Array, Ragged
from .shingle import hash_rows
from .sketch import Progress, Sketches, candidates, sketch

_CHUNK_PAIRS = 1 << 14


def _verify(
    sketches: Sketches, left: Array, right: Array, table: Array, config: Config, pool: ThreadPoolExecutor, progress: Progress
) -> Array:
    """Return those of the pairs that have a relation, as `dedup.measure.PAIR`."""
    words = sketches.words

    def check(start: int) -> Array:
        chunk = slice(start, start + _CHUNK_PAIRS)
        pairs = measure(words, left[chunk], right[chunk], table, config)
        verify.align(pairs, words, config)
        pairs["relation"] = verify.relate(pairs, len(words), config)
        verify.relate_short(pairs, sketches.short)
        return pairs[pairs["relation"] >= 0]

    found = [np.zeros(0, PAIR)]
    for done, pairs in enumerate(pool.map(check, range(0, len(left), _CHUNK_PAIRS)), 1):
        found.append(pairs)
        progress("comparing pairs", min(done * _CHUNK_PAIRS, len(left)), len(left))
    return np.concatenate(found)


def _first_alike(words: Ragged) -> Array:
    """Return for each row the first row with the same words in the same order, -1 for a row without words."""
    _, first, inverse = np.unique(hash_rows(words), return_index=True, return_inverse=True)
    return np.where(words.lengths > 0, first[inverse], -1)


def _copies(first: Array) -> dict[int, list[int]]:
    """Return the rows that are alike, by their first one, where there are several."""
    copies: dict[int, list[int]] = {}
    for row in np.flatnonzero((first >= 0) & (first != np.arange(len(first)))).tolist():
        copies.setdefault(int(first[row]), [int(first[row])]).append(row)
    return copies


def _components(pairs: Array, lengths: Array) -> list[list[int]]:
    """Return the rows that duplicates connect, each list by preference for being canonical."""
    duplicates = pairs[verify.is_duplicate(pairs)]
    labels = components(len(lengths), duplicates["left"], duplicates["right"])
    members: dict[int, list[int]] = {}
    for row in np.unique(np.concatenate((duplicates["left"], duplicates["right"]))).tolist():
        members.setdefault(int(labels[row]), []).append(row)
    return [rank_members(rows, lengths) for rows in members.values()]


def _unchecked(ranked: list[list[int]], pairs: Array) -> tuple[Array, Array]:
    """Return the pairs of a canonical row and a member that no channel proposed."""
    known = set(zip(pairs["left"].tolist(), pairs["right"].tolist(), strict=True))
    wanted = {(min(rows[0], row), max(rows[0], row)) for rows in ranked for row in rows[1:]}
    left, right = np.array(sorted(wanted - known), np.int64).reshape(-1, 2).T
    return left, right


def _clusters(pairs: Array, copies: dict[int, list[int]], lengths: Array) -> list[list[int]]:
    """Return the clusters as lists of rows, the canonical one first."""
    partners: dict[int, set[int]] = {}
    for left, right in pairs[verify.is_duplicate(pairs)][["left", "right"]].tolist():
        partners.setdefault(left, set()).add(right)
        partners.setdefault(right, set()).add(left)
    found = [star for ranked in _components(pairs, lengths) for star in stars(ranked, partners)]
    found += [[row] for row in copies if row not in partners]
    spread = [[copy for row in star for copy in copies.get(row, [row])] for star in found]
    return [rows for rows in spread if len(rows) > 1]


def _spread(pairs: Array, copies: dict[int, list[int]], limit: int) -> Iterator[tuple[int, int, int]]:
    """Yield ``(row, row, place of the pair)`` for every pair of copies of the two texts of a pair, -1 for two copies of one text.

    Where two texts have more than ``limit`` pairs of copies the first ones stand for all; of more than ``limit`` copies of one text
    each is paired with the first.
    """
    for place, (left, right) in enumerate(pairs[["left", "right"]].tolist()):
        sides = [copies.get(row, [row]) for row in (left, right)]
        for one, other in product(*sides) if len(sides[0]) * len(sides[1]) <= limit else ((left, right),):
            yield one, other, place
    for rows in copies.values():
        for one, other in combinations(rows, 2) if len(rows) <= limit else product(rows[:1], rows[1:]):
            yield one, other, -1


def _matches(sketches: Sketches, pairs: Array, copies: dict[int, list[int]], config: Config, jobs: int) -> tuple[Match, ...]:
    similar = similarities(sketches.words, pairs["left"], pairs["right"], jobs).tolist()
    columns = [pairs[name].tolist() for name in ("relation", "jaccard", "containment_a", "containment_b")]
    measured = [(verify.RELATIONS[relation], *shares) for relation, *shares in zip(*columns, similar, strict=True)]
    matches = []
    for one, other, place in _spread(pairs, copies, config.bucket_limit):
        relation, *shares = measured[place] if place >= 0 else (Relation.IDENTICAL, 1.0, 1.0, 1.0, 1.0)
        match = Match(sketches.segments[one], sketches.segments[other], relation, *shares)
        matches.append((one, other, match) if one < other else (other, one, match.mirrored()))
    return tuple(match for _, _, match in sorted(matches, key=lambda each: each[:2]))


def find_duplicates(
    documents: Iterable[Document], config: Config | None = None, *, jobs: int = 1, progress: Progress | None = None
) -> Result:
    """Find the near-duplicate segments or documents among these, how they relate, and their clusters.

    The texts are read once and not kept. The result is the same for any order of documents and any number of ``jobs`` (threads).
    Raises `InputError` for two documents with one id and for a text beyond ``config.max_chars``.

    >>> early = Document("early", "Two people were killed when a bridge fell in the old town on Monday, police said.")
    >>> later = Document("later", "Three people were killed when a bridge fell in the old town on Monday, police said.")
    >>> find_duplicates([later, early]).matches[0].relation
    <Relation.REVISION: 'revision'>
    """
    config = config or Config()
    if jobs < 1:
        raise ConfigError(f"jobs is {jobs}; it must be 1 or more")
    progress = progress or (lambda stage, done, total: None)
    bands = lsh.choose_bands(config.num_perm, config.threshold, config.recall)
    with ThreadPoolExecutor(jobs) as pool:
        sketches = sketch(documents, config, pool, jobs, progress)
        lengths = sketches.words.lengths
        first = _first_alike(sketches.words)
        copies = _copies(first)
        rows = np.flatnonzero((first == np.arange(len(first))) & (lengths >= config.min_words))
        left, right, counts = candidates(sketches, rows, bands, config)
        table = recurring(sketches.words, rows, config)
        pairs = _verify(sketches, left, right, table, config, pool, progress)
        unchecked = _unchecked(_components(pairs, lengths), pairs)
        pairs = np.concatenate((pairs, _verify(sketches, *unchecked, table, config, pool, progress)))
    matches = _matches(sketches, pairs, copies, config, jobs)
    clusters = [make_cluster([sketches.segments[row].id for row in found]) for found in _clusters(pairs, copies, lengths)]
    return Result(
        matches,
        tuple(sorted(clusters, key=lambda cluster: cluster.members)),
        match_bulletins(sketches.segments, matches),
        _stats(sketches, counts, bands, matches, config),
    )


def relate_texts(a: str, b: str, config: Config | None = None) -> Relation | None:
    """Return how two texts relate, each as a whole; None where they do not.

    Rarity is that of the two texts alone: a pair near a limit may be related otherwise among many.

    >>> relate_texts("Rain is expected in the north.", "RAIN is expected in the north!")
    <Relation.IDENTICAL: 'identical'>
    """
    found = find_duplicates([Document("a", a), Document("b", b)], config).matches
    return found[0].relation if found else None


def _stats(sketches: Sketches, counts: dict[str, int], bands: lsh.Bands, matches: tuple[Match, ...], config: Config) -> dict[str, Any]:
    found = [match.relation for match in matches]
    return {
        "config": config.key(),
        "fold_version": FOLD_VERSION,
        "documents": len({segment.document for segment in sketches.segments}),
        "segments": len(sketches.segments),
        "words": len(sketches.words.values),
        "candidates": counts,
        "relations": {relation.value: found.count(relation) for relation in Relation},
        "bands": bands.bands,
        "rows": bands.rows,
        "candidate_probability": {f"{step / 10:.1f}": round(bands.probability(step / 10), 4) for step in range(1, 11)},
        "shared_run_always_found": 2 * config.fingerprint_window + config.fingerprint_words - 1,
    }
