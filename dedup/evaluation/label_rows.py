"""Rows of labels: pairs with their ids or texts and a label, or ids with their clusters."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from ..model import Document
from ..readers.lines import unify_newlines
from .label_columns import Columns, cluster_columns, names_of, pair_columns
from .label_draft import Draft, id_of
from .label_values import Label, WrongLabel, is_missing, labels_of, seen_from_b
from .truth import LabelReading, Pair, ordered

_NAMES = "name the labels of duplicates with --duplicate-labels, and those that count on neither side with --ignore-labels"
_JOINED = "-__-"  # between a data set and an id, as splink joins them


def note_rows(draft: Draft, rows: Sequence[Any], lines: Sequence[int | None] | None, decided: bool = False) -> None:
    """Note rows of pairs or of clusters. ``decided``: lists have said which pairs are duplicates, and the rows name them only."""
    for place, row in enumerate(rows):
        if not isinstance(row, dict):
            raise WrongLabel("no object", place)
    rows = [_flat(row) for row in rows]
    names, reading = names_of(rows), draft.reading
    if len(names) < 2:
        return
    clusters = None if decided else cluster_columns(rows, reading.pair_fields, reading.form)
    if clusters:
        _note_clusters(draft, rows, clusters)
        return
    columns = pair_columns(rows, reading)
    sides = _sides(draft, rows, columns, lines)
    draft.notes += columns.notes
    if not columns.labels:
        draft.listed = True
        draft.notes.append("no column of labels: every pair that is listed is a duplicate")
    labels = _labels(rows, columns, reading, decided) if columns.labels else [Label("pairs", True)] * len(rows)
    if empty := sum(label.name == "no label" and label.same is None for label in labels):
        draft.counts["empty labels, which count on neither side"] += empty
    for place, (sides_of, given, row) in enumerate(zip(sides, labels, rows, strict=True)):
        if sides_of is None:
            continue
        pair = ordered(*sides_of)
        label = given if pair == sides_of else seen_from_b(given)
        if decided:
            draft.labels[pair] = label.name
        else:
            draft.add(pair, label)
        if pair[0] != pair[1]:
            draft.weights[pair] = _weight(row, columns.weight, place)


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row in which a side with fields, ``{"a": {"id", "text"}}``, has a column for each, and a list of two ids has two."""
    found: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, dict):
            found |= {f"{name}_{field}": value[field] for field in ("id", "text") if field in value}
        elif name == "pair" and are_two(value):
            found |= {"a": value[0], "b": value[1]}
        else:
            found[name] = value
    return found


def are_two(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2


def _labels(rows: Sequence[Mapping[str, Any]], columns: Columns, reading: LabelReading, decided: bool) -> list[Label]:
    first, *other = columns.labels
    chosen = []  # of each row, which column has its label
    for place, row in enumerate(rows):
        if not any(name in row for name in columns.labels):
            missing = 'neither "duplicate" nor "label"' if {*columns.labels} <= {"duplicate", "label"} else f'no "{first}"'
            raise WrongLabel(missing, place)
        chosen.append(first if not is_missing(row.get(first)) or not other or other[0] not in row else other[0])
    names = labels_of(
        [row.get(name) for row, name in zip(rows, chosen, strict=True)], first, reading.duplicate, reading.ignore, reading.threshold
    )
    if other and not reading.duplicate:  # `duplicate` decides, and `label` is its name
        said = labels_of([row.get(other[0]) for row in rows], other[0])
        names = [Label(name.name, same.same) if other[0] in row else name for name, same, row in zip(names, said, rows, strict=True)]
    if first == "duplicate" and all(isinstance(row["duplicate"], bool | int | None) for row in rows if "duplicate" in row):
        names = [Label(str(name.same), name.same, name.known) if name.known else name for name in names]
    unknown = sorted({name.name for name in names if not name.known})
    if unknown and not decided:
        shown = ", ".join(repr(name[:40]) for name in unknown[:10])
        raise WrongLabel(
            f"it is not known whether {shown} in {first!r} {'is a duplicate' if len(unknown) == 1 else 'are duplicates'}", hint=_NAMES
        )
    return names


def _sides(draft: Draft, rows: Sequence[Mapping[str, Any]], columns: Columns, lines: Sequence[int | None] | None) -> list[Pair | None]:
    """Return the two ids of each row, in its order, None where there is no text; note the documents of pairs with their own texts."""
    reading = draft.reading
    plain = {"a", "b", "duplicate", "label"} & {*rows[0]} == {"a", "b"} and not draft.file.table
    if plain and reading.one_class and reading.label_field is None and (columns.texts or not columns.labels):
        raise WrongLabel('neither "duplicate" nor "label"', 0)
    if reading.own_texts is False and columns.ids is None:
        raise WrongLabel("the pairs hold their own texts", hint="leave the documents out, or name the ids with --pair-fields A,B")
    if reading.own_texts and columns.texts is None:
        raise WrongLabel("the labels hold ids, no texts", hint="give the documents that they name, or the texts with --pair-fields A,B")
    wanted = reading.own_texts or (reading.own_texts is None and columns.ids is None)
    ids = None if columns.ids is None else _named(draft, rows, columns.ids, columns.datasets)
    if not wanted or columns.texts is None:
        return [*(ids or ())]
    numbers = [row.get("id", row.get("pair_id")) for row in rows]
    unique = len({str(number) for number in numbers}) == len(rows) and not any(map(is_missing, numbers))
    found: list[Pair | None] = []
    for place, row in enumerate(rows):
        texts = [_text(row.get(name), name, place) for name in columns.texts]
        if not all(text.strip() for text in texts):
            draft.counts["pairs with an empty text, left out"] += 1
            found.append(None)
            continue
        line = lines[place] if lines else None
        if ids is not None:
            for name, text in zip(ids[place], texts, strict=True):
                if draft.documents.setdefault(name, Document(name, text, draft.path, line)).text != text:
                    raise WrongLabel(
                        f"a second text has the id {name!r}", place, "correct the labels, or name the texts with --pair-fields"
                    )
            found.append(ids[place])
            continue
        number = numbers[place] if unique else place + 1
        one = _document(draft, Document(f"{number}/a", texts[0], draft.path, line))
        found.append((one, _document(draft, Document(f"{number}/b", texts[1], draft.path, line), one)))
    return found


def _document(draft: Draft, document: Document, other: str | None = None) -> str:
    """Return the id of a text, which stands in the documents once, or twice where a pair has it on both sides."""
    known = next((name for name in draft.copies[document.text] if name != other), None)
    if known is None:
        draft.documents[document.id] = document
        draft.copies[document.text].append(document.id)
    return known or document.id


def _named(
    draft: Draft, rows: Sequence[Mapping[str, Any]], columns: tuple[str, str], datasets: tuple[str, str] | None
) -> list[tuple[str, str]]:
    """Return the ids of both sides of rows, with their data sets where two of those have an id in common."""
    sides = [[id_of(row.get(name), name, place, draft.file.table) for place, row in enumerate(rows)] for name in columns]
    if datasets:
        sets = [[str(row.get(name) or "") for row in rows] for name in datasets]
        where: dict[str, set[str]] = defaultdict(set)
        for names, ids in zip(sets, sides, strict=True):
            for name, each in zip(names, ids, strict=True):
                where[each].add(name)
        if any(len(each) > 1 for each in where.values()):
            draft.notes.append(f"two data sets have ids in common: documents are called DATASET{_JOINED}ID")
            sides = [[f"{name}{_JOINED}{each}" for name, each in zip(*both, strict=True)] for both in zip(sets, sides, strict=True)]
    return [*zip(*sides, strict=True)]


def _note_clusters(draft: Draft, rows: Sequence[Mapping[str, Any]], columns: tuple[str, str, bool]) -> None:
    """Note rows with an id and its cluster; without one, and in the cluster -1 of noise, an id is alone."""
    name, cluster, canonical = columns
    found: dict[str, dict[str, None]] = defaultdict(dict)
    seen: dict[str, str] = {}
    alone = 0
    for place, row in enumerate(rows):
        each = id_of(row.get(name), name, place, draft.file.table)
        value = row.get(cluster)
        if isinstance(value, dict | list | bool):
            raise WrongLabel(f"no cluster in {cluster!r}", place)
        number = "" if is_missing(value) else str(value).strip()
        if number in ("", "-1"):
            alone += not canonical
            number = each if canonical else ""
        if seen.setdefault(each, number) != number:
            raise WrongLabel(f"{each!r} is in two clusters", place, "give each id once")
        if number:
            found[number][each] = None
    if canonical:
        for number, members in found.items():
            members.setdefault(number)
    if alone:
        draft.notes.append(f"{alone:,} ids without a cluster are alone")
    draft.clusters += [tuple(members) for members in found.values() if len(members) > 1]
    if not draft.clusters:
        raise WrongLabel(f"no cluster in {cluster!r} has two ids", hint="give clusters with at least one pair of duplicates")


def _text(value: Any, name: str, place: int) -> str:
    if value is not None and not isinstance(value, str):
        raise WrongLabel(f"no text in {name!r}", place)
    return unify_newlines(value or "")


def _weight(row: Mapping[str, Any], name: str | None, place: int) -> float:
    value: Any = 1.0 if name is None or (is_missing(row.get(name)) and name not in row) else row[name]
    if isinstance(value, str):
        try:
            value = float(value) if value.strip() else 1.0
        except ValueError:
            value = math.nan
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e300 or not math.isfinite(value):
        raise WrongLabel('"weight" is no number of 0 or more', place)
    return float(value)
