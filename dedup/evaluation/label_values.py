"""What the value of a label means: yes or no in several languages, the name of a relation, or a score."""

from __future__ import annotations

import json
import math
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from ..model import Relation
from .label_words import NO, YES

_MISSING = frozenset(("", "null", "nan", "na", "n/a", "<na>"))
_RELATIONS = {relation.value.replace("-", " "): relation.duplicate for relation in Relation} | {"rewrite": False}
_LETTERS = ({"y", "n"}, {"t", "f"})  # which are yes or no only where no other letter stands beside them
SAID = "labels are true, false or null, 1 or 0, yes or no, or relations like revision and template"


Form = Literal["pairs", "clusters"]
"""What rows and lists of ids are."""


class WrongLabel(Exception):
    """What is wrong with a label, and the place of its row among the others; None where it is wrong with all of them."""

    def __init__(self, what: str, place: int | None = None, hint: str | None = None):
        super().__init__(what)
        self.place, self.hint = place, hint


@dataclass(frozen=True, slots=True)
class Label:
    """The name of a label, and whether it stands for a duplicate: None for neither side. ``known`` is False where nobody said it."""

    name: str
    same: bool | None
    known: bool = True


def seen_from_b(label: Label) -> Label:
    """Return the label of a pair whose ids change places: the name of a relation is that seen from the other text.

    >>> seen_from_b(Label("contains", True)).name, seen_from_b(Label("S", True)).name
    ('contained-in', 'S')
    """
    return replace(label, name=Relation(label.name).mirrored.value) if label.name in {*Relation} else label


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().replace("i̇", "i").replace("-", " ").replace("_", " ").split())


def name_of(value: Any) -> str:
    """Return the name of a label as it is written: 1 is ``1``, true is ``true``."""
    return value if isinstance(value, str) else json.dumps(value)


def number_of(value: Any) -> float | None:
    """Return the number that a value is, also as text; None for others, for true and false, and for what is not finite."""
    try:
        number = float(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else math.nan
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def is_missing(value: Any) -> bool:
    """Tell whether a value says nothing: null, NaN, or an empty cell."""
    return value is None or (isinstance(value, str) and _plain(value) in _MISSING) or (isinstance(value, float) and math.isnan(value))


def meaning_of(value: Any) -> bool | None:
    """Return whether the value of a label says that two texts are duplicates; None where it does not say so by itself.

    >>> meaning_of("Oui"), meaning_of("لا"), meaning_of("contained_in"), meaning_of(1.0), meaning_of(0.7), meaning_of("S")
    (True, False, True, True, None, None)
    """
    if isinstance(value, bool):
        return value
    number = number_of(value)
    if number is not None:
        return number == 1 if number in (0, 1) else None
    word = _plain(value) if isinstance(value, str) else ""
    if word in YES or word in NO:
        return word in YES
    return _RELATIONS.get(word)


def is_label(values: Collection[Any]) -> bool:
    """Tell whether all of these values, of which there must be some, are labels whose meaning is known."""
    some = [value for value in values if not is_missing(value)]
    return bool(some) and all(meaning_of(value) is not None for value in some) and not _odd_letters(some)


def _odd_letters(values: Collection[Any]) -> bool:
    """Tell whether a letter that may be yes or no stands beside other ones: ``T`` is a template where there is ``S``."""
    letters = {_plain(value) for value in values if isinstance(value, str)}
    letters = {letter for letter in letters if len(letter) == 1 and letter.isalpha() and letter.isascii()}
    return bool(letters) and not any(letters <= pair for pair in _LETTERS)


def labels_of(
    values: Sequence[Any], column: str, duplicate: Collection[str] = (), ignore: Collection[str] = (), threshold: float | None = None
) -> list[Label]:
    """Return the labels that the values of a column are.

    Names in ``duplicate`` are duplicates, those in ``ignore`` count on neither side. With a ``threshold`` values are scores. Raises
    `WrongLabel` for scores without a threshold.
    """
    for place, value in enumerate(values):
        if isinstance(value, dict | list):
            raise WrongLabel(f'"{column}" is no name', place)
    if threshold is not None:
        return [_scored(value, column, threshold, place) for place, value in enumerate(values)]
    if duplicate:
        names = [name_of(value) for value in values]
        return [Label(name, None if name in ignore else name in duplicate) for name in names]
    _refuse_scores(values, column, ignore)
    odd = _odd_letters([value for value in values if name_of(value) not in ignore])
    return [_worded(value, ignore, odd) for value in values]


def _scored(value: Any, column: str, threshold: float, place: int) -> Label:
    number = number_of(value)
    if number is None and not is_missing(value):
        raise WrongLabel(f'"{column}" is {name_of(value)[:40]!r}, no score to compare with a threshold', place)
    if number is None:
        return Label("no score", None)
    return Label(f"at least {threshold:g}" if number >= threshold else f"below {threshold:g}", number >= threshold)


def _worded(value: Any, ignore: Collection[str], odd: bool) -> Label:
    name = name_of(value)
    if is_missing(value):
        return Label("no label", None)
    if name in ignore:
        return Label(name, None)
    same = meaning_of(value)
    known = same is not None and not (odd and len(name.strip()) == 1 and name.strip().isalpha())
    return Label(name, same if known else None, known)


def _refuse_scores(values: Sequence[Any], column: str, ignore: Collection[str]) -> None:
    some = [(place, number_of(value)) for place, value in enumerate(values) if not is_missing(value) and name_of(value) not in ignore]
    if not some or any(number is None for _, number in some):
        return
    odd = next(((place, number) for place, number in some if number not in (0, 1)), None)
    if odd is not None:
        said = f"{column!r} holds scores, for example {odd[1]:g}, which say neither yes nor no"
        hint = "--truth-threshold X makes a pair of X or more a duplicate; --duplicate-labels names those that are, if they are classes"
        raise WrongLabel(said, odd[0], hint)
