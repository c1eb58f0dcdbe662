"""Which columns of labels are what: the two ids or texts of a pair, the label, a weight, or an id and its cluster."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from .label_values import Form, WrongLabel, is_label, is_missing, number_of
from .label_words import CLUSTERS, HARMLESS, LABELS, META_WORDS, TEXT_WORDS
from .truth import LabelReading

Kind = Literal["id", "text", "other"]
Row = Mapping[str, Any]

_SCORES = re.compile(r"score|prob|simil|jaccard|cosine|confiden|containment|relatedness|overlap|matchweight")
_WEIGHTS = frozenset(("weight", "weights", "sampleweight"))
_CANONICAL = frozenset(("duplicateof", "canonical", "canonicalid", "duplicateid"))
_IDS = (
    "id", "uniqueid", "docid", "documentid", "articleid", "recordid", "recid", "itemid", "uid", "uuid", "guid", "key", "identifiant",
    "معرف", "المعرف", "شناسه", "url", "path", "file", "filename", "index", "document", "article", "record",
)  # fmt: skip
_ONE_ID = frozenset(("id", "uid", "uuid", "docid", "documentid", "uniqueid"))  # of one document, not of a pair
_MEMBERS = ("members", "ids", "cluster", "group", "documents", "docs", "items", "duplicates")
_SIDES = frozenset(
    [("1", "2"), ("0", "1"), ("a", "b"), ("l", "r"), ("left", "right"), ("x", "y"), ("first", "second"), ("one", "two"),
     ("source", "target"),
     ("src", "dst"), ("from", "to"), ("old", "new"), ("i", "j"), ("u", "v"), ("lhs", "rhs"), ("ltable", "rtable"), ("query", "candidate"),
     ("query", "match"), ("gauche", "droite"), ("original", "copy"), ("original", "duplicate"), ("reference", "candidate"), ("sol", "sağ")]
)  # fmt: skip
_ID_WORDS = frozenset(("id", "ids", "qid", "uid", "uuid", "guid", "key", "docid", "url", "uri"))
_GLUED = re.compile(r"(id|ids|doc|docid|text|qid|uid|sentence|question|article|document|news|story|record|item)([ablrxy])")
_WORD = re.compile(r"\d+|[^\W\d_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
TOLD = "--pair-fields A,B names the two columns of ids, --label-field the labels"


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of labelled pairs. ``texts`` are those with the texts of a pair; ``ids`` may be missing then."""

    ids: tuple[str, str] | None
    texts: tuple[str, str] | None
    labels: tuple[str, ...] = ()
    weight: str | None = None
    datasets: tuple[str, str] | None = None
    notes: tuple[str, ...] = field(default=(), compare=False)


def _squeezed(name: str) -> str:
    return "".join(re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", name).casefold()))


def _words(name: str) -> list[str]:
    words = _WORD.findall(unicodedata.normalize("NFKC", _CAMEL.sub(" ", name)).casefold())
    if len(words) == 1 and words[0] in ("lid", "rid"):
        return [words[0][0], "id"]
    glued = _GLUED.fullmatch(words[-1]) if words else None
    return [*words[:-1], *glued.groups()] if glued else words


def is_label_name(name: str) -> bool:
    """Tell whether a column of this name holds labels."""
    return _squeezed(name) in LABELS


def is_known(name: str) -> bool:
    """Tell whether this is a customary name of a column of labels, by itself.

    >>> is_known("Is_Duplicate"), is_known("cluster id"), is_known("unique_id"), is_known("s12")
    (True, True, True, False)
    """
    plain = _squeezed(name)
    return plain in LABELS or plain in CLUSTERS or plain in _CANONICAL or plain in _IDS or plain in _WEIGHTS


def side_pairs(names: Sequence[str]) -> list[tuple[str, str, Kind, tuple[str, ...]]]:
    """Return pairs of names that differ in their side alone, what they hold by their other words, and these words.

    >>> side_pairs(["qid1", "qid2", "textA", "textB", "left", "right", "n"])
    [('qid1', 'qid2', 'id', ('qid',)), ('textA', 'textB', 'text', ('text',)), ('left', 'right', 'other', ())]
    """
    found = [(one, other, _kind(stem), stem) for one, other, stem in _any_sides(names)]
    return [each for each in found if not META_WORDS & {*each[3]} or "id" in each[3]]


def _kind(stem: Sequence[str]) -> Kind:
    return "id" if _ID_WORDS & {*stem} else "text" if TEXT_WORDS & {*stem} else "other"


def names_of(rows: Sequence[Row]) -> list[str]:
    """Return the names of the columns of rows, in the order in which they come."""
    names: dict[str, None] = {}
    for row in rows:
        names.update(dict.fromkeys(row))
    return [*names]


def look_like_texts(values: Sequence[Any]) -> bool:
    """Tell whether values are texts rather than ids: most have four words or more, or are long without being an address.

    >>> look_like_texts(["s12", "https://example.org/a-long-path/of/an/article.html"]), look_like_texts(["Rain is expected in the north."])
    (False, True)
    """
    some = [value for value in values[:100] if isinstance(value, str) and value.strip()]
    wordy = [len(value.split()) > 3 or (len(value) > 11 and sum(char > "\u2e80" for char in value) * 2 > len(value)) for value in some]
    return 2 * sum(wordy) > len(some) > 0


def member_lists(row: Row) -> list[Any] | None:
    """Return the ids of the cluster that an object holds as a list, like ``{"cluster": [...]}``; None where it holds none."""
    lists = {name: value for name, value in row.items() if isinstance(value, list)}
    found = [lists[name] for name in _MEMBERS if name in lists]
    return found[0] if found else None


def cluster_columns(rows: Sequence[Row], given: Sequence[str], form: Form | None) -> tuple[str, str, bool] | None:
    """Return the columns of an id and its cluster, and whether the latter is the id of the kept member; None for rows of pairs.

    ``given`` are columns that were named. Raises `WrongLabel` where there is a cluster but no id.
    """
    names = names_of(rows)
    plain = {name: _squeezed(name) for name in names}
    clusters = [name for name in names if plain[name] in CLUSTERS] or [name for name in names if plain[name] in _CANONICAL]
    if form == "clusters" and given:
        return given[0], given[1], plain[given[1]] in _CANONICAL
    if form == "pairs" or given or (form is None and any(kind == "id" or not stem for _, _, kind, stem in side_pairs(names))):
        return None
    if not clusters:
        distinct = [name for name in names if len({str(row.get(name)) for row in rows}) == len(rows)]
        if form == "clusters" and len(names) == 2 and len(distinct) == 1:
            return distinct[0], names[names[0] == distinct[0]], False
        if form == "clusters":
            hint = "--pair-fields ID,CLUSTER names the columns"
            raise WrongLabel(f"no column of clusters among {listed(names)}", hint=hint)
        return None
    others = [name for name in names if name not in clusters]
    ids = [name for known in _IDS for name in others if plain[name] == known] or (others if len(others) == 1 else [])
    if not ids or len(clusters) > 1:
        what = "no column of ids" if len(clusters) == 1 else "several columns of clusters"
        raise WrongLabel(f"{what} among {listed(names)}", hint="--pair-fields ID,CLUSTER --truth-form clusters names them")
    return ids[0], clusters[0], plain[clusters[0]] in _CANONICAL


def listed(names: Sequence[str]) -> str:
    """Return names of columns for a message."""
    return ", ".join(name[:40] or "''" for name in names[:20]) + (f" and {len(names) - 20} more" if len(names) > 20 else "")


def pair_columns(rows: Sequence[Row], reading: LabelReading) -> Columns:
    """Return which columns of rows hold pairs. Raises `WrongLabel`, which names the columns, where that is not clear."""
    given, label = reading.pair_fields, reading.label_field
    names = names_of(rows)
    for name in (*given, *([label] if label else [])):
        if name not in names:
            raise WrongLabel(f"no column {name!r} among {listed(names)}", hint=TOLD)
    notes: list[str] = []
    labels = _label_columns(rows, names, reading)
    weight = next((name for name in names if _squeezed(name) in _WEIGHTS), None)
    ids, texts = _sides(rows, names, labels, reading, notes)
    chosen = {*labels, *(ids or ()), *(texts or ())}
    paired = {name for one, other, *_ in _any_sides(names) for name in (one, other)}
    rest = [name for name in names if name not in chosen | paired and _squeezed(name) not in HARMLESS and not _is_score(name)]
    if not labels and label is None and (rest := [name for name in rest if any(not is_missing(row.get(name)) for row in rows)]):
        hint = f"--label-field {rest[0]!r} names it; --label-field '' says that all pairs are duplicates"
        raise WrongLabel(f"no column of labels is known among {listed(names)}", hint=hint)
    datasets = next(((one, other) for one, other, stem in _any_sides(names) if "dataset" in stem), None)
    return Columns(ids, texts, labels, weight, datasets, tuple(notes))


def _any_sides(names: Sequence[str]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield pairs of names that differ in their side alone, the first side first, and the words that they have in common."""
    words = [(name, _words(name)) for name in names[:100] if len(name) < 100]
    for place, (one, mine) in enumerate(words):
        for other, theirs in words[place + 1 :]:
            differ = [at for at, (a, b) in enumerate(zip(mine, theirs, strict=False)) if a != b]
            if len(mine) != len(theirs) or len(differ) != 1:
                continue
            sides, stem = (mine[differ[0]], theirs[differ[0]]), tuple(mine[: differ[0]] + mine[differ[0] + 1 :])
            if sides in _SIDES:
                yield one, other, stem
            elif sides[::-1] in _SIDES:
                yield other, one, stem


def _is_score(name: str) -> bool:
    return bool(_SCORES.search(_squeezed(name)))


def _label_columns(rows: Sequence[Row], names: Sequence[str], reading: LabelReading) -> tuple[str, ...]:
    label, given, scored = reading.label_field, reading.pair_fields, reading.threshold is not None
    if label is not None:
        return (label,) if label else ()
    sides = {name for one, other, stem in _any_sides(names) if not stem for name in (one, other)}
    found = tuple(name for name in names if is_label_name(name) and name not in given)
    found = tuple(name for name in found if name not in sides or is_label([row.get(name) for row in rows]))
    if {*found} == {"label", "duplicate"}:
        return "label", "duplicate"
    if len(found) > 1:
        raise WrongLabel(f"several columns may hold the labels: {listed(found)}", hint="--label-field names one of them")
    if found:
        return found
    paired = {name for one, other, _ in _any_sides(names) for name in (one, other)}
    scores = [name for name in names if _is_score(name) and name not in paired and name not in given]
    binary = [name for name in scores if is_label([row.get(name) for row in rows])]
    if len(scores) == 1 and (scored or binary):
        return (scores[0],)
    if scores:
        hint = (
            "--truth-threshold X makes a pair of X or more a duplicate (with --label-field for one of several); --label-field '' all pairs"
        )
        raise WrongLabel(f"scores, no labels, in {listed(scores)}", hint=hint)
    nameless = [name for name in names if re.fullmatch(r"column \d+", name)]
    if len(nameless) == len(names) == 3:
        values = [row.get(names[2]) for row in rows]
        if is_label(values) or all(number_of(value) is not None for value in values):
            return (names[2],)
    return ()


def _sides(
    rows: Sequence[Row], names: Sequence[str], labels: Sequence[str], reading: LabelReading, notes: list[str]
) -> tuple[tuple[str, str] | None, tuple[str, str] | None]:
    """Return the columns of ids and those of texts; at least one of them."""
    given, own_texts = reading.pair_fields, reading.own_texts
    if given:
        texts = own_texts if own_texts is not None else _hold_texts(rows, given)
        return (None, (given[0], given[1])) if texts else ((given[0], given[1]), None)
    found = [each for each in side_pairs(names) if not {*labels} & {*each[:2]}]
    ids = [each for each in found if each[2] == "id"]
    texts_found = [each for each in found if each[2] == "text"]
    other = [each for each in found if each[2] == "other"]
    other = [each for each in other if not each[3]] or other
    for each in other:
        side = texts_found if _hold_texts(rows, each[:2]) or (own_texts and not ids and not texts_found) else ids
        if side is texts_found or not ids:
            side.append(each)
    if not ids and not texts_found:
        rest = [name for name in names if name not in labels and _squeezed(name) not in _WEIGHTS and not _is_score(name)]
        rest = rest if len(rest) == 2 else [name for name in rest if _squeezed(name) not in HARMLESS]
        single = {*map(_squeezed, rest)} & _ONE_ID and not all(_ID_WORDS & {*_words(name)} for name in rest)
        if len(rest) != 2 or single or {*map(_squeezed, rest)} & TEXT_WORDS:
            raise WrongLabel(f"no two columns of ids or texts are known among {listed(names)}", hint=TOLD)
        if reading.form is None and not labels:
            _refuse_clusters(rows, rest)
        notes.append(f"the columns {rest[0]} and {rest[1]} are taken for the two sides of a pair")
        (texts_found if _hold_texts(rows, rest) else ids).append((rest[0], rest[1], "other", ()))
    for several in (ids, texts_found):
        if len(several) > 1:
            said = "; ".join(f"{one},{other}" for one, other, *_ in several[:5])
            raise WrongLabel(f"several pairs of columns may be meant: {said}", hint="--pair-fields A,B names the right ones")
    return (*((found[0][0], found[0][1]) if found else None for found in (ids, texts_found)),)  # type: ignore[return-value]


def _hold_texts(rows: Sequence[Row], columns: Sequence[str]) -> bool:
    return all(look_like_texts([row.get(name) for row in rows[:100]]) for name in columns[:2])


def _refuse_clusters(rows: Sequence[Row], names: Sequence[str]) -> None:
    """Raise `WrongLabel` where two columns without customary names may be an id and its cluster."""
    one, other = ([str(row.get(name)) for row in rows] for name in names)
    alone = [len({*values}) == len(values) for values in (one, other)]
    if alone[0] != alone[1] and not {*one} & {*other}:
        said = f"the columns {names[0]} and {names[1]} may hold two ids, or an id and its cluster"
        raise WrongLabel(said, hint="--truth-form pairs or --truth-form clusters says which")
