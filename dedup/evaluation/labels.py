"""Labels of pairs and clusters, which what was found is measured against."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..errors import ConfigError, InputError
from ..readers.jsonl import parse_json
from ..readers.lines import BOM

Pair = tuple[str, str]
_HINT = 'each label is like {"a": "1", "b": "2", "duplicate": true}'
_FORMS = 'give {"clusters": [["id", "id"]]}, {"pairs": [...], "neg_pairs": [...]} or labels as JSONL'
_MOST = 1 << 28  # bytes of a file of labels, some million pairs


@dataclass(frozen=True, slots=True)
class Truth:
    """Labels of pairs of ids, smaller id first, or clusters of all that are alike.

    ``pairs`` says of each labelled pair whether it is a duplicate, None where it counts on neither side; ``weights`` what it stands for
    (1 where it has none); ``labels`` its name.
    """

    pairs: Mapping[Pair, bool | None] = field(default_factory=dict)
    weights: Mapping[Pair, float] = field(default_factory=dict)
    labels: Mapping[Pair, str] = field(default_factory=dict)
    clusters: tuple[tuple[str, ...], ...] = ()


class _Wrong(Exception):
    """What is wrong with a label."""


def ordered(a: str, b: str) -> Pair:
    """Return the pair of two ids, the smaller first."""
    return (a, b) if a < b else (b, a)


def read_truth(path: str, *, duplicate: Collection[str] = (), ignore: Collection[str] = ()) -> Truth:
    """Read labels: a JSON object with ``clusters`` (lists of ids), ``pairs`` and ``neg_pairs`` (lists of two ids) or ``labels``, or JSONL
    of labels, ``{"a", "b", "duplicate": true, "weight": 1}``. Other names that begin with ``neg_`` are lists of no duplicates as well.

    Instead of ``duplicate`` a label may have a name, ``label``; those in ``duplicate`` are duplicates, those in ``ignore`` count on
    neither side. Raises `InputError` for what is no label, `ConfigError` for a name that no label has.
    """
    try:
        with open(path, "rb") as file:
            data = file.read(_MOST + 1)
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", path=path) from error
    if len(data) > _MOST:
        raise InputError(f"labels of more than {_MOST:,} bytes", path=path, hint="take fewer")
    truth = _truth(_objects(data.removeprefix(BOM), path), path, frozenset(duplicate), frozenset(ignore))
    if not truth.labels and not truth.clusters:
        raise InputError("no labels", path=path, hint=_FORMS)
    names = {*truth.labels.values()}
    for name in (*duplicate, *ignore):
        if name not in names:
            raise ConfigError(f"no label is called {name!r}; there are {', '.join(sorted(names)[:20]) or 'none with a name'}")
    return truth


def _objects(data: bytes, path: str) -> list[tuple[int | None, Any]]:
    """Return the objects of a file with their lines: of JSONL each, of JSON the one that it holds."""
    lines = [(number, line) for number, line in enumerate(data.split(b"\n"), 1) if line.strip()]
    try:
        found = [(None if len(lines) > 1 else 1, parse_json(data, path, None))] if lines else []
    except InputError:
        found = [(number, parse_json(line, path, number)) for number, line in lines]
    return [(None, each) for each in found[0][1]] if len(found) == 1 and isinstance(found[0][1], list) else found


def _truth(objects: list[tuple[int | None, Any]], path: str, duplicate: Collection[str], ignore: Collection[str]) -> Truth:
    truth = Truth({}, {}, {})
    for line, data in objects:
        try:
            if not isinstance(data, dict):
                raise _Wrong("no object")
            if "clusters" in data and len(objects) == 1:
                return Truth(clusters=tuple(_ids(cluster) for cluster in _list(data["clusters"], "clusters")))
            lists = [] if "labels" in data and duplicate else [name for name in data if name == "pairs" or name.startswith("neg_")]
            rows: Iterable[Any] = (data,) if "a" in data or "b" in data else _list(data.get("labels", []), "labels")
            _note_lists(truth, data, sorted(lists, key=lambda name: (name != "pairs", name)))
            _note_rows(truth, rows, duplicate, ignore)
        except _Wrong as error:
            raise InputError(f"not a label ({error})", path=path, line=line, hint=_HINT) from error
    return truth


def _note_lists(truth: Any, data: Mapping[str, Any], names: Iterable[str]) -> None:
    for name in names:
        for each in _list(data[name], name):
            ids = _ids(each)
            if len(ids) != 2:
                raise _Wrong(f"{len(ids)} ids in one of {name}, where two make a pair")
            pair = ordered(*ids)
            truth.pairs[pair], truth.labels[pair] = name == "pairs", name


def _note_rows(truth: Any, rows: Iterable[Any], duplicate: Collection[str], ignore: Collection[str]) -> None:
    for row in rows:
        if not isinstance(row, dict):
            raise _Wrong("no object")
        pair = ordered(*(_id(row.get(side), side) for side in "ab"))
        name, same = _name(row.get("label")), row.get("duplicate")
        if name is None:
            if "duplicate" not in row:
                raise _Wrong('neither "duplicate" nor "label"')
            if same not in (None, True, False):
                raise _Wrong(f'"duplicate" is {json.dumps(same)[:40]}; true, false or null')
            truth.pairs[pair] = None if same is None else bool(same)
        elif duplicate:
            truth.pairs[pair] = None if name in ignore else name in duplicate
        truth.labels[pair] = name if name is not None else str(truth.pairs[pair])
        truth.weights[pair] = _weight(row.get("weight", 1.0))


def _list(value: Any, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise _Wrong(f'"{name}" is no list')
    return value


def _ids(value: Any) -> tuple[str, ...]:
    return tuple(_id(each, "an id") for each in _list(value, "a list of ids"))


def _id(value: Any, name: str) -> str:
    """Return an id as the readers of documents have it: text, or a number as text."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise _Wrong(f"no id in {name!r}" if name in "ab" else "an id that is no text")
    return str(value)


def _name(value: Any) -> str | None:
    """Return the name of a label as it is written: 1 is ``1``, true is ``true``."""
    if isinstance(value, dict | list):
        raise _Wrong('"label" is no name')
    return value if value is None or isinstance(value, str) else json.dumps(value)


def _weight(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e300 or not math.isfinite(value):
        raise _Wrong('"weight" is no number of 0 or more')
    return float(value)
