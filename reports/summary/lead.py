"""The lead box: what is new in at most seven sentences, by rules. The digest of a comparison has the same lines.

That a text is marked as a correction or an update comes first, then what an editor must look at twice, numbers of people, other numbers,
names, sources and times, then a new lead and whole sentences and clauses, then wording.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby

from dedup.text.advisories import advisory_of
from dedup.text.fold import fold

from ..language.detect import detect_language
from ..language.lexicon import Lexicon, load_lexicon
from ..messages.catalog import Catalog
from ..model import AlarmKind, Comparison, Kind, Span, Timeline, UnitRelation
from .alike import are_alike, clauses_of, is_new_denial, like_sides
from .clauses import clean, core, quoted_passage, shorten
from .count_lines import count_line, count_line_key
from .facts import CLAUSE_WORDS, ChangedFact, changed_facts, is_clause
from .idle import without_idle
from .lines import LONGEST, LeadLine, fill_line, shown_length
from .name_lines import names_line, names_state
from .news_units import news_units
from .ranks import ADDED, CLAUSE, HARM, LEAD, NEGATED, NUMBER, PEOPLE, RANKS, REMOVED, WORDING, alarm_rank
from .recounts import with_recounts
from .retold import changes_polarity, replaced_sentences, retold, without_shared_beginning
from .returned import with_returns

MOST_LINES = 7
_SENTENCES = 3  # lines about added, or removed, sentences; the last says how many more there are
_LEAST_CONTEXT = 24  # characters of a clause that is quoted beside a change
_ITEMS = 4  # changes named in a line
_SEVERAL = 58  # characters of a change in a line with several

_Line = tuple[int, int, Callable[[], LeadLine]]


def make_lead(subject: Comparison | Timeline, catalog: Catalog) -> tuple[LeadLine, ...]:
    """Return what is new in the later text, or in the newest state of a timeline, the heaviest first, in at most seven lines.

    There is none where all changes are cosmetic, and no text is marked as a correction or an update.

    >>> from ..comparison import compare
    >>> from ..messages.catalog import load_catalog
    >>> found = compare("A blast in Marsa killed 9 people.", "A blast in Marsa killed 12 people.")
    >>> [line.text for line in make_lead(found, load_catalog("en"))]
    ['killed, Marsa: 9 → 12 (+3)']
    """
    timeline = subject if isinstance(subject, Timeline) else None
    comparison = (timeline.steps or (None,))[-1] if timeline else subject
    if comparison is None:
        return ()
    assert isinstance(comparison, Comparison)
    lexicon = load_lexicon(detect_language(f"{comparison.a.text[:4000]}\n{comparison.b.text[:4000]}"))
    lines = list(_Writer(comparison, catalog, lexicon).lines())
    found = [replace(make(), weight=rank) for rank, _, make in sorted(lines, key=lambda line: line[:2])[:MOST_LINES]]
    return tuple(with_returns(found, timeline, catalog, lexicon)[:MOST_LINES]) if timeline else tuple(found)


class _Writer:
    """Writes the lines of one comparison. A line is written only when it is among the first."""

    def __init__(self, comparison: Comparison, catalog: Catalog, lexicon: Lexicon):
        self.comparison, self.catalog, self.lexicon = comparison, catalog, lexicon
        self._units = news_units(comparison)
        self._retold: set[int] = set()
        self._retold_a: set[int] = set()
        self._retold_b: set[int] = set()

    def lines(self) -> Iterator[_Line]:
        """Yield the lines with their rank, and their place among those of one rank."""
        yield from self._advisory()
        facts = with_recounts(changed_facts(self.comparison, self.lexicon), self.comparison, self._units, self.lexicon)
        facts = without_idle(facts, self.comparison, self.lexicon)
        others = [fact for fact in facts if fact.quantity is None]
        self._find_retold(others)
        self._retold_a |= {self._sentence_of(fact.a) for fact in facts if not fact.changes}  # the count is told by itself
        yield from self._counts([fact for fact in facts if fact.quantity is not None])
        yield from self._facts(others)
        yield from self._sentences()

    def _sentence_of(self, span: Span) -> int:
        return bisect_right(self.comparison.sentences_a, span.start, key=lambda sentence: sentence.start) - 1

    def _find_retold(self, facts: Sequence[ChangedFact]) -> None:
        """Find the clauses and sentences that only stand elsewhere now: they are told nowhere."""
        comparison = self.comparison
        clauses = [(place, fact) for place, fact in enumerate(facts) if fact.subject == Kind.WORDING and is_clause(fact, comparison)]
        units = [unit for unit in self._units if unit.relation in (UnitRelation.ADDED, UnitRelation.REMOVED)]
        new = [(("s", place), comparison.sentences_b[place].of(comparison.b.text)) for unit in units for place in unit.b]
        old = [(("s", place), comparison.sentences_a[place].of(comparison.a.text)) for unit in units for place in unit.a]
        new += [(("c", place), self._new(fact)) for place, fact in clauses if self._new(fact)]
        old += [(("c", place), self._old(fact)) for place, fact in clauses if self._old(fact)]
        found = []
        for one, other in ((new, old), (old, new)):
            flags = retold([text for _, text in one], [text for _, text in other], self.lexicon)
            found.append({name for (name, _), flag in zip(one, flags, strict=True) if flag})
        self._retold_b = {place for name, place in found[0] if name == "s"}
        self._retold_a = {place for name, place in found[1] if name == "s"}
        # A clause that replaced another is told again only where both are.
        self._retold = {
            place
            for place, fact in clauses
            if (not self._new(fact) or ("c", place) in found[0]) and (not self._old(fact) or ("c", place) in found[1])
        }

    def _advisory(self) -> Iterator[_Line]:
        """Yield that the later text is marked as a correction or an update, where the older one is not marked so."""
        a, b = self.comparison.a.text, self.comparison.b.text
        advisory, before = advisory_of(b), advisory_of(a)
        if advisory and (before is None or fold(a[: before.end]) != fold(b[: advisory.end])):
            alarm = AlarmKind.CORRECTION if advisory.kind == "correction" else None
            name, marks = f"digest_{advisory.kind}", clean(b[: advisory.end])
            yield 0, 0, lambda: LeadLine("advisory", self._fitting(name, marks), (), alarm)

    def _counts(self, facts: Sequence[ChangedFact]) -> Iterator[_Line]:
        """Yield a line for all counts of one role that changed in the same way."""
        rows = sorted(enumerate(facts), key=lambda row: (count_line_key(row[1], self.lexicon), row[0]))
        for _, group in groupby(rows, key=lambda row: count_line_key(row[1], self.lexicon)):
            members = list(group)
            chosen = [fact for _, fact in members]
            role = chosen[0].counted.role
            plain = HARM if role.is_harm else PEOPLE if role.known else NUMBER
            rank = plain if chosen[0].alarm is None else alarm_rank(chosen[0].alarm)
            yield rank, members[0][0], partial(self._count, chosen)

    def _count(self, facts: Sequence[ChangedFact]) -> LeadLine:
        text = count_line(facts, self.comparison, self.catalog, self.lexicon)
        if len(facts) == 1 and not facts[0].counted.role.known:
            text = self._with_context(text, facts[0])
        return LeadLine("number", text, tuple(change for fact in facts for change in fact.changes), facts[0].alarm)

    def _facts(self, facts: Sequence[ChangedFact]) -> Iterator[_Line]:
        """Yield a line for each change with an alarm or with a clause, and one for all others of a kind."""
        plain: dict[tuple[str, str], list[ChangedFact]] = {}
        denials = {fact.sentence_b.start: fact for fact in facts if is_new_denial(fact, self.comparison, self.lexicon)}
        quoted = [(fact.sentence_b, self._clause(fact).text) for fact in facts if fact.clause]
        for place, fact in enumerate(facts):
            if (denial := denials.get(fact.sentence_b.start)) is not None:
                if denial is fact:
                    yield alarm_rank(fact.alarm), place, partial(self._denial, fact)
                elif fact.alarm is None:
                    continue
            elif fact.alarm is None and any(self._is_quoted(fact, *line) for line in quoted):
                continue
            if denial is fact:
                continue
            if fact.clause:
                yield alarm_rank(fact.alarm), place, partial(self._clause, fact)
            elif fact.alarm is not None:
                yield alarm_rank(fact.alarm), place, partial(self._items, fact.subject, [fact])
            elif fact.subject == Kind.WORDING and is_clause(fact, self.comparison):
                if place not in self._retold:
                    yield from self._passages(fact, place)
            else:
                state = names_state(fact, self.comparison, self.lexicon) if fact.subject == Kind.NAME else ""
                plain.setdefault((fact.subject, state), []).append(fact)
        for number, ((subject, state), members) in enumerate(plain.items()):
            if subject == Kind.WORDING:  # the longest first; those of one length stay in reading order
                members.sort(key=lambda fact: fact.a.start + fact.b.start - fact.a.end - fact.b.end)
            make = partial(self._names, members, state) if state else partial(self._items, subject, members)
            yield RANKS.get(subject, WORDING), number, make

    def _passages(self, fact: ChangedFact, place: int) -> Iterator[_Line]:
        """Yield a line for a passage; an old and a new one that are not alike have a line each."""
        longer = fact.b.end - fact.b.start >= fact.a.end - fact.a.start
        old, new = self._old(fact), self._new(fact)
        if old and new and not are_alike(old, new, self.lexicon):
            if len(new.split()) >= CLAUSE_WORDS:
                yield ADDED, place, partial(self._one_side, fact, new=True)
            if len(old.split()) >= CLAUSE_WORDS:
                yield CLAUSE, place, partial(self._one_side, fact, new=False)
            return
        yield ADDED if longer else CLAUSE, place, partial(self._passage, fact)

    def _is_quoted(self, fact: ChangedFact, sentence: Span, line: str) -> bool:
        """Tell whether a line about a clause of the same sentence quotes a rewording on both sides."""
        return fact.sentence_b == sentence and fact.subject == Kind.WORDING and self._old(fact) in line and self._new(fact) in line

    def _denial(self, fact: ChangedFact) -> LeadLine:
        """Return a line for a denial in the place of a sentence that was about something else: who denies what."""
        return LeadLine("added", self._fitting("lead_added", fact.sentence_b.of(self.comparison.b.text)), tuple(fact.changes), fact.alarm)

    def _old(self, fact: ChangedFact) -> str:
        return clean(self.comparison.a.text[fact.a.start : fact.a.end])

    def _new(self, fact: ChangedFact) -> str:
        return clean(self.comparison.b.text[fact.b.start : fact.b.end])

    def _replaced(self, old: str, new: str) -> str:
        return self.catalog.say("digest_replaced" if old and new else "digest_dropped" if old else "digest_new", a=old, b=new)

    def _label(self, subject: str) -> str:
        return str(self.catalog.messages["lead_label"][subject])

    def _fitting(self, name: str, text: str) -> str:
        """Return a message with a quotation that makes it as long as a line may be."""
        return self.catalog.say(name, text=core(text, self.lexicon, LONGEST - shown_length(self.catalog.say(name, text=""))))

    def _clause(self, fact: ChangedFact) -> LeadLine:
        """Return a line that quotes the clause of a change on both sides: what was said to have happened, and what is said now."""
        label = self._label(fact.alarm.value if fact.alarm and fact.alarm.value in self.catalog.messages["lead_label"] else fact.subject)
        frame = f"{label}: {self.catalog.say('lead_clause', a='', b='')}"
        old, new = clauses_of(fact, self.comparison, (LONGEST - shown_length(frame)) // 2)
        return LeadLine(fact.subject, f"{label}: {self.catalog.say('lead_clause', a=old, b=new)}", tuple(fact.changes), fact.alarm)

    def _passage(self, fact: ChangedFact) -> LeadLine:
        """Return a line that quotes an added, dropped or reworded clause."""
        old, new = self._old(fact), self._new(fact)
        if old and new and min(len(old), len(new)) * 3 > max(len(old), len(new)):
            return self._reworded(old, new, tuple(fact.changes))
        return self._one_side(fact, new=len(new) >= len(old))

    def _one_side(self, fact: ChangedFact, *, new: bool) -> LeadLine:
        name = "lead_added_clause" if new else "lead_dropped_clause"
        text, sentence, span = (
            (self.comparison.b.text, fact.sentence_b, fact.b) if new else (self.comparison.a.text, fact.sentence_a, fact.a)
        )
        room = LONGEST - shown_length(self.catalog.say(name, text=""))
        shown = quoted_passage(text, sentence, span, self.lexicon, room)
        return LeadLine("wording", self.catalog.say(name, text=shown), tuple(fact.changes))

    def _reworded(self, old: str, new: str, changes: tuple[str, ...] = ()) -> LeadLine:
        """Return a line that quotes a passage in its old and its new words."""
        room = (LONGEST - shown_length(self.catalog.say("lead_reworded", a="", b=""))) // 2
        sides = [core(clean(side), self.lexicon, room) for side in without_shared_beginning(old, new)]
        text = self.catalog.say("lead_reworded", a=sides[0], b=sides[1])
        return LeadLine("wording", text, changes)

    def _items(self, subject: str, facts: Sequence[ChangedFact]) -> LeadLine:
        """Return a line for changes of one kind, as many as it holds."""
        label, items = self._label(subject), []
        for fact in facts[:_ITEMS]:
            room = LONGEST - len(label) - 2 if len(facts) == 1 else _SEVERAL
            old, new = self._old(fact), self._new(fact)
            old, new = like_sides(old, new, self.lexicon) if subject == Kind.WORDING else (old, new)
            each = (room - 6) // 2 if old and new else room - 14
            item = self._replaced(shorten(old, each), shorten(new, each))
            items.append(item + (f" ×{len(fact.changes)}" if len(fact.changes) > 1 else ""))
        return self._list_line(subject, facts, fill_line(label, items, len(facts), self.catalog.say("digest_joint"), self.catalog))

    def _names(self, facts: Sequence[ChangedFact], state: str) -> LeadLine:
        return self._list_line("name", facts, names_line(facts, state, self.comparison, self.catalog, self.lexicon))

    def _list_line(self, subject: str, facts: Sequence[ChangedFact], text: str) -> LeadLine:
        changes = tuple(change for fact in facts for change in fact.changes)
        return LeadLine(subject, self._with_context(text, facts[0]) if len(facts) == 1 else text, changes, facts[0].alarm)

    def _with_context(self, text: str, fact: ChangedFact) -> str:
        """Return a line with the clause of its change behind it, where there is room for one that says something."""
        side = 1 if fact.b.end > fact.b.start else 0
        room = LONGEST - shown_length(text) - shown_length(self.catalog.say("lead_context", text=""))
        if room < _LEAST_CONTEXT:
            return text
        quoted = clauses_of(fact, self.comparison, room)[side]
        own = (self._old(fact), self._new(fact))[side]
        return text if quoted.strip("…") == own else text + self.catalog.say("lead_context", text=quoted)

    def _sentences(self) -> Iterator[_Line]:
        comparison, units = self.comparison, self._units
        first = min((unit.b[0] for unit in units if unit.b), default=0)
        lead = next((unit for unit in units if unit.b[:1] == (first,)), None)
        told: set[int] = set()
        for number, (old, new) in enumerate(replaced_sentences(comparison, self._units, (self._retold_a, self._retold_b))):
            told.add(new)
            self._retold_a.add(old)
            texts = comparison.sentences_a[old].of(comparison.a.text), comparison.sentences_b[new].of(comparison.b.text)
            yield NEGATED if changes_polarity(*texts, self.lexicon) else ADDED, number, partial(self._reworded, *texts)
        moved = lead is not None and lead.relation in (UnitRelation.ADDED, UnitRelation.MOVED)
        if moved and comparison.sentences_a and first not in self._retold_b | told:
            text = comparison.sentences_b[first].of(comparison.b.text)
            told.add(first)
            yield LEAD, 0, lambda: LeadLine("lead", self._fitting("digest_lead", text), ())
        for relation, rank, spans, text_of in (
            (UnitRelation.ADDED, ADDED, comparison.sentences_b, comparison.b.text),
            (UnitRelation.REMOVED, REMOVED, comparison.sentences_a, comparison.a.text),
        ):
            known = told | self._retold_b if relation is UnitRelation.ADDED else self._retold_a
            side = "b" if relation is UnitRelation.ADDED else "a"
            left = [place for unit in units if unit.relation is relation for place in getattr(unit, side) if place not in known]
            for number, place in enumerate(left[:_SENTENCES]):
                more = len(left) - _SENTENCES if number == _SENTENCES - 1 else 0
                yield rank, place, partial(self._sentence, relation, spans[place].of(text_of), more)

    def _sentence(self, relation: UnitRelation, sentence: str, more: int) -> LeadLine:
        rest = f" ({self.catalog.say('digest_more', more)})" if more > 0 else ""
        name = f"lead_{relation.value}"
        room = LONGEST - shown_length(self.catalog.say(name, text="")) - len(rest)
        return LeadLine(relation.value, self.catalog.say(name, text=core(sentence, self.lexicon, room)) + rest, ())
