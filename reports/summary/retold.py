"""Tell which added and dropped passages only stand elsewhere, or are told in nearly the same words: they are no news."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise

from dedup.text.fold import fold

from ..language.lexicon import Lexicon
from ..model import Comparison, Unit, UnitRelation

_SHARE = 0.75  # of the words of a passage that one passage of the other text has
_FEWEST = 4  # words from which a passage can be told again
_MOST = 60  # passages of a text that are compared
_LONGEST = 2000  # characters of a passage that are compared
_HEAD, _SHORT = 4, 3  # words at the beginning of a sentence, and letters of a small one
_LEFT = 2  # words, at least, that are left of a passage
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


def replaced_sentences(
    comparison: Comparison, units: Sequence[Unit], retold: tuple[AbstractSet[int], AbstractSet[int]]
) -> list[tuple[int, int]]:
    """Return the removed and the added sentences that stand in one place, one for the other, and begin alike.

    ``retold`` has the sentences of either text that are told again elsewhere: they are left out.
    """
    found: list[tuple[int, int]] = []
    for one, other in pairwise(units):
        for removed, added in ((one, other), (other, one)):
            if removed.relation is UnitRelation.REMOVED and added.relation is UnitRelation.ADDED:
                old, new = removed.a[0], added.b[0]
                texts = comparison.sentences_a[old].of(comparison.a.text), comparison.sentences_b[new].of(comparison.b.text)
                if old not in retold[0] and new not in retold[1] and begin_alike(*texts):
                    found.append((old, new))
    return found


def begin_alike(old: str, new: str) -> bool:
    """Tell whether two sentences begin with one subject: the same long word first, or two among their first words.

    >>> begin_alike("The company denied the report.", "The company declined to comment.")
    True
    """
    words = [[word for word in fold(text[:_LONGEST]).split()[:_HEAD] if len(word) > _SHORT] for text in (old, new)]
    shared = set(words[0]) & set(words[1])
    return bool(shared) and (words[0][0] == words[1][0] or len(shared) > 1)


def changes_polarity(old: str, new: str, lexicon: Lexicon) -> bool:
    """Tell whether one of two sentences has a negation, a doubt or a verb of saying with an opposite (denied) that the other has not."""
    words = [_words(text) for text in (old, new)]
    return any(
        any(lexicon.has(name, word) for name in _TELLING)
        or (lexicon.has("say", word) and any(stem in lexicon.opposites for stem in lexicon.stems(word)))
        for word in words[0] ^ words[1]
    )


def without_shared_beginning(old: str, new: str) -> tuple[str, str]:
    """Return two passages without the words that both begin with, where enough is left of both.

    >>> without_shared_beginning("The company denied the report.", "The company declined to comment.")
    ('denied the report.', 'declined to comment.')
    """
    words = [text.split() for text in (old, new)]
    shared = next((place for place, (one, other) in enumerate(zip(*words, strict=False)) if fold(one) != fold(other)), 0)
    if not shared or min(map(len, words)) < shared + _LEFT:
        return old, new
    return " ".join(words[0][shared:]), " ".join(words[1][shared:])
