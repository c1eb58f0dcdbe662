"""What was found against labels: pairwise figures, clusters, and how much of an exact search the candidates hold."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import combinations
from math import comb
from typing import Any

import numpy as np

from ..candidates.channels import candidates, distinctive_of
from ..candidates.exact import exact_pairs
from ..candidates.exact_copies import first_copies, unique_rows
from ..candidates.lsh import choose_bands
from ..config import Config
from ..errors import ConfigError, InputError
from ..model import Document, Match, Result
from ..sketch.sketches import sketch_documents
from .labels import Pair, Truth, ordered

MOST_EXACT = 50_000
"""Segments among which an exact search is made."""
_EXAMPLES = 10


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _figures(right: float, said: float, wanted: float) -> dict[str, float | None]:
    """Return precision, recall and F1 from what was rightly said, all that was said, and all that should have been."""
    return {"precision": _share(right, said), "recall": _share(right, wanted), "f1": _share(2 * right, said + wanted)}


def _match_object(match: Match) -> dict[str, Any]:
    shares = {name: round(getattr(match, name), 4) for name in ("jaccard", "containment_a", "containment_b")}
    return {"a": match.a.id, "b": match.b.id, "relation": match.relation.value, **shares}


def check_ids(truth: Truth, ids: Collection[str]) -> None:
    """Raise `InputError` where a label names a document, or a segment ``DOCUMENT#INDEX`` of one, that is not among these."""
    named = {each for pair in truth.labels for each in pair} | {each for cluster in truth.clusters for each in cluster}
    unknown = sorted(each for each in named if each not in ids and each.rpartition("#")[0] not in ids)
    if unknown:
        more = f" and {len(unknown) - 1:,} more" if len(unknown) > 1 else ""
        raise InputError(f"a label names {unknown[0]!r}{more}, which no document is called", hint="check --id-field and the labels")


def evaluate(result: Result, truth: Truth) -> dict[str, Any]:
    """Return how well a result fits labels, as an object for JSON. Raises `ConfigError` where there are none to fit.

    Labelled pairs: weighted precision, recall and F1 of what was matched as duplicates among them, and of each label the share taken for
    duplicates. Clusters: the same of all pairs of one cluster, by matches and by our clusters; the adjusted Rand index (Hubert and Arabie
    1985) and B-cubed (Bagga and Baldwin 1998) of the clusters. Both with examples of what was missed and wrongly matched.
    """
    if not truth.pairs and not truth.clusters:
        raise ConfigError("no pair is labelled as a duplicate or as another; name the labels of duplicates")
    found = {ordered(match.a.id, match.b.id): match for match in result.matches}
    duplicates = {pair for pair, match in found.items() if match.relation.duplicate}
    scored = _evaluate_clusters(result, truth, duplicates) if truth.clusters else _evaluate_pairs(truth, duplicates)
    wrong, missed = scored.pop("wrong"), scored.pop("missed")
    relations: dict[str, Counter[str]] = defaultdict(Counter)
    for pair, label in _labelled(truth):
        relations[label][found[pair].relation.value if pair in found else "none"] += 1
    return {
        "schema": "dedup/evaluation/1",
        **scored,
        "relations": {label: dict(sorted(counts.items())) for label, counts in sorted(relations.items())},
        "wrongly_matched": [_match_object(found[pair]) for pair in sorted(wrong)[:_EXAMPLES] if pair in found],
        "missed": [_match_object(found[pair]) if pair in found else {"a": pair[0], "b": pair[1]} for pair in sorted(missed)[:_EXAMPLES]],
    }


def _labelled(truth: Truth) -> Iterator[tuple[Pair, str]]:
    yield from truth.labels.items()
    for cluster in truth.clusters:
        yield from ((ordered(a, b), "one cluster") for a, b in combinations(cluster, 2))


def _evaluate_pairs(truth: Truth, duplicates: set[Pair]) -> dict[str, Any]:
    weigh = {pair: truth.weights.get(pair, 1.0) for pair in truth.labels}
    known = {pair: same for pair, same in truth.pairs.items() if same is not None}
    said = {pair for pair in known if pair in duplicates}
    right = {pair for pair in said if known[pair]}
    wanted = {pair for pair, same in known.items() if same}
    totals = [sum(weigh.get(pair, 1.0) for pair in pairs) for pairs in (right, said, wanted)]
    taken: dict[str, dict[str, Any]] = {}
    for label in sorted({*truth.labels.values()}):
        pairs = [pair for pair, name in truth.labels.items() if name == label]
        accepted = [pair for pair in pairs if pair in duplicates]
        share = _share(sum(map(weigh.__getitem__, accepted)), sum(map(weigh.__getitem__, pairs)))
        taken[label] = {"pairs": len(pairs), "matched": len(accepted), "share": share}
    return {
        "labelled": len(known),
        "pairs": _figures(totals[0], totals[1], totals[2]),
        "labels": taken,
        "wrong": said - right,
        "missed": wanted - said,
    }


def _evaluate_clusters(result: Result, truth: Truth, duplicates: set[Pair]) -> dict[str, Any]:
    wanted = {ordered(a, b) for cluster in truth.clusters for a, b in combinations(cluster, 2)}
    members = {each for cluster in truth.clusters for each in cluster}
    together = {ordered(a, b) for cluster in result.clusters for a, b in combinations(cluster.members, 2)}
    ours = _numbered((cluster.members for cluster in result.clusters), members)
    theirs = _numbered(truth.clusters, members | ours.keys())
    return {
        "labelled": len(wanted),
        "pairs": _figures(len(wanted & duplicates), len(duplicates), len(wanted)),
        "clusters": {**_figures(len(wanted & together), len(together), len(wanted)), **_clustering(ours, theirs, result.stats["segments"])},
        "wrong": {pair for pair in duplicates if pair not in wanted},
        "missed": {pair for pair in wanted if pair not in duplicates},
    }


def _numbered(clusters: Iterable[Iterable[str]], others: Iterable[str]) -> dict[str, int]:
    """Return the number of each id's cluster; ids without one have one of their own."""
    numbers = {each: number for number, cluster in enumerate(clusters) for each in cluster}
    for each in others:
        numbers.setdefault(each, -len(numbers) - 1)
    return numbers


def _clustering(ours: Mapping[str, int], theirs: Mapping[str, int], total: int) -> dict[str, float | None]:
    """Return the adjusted Rand index and B-cubed of two clusterings; ids in neither are alone in both."""
    names = theirs.keys()
    cells = Counter((ours.get(name, name), theirs[name]) for name in names)
    rows, columns = Counter(ours.get(name, name) for name in names), Counter(theirs[name] for name in names)
    alone = total - len(names)
    both, one, other = (sum(comb(size, 2) for size in sizes.values()) for sizes in (cells, rows, columns))
    expected, most = one * other / max(1, comb(total, 2)), (one + other) / 2
    precision = (alone + sum(size * size / rows[row] for (row, _), size in cells.items())) / max(1, total)
    recall = (alone + sum(size * size / columns[column] for (_, column), size in cells.items())) / max(1, total)
    return {
        "adjusted_rand": (both - expected) / (most - expected) if most != expected else 1.0,
        "b_cubed_precision": precision,
        "b_cubed_recall": recall,
        "b_cubed_f1": _share(2 * precision * recall, precision + recall),
    }


def candidate_recall(documents: Iterable[Document], config: Config | None = None, *, jobs: int = 1) -> dict[str, Any]:
    """Return how many of the pairs that an exact search finds are candidates, as an object for JSON.

    Exact are the pairs of which one text holds ``config.containment`` of the other's shingles, among them those with a Jaccard of
    ``config.threshold``. Raises `InputError` for more than `MOST_EXACT` segments.
    """
    config = config or Config()
    sketches = sketch_documents(documents, config, jobs)
    if len(sketches.segments) > MOST_EXACT:
        raise InputError(f"{len(sketches.segments):,} segments; an exact search takes up to {MOST_EXACT:,}", hint="take a sample")
    rows = np.flatnonzero(sketches.words.lengths >= config.min_words)
    words = sketches.words.take(rows)
    left, right = exact_pairs(words, config.shingle_words, min(config.containment, config.threshold))
    bands = choose_bands(config.num_perm, config.threshold, config.recall)
    fresh = distinctive_of(sketches, unique_rows(sketches.words, first_copies(sketches.words), config), config)
    proposed = {*zip(*(side.tolist() for side in candidates(sketches, fresh, rows, bands, config)[:2]), strict=True)}
    exact = [*zip(rows[left].tolist(), rows[right].tolist(), strict=True)]
    held = sum(pair in proposed for pair in exact)
    return {"exact_pairs": len(exact), "candidates": len(proposed), "held": held, "recall": _share(held, len(exact))}
