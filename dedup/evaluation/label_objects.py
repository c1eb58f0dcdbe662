"""The labels of a file, from the objects, rows and lists that it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import comb
from typing import Any

from ..errors import InputError
from .label_columns import member_lists
from .label_draft import Draft, ids_of, list_of
from .label_files import load, shape_of
from .label_rows import are_two, note_rows
from .label_values import Label, WrongLabel, is_label
from .truth import LabelReading, Labels, Truth, ordered

_HINT = 'each label is like {"a": "1", "b": "2", "duplicate": true}'
_LISTS = {
    **dict.fromkeys(("duplicates", "duplicate_pairs", "positives", "positive", "matches"), "pairs"),
    **{name: f"neg_{name}" for name in ("non_duplicates", "not_duplicates", "negatives", "negative", "non_matches", "distinct", "unique")},
}
"""Other names of lists of pairs, and those that they stand for."""
_MOST_PAIRS = 20_000_000  # pairs of clusters, which are counted one by one


def collect(path: str, reading: LabelReading) -> Labels:
    """Read the labels of a file. Raises `InputError`."""
    file = load(path, (*reading.pair_fields, reading.label_field or ""))
    draft = Draft(path, reading, file, notes=[*file.notes])
    line: int | None = None
    rows = [value for _, value in file.values] if all(map(_is_row, (value for _, value in file.values))) else []
    lists = [value for _, value in file.values] if all(isinstance(value, list) for _, value in file.values) else []
    if len(rows) == 1 and len(rows[0]) > 2 and all(type(value) is int for value in rows[0].values()):
        draft.notes.append("an object of numbers: each is the cluster of an id")
        rows = [{"id": name, "cluster": value} for name, value in rows[0].items()]
    try:
        if rows:
            note_rows(draft, rows, [line for line, _ in file.values] if len(rows) == len(file.values) else None)
        elif lists:
            _note_lists(draft, lists)
        else:
            for line, value in file.values:  # noqa: B007 (where it stops)
                _note_object(draft, value, len(file.values))
    except WrongLabel as error:
        at = file.values[error.place][0] if error.place is not None and len(rows or lists) == len(file.values) else line
        what = str(error) if error.hint else f"not a label ({error})"
        raise InputError(what, path=path, line=at, hint=error.hint or _HINT) from error
    _check_clusters(draft)
    notes = [*draft.notes, *(f"{what}: {count:,}" for what, count in sorted(draft.counts.items()))]
    truth = Truth(draft.pairs, draft.weights, draft.labels, tuple(draft.clusters), draft.listed and not draft.clusters)
    return Labels(truth, tuple(draft.documents.values()), tuple(notes))


def _is_row(value: Any) -> bool:
    """Tell whether a value is an object with fields, none of which is a list of pairs, labels or clusters."""
    if not isinstance(value, dict):
        return False
    special = any(name in ("pairs", "clusters") or name.startswith("neg_") for name in value)
    lists = [name for name, each in value.items() if isinstance(each, list)]
    return not special and (not lists or ("a" in value and "b" in value) or ("pair" in value and are_two(value["pair"])))


def _note_object(draft: Draft, data: Any, count: int) -> None:
    if not isinstance(data, dict):
        raise WrongLabel("no object")
    if "pairs" not in data:
        data = {_LISTS.get(name, name) if _holds_pairs(value) else name: value for name, value in data.items()}
    if "clusters" in data:
        found = data["clusters"].values() if isinstance(data["clusters"], dict) else list_of(data["clusters"], "clusters")
        draft.clusters += [ids_of(member_lists(each) if isinstance(each, dict) else each) for each in found]
        return
    named = isinstance(data.get("labels"), list) and draft.reading.duplicate
    lists = [] if named else [name for name in data if name == "pairs" or name.startswith("neg_")]
    if lists or "labels" in data:
        for name in sorted(lists, key=lambda name: (name != "pairs", name)):
            _note_pairs(draft, data[name], name)
        if "labels" in data:
            note_rows(draft, list_of(data["labels"], "labels"), None, decided=bool(lists))
        others = [name for name, each in data.items() if name not in (*lists, "labels", "pairs") and _holds_pairs(each)]
        if others and not named:
            draft.notes.append(f"left out: {', '.join(others)} (lists of pairs are called pairs, or begin with neg_)")
        draft.listed = lists == ["pairs"] and "labels" not in data
        return
    members = member_lists(data)
    if members is not None:
        draft.clusters.append(ids_of(members))
    elif count == 1 and len(tables := [each for each in data.values() if isinstance(each, list) and each and _is_row(each[0])]) == 1:
        note_rows(draft, tables[0], None)
    elif count == 1 and data and all(isinstance(each, list) for each in data.values()):
        _note_mapping(draft, data)
    elif count > 1:
        raise WrongLabel("neither a pair of ids nor a list of them")


def _holds_pairs(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(map(are_two, value[:10]))


def _note_pairs(draft: Draft, value: Any, name: str) -> None:
    for each in list_of(value, name):
        ids = ids_of(each)
        if len(ids) != 2:
            raise WrongLabel(f"{len(ids)} ids in one of {name}, where two make a pair")
        draft.add(ordered(*ids), Label(name, name == "pairs"))


def _note_mapping(draft: Draft, data: Mapping[str, list[Any]]) -> None:
    """Note an object of lists of ids: clusters by name, or the duplicates of each id."""
    members = {each for ids in data.values() for each in ids_of(ids)}
    form = draft.reading.form
    if form is None and not members & data.keys() and {shape_of(each) for each in members} & {*map(shape_of, data)}:
        hint = "--truth-form clusters or --truth-form pairs says which"
        raise WrongLabel("an object of lists of ids, which may be clusters by name, or the duplicates of each id", hint=hint)
    if form == "clusters" or (form is None and not members & data.keys()):
        draft.notes.append("an object of lists of ids: each is a cluster")
        draft.clusters += map(ids_of, data.values())
        return
    draft.notes.append("an object of lists of ids: each lists the duplicates of an id")
    draft.listed = True
    for name, ids in data.items():
        for each in ids_of(ids):
            if each != name:
                draft.add(ordered(name, each), Label("pairs", True))


def _note_lists(draft: Draft, lists: Sequence[list[Any]]) -> None:
    """Note lists: clusters, pairs of ids, or two ids with a label or a score."""
    if all(len(each) == 3 and _is_judged(each) for each in lists):
        column = "label" if is_label([each[2] for each in lists]) else "score"
        note_rows(draft, [dict(zip(("a", "b", column), each, strict=True)) for each in lists], None)
        return
    groups = []
    for place, each in enumerate(lists):
        try:
            groups.append(ids_of(each))
        except WrongLabel as error:
            raise WrongLabel(str(error), place) from error
        if any(isinstance(value, float) for value in each):
            hint = "give labels as objects with names, or as CSV with a line of column names"
            raise WrongLabel("a list with numbers that are no ids", place, hint)
    form = draft.reading.form
    if form is None and all(len(each) == 2 for each in groups):
        if len({each for group in groups for each in group}) == 2 * len(groups):
            hint = "--truth-form clusters (what is in no list together is no duplicate) or --truth-form pairs says which"
            raise WrongLabel("lists of two ids, which may be clusters or pairs", hint=hint)
        form = "pairs"
    if form == "pairs":
        draft.listed = True
        draft.notes.append("lists of two ids: each is a pair of duplicates")
        _note_pairs(draft, [*map(list, groups)], "pairs")
    else:
        draft.clusters += groups


def _is_judged(value: Sequence[Any]) -> bool:
    """Tell whether the third of three values is no id beside the other two: true or false, a fraction, or a number beside text."""
    last = value[2]
    return isinstance(last, bool | float) or (isinstance(last, int) and all(isinstance(each, str) for each in value[:2]))


def _check_clusters(draft: Draft) -> None:
    """Raise `InputError` for clusters that overlap, and for more pairs than are counted."""
    seen: set[str] = set()
    draft.clusters = [tuple(dict.fromkeys(cluster)) for cluster in draft.clusters]
    for cluster in draft.clusters:
        if twice := next((each for each in cluster if each in seen), None):
            raise InputError(f"{twice!r} is in two clusters", path=draft.path, hint="join them, or give pairs with --truth-form pairs")
        seen.update(cluster)
    if draft.clusters and not any(len(cluster) > 1 for cluster in draft.clusters):
        raise InputError("no cluster has two ids", path=draft.path, hint="give clusters with at least one pair of duplicates")
    if (pairs := sum(comb(len(cluster), 2) for cluster in draft.clusters)) > _MOST_PAIRS:
        raise InputError(f"{pairs:,} pairs in clusters, more than {_MOST_PAIRS:,}", path=draft.path, hint="take a sample")
