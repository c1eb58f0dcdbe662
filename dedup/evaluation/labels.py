"""Labels of pairs and clusters, which what was found is measured against."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from ..errors import ConfigError, InputError
from ..model import Document
from .label_columns import Form
from .label_values import SAID

Pair = tuple[str, str]
Unknown = Literal["refuse", "leave-out"]
"""What becomes of labels that name a text that is not there."""
_FORMS = 'give {"clusters": [["id", "id"]]}, {"pairs": [...], "neg_pairs": [...]} or labels as JSONL or CSV'
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Truth:
    """Labels of pairs of ids, smaller id first, or clusters of all that are alike.

    ``pairs`` says of each labelled pair whether it is a duplicate, None where it counts on neither side; ``weights`` what it stands for
    (1 where it has none); ``labels`` its name. ``listed``: the pairs are a list of duplicates alone, so nothing is known of other pairs.
    """

    pairs: Mapping[Pair, bool | None] = field(default_factory=dict)
    weights: Mapping[Pair, float] = field(default_factory=dict)
    labels: Mapping[Pair, str] = field(default_factory=dict)
    clusters: tuple[tuple[str, ...], ...] = ()
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Labels:
    """Labels as they were read: the truth, the documents where pairs hold their own texts, and what a reader should be told."""

    truth: Truth
    documents: tuple[Document, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LabelReading:
    """How labels are read; what is not given is told from the file, or refused where that is not clear.

    ``duplicate`` and ``ignore`` name the labels that are duplicates, and those that count on neither side. ``label_field`` is the column of
    labels, empty where all pairs that are listed are duplicates; ``pair_fields`` are the two columns of a pair, or an id and its cluster.
    ``threshold``: labels are scores, and a pair of at least this much is a duplicate. ``own_texts`` says whether the pairs hold their own
    texts, and ``form`` whether rows and lists are pairs or clusters.
    """

    duplicate: Collection[str] = ()
    ignore: Collection[str] = ()
    label_field: str | None = None
    pair_fields: tuple[str, ...] = ()
    threshold: float | None = None
    own_texts: bool | None = None
    form: Form | None = None
    one_class: bool = False
    """True: labels that are all duplicates are taken, and say nothing of precision; False: they are an error."""

    def __post_init__(self) -> None:
        if self.pair_fields and (len(self.pair_fields) != 2 or self.pair_fields[0] == self.pair_fields[1]):
            raise ConfigError("the fields of a pair are two, for example id1,id2")
        if self.threshold is not None and (self.duplicate or self.ignore):
            raise ConfigError("labels are scores with a threshold, or have names; give one of them")


def ordered(a: str, b: str) -> Pair:
    """Return the pair of two ids, the smaller first."""
    return (a, b) if a < b else (b, a)


def read_truth(path: str, *, duplicate: Collection[str] = (), ignore: Collection[str] = ()) -> Truth:
    """Read labels of documents that have ids, as `read_labels` does, and return them alone; what it tells goes to the log.

    Here a pair ``{"a", "b"}`` in JSON needs ``duplicate`` or ``label``, and labels may all be of duplicates. Raises `InputError` for what
    is no label, `ConfigError` for a name that no label has.
    """
    found = read_labels(path, LabelReading(duplicate, ignore, one_class=True))
    if found.documents:
        what = "the pairs hold their own texts" if found.truth.labels else "no label"
        raise InputError(what, path=path, hint="read_labels returns the texts as well")
    for note in found.notes:
        _LOG.warning("%s: %s", path, note)
    return found.truth


def read_labels(path: str, reading: LabelReading | None = None) -> Labels:
    """Read labels from a file, plain or packed, or from standard input for ``-``: CSV, tables with other separators, JSON or JSON Lines.

    Labelled pairs are rows or objects with two ids, or two texts, and a label; without a column of labels all of them are duplicates.
    Clusters are rows with an id and its cluster, or lists of ids. A JSON object may have ``clusters`` (lists of ids), ``pairs`` and
    ``neg_pairs`` (lists of two ids) or ``labels`` (objects); other names that begin with ``neg_`` are lists of no duplicates as well.

    Raises `InputError` for what is no label, where it is not clear which columns are meant, and where no pair is a duplicate, or all are
    that have a label; `ConfigError` for a name of a label that none has.
    """
    from .label_objects import collect

    reading = reading or LabelReading()
    found = collect(path, reading)
    truth = found.truth
    if not truth.labels and not truth.clusters:
        raise InputError("no labels", path=path, hint=_FORMS)
    names = {*truth.labels.values()}
    for name in (*reading.duplicate, *reading.ignore):
        if name not in names:
            raise ConfigError(f"no label is called {name!r}; there are {', '.join(sorted(names)[:20]) or 'none with a name'}")
    if not truth.clusters and truth.pairs:
        _refuse_one_class(truth, path, reading)
    return found


def _refuse_one_class(truth: Truth, path: str, reading: LabelReading) -> None:
    same = [each for each in truth.pairs.values() if each is not None]
    names = ", ".join(sorted({*truth.labels.values()})[:10])
    if not any(same):
        what = f"none of {len(truth.labels):,} labelled pairs is a duplicate (labels: {names}), so nothing can be found rightly"
        raise InputError(what, path=path, hint=f"label some duplicates as well; {SAID}")
    if all(same) and not (truth.listed or reading.one_class or reading.duplicate):
        what = f"all {len(same):,} labelled pairs are duplicates (labels: {names}), so precision has no meaning"
        hint = "label more pairs of both sorts; or measure recall alone: with --label-field '' the pairs are a list of duplicates"
        raise InputError(what, path=path, hint=hint)


def unknown_ids(truth: Truth, ids: Collection[str]) -> set[str]:
    """Return the ids in labels that are neither among these ids of documents, nor of a segment, ``DOCUMENT#INDEX``, of one."""
    named = {each for pair in (*truth.labels, *truth.pairs) for each in pair} | {each for cluster in truth.clusters for each in cluster}
    return {each for each in named if each not in ids and each.rpartition("#")[0] not in ids}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Labels that were left out, as no document has their ids: how many pairs or members of clusters, how many ids, and some of them."""

    labels: int
    ids: int
    examples: tuple[str, ...]


def without(truth: Truth, unknown: Collection[str], documents: Iterable[str]) -> tuple[Truth, LeftOut | None]:
    """Return labels without those that name an unknown id, and what was left out. Raises `InputError` where no duplicate is left."""
    if not unknown:
        return truth, None
    kept = {pair for pair in truth.labels if pair[0] not in unknown and pair[1] not in unknown}
    known = {pair: same for pair, same in truth.pairs.items() if pair[0] not in unknown and pair[1] not in unknown}
    clusters = tuple(tuple(each for each in cluster if each not in unknown) for cluster in truth.clusters)
    gone = len(truth.labels) - len(kept) + sum(map(len, truth.clusters)) - sum(map(len, clusters))
    left_out = LeftOut(gone, len(unknown), tuple(sorted(unknown)[:3]))
    if not any(known.values()) and not any(len(cluster) > 1 for cluster in clusters):
        what = "no labelled duplicate" if kept or known or any(clusters) else "no label"
        said = f"{what} is of documents that are there: {len(unknown):,} ids are of none, for example {_some(left_out.examples)}"
        raise InputError(f"{said}; documents are called {_some(documents)}", hint="check --id-field, --pair-fields and the labels")
    if False in truth.pairs.values() and False not in known.values():
        said = f"no labelled pair that is no duplicate is of documents that are there ({len(unknown):,} ids are of none)"
        raise InputError(said, hint="check --id-field and the labels")
    weights = {pair: weight for pair, weight in truth.weights.items() if pair in kept}
    labels = {pair: name for pair, name in truth.labels.items() if pair in kept}
    return replace(truth, pairs=known, weights=weights, labels=labels, clusters=tuple(filter(None, clusters))), left_out


def _some(names: Iterable[str]) -> str:
    return ", ".join(repr(name) for name in sorted(names)[:3])
