"""Labels of pairs and clusters, which what was found is measured against."""

from __future__ import annotations

import logging
from collections.abc import Collection

from ..errors import ConfigError, InputError
from .label_objects import collect
from .label_values import SAID
from .truth import LabelReading, Labels, Pair, Truth, ordered

__all__ = ["LabelReading", "Labels", "Pair", "Truth", "ordered", "read_labels", "read_truth"]

_FORMS = 'give {"clusters": [["id", "id"]]}, {"pairs": [...], "neg_pairs": [...]} or labels as JSONL or CSV'
_LOG = logging.getLogger(__name__)


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
    same = {pair: each for pair, each in truth.pairs.items() if each is not None}
    counted = [truth.labels[pair] for pair in same if pair in truth.labels] or [*truth.labels.values()]  # not those on neither side
    names = ", ".join(sorted({*counted})[:10])
    if not any(same.values()):
        what = f"none of {len(counted):,} labelled pairs is a duplicate (labels: {names}), so nothing can be found rightly"
        raise InputError(what, path=path, hint=f"label some duplicates as well; {SAID}")
    if all(same.values()) and not (truth.listed or reading.one_class or reading.duplicate):
        what = f"all {len(same):,} labelled pairs are duplicates (labels: {names}), so precision has no meaning"
        hint = "label more pairs of both sorts; or measure recall alone: with --label-field '' the pairs are a list of duplicates"
        raise InputError(what, path=path, hint=hint)
