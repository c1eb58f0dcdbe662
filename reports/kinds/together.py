"""Look at changes together: what one change alone seems to say may be taken back by another, or by the rest of the texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import replace

from dedup.text.fold import fold

from ..diff.edits import Edit, tokenize_with_numbers
from ..diff.texts import ComparedTexts
from ..diff.word_alignment import is_function_word
from ..language.lexicon import Lexicon
from ..language.number_units import number_key
from ..language.places import read_place
from ..language.roles import read_role
from ..model import AlarmKind, Change, Kind, Span, Unit

_STEM = 4  # letters of a stem that is compared
_PHRASE = 3  # words of a phrase that another one replaces
_MANY = 16  # changes of a unit, at most, in which a negation is looked for


def reconcile(changes: Sequence[Change], edits: Sequence[Edit], lexicon: Lexicon) -> list[Change]:
    """Return the changes of a unit; ``edits`` are theirs, in the same order.

    A negation that is only said in other words is wording: "stressed that it will not tolerate", "stressed its refusal to tolerate". Two
    parties are exchanged only where each takes the place of the other.
    """
    negated = [(number, edit) for number, edit in enumerate(edits) if _negates(edit.a.words, lexicon) or _negates(edit.b.words, lexicon)]
    exchanged = {(edit.a.words, edit.b.words) for edit in edits}
    found = []
    for number, (change, edit) in enumerate(zip(changes, edits, strict=True)):
        kind, alarm = change.kind, change.alarm
        others = [(changes[place].kind, other) for place, other in negated[:_MANY] if place != number] if kind is Kind.NEGATION else []
        if any(_negates_instead(edit, *other, lexicon) for other in others):
            kind, alarm = Kind.WORDING, None
        if alarm is AlarmKind.EXCHANGED and (edit.b.words, edit.a.words) not in exchanged:
            alarm = None
        found.append(change if (kind, alarm) == (change.kind, change.alarm) else replace(change, kind=kind, alarm=alarm))
    return found


def _negates_instead(edit: Edit, kind: Kind, other: Edit, lexicon: Lexicon) -> bool:
    """Tell whether another change of a unit takes out the negation that an edit puts in, or puts in the one that it takes out.

    It is the same negation where the other change is one of wording, or where both have a word in common: no tolerance, will not tolerate.
    """
    for side, there in ((edit.a, other.b), (edit.b, other.a)):
        if not _negates(side.words, lexicon) or not _negates(there.words, lexicon):
            continue
        if kind is not Kind.NEGATION or not _stems(side.words, lexicon).isdisjoint(_stems(there.words, lexicon)):
            return True
    return False


def _negates(words: Sequence[str], lexicon: Lexicon) -> bool:
    return any(lexicon.phrase_length("negation", words, place) for place in range(len(words)))


def _stems(words: Sequence[str], lexicon: Lexicon) -> set[str]:
    said = (word for word in words if not lexicon.has("negation", word) and not is_function_word(word, lexicon))
    return {stem for word in said for stem in lexicon.stems(word) if len(stem) >= _STEM}


def replaces(edit: Edit, lexicon: Lexicon) -> bool:
    """Tell whether the words put in can be said to replace those taken out: they are few, or have a word in common.

    A clause that stands in the place of another one replaces nothing: one was taken out, another put in.
    """
    shorter, longer = sorted((len(edit.a.words), len(edit.b.words)))
    if not shorter or (shorter <= _PHRASE and longer <= 2 * _PHRASE):
        return True
    return not _stems(edit.a.words, lexicon).isdisjoint(_stems(edit.b.words, lexicon))


def without_kept_values(changes: Sequence[Change], units: Sequence[Unit], texts: ComparedTexts) -> list[Change]:
    """Return the changes of two texts; a number in whose place another stands is wording where both texts have both values as often, and so
    is one that comes or goes where both texts have it as often, of people of one fate, in one place.

    Then nothing was counted anew: the sentences only tell their facts in another order. Two values that change places are two changes.
    """
    said = [_values(change) for change in changes]
    lone = [_lone_value(change) for change in changes]
    alone = sum(not change.kind.cosmetic for change in changes) == 1 and all(unit.a and unit.b for unit in units)
    if not any((*said, *lone)) or alone:  # where nothing else changed, no other number did
        return list(changes)
    sides = (texts.a, texts.sentences_a), (texts.b, texts.sentences_b)
    counts = [
        Counter(token.key for span in sentences for token in tokenize_with_numbers(text, span, texts.lexicon) if token.number)
        for text, sentences in sides
    ]
    asked = {value for value in lone if value is not None and counts[0][value] == counts[1][value]}
    told = [_told(text, sentences, asked, texts.lexicon) for text, sentences in sides]
    totals = [Counter(facts.values()) for facts in told]
    mirrored = {values[::-1] for values in said if values}
    found = []
    for change, values, value in zip(changes, said, lone, strict=True):
        kept = values is not None and values not in mirrored and all(counts[0][key] == counts[1][key] > 0 for key in values)
        if value is not None:
            goes = change.quantity is not None and change.quantity.a.value is not None
            span, facts = (change.a, told[0]) if goes else (change.b, told[1])
            inside = [fact for at, fact in facts.items() if span and span.start <= at < span.end and fact[0] == value]
            kept = bool(inside) and totals[0][inside[0]] == totals[1][inside[0]] > 0
        found.append(replace(change, kind=Kind.WORDING, quantity=None, alarm=None) if kept else change)
    return found


def _told(text: str, sentences: Sequence[Span], asked: Set[str], lexicon: Lexicon) -> dict[int, tuple[str, str, str]]:
    """Return of numbers with some keys that count people of a known fate the key, the fate and the place, by where they stand."""
    found = {}
    for span in sentences if asked else ():
        tokens = tokenize_with_numbers(text, span, lexicon)
        for place, token in enumerate(tokens):
            if token.number and token.key in asked and (fate := read_role(tokens, place, lexicon).fate):
                found[token.start] = token.key, fate, fold(read_place(tokens, place, text, lexicon) or "")
    return found


def _lone_value(change: Change) -> str | None:
    """Return the key of a number that comes or goes, None for another change."""
    if change.kind is not Kind.NUMBER or change.quantity is None:
        return None
    values = [amount.value for amount in (change.quantity.a, change.quantity.b) if amount.value is not None]
    return number_key(values[0]) if len(values) == 1 else None


def _values(change: Change) -> tuple[str, str] | None:
    """Return the keys of the two values of a change of a number, None for another change."""
    if change.kind is not Kind.NUMBER or change.quantity is None or change.quantity.a.value is None or change.quantity.b.value is None:
        return None
    keys = number_key(change.quantity.a.value), number_key(change.quantity.b.value)
    return keys if keys[0] != keys[1] else None
