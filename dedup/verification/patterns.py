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

from ..arrays.ragged import Array, numbered
from ..text.contrasts import contrasts_of
from ..text.near_words import may_be_name
from ..text.number_words import NUMBER
from ..text.word_forms import carried_particle, is_verb_form
from ..text.word_lists import LANGUAGES, word_lists
from .story_checks import OWN, own_weight
from .substitutions import HeadlineTable, in_other
from .word_pairs import is_light

_CACHED = 1 << 16
_PLACE_BITS = 16  # of the place of a token in a pair
_NUMBERS = count(1)
_SIGNATURES: dict[Hashable, int] = {}  # no more than lists have words and tokens have facts


@lru_cache(maxsize=_CACHED)
def token_signature(token: str, language: str) -> int:
    """Return a number for all that the checks ask of a token: two tokens with one signature can stand for each other.

    Tokens of the lists stand for themselves alone. What tokens weigh is not asked: the shares of own words are measured, see `patterns_of`.

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
    """The patterns of pairs of headlines: ``keys`` has each one once, ``places`` the pattern of each pair.

    ``examples`` has a pair of each pattern. ``shares`` has the weighted shares of the own words of pairs, the smaller one first.
    """

    keys: list[bytes]
    examples: Array
    places: Array
    shares: Array


def patterns_of(table: HeadlineTable, one: Array, other: Array) -> Patterns:
    """Return the patterns of pairs of headlines of one language. ``one`` and ``other`` are places in the table, in the order of checks."""
    words = np.concatenate((table.numbers[:, one], table.numbers[:, other]))
    first = np.zeros(words.shape, np.int64)
    for place in range(len(words) - 1, -1, -1):
        first[words == words[place]] = place
    inside = words >= 0
    spoken = np.broadcast_to(table.languages[one], words.shape)
    codes, found = numbered(words[inside] * len(LANGUAGES) + spoken[inside])
    known = table.named(codes)
    signatures, weights = np.zeros((2, *words.shape), np.int64)
    signatures[inside] = np.array([token_signature(*word) for word in known], np.int64)[found]
    weights[inside] = np.array([own_weight(*word) for word in known], np.int64)[found]
    counts = in_other(table.numbers[:, one], table.numbers[:, other])
    own = np.concatenate([table.repeats[:, side] >= count for side, count in zip((one, other), counts, strict=True)])
    parts = zip((one, other), np.split(weights * own, 2), strict=True)
    shares = np.sort(np.stack([part.sum(0) / np.maximum(1, table.totals[side]) for side, part in parts], 1), axis=1)
    rows = np.ascontiguousarray(np.concatenate((signatures << _PLACE_BITS | first, [shares[:, 0] > OWN])).T)
    numbers = dict[bytes, int]()
    keys = rows.view(f"V{rows.shape[1] * rows.itemsize}").ravel().tolist()
    places = np.array([numbers.setdefault(key, len(numbers)) for key in keys], np.int64)
    examples = np.empty(len(numbers), np.int64)
    examples[places] = np.arange(len(places))
    return Patterns([*numbers], examples, places, shares)
