"""Labels as values: pairs and clusters, how they are read, and what becomes of those of unknown documents."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from ..errors import ConfigError, InputError
from ..model import Document
from .label_values import Form

Pair = tuple[str, str]
Unknown = Literal["refuse", "leave-out"]
"""What becomes of labels that name a text that is not there."""


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
