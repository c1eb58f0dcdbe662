"""Tell whether an old and a new passage are alike, so that one replaced the other; else one was dropped and the other added."""

from __future__ import annotations

from dedup.text.fold import fold

from ..history.events import event_words
from ..language.lexicon import Lexicon
from ..model import AlarmKind, Comparison, Span
from .clauses import clause_around, window
from .facts import ChangedFact
from .retold import begin_alike

_REACH = 300  # characters around a change in which its clause is searched
_LONG = 2_000  # characters of a passage that are read
_FEW, _TIMES = 3, 2  # words of a passage that is long beside another with half as many, or fewer
_SAID = ("say", "announce", "denials", "negation", "modality", "claims")  # words that a denial may change


def are_alike(old: str, new: str, lexicon: Lexicon) -> bool:
    """Tell whether two passages have a word that tells something in common, or begin with one subject.

    >>> from ..language.lexicon import load_lexicon
    >>> are_alike("rain fell in the north", "the bridge was opened on time", load_lexicon("en"))
    False
    """
    words = [event_words(side[:_LONG].split(), lexicon) for side in (old, new)]
    whole = [{word for word in fold(side[:_LONG]).split() if word not in lexicon.lists["stopwords"]} for side in (old, new)]
    return not words[0].isdisjoint(words[1]) or not whole[0].isdisjoint(whole[1]) or begin_alike(old, new)


def like_sides(old: str, new: str, lexicon: Lexicon) -> tuple[str, str]:
    """Return two short passages, of two that are not alike the longer one alone: the other is a word that went with it."""
    sizes = len(old.split()), len(new.split())
    if not all(sizes) or max(sizes) < _FEW or max(sizes) <= _TIMES * min(sizes) or are_alike(old, new, lexicon):
        return old, new
    return ("", new) if sizes[1] > sizes[0] else (old, "")


def is_new_denial(fact: ChangedFact, comparison: Comparison, lexicon: Lexicon) -> bool:
    """Tell whether a sentence denies something, and the one before it was about something else: it said and denied nothing."""
    if fact.alarm not in (None, AlarmKind.NEGATION) or fact.quantity is not None:
        return False
    old, new = (
        fold(text[span.start : min(span.end, span.start + _LONG)]).split()
        for text, span in ((comparison.a.text, fact.sentence_a), (comparison.b.text, fact.b))
    )
    denies = any(lexicon.has("denials", word) for word in new)
    return denies and not any(lexicon.has(name, word) for word in old for name in _SAID)


def clauses_of(fact: ChangedFact, comparison: Comparison, room: int) -> tuple[str, str]:
    """Return the clauses around a change on both sides, each in at most ``room`` characters."""
    sides = []
    for text, sentence, span in ((comparison.a.text, fact.sentence_a, fact.a), (comparison.b.text, fact.sentence_b, fact.b)):
        near = Span(max(sentence.start, span.start - _REACH), min(sentence.end, span.end + _REACH))
        sides.append(window(text, clause_around(text, near, span), span, room))
    return sides[0], sides[1]
