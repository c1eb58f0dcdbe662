"""Contrasts: folded words of which one in the place of another tells another story. They are of one kind, such as weekdays, or
opposites."""

from __future__ import annotations

from functools import cache, lru_cache

from .package_data import package_json
from .word_forms import word_forms

_CACHED = 1 << 16
_PLACES = "places"


@cache
def _contrasts(language: str) -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """Return the kinds of each stem, and the sides of opposites that it is on."""
    found: list[dict[str, frozenset[str]]] = []
    for name in ("kinds", "sides"):
        found.append({})
        for values, stems in package_json(__spec__, "data", "prepared", f"contrasts_{language}.json")[name].items():
            found[-1].update(dict.fromkeys(stems.split(","), frozenset(values.split())))
    return found[0], found[1]


@lru_cache(maxsize=_CACHED)
def contrasts_of(word: str, language: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the kinds of a folded word, and the sides of opposites that it is on.

    >>> sorted(contrasts_of("praises", "en")[1]) == sorted(contrasts_of("praised", "en")[1])
    True
    """
    kinds, sides = _contrasts(language)
    stems = word_forms(word, language)
    return (
        frozenset(kind for stem in stems for kind in kinds.get(stem, ())),
        frozenset(side for stem in stems for side in sides.get(stem, ())),
    )


def is_listed(word: str, language: str) -> bool:
    """Tell whether a folded word is of a kind, or has an opposite.

    >>> is_listed("friday", "en"), is_listed("hansen", "en")
    (True, False)
    """
    return any(contrasts_of(word, language))


def is_place(word: str, language: str) -> bool:
    """Tell whether a folded word is a place of the lists.

    >>> is_place("بولندا", "ar")
    True
    """
    return _PLACES in contrasts_of(word, language)[0]


def are_of_one_kind(word: str, other: str, language: str) -> bool:
    """Tell whether two folded words are two of one kind: places, weekdays, currencies, persons.

    >>> are_of_one_kind("monday", "friday", "en"), are_of_one_kind("monday", "paris", "en")
    (True, False)
    """
    return not contrasts_of(word, language)[0].isdisjoint(contrasts_of(other, language)[0])


def are_opposites(word: str, other: str, language: str) -> bool:
    """Tell whether two folded words are opposites.

    >>> are_opposites("praises", "slams", "en"), are_opposites("praises", "supports", "en")
    (True, False)
    """
    one, against = (contrasts_of(each, language)[1] for each in (word, other))
    return any(("-" if side[0] == "+" else "+") + side[1:] in against for side in one)
