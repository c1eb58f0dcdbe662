"""Tell which added and dropped passages only stand elsewhere, or are told in nearly the same words: they are no news."""

from __future__ import annotations

from collections.abc import Sequence

from dedup.text.fold import fold

from ..language.lexicon import Lexicon

_SHARE = 0.75  # of the words of a passage that one passage of the other text has
_FEWEST = 4  # words from which a passage can be told again
_MOST = 60  # passages of a text that are compared
_LONGEST = 2000  # characters of a passage that are compared
_TELLING = ("negation", "modality")  # words without which a passage says something else


def retold(passages: Sequence[str], others: Sequence[str], lexicon: Lexicon) -> list[bool]:
    """Return for each passage whether one of the others has nearly all of its words, all its numbers and all its negations.

    >>> from ..language.lexicon import load_lexicon
    >>> words = load_lexicon("en")
    >>> retold(["Nine men died in the fire.", "Two men died in the fire."], ["In the fire nine men died, he said."], words)
    [True, False]
    """
    theirs = [_words(other) for other in others[:_MOST]]
    return [place < _MOST and any(_tells(_words(passage), other, lexicon) for other in theirs) for place, passage in enumerate(passages)]


def _words(passage: str) -> frozenset[str]:
    return frozenset(fold(passage[:_LONGEST]).split())


def _tells(words: frozenset[str], other: frozenset[str], lexicon: Lexicon) -> bool:
    if len(words) < _FEWEST or len(words & other) < _SHARE * len(words):
        return False
    return not any(
        any(map(str.isdigit, word)) or any(word in lexicon.lists[name] for name in (*_TELLING, "numbers")) for word in words - other
    )
