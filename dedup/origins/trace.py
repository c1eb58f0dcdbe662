"""Trace the wording of a story: its groups, which text of each was likely first, who carries whom, and who quotes the same."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from .. import kernels
from ..about import About
from ..arrays.ragged import Array, Ragged, is_among, sorted_unique
from ..config import Config
from ..errors import InputError
from ..model import Document
from ..sketch.shingle import hash_rows, run_hashes
from ..text.credits import Credit, credits_of, source_name
from ..text.ids import record_and_version
from ..text.sources import NewsSources, known_sources
from ..text.timestamps import is_day, timestamp_of
from .direction import Facts
from .edits import edits
from .groups import group
from .lineage import Lineage
from .model import Contradiction, OriginGroup, OriginText, SharedPassage, Story
from .narration import Narrations, narrations
from .pairs import near_copies, same_origin, shared_by
from .shares import common_counts

MOST = 1500
"""Texts of a story that are traced: all pairs of them are compared, in a memory that grows with their square."""
_BELONGS = 0.5  # share of a text that a group has which it belongs to without being traced
_MANY = 256  # texts of a story in which near copies are not compared any further
_PASSAGE = 20  # words that two groups have in common that are told of, at least
_RELEASE = 0.5  # share of a group's words that are quoted, where it is a release
_DAY = 86_400.0  # seconds
_COPIED = 0.7  # share of a text that another one has, where a credit contradicts that
_CONTRADICTS = 0.8  # probability that it carries the text of another source that is no agency


@dataclass(frozen=True, slots=True)
class StoryText:
    """A text of a story: a document, or a segment of it with an id of its own."""

    id: str
    text: str
    document: Document


@dataclass(frozen=True, slots=True)
class _Text:
    """A text with what is known of it."""

    id: str
    text: str
    about: About
    facts: Facts
    credits: tuple[Credit, ...]
    own: float
    quoted: float


def trace(name: str, texts: Sequence[StoryText], config: Config) -> Story:
    """Return the story of these texts. It does not depend on their order.

    Of more than `MOST` texts the oldest are traced. Each of the others is put to the group with whose longest text it shares most, where
    that is half of it, else it is an origin of its own; nothing is told of whom it carries.
    """
    texts = sorted(texts, key=lambda each: each.id)
    found = narrations([each.text for each in texts], config.ignore_lines)
    names = known_sources(config.agencies)
    shares = zip(texts, _own_shares(found.words, config), found.quoted_shares().tolist(), strict=True)
    known = [_known(text, names, own, quoted) for text, own, quoted in shares]
    sets = kernels.engine().shingle_sets(found.words, np.arange(len(texts)), config.shingle_words)
    oldest = sorted(range(len(texts)), key=lambda row: (math.isnan(known[row].facts.seconds), known[row].facts.seconds, row))
    chosen = sorted(oldest[:MOST])
    parts = [[chosen[place] for place in places] for places in _groups(found.take(np.array(chosen, np.int64)), config)]
    others = _put_to(sets, parts, sorted(oldest[MOST:]))
    counts = _Counts(sets, chosen)
    together = sorted(((rows, [*rows, *more]) for rows, more in others), key=lambda each: (-len(each[1]), each[1]))
    traced = [
        _Traced(number, [known[row] for row in rows], counts.held(near), edits(found.words.take(np.array(near, np.int64))))
        for number, (near, rows) in enumerate(together)
    ]
    return Story(
        name,
        tuple(text for each in traced for text in each.texts()),
        tuple(each.group() for each in traced),
        tuple(carried for each in traced for carried in each.carries),
        tuple(_shared(counts, found.parts(quoted=True), parts, [text.id for text in texts], config)),
    )


def _groups(found: Narrations, config: Config) -> list[list[int]]:
    """Return the rows of one origin together. Exact copies are, and in a large story near copies, without being compared any further."""
    parts = _copies(found)
    shared = shared_by(found.take(np.array([rows[0] for rows in parts])), config)
    if len(parts) > _MANY:
        near = near_copies(shared)
        shared = shared.take(np.array([places[0] for places in near]))
        parts = [[row for place in places for row in parts[place]] for places in near]
    joined = group(same_origin(shared, config), np.array([len(rows) for rows in parts]))
    return [sorted(row for place in places for row in parts[place]) for places in joined]


def _put_to(sets: Ragged, groups: Sequence[list[int]], rows: Sequence[int]) -> list[tuple[list[int], list[int]]]:
    """Return each group with those of some rows that belong to it, and a group for each row that belongs to none."""
    found: list[tuple[list[int], list[int]]] = [(group, []) for group in groups]
    leaders = sets.take(np.array([max(group, key=lambda row: (len(sets.row(row)), -row)) for group in groups], np.int64))
    for start in range(0, len(rows), MOST):
        part = np.array(rows[start : start + MOST], np.int64)
        block = sets.take(part)
        shares = common_counts(block, leaders) / np.maximum(1, block.lengths)[:, None]
        for row, share in zip(part.tolist(), shares, strict=True):
            best = int(share.argmax())
            if share[best] >= _BELONGS:
                found[best][1].append(row)
            else:
                found.append(([row], []))
    return found


def _known(text: StoryText, names: NewsSources, own: float, quoted: float) -> _Text:
    document = text.document
    credits = credits_of(text.text, source=document.source, byline=document.byline, names=names)
    try:
        clock, seconds = timestamp_of(document)
    except InputError:
        clock, seconds = "", math.nan
    source = source_name(document.source, names) if document.source else None
    credited = frozenset(each.name for each in credits if each.kind != "staff") - {source or ""}
    span = _DAY if clock == "date" and is_day(document.time) else 0.0
    facts = Facts(seconds, clock, source, credited, *record_and_version(document.id), span)
    about = About(document.title, document.source, document.time, document.url)
    return _Text(text.id, text.text, about, facts, credits, own, quoted)


def _copies(found: Narrations) -> list[list[int]]:
    """Return the rows with the same words."""
    rows: dict[int, list[int]] = {}
    for row, code in enumerate(hash_rows(found.words).tolist()):
        rows.setdefault(code, []).append(row)
    return [*rows.values()]


def _own_shares(words: Ragged, config: Config) -> list[float]:
    """Return for each row the share of its words that are in no run of words that another row has, 0..1. A row that is shorter than
    a run has them where it is that of no other row."""
    size = config.shingle_words
    runs = [run_hashes(words.row(row), size) for row in range(len(words))]
    values = np.sort(np.concatenate([sorted_unique(each) for each in runs]))
    often = sorted_unique(values[1:][values[1:] == values[:-1]])
    whole = hash_rows(words).tolist()
    copies = Counter(whole)
    found = []
    for length, each, code in zip(words.lengths.tolist(), runs, whole, strict=True):
        if 0 < length < size:
            found.append(float(copies[code] == 1))
            continue
        starts = np.flatnonzero(is_among(each, often))
        edges = np.zeros(length + 1, np.int64)
        np.add.at(edges, starts, 1)
        np.add.at(edges, starts + size, -1)
        found.append(float((np.cumsum(edges)[:-1] == 0).mean()) if length else 1.0)
    return found


class _Counts:
    """What the traced rows share: the numbers of common shingles of all pairs of them."""

    def __init__(self, sets: Ragged, rows: Sequence[int]):
        self._rows = np.array(rows, np.int64)
        traced = sets.take(self._rows)
        self._sizes, self._counts = np.maximum(1, traced.lengths), common_counts(traced, traced)

    def among(self, rows: Sequence[int]) -> Array:
        """Return the numbers of shingles that rows share, for all pairs of them."""
        places = np.searchsorted(self._rows, rows)
        found: Array = self._counts[np.ix_(places, places)]
        return found

    def held(self, rows: Sequence[int]) -> Array:
        """Return for all pairs of rows the share of the first one's shingles that the second has; of one row alone all, traced or not."""
        if len(rows) == 1:
            return np.ones((1, 1))
        found: Array = self.among(rows) / self._sizes[np.searchsorted(self._rows, rows)][:, None]
        return found


class _Traced:
    """A group of a story, and its lineage. ``held`` and ``edited`` are those of its first members, which are traced."""

    def __init__(self, number: int, members: Sequence[_Text], held: Array, edited: Array):
        self.number, self.members, self.held = number, members, held
        self._lineage = Lineage([each.facts for each in members[: len(held)]], held, edited)
        self.carries = tuple(self._lineage.carries([each.id for each in members]))

    def texts(self) -> Iterator[OriginText]:
        """Yield its texts, the one that was likely first before others."""
        for place in self._order():
            text = self.members[place]
            yield OriginText(text.id, self.number, text.own, text.quoted, text.credits, self._contradiction(place), text.about)

    def group(self) -> OriginGroup:
        """Return what is known of it as a whole."""
        first, chance = self._lineage.first
        named = [{credit.name for credit in each.credits if credit.kind == "agency" and credit.carries} for each in self.members]
        counts = Counter(name for names in named for name in names)
        most = sum(map(bool, named)) / 2
        credited = tuple(sorted((name for name, count in counts.items() if count >= most), key=lambda name: (-counts[name], name)))
        release = sum(each.quoted for each in self.members) / len(self.members) > _RELEASE
        order = self._order()
        return OriginGroup(self.number, self.members[first].id, chance, tuple(self.members[place].id for place in order), credited, release)

    def _order(self) -> list[int]:
        return [*self._lineage.order(), *range(len(self.held), len(self.members))]

    def _contradiction(self, place: int) -> Contradiction | None:
        """Return what a text says of its source that the wording contradicts: its own people, and the wording of an agency, or of another
        source that it very likely carries."""
        text = self.members[place]
        staff = next((credit for credit in text.credits if credit.kind == "staff" and credit.carries), None)
        if staff is None or place >= len(self.held) or any(credit.kind == "agency" and credit.carries for credit in text.credits):
            return None
        for other in np.argsort(-self.held[place], kind="stable").tolist():
            model = self.members[other]
            if self.held[place, other] < _COPIED:
                break
            agency = next((credit.name for credit in model.credits if credit.kind == "agency" and credit.carries), None)
            if agency is not None and self._may_have_given(other, place, staff):
                return Contradiction(staff.name, agency, model.id)
        carried = next((each for each in self.carries if each.b == text.id), None)
        if carried is None or carried.share < _COPIED or carried.probability < _CONTRADICTS:
            return None
        model = next(each for each in self.members if each.id == carried.a)
        other_source = model.facts.source is not None and text.facts.source not in (None, model.facts.source)
        return Contradiction(staff.name, str(model.about.source), model.id) if other_source else None

    def _may_have_given(self, other: int, place: int, staff: Credit) -> bool:
        """Tell whether a text may be what another one took, whose people are named: not where it came later, or names the same people."""
        return other != place and not self._lineage.is_earlier(place, other) and staff.name not in self.members[other].text


def _shared(counts: _Counts, said: Ragged, groups: Sequence[Sequence[int]], ids: Sequence[str], config: Config) -> Iterator[SharedPassage]:
    """Yield pairs of texts of two groups that share enough words, quotations among them: for two groups the texts that share most.
    ``said`` are the quoted words of all rows.

    Groups are linked to others as a tree is, by those that share most (Prim 1957), so that twenty that quote one statement are linked by
    nineteen pairs.
    """
    if len(groups) == 1:
        return
    rows = np.array([row for each in groups for row in each], np.int64)
    home = np.repeat(np.arange(len(groups)), [len(each) for each in groups])
    quoted = kernels.engine().shingle_sets(said, rows, config.shingle_words)
    starts = np.flatnonzero(np.diff(home, prepend=-1))
    shared = counts.among(rows.tolist())
    between = np.maximum.reduceat(np.maximum.reduceat(shared, starts, axis=0), starts, axis=1)
    between[between < _PASSAGE - config.shingle_words + 1] = 0
    np.fill_diagonal(between, 0)
    waiting = np.ones(len(groups), bool)
    best, near = np.zeros(len(groups), np.int64), np.zeros(len(groups), np.int64)
    while waiting.any():
        chosen = int(np.argmax(np.where(waiting, best, -1)))
        if best[chosen]:
            one, other = (np.flatnonzero(home == each) for each in sorted((int(near[chosen]), chosen)))
            part = shared[np.ix_(one, other)]
            left, right = divmod(int(part.argmax()), part.shape[1])
            ends = np.array([one[left], other[right]])
            a, b = sorted(ids[rows[end]] for end in ends)
            both = int(common_counts(quoted.take(ends[:1]), quoted.take(ends[1:]))[0, 0])
            more = config.shingle_words - 1  # words of a run beyond its shingles
            yield SharedPassage(a, b, int(part.max()) + more, both + more if both else 0)
        waiting[chosen] = False
        nearer = between[chosen] > best
        best[nearer], near[nearer] = between[chosen][nearer], chosen
