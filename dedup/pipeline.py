"""Join the stages: documents in, matches and clusters out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from .arrays.buckets import Enough, halves, pair_codes
from .arrays.ragged import Array, is_among, sorted_unique
from .candidates.channels import candidates, distinctive_of, resembling_of
from .candidates.exact_copies import first_copies, unique_rows
from .candidates.lsh import Bands, bands_of, shared_pairs
from .clusters.bulletins import match_bulletins
from .clusters.canonical import RowFacts, holding, preference
from .clusters.constraints import restricts
from .clusters.grouping import clusters_of
from .clusters.judged_search import JudgedSearch
from .clusters.stars import components
from .clusters.verdicts import Judged
from .config import Config, SameId
from .errors import ConfigError
from .matched_pairs import MatchedPairs, matched_pairs
from .model import Cluster, Document, Order, Relation, Result
from .readers.sources import Documents
from .readers.values import Text, documents_of
from .related_pairs import related_pairs, related_part
from .sketch.sketches import Progress, Sketches, sketch_documents
from .sketched_files import can_sketch_files, sketch_files
from .text.about import PackedAbout
from .text.fold import FOLD_VERSION
from .text.ids import named, not_withdrawn
from .text.ignored_lines import IgnoredCount
from .verification.background import open_background
from .verification.relations import is_duplicate
from .verification.short_table import ShortTable

BEST = 16  # texts of an overfull component that are compared with all others of it


def _with_copies(left: Array, right: Array, overfull: Array, alike: Array, config: Config) -> tuple[Array, Array, Array]:
    """Return the pairs with those of rows that are alike, where each stands for itself, and the rows that are like too many others."""
    rows = np.flatnonzero(alike >= 0)
    packed = np.sort(pair_codes(alike[rows], rows))
    enough = Enough(np.zeros(len(alike), np.int64), 1, 0.0, config.bucket_limit)
    copies, too_many = shared_pairs(packed, config.bucket_limit, enough)
    pairs = sorted_unique(np.concatenate((copies, pair_codes(left, right))))
    return *halves(pairs), np.union1d(overfull, np.flatnonzero(too_many))


def _copies(first: Array) -> dict[int, list[int]]:
    """Return the rows that are alike, by their first one, where there are several."""
    copies: dict[int, list[int]] = {}
    for row in np.flatnonzero((first >= 0) & (first != np.arange(len(first)))).tolist():
        copies.setdefault(int(first[row]), [int(first[row])]).append(row)
    return copies


def _places(sketches: Sketches, pairs: Array, config: Config) -> Array:
    """Return for each row its place by preference for being canonical."""
    held = np.zeros(len(sketches.segments), np.int64)
    duplicates = pairs[is_duplicate(pairs, config)]
    np.add.at(held, duplicates["left"], holding(duplicates["containment_b"]))
    np.add.at(held, duplicates["right"], holding(duplicates["containment_a"]))
    return preference(RowFacts(sketches.words.lengths, sketches.timestamps, sketches.sources, held, sketches.ownership), config)


def _with_missed(pairs: Array, overfull: Array, places: Array, compare: Callable[[Array, Array], Array], config: Config) -> Array:
    """Return the pairs, with those that were not proposed because too many texts are alike: in each component of such texts the best is
    compared with all others, then the best of those that are no duplicates of it, and so on."""
    inside = np.zeros(len(places), bool)
    inside[overfull] = True
    duplicates = pairs[is_duplicate(pairs, config) & inside[pairs["left"]] & inside[pairs["right"]]]
    labels = components(len(places), duplicates["left"], duplicates["right"])
    rows = sorted_unique(np.concatenate((duplicates["left"], duplicates["right"])))
    done = np.sort(pair_codes(pairs["left"], pairs["right"]))
    linked = np.sort(pair_codes(duplicates["left"], duplicates["right"]))
    found = [pairs]
    for _ in range(BEST):
        rows = rows[np.lexsort((places[rows], labels[rows]))]
        first = np.concatenate(([True], labels[rows][1:] != labels[rows][:-1])) if len(rows) else np.zeros(0, bool)
        best = rows[np.maximum.accumulate(np.where(first, np.arange(len(rows)), 0))]
        codes = pair_codes(np.minimum(best, rows), np.maximum(best, rows))[~first]
        new = np.sort(codes[~is_among(codes, done)])
        more = compare(*halves(new))
        found.append(more)
        # A pair of one round is none of another: of those that are compared with the best only it is left out.
        known = more[is_duplicate(more, config)]
        alike = np.sort(pair_codes(known["left"], known["right"]))
        rows = rows[~first][~(is_among(codes, linked) | is_among(codes, alike))]
        if not len(rows):
            break
    return np.concatenate(found)


@dataclass(frozen=True, slots=True)
class _Searched:
    """What a search found: rows that are related, as pairs and with those that people have joined, and what these are rows of."""

    sketches: Sketches
    pairs: Array
    joined: Array
    copies: dict[int, list[int]]
    places: Array
    judged: JudgedSearch
    read: dict[str, int]
    proposed: dict[str, int]
    left_out: dict[str, Any]

    def matched(self, config: Config) -> MatchedPairs:
        return matched_pairs(self.sketches.segments, self.joined, self.copies, config)

    def clusters(self, config: Config) -> tuple[Cluster, ...]:
        return clusters_of(self.sketches.segments, self.pairs, self.copies, self.places, config, self.judged.groups)

    def stats(self, matched: MatchedPairs, config: Config) -> dict[str, Any]:
        return stats_of(self.read, self.proposed, matched.relations(), bands_of(config), config) | self.left_out


def _search(
    texts: Iterable[Text],
    config: Config,
    jobs: int,
    progress: Progress | None,
    same_id: SameId,
    verdicts: Iterable[Judged],
    notes: PackedAbout | None = None,
) -> _Searched:
    if jobs < 1:
        raise ConfigError(f"jobs is {jobs}; it must be 1 or more")
    progress = progress or (lambda stage, done, total: None)
    open_background(config)
    withdrawn = list[str]()
    ignored = IgnoredCount(config.ignore_lines)
    judged = JudgedSearch(verdicts, config)
    if isinstance(texts, Documents) and judged.is_empty and can_sketch_files(texts, config, same_id):
        sketches = sketch_files(texts, config, jobs, same_id, notes, withdrawn, progress)
    else:
        usable = ignored.counting(not_withdrawn(documents_of(texts), withdrawn))
        documents = judged.noting(named(usable, same_id))
        sketches = sketch_documents(documents if notes is None else notes.noting(documents), config, jobs, progress)
    with ThreadPoolExecutor(jobs) as pool:
        lengths = sketches.words.lengths
        alike = first_copies(sketches.words)
        unique = unique_rows(sketches.words, alike, config)
        # Where some pairs may not match every copy stands for itself, else the first one for all.
        copies = {} if restricts(config) else _copies(alike)
        rows = np.flatnonzero(lengths >= config.min_words) if restricts(config) else unique
        resembling = pool.submit(resembling_of, sketches, rows, bands_of(config), config)  # must not use the pool
        fresh = distinctive_of(sketches, unique, config, pool.map)
        left, right, overfull, counts = candidates(resembling.result(), fresh.among(rows, pool.map), config, pool.map)
        del resembling, fresh
        sketches = replace(sketches, fingerprints=sketches.fingerprints.take(np.zeros(0, np.int64)))  # no more is needed of them
        if restricts(config):
            left, right, overfull = _with_copies(left, right, overfull, alike, config)
        judged.bind(sketches.segments, None if restricts(config) else alike)
        relate = partial(related_pairs, sketches, alike, config, pool, progress)

        def compare(one: Array, other: Array) -> Array:
            return judged.without_parted(relate(one, other))

        def related(one: Array, other: Array) -> Array:
            return related_part(sketches, ShortTable.of(sketches.short, one, other), alike, config, one, other)

        pairs = compare(left, right)
        places = _places(sketches, pairs, config)
        pairs = _with_missed(pairs, overfull, places, compare, config)
    joined = judged.with_joined(pairs, related)
    left_out = ({"withdrawn": len(withdrawn)} if withdrawn else {}) | ignored.stats()
    return _Searched(sketches, pairs, joined, copies, places, judged, _read(sketches), counts, left_out)


def find_duplicates(
    texts: Iterable[Text],
    config: Config | None = None,
    *,
    jobs: int = 1,
    progress: Progress | None = None,
    same_id: SameId = "version",
    order: Order = "auto",
    verdicts: Iterable[Judged] = (),
) -> Result:
    """Find the near-duplicate segments or documents among these, how they relate, and their clusters.

    Texts are strings, documents, or mappings with ``id`` and ``text``, as `documents_of` takes them: a list, a column of pandas or polars,
    a generator. A string is named by its place among all texts, from 0. They are read once and not kept. The result is the same for any
    order of texts with ids of their own, and any number of ``jobs`` (threads); only which of two bulletins is the earlier is told by their
    order, as ``order`` has it (see `dedup.text.order.oldest_first`). ``same_id`` says what a second text under one id is, as
    `named` has it. What was withdrawn (canceled, withheld, an empty text) is left out, and counted in ``Result.stats`` as ``withdrawn``,
    as are the lines that ``config.ignore_lines`` matches as ``ignored``. ``verdicts`` is what people have said of pairs, as
    `dedup.Index.verdicts` returns it: texts that they joined are duplicates in one cluster, and those that they parted never are.
    Raises `InputError` for what is no text, for a text beyond ``config.max_chars`` and for a second one with an id where
    that is refused.

    >>> early = Document("early", "Two people were killed when a bridge fell in the old town on Monday, police said.")
    >>> later = Document("later", "Three people were killed when a bridge fell in the old town on Monday, police said.")
    >>> find_duplicates([later, early]).matches[0].relation
    <Relation.REVISION: 'revision'>
    >>> [(match.a.id, match.b.id) for match in find_duplicates(["Rain in the north.", "Wind.", "RAIN in the north!"]).matches]
    [('0', '2')]
    """
    config, notes = config or Config(), PackedAbout()
    found = _search(texts, config, jobs, progress, same_id, verdicts, notes)
    segments, matched, clusters = found.sketches.segments, found.matched(config), found.clusters(config)
    matches = matched.matches()
    about = notes.about_of(segments, matches, clusters)
    bulletins = match_bulletins(segments, matches, found.sketches.bulletins, about, order)
    return Result(matches, clusters, bulletins, found.stats(matched, config), about, order)


def find_pairs(
    texts: Iterable[Text],
    config: Config | None = None,
    *,
    jobs: int = 1,
    progress: Progress | None = None,
    same_id: SameId = "version",
    verdicts: Iterable[Judged] = (),
) -> MatchedPairs:
    """Find the matches that `find_duplicates` finds, as columns, and nothing else: much less work where there are very many of them."""
    config = config or Config()
    found = _search(texts, config, jobs, progress, same_id, verdicts)
    matched = found.matched(config)
    return replace(matched, stats=found.stats(matched, config))


@dataclass(frozen=True, slots=True)
class FoundClusters:
    """The clusters of a search, whether any texts are duplicates, and what `Result.stats` tells."""

    clusters: tuple[Cluster, ...]
    duplicates: bool
    stats: dict[str, Any]


def find_clusters(
    texts: Iterable[Text],
    config: Config | None = None,
    *,
    jobs: int = 1,
    progress: Progress | None = None,
    same_id: SameId = "version",
    verdicts: Iterable[Judged] = (),
) -> FoundClusters:
    """Find the clusters that `find_duplicates` finds, without an object for each match."""
    config = config or Config()
    found = _search(texts, config, jobs, progress, same_id, verdicts)
    matched = found.matched(config)
    return FoundClusters(found.clusters(config), matched.duplicates, found.stats(matched, config))


def relate_texts(a: str, b: str, config: Config | None = None) -> Relation | None:
    """Return how two texts relate, each as a whole; None where they do not.

    The answer is that which `find_duplicates` has for them among any others.

    >>> relate_texts("Rain is expected in the north.", "RAIN is expected in the north!")
    <Relation.IDENTICAL: 'identical'>
    """
    found = find_duplicates([Document("a", a), Document("b", b)], config).matches
    return found[0].relation if found else None


def _read(sketches: Sketches) -> dict[str, int]:
    documents = {segment.document for segment in sketches.segments}
    return {"documents": len(documents), "segments": len(sketches.segments), "words": len(sketches.words.values)}


def stats_of(
    read: Mapping[str, int], counts: Mapping[str, int], relations: Mapping[str, int], bands: Bands, config: Config
) -> dict[str, Any]:
    """Return what `Result.stats` tells, from what was ``read``, proposed and related."""
    return {
        "config": config.key(),
        "fold_version": FOLD_VERSION,
        **read,
        "candidates": dict(counts),
        "relations": {relation.value: relations.get(relation.value, 0) for relation in Relation},
        "bands": bands.bands,
        "rows": bands.rows,
        "candidate_probability": {f"{step / 10:.1f}": round(bands.probability(step / 10), 4) for step in range(1, 11)},
        "shared_run_always_found": 2 * config.fingerprint_window + config.fingerprint_words - 1,
    }
