"""The facts that a comparison changes, each once: what the lines of a summary are made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dedup.text.fold import fold

from ..diff.runs import changes_by_unit, span_of_sentences
from ..history.alarms import change_alarm, may_be_years
from ..history.counted import NOTHING, Counted, counted_at, is_same_count, is_same_place
from ..language.lexicon import Lexicon
from ..model import AlarmKind, Change, Comparison, Kind, QuantityChange, Span, Unit

_CLAUSE_ALARMS = (AlarmKind.NEGATION, AlarmKind.HARM, AlarmKind.OUTCOME, AlarmKind.EXCHANGED)
_NEAR = 25  # characters of kept text between two changes of one clause that are told as one
_WIDE = 200  # characters, at most, of the changes that are told as one
CLAUSE_WORDS = 5  # words from which an added, dropped or replaced passage is a clause, which is quoted
_KEY = 300  # characters of a change that tell it from others
_MOST_LOOKED_AT = 300  # facts: where there are more, a count is compared with none of them


@dataclass(slots=True)
class ChangedFact:
    """One changed fact, with all changes that say it. ``a`` and ``b`` are where it stands in the texts, empty where one has nothing there.

    ``sentence_a`` and ``sentence_b`` are the sentences around it. ``weight`` orders the lines, the smallest first.
    """

    subject: str
    changes: list[str]
    a: Span
    b: Span
    sentence_a: Span
    sentence_b: Span
    alarm: AlarmKind | None = None
    quantity: QuantityChange | None = None
    counted: Counted = NOTHING
    sides: tuple[Counted, Counted] = (NOTHING, NOTHING)
    """What the number counts in either text."""
    clause: bool = False
    """True where the line must quote the clause on both sides."""


def _positions(comparison: Comparison, unit: Unit, changes: Sequence[Change]) -> Iterator[tuple[Span, Span]]:
    """Yield for each change of a unit where it is in both texts; a missing side is an empty span at its place."""
    a, b = (span_of_sentences(s, at) for s, at in ((comparison.sentences_a, unit.a), (comparison.sentences_b, unit.b)))
    at_a, at_b = (a.start if a else 0), (b.start if b else 0)
    for change in changes:
        length = change.b.start - at_b if change.b else change.a.start - at_a if change.a else 0
        span_a = change.a or Span(at_a + length, at_a + length)
        span_b = change.b or Span(at_b + length, at_b + length)
        yield span_a, span_b
        at_a, at_b = span_a.end, span_b.end


def is_news(change: Change) -> bool:
    """Tell whether a change says something: it is neither cosmetic nor furniture, unless there is a reason to look at it."""
    return not change.kind.cosmetic or change.alarm is not None


def changed_facts(comparison: Comparison, lexicon: Lexicon) -> list[ChangedFact]:
    """Return the facts inside of sentences that are in both texts, in reading order; what several changes say is one fact."""
    found: dict[tuple[object, ...], ChangedFact] = {}
    for unit, changes in zip(comparison.units, changes_by_unit(comparison), strict=True):
        if not (unit.a and unit.b and changes):
            continue
        for fact in _facts_of_unit(comparison, unit, changes, lexicon):
            key = _key(fact, comparison)
            same = found.get(key) or _same_count(found, fact)
            if same is None:
                found[key] = fact
            else:
                same.changes += fact.changes
                same.alarm = same.alarm or fact.alarm
                if same.counted.place is None and fact.counted.place is not None:
                    same.counted = fact.counted
    return list(found.values())


def _key(fact: ChangedFact, comparison: Comparison) -> tuple[object, ...]:
    texts = tuple(
        fold(text[span.start : min(span.end, span.start + _KEY)]).strip()
        for text, span in ((comparison.a.text, fact.a), (comparison.b.text, fact.b))
    )
    if fact.quantity is None:
        return fact.subject, *texts
    role = fact.counted.role
    values = tuple((amount.value, amount.qualifier) for amount in (fact.quantity.a, fact.quantity.b))
    return "number", role.fate, role.group, None if role.known else fold(fact.quantity.role or ""), values, fact.counted.place, *(
        () if any(value is not None for value, _ in values) else texts
    )  # fmt: skip


def _same_count(found: dict[tuple[object, ...], ChangedFact], fact: ChangedFact) -> ChangedFact | None:
    """Return the same change of a count that one sentence ties to a place and another does not, None for none."""
    if fact.quantity is None or fact.quantity.a.value is None or fact.quantity.b.value is None or not fact.counted.role.known:
        return None
    for other in found.values() if len(found) < _MOST_LOOKED_AT else ():
        if other.quantity is None or (other.quantity.a, other.quantity.b) != (fact.quantity.a, fact.quantity.b):
            continue
        roles = {other.counted.role.fate, fact.counted.role.fate} - {"toll", "people", None}
        places = {place for place in (other.counted.place, fact.counted.place) if place is not None}
        if len(roles) <= 1 and len(places) <= 1 and other.counted.role.group == fact.counted.role.group:
            return other
    return None


def _facts_of_unit(comparison: Comparison, unit: Unit, changes: Sequence[Change], lexicon: Lexicon) -> Iterator[ChangedFact]:
    sentence_a, sentence_b = span_of_sentences(comparison.sentences_a, unit.a), span_of_sentences(comparison.sentences_b, unit.b)
    assert sentence_a is not None
    assert sentence_b is not None
    facts = [
        _fact(comparison, change, spans, (sentence_a, sentence_b), lexicon)
        for change, spans in zip(changes, _positions(comparison, unit, changes), strict=True)
        if is_news(change)
    ]
    facts = [fact for fact in _without_reordered(facts) if fact.alarm or fact.quantity or not _reads_the_same(fact, comparison)]
    last: ChangedFact | None = None
    for fact in facts:
        if last is not None and _is_one_clause(last, fact, comparison):
            last.changes += fact.changes
            last.a, last.b = Span(last.a.start, fact.a.end), Span(last.b.start, fact.b.end)
            if fact.clause and not last.clause:
                last.subject, last.quantity = fact.subject, None
            last.clause = True
            last.alarm = _heavier(last.alarm, fact.alarm)
            continue
        if last is not None:
            yield last
        last = fact
    if last is not None:
        yield last


def _reads_the_same(fact: ChangedFact, comparison: Comparison) -> bool:
    """Tell whether the words of a change are the same on both sides: only marks and spelling differ."""
    sides = [fold(fact.a.of(comparison.a.text)).split(), fold(fact.b.of(comparison.b.text)).split()]
    return bool(sides[0]) and sides[0] == sides[1]


def _without_reordered(facts: Sequence[ChangedFact]) -> Iterator[ChangedFact]:
    """Yield the facts of a unit without the counts that only changed places: 20 in Idlib and 5 in Halab, told the other way round."""
    sides = [Counter(key for fact in facts if (key := _count_key(fact, old=old)) is not None) for old in (True, False)]
    for fact in facts:
        old, new = _count_key(fact, old=True), _count_key(fact, old=False)
        if old is None or new is None or old == new or not (sides[1][old] and sides[0][new]):
            yield fact


def _count_key(fact: ChangedFact, *, old: bool) -> tuple[object, ...] | None:
    """Return what one side of a count says: its role, place and value; None where it has no value."""
    if fact.quantity is None:
        return None
    amount, counted = (fact.quantity.a, fact.sides[0]) if old else (fact.quantity.b, fact.sides[1])
    noun = None if counted.role.known else fold(fact.quantity.role or "")
    return None if amount.value is None else (counted.role, counted.place and fold(counted.place), noun, amount.value)


def _heavier(one: AlarmKind | None, other: AlarmKind | None) -> AlarmKind | None:
    found = [alarm for alarm in (one, other) if alarm is not None]
    return min(found, key=lambda alarm: _CLAUSE_ALARMS.index(alarm) if alarm in _CLAUSE_ALARMS else len(_CLAUSE_ALARMS), default=None)


def _is_one_clause(one: ChangedFact, other: ChangedFact, comparison: Comparison) -> bool:
    """Tell whether two changes are told as one: one of them is about what happened, and few words of one clause are between them."""
    if not (one.clause or other.clause) or one.quantity or other.quantity:
        return False
    gaps = (comparison.a.text[one.a.end : other.a.start], comparison.b.text[one.b.end : other.b.start])
    near = all(len(gap) <= _NEAR and not any(mark in gap for mark in ",;:،؛\n") for gap in gaps)
    return near and other.b.end - one.b.start <= _WIDE and other.a.end - one.a.start <= _WIDE


def _fact(comparison: Comparison, change: Change, spans: tuple[Span, Span], sentences: tuple[Span, Span], lexicon: Lexicon) -> ChangedFact:
    alarm = change_alarm(change)
    counted = old = latest = NOTHING
    if change.kind is Kind.NUMBER:
        # "At least" stands beside its number; a dual is its own number.
        qualifies = change.quantity is None or change.quantity.a.value == change.quantity.b.value
        old, new = (
            counted_at(text, places, _nearest_number(text, span) if qualifies else span, lexicon) if span is not None else NOTHING
            for text, places, span in (
                (comparison.a.text, comparison.sentences_a, change.a),
                (comparison.b.text, comparison.sentences_b, change.b),
            )
        )
        if change.quantity is not None and change.quantity.a.value is None:
            old = new  # a vague word counts what the number in its place counts
        counted = new if new.role.known or not old.role.known else old
        latest = new
        if new.role.fate == "toll" and old.role.fate == "killed":
            counted = replace(counted, role=old.role)  # the same toll, whose dead only one text names
        if not is_same_place(old.place, new.place):
            counted = replace(counted, place=None)  # the place is another change
        if change.quantity is not None and may_be_years(change.quantity.a, change.quantity.b, counted, lexicon):
            return ChangedFact(Kind.TIME.value, [change.id], *spans, *sentences, change.alarm or AlarmKind.DATE)
        if alarm is AlarmKind.FELL and change.alarm is None and not is_same_count(old, new):
            alarm = None
    quantity = change.quantity if change.kind is Kind.NUMBER else None
    if quantity is not None and alarm is None and _is_vague(quantity, comparison, spans):
        return ChangedFact(Kind.WORDING.value, [change.id], *spans, *sentences)
    clause = alarm in _CLAUSE_ALARMS and not (quantity and alarm is not AlarmKind.HARM)
    subject = change.kind.value
    if clause:
        quantity, subject = None, "negation" if change.kind is Kind.NEGATION else subject
    return ChangedFact(subject, [change.id], *spans, *sentences, alarm, quantity, counted, (old, latest), clause)


def _is_vague(quantity: QuantityChange, comparison: Comparison, spans: tuple[Span, Span]) -> bool:
    """Tell whether neither side of a quantity has a number: many, several."""
    if quantity.a.value is not None or quantity.b.value is not None:
        return False
    shown = comparison.a.text[spans[0].start : spans[0].end] + comparison.b.text[spans[1].start : spans[1].end]
    return not any(map(str.isdigit, shown)) and not (quantity.a.readings or quantity.b.readings)


def _nearest_number(text: str, span: Span) -> Span:
    """Return a span, with the number right after it where it has none itself: at least, about."""
    return span if any(map(str.isdigit, span.of(text))) else Span(span.start, min(len(text), span.end + 12))


def is_clause(fact: ChangedFact, comparison: Comparison) -> bool:
    """Tell whether a changed wording is a clause, which says something of its own."""
    sides = (comparison.a.text[fact.a.start : fact.a.end], comparison.b.text[fact.b.start : fact.b.end])
    return any(len(side.split()) >= CLAUSE_WORDS for side in sides)
