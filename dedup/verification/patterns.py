"""Patterns of pairs of headlines: what the checks ask of their words, and which words are equal.

A crowd of headlines of one formula has millions of pairs, but few patterns. If no word of one text alone can be a form of one of the other
text alone, near to it, or a part of it, all pairs of one pattern have the same checks: only one of them is checked.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache
from itertools import count

import numpy as np

from .. import kernels
from ..arrays.ragged import Array
from ..text.contrasts import contrasts_of
from ..text.near_words import may_be_name
from ..text.number_words import NUMBER
from ..text.word_forms import carried_particle, is_verb_form
from ..text.word_lists import word_lists
from .headline_table import HeadlineTable
from .story_checks import OWN
from .word_pairs import is_light

_CACHED = 1 << 16
_NUMBERS = count(1)
_SIGNATURES: dict[Hashable, int] = {}  # no more than lists have words and tokens have facts


@lru_cache(maxsize=_CACHED)
def token_signature(token: str, language: str) -> int:
    """Return a number above 0 for all that the checks ask of a token: two tokens with one signature can stand for each other.

    Tokens of the lists stand for themselves alone. What tokens weigh is not asked: the shares of own words are measured.

    >>> one, other, verb, listed = (token_signature(token, "en") for token in ("brisk", "splendid", "reopens", "not"))
    >>> one == other, one == verb, one == listed
    (True, False, False)
    """
    lists = word_lists(language)
    listed = any(token in words for words in (lists.function, lists.light, lists.agents, lists.locative, lists.turning, lists.may))
    facts = (
        language,
        token if listed else "",
        token.startswith(NUMBER),
        token.startswith("ال"),
        is_light(token, lists),
        is_verb_form(token, language),
        carried_particle(token, language),
        contrasts_of(token, language),
        may_be_name(token, language),
    )
    return _SIGNATURES.setdefault(facts, next(_NUMBERS))  # one step each, so that threads agree


@dataclass(frozen=True, slots=True)
class Patterns:
    """The patterns of pairs of headlines: ``keys`` has each one once, ``places`` the pattern of each pair, ``examples`` a pair of each."""

    keys: list[bytes]
    examples: Array
    places: Array


def patterns_of(table: HeadlineTable, one: Array, other: Array, shares: Array) -> Patterns:
    """Return the patterns of pairs of headlines of one language. ``one`` and ``other`` are places in the table, in the order of checks;
    ``shares`` are those of own words, as `HeadlineTable.compare` returns them. Hashes of 128 bits tell patterns apart."""
    _sign(table, one, other)
    flags = (shares[:, 0] > OWN).astype(np.uint8)
    hashes = kernels.engine().pattern_hashes(table.rows, table.signatures, one, other, flags)
    numbers = dict[bytes, int]()
    keys = hashes.view("V16").ravel().tolist()
    places = np.array([numbers.setdefault(key, len(numbers)) for key in keys], np.int64)
    examples = np.empty(len(numbers), np.int64)
    examples[places] = np.arange(len(places))
    return Patterns([*numbers], examples, places)


def _sign(table: HeadlineTable, one: Array, other: Array) -> None:
    """Find the signatures of the tokens of some headlines that have none so far."""
    used = np.zeros(len(table.rows), bool)
    used[one] = used[other] = True
    tokens = np.zeros(len(table.known), bool)
    tokens[table.rows.take(np.flatnonzero(used)).values] = True
    for token in np.flatnonzero(tokens & (table.signatures == 0)).tolist():
        table.signatures[token] = token_signature(*table.known[token])
