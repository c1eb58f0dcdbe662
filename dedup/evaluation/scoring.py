"""What was found against labels: figures of pairs and of clusters, how sure they are, and which pairs are wrong."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import combinations
from typing import Any, TypeVar

import numpy as np

from ..arrays.ragged import Array
from ..config import Config
from ..errors import ConfigError, InputError
from ..model import Document, Relation, Result
from ..pipeline import find_duplicates
from ..readers.values import Text, documents_of
from ..sketch.sketches import Progress
from .answers import Example, JudgedPair, answer_columns, events_of, wrong_answers
from .calibration import Calibration, calibration_of
from .exact_recall import CandidateRecall, candidate_recall
from .figures import ClusterFigures, Figures, cluster_figures, cluster_numbers, figures_of, share_of
from .intervals import Intervals, intervals_of, sums_by_event, too_few
from .run_difference import RunDifference, compare_runs
from .truth import LeftOut, Pair, Truth, Unknown, ordered, unknown_ids, without

EVALUATION_SCHEMA = "dedup/evaluation/1"
_EXAMPLES = 10
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class LabelShare:
    """How many pairs have a label, how many of them matched as duplicates, and their share by weight, None where all weights are 0."""

    pairs: int
    matched: int
    share: float | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How well a result fits labels. Labelled pairs have ``labels``, clusters have ``clusters``, the other is None.

    ``labelled`` counts the labelled pairs. ``relations`` is the confusion matrix: for each label it counts the relations that were found,
    ``none`` where there was no match. ``answers`` has the pairs that are judged, by id: those with a label of a duplicate or of another;
    of clusters, the pairs inside of them and those that matched as duplicates. ``intervals`` are those of ``pairs``. ``calibration`` is
    there where pairs are labelled as duplicates and as others and matches have a probability, ``warnings`` says what figures do not
    tell, ``candidates`` is there where an exact search was asked for, ``left_out`` where labels were left out, ``against`` where another
    run was given.
    """

    labelled: int
    pairs: Figures
    clusters: ClusterFigures | None
    labels: Mapping[str, LabelShare] | None
    relations: Mapping[str, Mapping[str, int]]
    answers: tuple[JudgedPair, ...]
    intervals: Intervals
    calibration: Calibration | None = None
    warnings: tuple[str, ...] = ()
    candidates: CandidateRecall | None = None
    left_out: LeftOut | None = None
    against: RunDifference | None = None

    @property
    def wrongly_matched(self) -> tuple[Example, ...]:
        """The matches that are labelled as no duplicates, the most wrong first: by probability, or by Jaccard where there is none."""
        return wrong_answers(self.answers, missed=False)

    @property
    def missed(self) -> tuple[Example, ...]:
        """The labelled duplicates that were not matched as such, the most wrong first."""
        return wrong_answers(self.answers, missed=True)

    def under(self, limits: Mapping[str, float]) -> dict[str, float | None]:
        """Return those figures of ``pairs`` that are under a limit, or have no value, by name: ``precision``, ``recall``, ``f1``.

        Raises `ConfigError` for another name.
        """
        if unknown := sorted(limits.keys() - Figures.__dataclass_fields__.keys()):
            raise ConfigError(f"no figure is called {unknown[0]!r}; there are {', '.join(Figures.__dataclass_fields__)}")
        found: dict[str, float | None] = {name: getattr(self.pairs, name) for name in limits}
        return {name: value for name, value in found.items() if value is None or value < limits[name]}

    def to_dict(self) -> dict[str, Any]:
        """Return the evaluation as plain values for JSON, what ``dedup evaluate --format json`` prints: ``dedup/evaluation/1``.

        Of the wrong pairs ten of each sort are there as examples; ``answers`` has all.
        """
        found: dict[str, Any] = {"schema": EVALUATION_SCHEMA, "labelled": self.labelled, "pairs": asdict(self.pairs)}
        found["intervals"] = self.intervals.to_dict()
        found["warnings"] = [*self.warnings]
        if self.clusters is not None:
            found["clusters"] = asdict(self.clusters)
        if self.labels is not None:
            found["labels"] = {name: asdict(share) for name, share in self.labels.items()}
        found["relations"] = {label: dict(counts) for label, counts in self.relations.items()}
        found["wrongly_matched"] = [example.to_dict() for example in self.wrongly_matched[:_EXAMPLES]]
        found["missed"] = [example.to_dict() for example in self.missed[:_EXAMPLES]]
        for name, part in (("calibration", self.calibration), ("against", self.against)):
            if part is not None:
                found[name] = part.to_dict()
        if self.candidates is not None:
            found["candidates"] = asdict(self.candidates)
        found["answers"] = answer_columns(self.answers)
        return found


def evaluate(
    texts: Iterable[Text],
    truth: Truth,
    config: Config | None = None,
    *,
    exact: bool = False,
    jobs: int = 1,
    progress: Progress | None = None,
    unknown: Unknown = "refuse",
    against: Mapping[str, Any] | None = None,
) -> Evaluation:
    """Find the duplicates among texts and measure them against labels.

    Texts are as `dedup.find_duplicates` takes them; two with one id are refused, as a label could mean either. ``exact`` also searches
    exactly, as `candidate_recall` does: then the texts are read twice, and must be a list or something else that can be. ``unknown`` says
    what becomes of labels that name a text that is not there: ``refuse`` them, or ``leave-out``. ``against`` is another run to compare
    with, an object as `read_evaluation` or `Evaluation.to_dict` returns it. Raises `InputError` for such labels, or where none of a
    duplicate is left, or no pair is in both runs, and `ConfigError` where no label is one to fit.

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
    found = replace(evaluate_result(result, truth, against), left_out=left_out)
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


def evaluate_result(result: Result, truth: Truth, against: Mapping[str, Any] | None = None) -> Evaluation:
    """Measure a result against labels. Raises `ConfigError` where there are none to fit, or none of a duplicate.

    Labelled pairs: weighted precision, recall and F1 of what was matched as duplicates among them, and of each label the share taken for
    duplicates. Clusters: the same of all pairs of one cluster, by matches and by our clusters; the adjusted Rand index (Hubert and Arabie
    1985) and B-cubed (Bagga and Baldwin 1998) of the clusters. Both with what was missed and wrongly matched. A list of duplicates alone
    has a recall, but no precision. ``against`` is another run, as `evaluate` has it.
    """
    if not truth.pairs and not truth.clusters:
        raise ConfigError("no pair is labelled as a duplicate or as another; name the labels of duplicates")
    if not truth.clusters and not any(truth.pairs.values()):
        raise ConfigError("no pair is labelled as a duplicate, so nothing can be found rightly; label some duplicates")
    ordered_matches = (match if match.a.id < match.b.id else match.mirrored() for match in result.matches)
    found = {(match.a.id, match.b.id): match for match in ordered_matches}
    duplicates = {pair for pair, match in found.items() if match.duplicate}
    relations: dict[str, Counter[str]] = defaultdict(Counter)
    for pair, label in _labelled(truth):
        relations[label][found[pair].relation.value if pair in found else "none"] += 1
    wanted = {ordered(a, b) for cluster in truth.clusters for a, b in combinations(cluster, 2)}
    known = {pair: same for pair, same in truth.pairs.items() if same is not None}
    judged = {pair: pair in wanted for pair in wanted | duplicates} if truth.clusters else known
    answers = tuple(
        JudgedPair(*pair, judged[pair], found.get(pair), truth.weights.get(pair, 1.0), truth.labels.get(pair)) for pair in sorted(judged)
    )
    sums = _sums(answers)
    figures = figures_of(*sums.sum(axis=0).tolist())
    if truth.listed:
        figures = Figures(None, figures.recall, None)
    intervals = intervals_of(sums, figures)
    return Evaluation(
        len(wanted) if truth.clusters else len(known),
        figures,
        _judge_clusters(result, truth, wanted) if truth.clusters else None,
        None if truth.clusters else _shares(truth, duplicates),
        {label: _in_order(counts, [*map(str, Relation), "none"]) for label, counts in _in_order(relations, [*map(str, Relation)]).items()},
        answers,
        intervals,
        calibration_of(answers) if {*known.values()} == {True, False} else None,
        tuple(filter(None, (too_few(intervals, figures), _weightless(answers)))),
        against=None if against is None else compare_runs(answers, against, complete=bool(truth.clusters)),
    )


def _labelled(truth: Truth) -> Iterator[tuple[Pair, str]]:
    yield from truth.labels.items()
    for cluster in truth.clusters:
        yield from ((ordered(a, b), "one cluster") for a, b in combinations(cluster, 2))


def _in_order(found: Mapping[str, _Value], order: Sequence[str]) -> dict[str, _Value]:
    """Return values by name: names that an order has first, in that order, then the others by the alphabet."""
    places = {name: place for place, name in enumerate(order)}
    return {name: found[name] for name in sorted(found, key=lambda name: (places.get(name, len(places)), name))}


def _sums(answers: Sequence[JudgedPair]) -> Array:
    """Return the weights of what was rightly said, of what was said and of what was wanted, by event."""
    weights = np.array([each.weight for each in answers], float)
    said, same = (np.array([getattr(each, name) for each in answers], bool) for name in ("said", "duplicate"))
    columns = np.stack([mask * weights for mask in (said & same, said, same)], axis=1)
    return sums_by_event(columns, events_of([(each.a, each.b) for each in answers]))


def _weightless(answers: Sequence[JudgedPair]) -> str | None:
    """Return that some wrong pairs count for nothing, None where all count."""
    wrong = [each for each in answers if each.said != each.duplicate]
    nothing = sum(not each.weight for each in wrong)
    return f"{nothing:,} of {len(wrong):,} wrong pairs weigh 0, so the figures do not count them" if nothing else None


def _shares(truth: Truth, duplicates: Collection[Pair]) -> dict[str, LabelShare]:
    """Return for each label how many of its pairs were taken for duplicates."""
    found = {}
    for label in sorted({*truth.labels.values()}):
        pairs = sorted(pair for pair, name in truth.labels.items() if name == label)
        accepted = [pair for pair in pairs if pair in duplicates]
        said, whole = (sum(truth.weights.get(pair, 1.0) for pair in some) for some in (accepted, pairs))
        found[label] = LabelShare(len(pairs), len(accepted), share_of(said, whole))
    return found


def _judge_clusters(result: Result, truth: Truth, wanted: Collection[Pair]) -> ClusterFigures:
    members = {each for cluster in truth.clusters for each in cluster}
    together = {ordered(a, b) for cluster in result.clusters for a, b in combinations(cluster.members, 2)}
    ours = cluster_numbers((cluster.members for cluster in result.clusters), members)
    theirs = cluster_numbers(truth.clusters, members | ours.keys())
    pairs = figures_of(len(together.intersection(wanted)), len(together), len(wanted))
    return cluster_figures(pairs, ours, theirs, result.stats["segments"])
