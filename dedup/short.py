"""Short texts, headlines as a rule, compared word by word: what is exchanged decides, not what is shared.

A headline that says something else shares most of its words with the first one, in the same order, with one exchanged; one that says
the same in other words turns them around and bends them.
"""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import Indel, Levenshtein

from .words import word_weight

SHARED = 0.6  # Jaccard of words from which two short texts are compared at all
_VARIANT = 0.6  # similarity of letters from which two words are forms of one
_SWAPPED = 0.07  # weighted share of words that stand in the place of others, in a duplicate
_OWN = 0.15  # the same of words that the other text has in no form


def _without_forms(words: Sequence[str], others: Sequence[str]) -> set[str]:
    """Return the words that are no form of another one."""
    return {word for word in words if all(Indel.normalized_similarity(word, other) < _VARIANT for other in others)}


def _weight(words: Sequence[str] | set[str]) -> int:
    return sum(map(word_weight, words))


def shares_most(a: Sequence[str], b: Sequence[str]) -> bool:
    """Tell whether two short texts, as folded words, share enough of them to be about the same or to follow one formula."""
    return len({*a} & {*b}) >= SHARED * len({*a, *b})


def says_the_same(a: Sequence[str], b: Sequence[str]) -> bool:
    """Tell whether of two short texts that share most of their words neither has one in the place of another.

    >>> says_the_same("oil prices fall on fears for growth".split(), "on fears for growth oil price falls".split())
    True
    >>> says_the_same("oil prices fall on fears for growth".split(), "oil prices rise on fears for growth".split())
    False
    """
    a, b = sorted((a, b), key=lambda words: (len(words), *words))  # alignments hang on the order
    only_a, only_b = [word for word in a if word not in b], [word for word in b if word not in a]
    own_a, own_b = _without_forms(only_a, only_b), _without_forms(only_b, only_a)
    lighter = min(_weight({*a}), _weight({*b})) or 1
    if min(_weight(own_a), _weight(own_b)) > _OWN * lighter:
        return False
    swapped = 0
    for step in Levenshtein.opcodes(a, b):
        if step.tag == "replace":
            one = _weight([word for word in a[step.src_start : step.src_end] if word in own_a])
            swapped += min(one, _weight([word for word in b[step.dest_start : step.dest_end] if word in own_b]))
    return swapped <= _SWAPPED * lighter
