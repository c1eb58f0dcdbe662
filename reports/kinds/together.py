"""Look at the changes of one unit together: what one change alone seems to say may be taken back by another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..diff.edits import Edit
from ..diff.word_alignment import is_function_word
from ..language.lexicon import Lexicon
from ..model import AlarmKind, Change, Kind

_STEM = 4  # letters of a stem that is compared
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
