"""Patterns of pairs of headlines: what the checks ask of their words, and which words are equal.

A crowd of headlines of one formula has millions of pairs, but few patterns. If no word of one text alone can be a form of one of the other
text alone, near to it, or a part of it, all pairs of one pattern have the same checks: only one of them is checked.
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache
from itertools import count

import numpy as np

from ..arrays.ragged import Array, numbered
from ..text.contrasts import contrasts_of
from ..text.near_words import may_be_name
from ..text.number_words import NUMBER
from ..text.word_forms import carried_particle, is_verb_form
from ..text.word_lists import LANGUAGES, word_lists
from .story_checks import own_weight
from .substitutions import HeadlineTable
from .word_pairs import is_light

_CACHED = 1 << 16
_PLACE_BITS = 16  # of the place of a token in a pair
_NUMBERS = count(1)
_SIGNATURES: dict[Hashable, int] = {}


@lru_cache(maxsize=_CACHED)
def signature(token: str, language: str) -> int:
    """Return a number for all that the checks ask of a token: two tokens with one signature can stand for each other.

    Tokens of the lists stand for themselves alone. What tokens weigh is not asked: the shares of own words are measured, see `patterns`.

    >>> one, other, verb, listed = (signature(token, "en") for token in ("brisk", "splendid", "reopens", "not"))
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


def patterns(table: HeadlineTable, one: Array, other: Array) -> tuple[list[bytes], Array]:
    """Return the patterns of pairs of headlines of one language, and the shares of their own words, as `checks_of` has them.

    ``one`` and ``other`` are places in the table, in the order of checks. The shares are float64 of shape ``(pairs, 2)``, of ``one`` first.
    """
    sides, width = (one, other), table.numbers.shape[1]
    words = np.concatenate([table.numbers[side] for side in sides], axis=1)
    spoken = np.concatenate([np.broadcast_to(table.languages[side][:, None], (len(side), width)) for side in sides], axis=1)
    inside = words >= 0
    codes, places = numbered(words[inside] * len(LANGUAGES) + spoken[inside])
    known = [(table.known[code // len(LANGUAGES)], LANGUAGES[code % len(LANGUAGES)]) for code in codes.tolist()]
    signatures, weights = np.zeros(words.shape, np.int64), np.zeros(words.shape, np.int64)
    signatures[inside] = np.array([signature(*word) for word in known], np.int64)[places]
    weights[inside] = np.array([own_weight(token, word_lists(language)) for token, language in known], np.int64)[places]
    equal = words[:, :, None] == words[:, None, :]
    rows = signatures << _PLACE_BITS | np.argmax(equal, axis=2)
    shares = []
    for side, here, there in zip(sides, (slice(width), slice(width, None)), (slice(width, None), slice(width)), strict=True):
        own = table.repeats[side] >= equal[:, here, there].sum(2)
        shares.append((weights[:, here] * own).sum(1) / np.maximum(1, table.totals[side]))
    return list(rows.view(f"V{rows.strides[0]}").ravel().tolist()), np.stack(shares, 1)
