"""Tell whether an old and a new passage are alike, so that one replaced the other; else one was dropped and the other added."""

from __future__ import annotations

from difflib import SequenceMatcher

from dedup.text.fold import fold

from ..history.events import event_words
from ..language.lexicon import Lexicon
from ..model import AlarmKind, Comparison, Span
from .clauses import clause_around, clean, window
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
    """Return the clauses around a change on both sides, each in at most ``room`` characters.

    Where one is longer, words that both share in their middle are left out first.
    """
    sides, clauses = [], []
    for text, sentence, span in ((comparison.a.text, fact.sentence_a, fact.a), (comparison.b.text, fact.sentence_b, fact.b)):
        near = Span(max(sentence.start, span.start - _REACH), min(sentence.end, span.end + _REACH))
        clause = clause_around(text, near, span)
        clauses.append(clean(clause.of(text)))
        sides.append(window(text, clause, span, room))
    if all(len(clause) <= room for clause in clauses):
        return sides[0], sides[1]
    return _without_shared_middle(clauses[0], clauses[1], room) or (sides[0], sides[1])


def _without_shared_middle(old: str, new: str, room: int) -> tuple[str, str] | None:
    """Return two clauses with most of the words that both share left out; None where they have too few, or do not fit."""
    words = old.split(), new.split()
    keys = [[fold(word).strip() for word in side] for side in words]
    match = SequenceMatcher(None, keys[0], keys[1], autojunk=False).find_longest_match()
    inner = all(start > 0 and start + match.size < len(side) for side, start in zip(words, (match.a, match.b), strict=True))
    if match.size < _FEW or not inner:
        return None
    found = []
    for side, start in zip(words, (match.a, match.b), strict=True):
        forms = (" ".join([*side[: start + kept], "…", *side[start + match.size :]]) for kept in range(match.size - 1, 0, -1))
        found += [" ".join(side)] if len(" ".join(side)) <= room else [form for form in forms if len(form) <= room][:1]
    return (found[0], found[1]) if len(found) == len(words) else None
