"""Counts of people in sentences that were written anew: the toll of the old sentence and that of the new one are one fact."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from ..diff.edits import EditSide, tokenize_with_numbers
from ..history.alarms import is_fall
from ..history.counted import Counted, counted_at, is_same_place
from ..history.events import event_words, may_be_one_event
from ..kinds.quantities import amount_at, noun_quantity
from ..language.lexicon import Lexicon
from ..model import AlarmKind, Amount, Comparison, Kind, QuantityChange, Span, Unit, UnitRelation
from .facts import ChangedFact

_LONG = 2_000  # characters of a sentence that are read
_DUAL = 2.0
_MOST = 50  # sentences of one text that are read, and counts of it


@dataclass(frozen=True, slots=True)
class _Count:
    amount: Amount
    counted: Counted
    span: Span
    sentence: Span


def with_recounts(facts: Sequence[ChangedFact], comparison: Comparison, units: Sequence[Unit], lexicon: Lexicon) -> list[ChangedFact]:
    """Return the facts, with those counts of people that an added sentence gives anew.

    A count of a fate, a group and a place is one where each text has one value for it. Counts that came or went inside of a sentence
    that stayed count too.
    """
    half = [fact for fact in facts if fact.quantity is not None and _is_half(fact.quantity)]
    old = [*_counts(comparison.a.text, comparison.sentences_a, _places(units, UnitRelation.REMOVED), lexicon), *_halves(half, old=True)]
    new = [*_counts(comparison.b.text, comparison.sentences_b, _places(units, UnitRelation.ADDED), lexicon), *_halves(half, old=False)]
    rewritten = [fact for fact in facts if fact.quantity is None and fact.subject == Kind.WORDING]
    several = [fact for fact in facts if fact.quantity is not None and fact.counted.role.is_harm and fact not in half]
    rewritten += several  # an edit may have a second count: two dead and three wounded
    old += _inside([(fact.a, fact.sentence_a) for fact in rewritten], comparison.a.text, comparison.sentences_a, lexicon)
    new += _inside([(fact.b, fact.sentence_b) for fact in rewritten], comparison.b.text, comparison.sentences_b, lexicon)
    told = {(_role(fact.counted), side.value) for fact in facts if fact.quantity for side in (fact.quantity.a, fact.quantity.b)
            if fact not in half}  # fmt: skip
    edited = {_sides(fact) for fact in facts}
    found: list[ChangedFact] = []
    for role in dict.fromkeys(map(_role, (count.counted for count in old))):
        sides = [[count for count in counts if _role(count.counted) == role] for counts in (old, new)]
        fact = _recount(*sides)
        if fact is not None and not (_sides(fact) in edited or _is_one_event(fact, comparison, lexicon)):
            continue
        if fact is not None and fact.quantity and not {(role, fact.quantity.a.value), (role, fact.quantity.b.value)} & told:
            found.append(fact)
    spans = {(fact.a.start, fact.a.end) for fact in found} | {(fact.b.start, fact.b.end) for fact in found}
    kept = [
        fact
        for fact in facts
        if fact not in half or not ({(fact.a.start, fact.a.end), (fact.b.start, fact.b.end)} & spans or _is_told(fact, told))
    ]
    return kept + found


def _sides(fact: ChangedFact) -> tuple[int, int]:
    """Return what tells a sentence of both texts."""
    return fact.sentence_a.end, fact.sentence_b.end


def _is_one_event(fact: ChangedFact, comparison: Comparison, lexicon: Lexicon) -> bool:
    """Tell whether the sentences around two counts may report one event."""
    sides = ((comparison.a.text, fact.sentence_a), (comparison.b.text, fact.sentence_b))
    words = [event_words(text[span.start : min(span.end, span.start + _LONG)].split(), lexicon) for text, span in sides]
    return may_be_one_event(words[0], words[1], (fact.sides[0].place, fact.sides[1].place))


def _is_told(fact: ChangedFact, told: AbstractSet[tuple[tuple[str | None, str | None], float | None]]) -> bool:
    """Tell whether a count that came or went is one side of a count that changed elsewhere: a headline that takes up the new toll."""
    if fact.quantity is None or not fact.counted.role.is_harm:
        return False
    value = fact.quantity.a.value if fact.quantity.b.value is None else fact.quantity.b.value
    return (_role(fact.counted), value) in told


def _places(units: Sequence[Unit], relation: UnitRelation) -> list[int]:
    return [place for unit in units if unit.relation is relation for place in (unit.b if relation is UnitRelation.ADDED else unit.a)]


def _role(counted: Counted) -> tuple[str | None, str | None]:
    fate = counted.role.fate
    return ("killed" if fate == "toll" else fate), counted.role.group


def _is_half(quantity: QuantityChange) -> bool:
    return (quantity.a.value is None) != (quantity.b.value is None)


def _halves(facts: Sequence[ChangedFact], *, old: bool) -> Iterator[_Count]:
    for fact in facts:
        assert fact.quantity is not None
        amount = fact.quantity.a if old else fact.quantity.b
        counted = fact.sides[0] if old else fact.sides[1]
        if amount.value is not None and counted.role.is_harm:
            yield _Count(amount, counted, fact.a if old else fact.b, fact.sentence_a if old else fact.sentence_b)


def _inside(spans: Sequence[tuple[Span, Span]], text: str, sentences: Sequence[Span], lexicon: Lexicon) -> list[_Count]:
    """Return the counts of people inside of rewritten passages, each of them a span and its sentence."""
    chosen = [span for span, _ in spans[:_MOST] if span.of(text).strip()]
    places = dict.fromkeys(place for span in chosen for place in _touched(sentences, span))
    counts = list(_counts(text, sentences, list(places), lexicon))
    return [count for count in counts if any(span.start <= count.span.start and count.span.end <= span.end for span in chosen)]


def _touched(sentences: Sequence[Span], span: Span) -> range:
    """Return the places of the sentences that a span has a part in: a change may begin with the stop of the sentence before."""
    first = max(0, bisect_right(sentences, span.start, key=lambda each: each.start) - 1)
    return range(first, min(bisect_right(sentences, span.end - 1, key=lambda each: each.start), first + _MOST))


def _counts(text: str, sentences: Sequence[Span], places: Sequence[int], lexicon: Lexicon) -> Iterator[_Count]:
    found = 0
    for sentence in (sentences[place] for place in places[:_MOST]):
        tokens = tokenize_with_numbers(text, sentence, lexicon)
        for place, token in enumerate(tokens):
            dual = noun_quantity(token.key, lexicon) if token.number is None and token.is_word else None
            if found == _MOST or (token.number is None and (dual is None or dual.value != _DUAL)):
                continue
            span = Span(token.start, token.end)
            counted = counted_at(text, sentences, span, lexicon)
            amount = dual or amount_at(EditSide(span, tokens, place, place + 1), place, lexicon)
            if counted.role.is_harm and amount.value is not None:
                found += 1
                yield _Count(amount, counted, span, sentence)


def _recount(old: Sequence[_Count], new: Sequence[_Count]) -> ChangedFact | None:
    """Return the change of a count that each text has with one value, in one place; None where it is not clear, or is none."""
    if len({count.amount.value for count in old}) != 1 or len({count.amount.value for count in new}) != 1:
        return None
    one, other = (max(counts, key=lambda count: count.counted.place is not None) for counts in (old, new))
    if one.amount.value == other.amount.value or not is_same_place(one.counted.place, other.counted.place):
        return None
    sure = one.counted.place is not None and other.counted.place is not None and one.amount.qualifier == other.amount.qualifier
    alarm = AlarmKind.FELL if sure and is_fall(one.amount, other.amount) else None
    counted = other.counted if other.counted.place is not None else one.counted
    quantity = QuantityChange(one.amount, other.amount, None)
    sides = one.counted, other.counted
    return ChangedFact(Kind.NUMBER.value, [], one.span, other.span, one.sentence, other.sentence, alarm, quantity, counted, sides)
