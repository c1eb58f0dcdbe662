"""What was found against labels: pairwise figures, clusters, and how much of an exact search the candidates hold."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from itertools import combinations
from math import comb
from typing import Any

import numpy as np

from ..candidates.channels import candidates, distinctive_of
from ..candidates.exact_copies import first_copies, unique_rows
from ..candidates.exact_search import exact_pairs
from ..candidates.lsh import LSH_JACCARD, bands_of
from ..config import Config
from ..errors import ConfigError, InputError
from ..model import Document, Match, Result
from ..pipeline import find_duplicates
from ..readers.values import Text, documents_of
from ..sketch.sketches import Progress, sketch_documents
from .truth import LeftOut, Pair, Truth, Unknown, ordered, unknown_ids, without

EVALUATION_SCHEMA = "dedup/evaluation/1"
MOST_EXACT = 50_000
"""Segments among which an exact search is made."""
_EXAMPLES = 10


@dataclass(frozen=True, slots=True)
class Figures:
    """Precision, recall and their harmonic mean F1, 0..1; None where there is nothing that could be right, or that could be wrong."""

    precision: float | None
    recall: float | None
    f1: float | None


@dataclass(frozen=True, slots=True)
class ClusterFigures:
    """How well clusters fit labelled ones: the figures of all pairs of one cluster, the adjusted Rand index (-1..1), and B-cubed (0..1)."""

    precision: float | None
    recall: float | None
    f1: float | None
    adjusted_rand: float
    b_cubed_precision: float
    b_cubed_recall: float
    b_cubed_f1: float | None


@dataclass(frozen=True, slots=True)
class LabelShare:
    """How many pairs have a label, how many of them matched as duplicates, and their share by weight, None where all weights are 0."""

    pairs: int
    matched: int
    share: float | None


@dataclass(frozen=True, slots=True)
class CandidateRecall:
    """How many pairs an exact search finds, how many are candidates, how many of the former are candidates (``held``), and their share."""

    exact_pairs: int
    candidates: int
    held: int
    recall: float | None


@dataclass(frozen=True, slots=True)
class Example:
    """A pair that was judged wrongly, the smaller id first, and its match, None where there is none."""

    a: str
    b: str
    match: Match | None

    def to_dict(self) -> dict[str, Any]:
        """Return the pair as plain values for JSON."""
        if self.match is None:
            return {"a": self.a, "b": self.b}
        return {name: value for name, value in self.match.to_dict().items() if name in _EXAMPLE}


_EXAMPLE = ("a", "b", "relation", "jaccard", "containment_a", "containment_b")


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How well a result fits labels. Labelled pairs have ``labels``, clusters have ``clusters``, the other is None.

    ``labelled`` counts the labelled pairs; ``relations`` counts for each label the relations that were found, ``none`` where there was no
    match; ``wrongly_matched`` and ``missed`` are the first examples by id; ``candidates`` is there where an exact search was asked for,
    ``left_out`` where labels were left out.
    """

    labelled: int
    pairs: Figures
    clusters: ClusterFigures | None
    labels: Mapping[str, LabelShare] | None
    relations: Mapping[str, Mapping[str, int]]
    wrongly_matched: tuple[Example, ...]
    missed: tuple[Example, ...]
    candidates: CandidateRecall | None = None
    left_out: LeftOut | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the evaluation as plain values for JSON, what ``dedup evaluate --format json`` prints: ``dedup/evaluation/1``."""
        found: dict[str, Any] = {"schema": EVALUATION_SCHEMA, "labelled": self.labelled, "pairs": asdict(self.pairs)}
        if self.clusters is not None:
            found["clusters"] = asdict(self.clusters)
        if self.labels is not None:
            found["labels"] = {name: asdict(share) for name, share in self.labels.items()}
        found["relations"] = {label: dict(counts) for label, counts in self.relations.items()}
        found["wrongly_matched"] = [example.to_dict() for example in self.wrongly_matched]
        found["missed"] = [example.to_dict() for example in self.missed]
        if self.candidates is not None:
            found["candidates"] = asdict(self.candidates)
        return found


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _figures(right: float, said: float, wanted: float) -> Figures:
    """Return precision, recall and F1 from what was rightly said, all that was said, and all that should have been."""
    return Figures(_share(right, said), _share(right, wanted), _share(2 * right, said + wanted))


def evaluate(
    texts: Iterable[Text],
    truth: Truth,
    config: Config | None = None,
    *,
    exact: bool = False,
    jobs: int = 1,
    progress: Progress | None = None,
    unknown: Unknown = "refuse",
) -> Evaluation:
    """Find the duplicates among texts and measure them against labels.

    Texts are as `dedup.find_duplicates` takes them; two with one id are refused, as a label could mean either. ``exact`` also searches
    exactly, as `candidate_recall` does: then the texts are read twice, and must be a list or something else that can be. ``unknown`` says
    what becomes of labels that name a text that is not there: ``refuse`` them, or ``leave-out``. Raises `InputError` for such labels, or
    where none of a duplicate is left, and `ConfigError` where no label is one to fit.

    >>> found = evaluate(["Rain in the north.", "RAIN in the north!", "Wind."], Truth({("0", "1"): True, ("0", "2"): False}))
    >>> found.pairs, found.labelled
    (Figures(precision=1.0, recall=1.0, f1=1.0), 2)
    """
    if exact and iter(texts) is texts:
        raise ConfigError("an exact search reads the texts twice: give a list, no iterator")
    ids: set[str] = set()
    result = find_duplicates(_noting(documents_of(texts), ids), config, jobs=jobs, progress=progress, same_id="refuse")
    if unknown == "refuse":
        check_ids(truth, ids)
    truth, left_out = without(truth, unknown_ids(truth, ids), ids)
    found = replace(evaluate_result(result, truth), left_out=left_out)
    return replace(found, candidates=candidate_recall(texts, config, jobs=jobs)) if exact else found


def _noting(documents: Iterable[Document], ids: set[str]) -> Iterator[Document]:
    for document in documents:
        ids.add(document.id)
        yield document


def check_ids(truth: Truth, ids: Collection[str]) -> None:
    """Raise `InputError` where a label names a document, or a segment ``DOCUMENT#INDEX`` of one, that is not among these."""
    if unknown := sorted(unknown_ids(truth, ids)):
        more = f" and {len(unknown) - 1:,} more" if len(unknown) > 1 else ""
        raise InputError(f"a label names {unknown[0]!r}{more}, which no document is called", hint="check --id-field and the labels")


def evaluate_result(result: Result, truth: Truth) -> Evaluation:
    """Measure a result against labels. Raises `ConfigError` where there are none to fit, or none of a duplicate.

    Labelled pairs: weighted precision, recall and F1 of what was matched as duplicates among them, and of each label the share taken for
    duplicates. Clusters: the same of all pairs of one cluster, by matches and by our clusters; the adjusted Rand index (Hubert and Arabie
    1985) and B-cubed (Bagga and Baldwin 1998) of the clusters. Both with examples of what was missed and wrongly matched. A list of
    duplicates alone has a recall, but no precision.
    """
    if not truth.pairs and not truth.clusters:
        raise ConfigError("no pair is labelled as a duplicate or as another; name the labels of duplicates")
    if not truth.clusters and not any(truth.pairs.values()):
        raise ConfigError("no pair is labelled as a duplicate, so nothing can be found rightly; label some duplicates")
    found = {ordered(match.a.id, match.b.id): match for match in result.matches}
    duplicates = {pair for pair, match in found.items() if match.relation.duplicate}
    judged = _judge_clusters(result, truth, duplicates) if truth.clusters else _judge_pairs(truth, duplicates)
    relations: dict[str, Counter[str]] = defaultdict(Counter)
    for pair, label in _labelled(truth):
        relations[label][found[pair].relation.value if pair in found else "none"] += 1
    return Evaluation(
        judged.labelled,
        judged.pairs,
        judged.clusters,
        judged.labels,
        {label: dict(sorted(counts.items())) for label, counts in sorted(relations.items())},
        tuple(Example(*pair, found[pair]) for pair in sorted(judged.wrong)[:_EXAMPLES] if pair in found),
        tuple(Example(*pair, found.get(pair)) for pair in sorted(judged.missed)[:_EXAMPLES]),
    )


@dataclass(frozen=True, slots=True)
class _Judged:
    """What `Evaluation` needs of labels of one sort, and all pairs that were judged wrongly."""

    labelled: int
    pairs: Figures
    wrong: set[Pair]
    missed: set[Pair]
    clusters: ClusterFigures | None = None
    labels: Mapping[str, LabelShare] | None = None


def _labelled(truth: Truth) -> Iterator[tuple[Pair, str]]:
    yield from truth.labels.items()
    for cluster in truth.clusters:
        yield from ((ordered(a, b), "one cluster") for a, b in combinations(cluster, 2))


def _judge_pairs(truth: Truth, duplicates: set[Pair]) -> _Judged:
    weigh = {pair: truth.weights.get(pair, 1.0) for pair in truth.labels}
    known = {pair: same for pair, same in truth.pairs.items() if same is not None}
    said = {pair for pair in known if pair in duplicates}
    right = {pair for pair in said if known[pair]}
    wanted = {pair for pair, same in known.items() if same}
    totals = [sum(weigh.get(pair, 1.0) for pair in pairs) for pairs in (right, said, wanted)]
    taken = {}
    for label in sorted({*truth.labels.values()}):
        pairs = [pair for pair, name in truth.labels.items() if name == label]
        accepted = [pair for pair in pairs if pair in duplicates]
        share = _share(sum(map(weigh.__getitem__, accepted)), sum(map(weigh.__getitem__, pairs)))
        taken[label] = LabelShare(len(pairs), len(accepted), share)
    figures = _figures(totals[0], totals[1], totals[2])
    if truth.listed:
        figures = Figures(None, figures.recall, None)
    return _Judged(len(known), figures, said - right, wanted - said, labels=taken)


def _judge_clusters(result: Result, truth: Truth, duplicates: set[Pair]) -> _Judged:
    wanted = {ordered(a, b) for cluster in truth.clusters for a, b in combinations(cluster, 2)}
    members = {each for cluster in truth.clusters for each in cluster}
    together = {ordered(a, b) for cluster in result.clusters for a, b in combinations(cluster.members, 2)}
    ours = _numbered((cluster.members for cluster in result.clusters), members)
    theirs = _numbered(truth.clusters, members | ours.keys())
    figures = _clustering(_figures(len(wanted & together), len(together), len(wanted)), ours, theirs, result.stats["segments"])
    pairs = _figures(len(wanted & duplicates), len(duplicates), len(wanted))
    return _Judged(len(wanted), pairs, duplicates - wanted, wanted - duplicates, clusters=figures)


def _numbered(clusters: Iterable[Iterable[str]], others: Iterable[str]) -> dict[str, int]:
    """Return the number of each id's cluster; ids without one have one of their own."""
    numbers = {each: number for number, cluster in enumerate(clusters) for each in cluster}
    for each in others:
        numbers.setdefault(each, -len(numbers) - 1)
    return numbers


def _clustering(pairs: Figures, ours: Mapping[str, int], theirs: Mapping[str, int], total: int) -> ClusterFigures:
    """Return the figures of pairs with the adjusted Rand index and B-cubed of two clusterings; ids in neither are alone in both."""
    names = theirs.keys()
    cells = Counter((ours.get(name, name), theirs[name]) for name in names)
    rows, columns = Counter(ours.get(name, name) for name in names), Counter(theirs[name] for name in names)
    alone = total - len(names)
    both, one, other = (sum(comb(size, 2) for size in sizes.values()) for sizes in (cells, rows, columns))
    expected, most = one * other / max(1, comb(total, 2)), (one + other) / 2
    precision = (alone + sum(size * size / rows[row] for (row, _), size in cells.items())) / max(1, total)
    recall = (alone + sum(size * size / columns[column] for (_, column), size in cells.items())) / max(1, total)
    rand = (both - expected) / (most - expected) if most != expected else 1.0
    return ClusterFigures(
        pairs.precision, pairs.recall, pairs.f1, rand, precision, recall, _share(2 * precision * recall, precision + recall)
    )


def candidate_recall(texts: Iterable[Text], config: Config | None = None, *, jobs: int = 1) -> CandidateRecall:
    """Measure how many of the pairs that an exact search finds are candidates.

    Exact are the pairs of which one text holds `LSH_JACCARD` of the other's shingles, among them those with such a Jaccard. Raises
    `InputError` for more than `MOST_EXACT` segments.
    """
    config = config or Config()
    sketches = sketch_documents(documents_of(texts), config, jobs)
    if len(sketches.segments) > MOST_EXACT:
        raise InputError(f"{len(sketches.segments):,} segments; an exact search takes up to {MOST_EXACT:,}", hint="take a sample")
    rows = np.flatnonzero(sketches.words.lengths >= config.min_words)
    words = sketches.words.take(rows)
    left, right = exact_pairs(words, config.shingle_words, LSH_JACCARD)
    bands = bands_of(config)
    fresh = distinctive_of(sketches, unique_rows(sketches.words, first_copies(sketches.words), config), config)
    proposed = {*zip(*(side.tolist() for side in candidates(sketches, fresh, rows, bands, config)[:2]), strict=True)}
    exact = [*zip(rows[left].tolist(), rows[right].tolist(), strict=True)]
    held = sum(pair in proposed for pair in exact)
    return CandidateRecall(len(exact), len(proposed), held, _share(held, len(exact)))
