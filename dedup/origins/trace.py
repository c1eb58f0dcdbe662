"""Trace the wording of a story: its groups, which text of each was likely first, who carries whom, and who quotes the same."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from .. import kernels
from ..about import About
from ..arrays.ragged import Array, Ragged
from ..config import Config
from ..errors import InputError
from ..model import Document
from ..sketch.shingle import hash_rows, run_hashes
from ..text.credits import Credit, credits_of, source_name
from ..text.ids import record_and_version
from ..text.sources import NewsSources, known_sources
from ..text.timestamps import timestamp_of
from .direction import Facts
from .groups import group
from .lineage import Lineage
from .model import Contradiction, OriginGroup, OriginText, Quoted, Story
from .narration import Narrations, narrations
from .pairs import same_origin

_QUOTED = 12  # words of quotations in common that are told of, at least
_RELEASE = 0.5  # share of a group's words that are quoted, where it is a release
_COPIED = 0.7  # share of a text that another one has, where a credit contradicts that


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
    about: About
    facts: Facts
    credits: tuple[Credit, ...]
    own: float
    quoted: float


def trace(name: str, texts: Sequence[StoryText], config: Config) -> Story:
    """Return the story of these texts. It does not depend on their order."""
    texts = sorted(texts, key=lambda each: each.id)
    found = narrations([each.text for each in texts], config.ignore_lines)
    names = known_sources(config.agencies)
    shares = zip(_own_shares(found.words, config), _quoted_shares(found), strict=True)
    known = [_known(text, names, own, quoted) for text, (own, quoted) in zip(texts, shares, strict=True)]
    copies = _copies(found)
    likely = same_origin(found, np.array([rows[0] for rows in copies]), config)
    joined = group(likely, np.array([len(rows) for rows in copies]))
    groups = sorted((sorted(row for place in each for row in copies[place]) for each in joined), key=lambda rows: (-len(rows), rows))
    sets = kernels.engine().shingle_sets(found.words, np.arange(len(texts)), config.shingle_words)
    traced = [_Traced(number, [known[row] for row in rows], _held(sets, rows)) for number, rows in enumerate(groups)]
    return Story(
        name,
        tuple(text for each in traced for text in each.texts()),
        tuple(each.group() for each in traced),
        tuple(carried for each in traced for carried in each.carries),
        tuple(_quotations(found.parts(quoted=True), groups, [text.id for text in texts], config)),
    )


def _known(text: StoryText, names: NewsSources, own: float, quoted: float) -> _Text:
    document = text.document
    credits = credits_of(text.text, source=document.source, byline=document.byline, names=names)
    try:
        clock, seconds = timestamp_of(document)
    except InputError:
        clock, seconds = "", math.nan
    source = source_name(document.source, names) if document.source else None
    credited = frozenset(each.name for each in credits if each.kind != "staff") - {source or ""}
    facts = Facts(seconds, clock, source, credited, *record_and_version(document.id))
    about = About(document.title, document.source, document.time, document.url)
    return _Text(text.id, about, facts, credits, own, quoted)


def _copies(found: Narrations) -> list[list[int]]:
    """Return the rows with the same words."""
    rows: dict[int, list[int]] = {}
    for row, code in enumerate(hash_rows(found.words).tolist()):
        rows.setdefault(code, []).append(row)
    return [*rows.values()]


def _own_shares(words: Ragged, config: Config) -> list[float]:
    """Return for each row the share of its words that are in no run of words that another row has, 0..1."""
    size = config.shingle_words
    runs = [run_hashes(words.row(row), size) for row in range(len(words))]
    values, counts = np.unique(np.concatenate([np.unique(each) for each in runs]), return_counts=True)
    often = values[counts > 1]
    found = []
    for row, each in enumerate(runs):
        starts = np.flatnonzero(np.isin(each, often))
        edges = np.zeros(int(words.lengths[row]) + 1, np.int64)
        np.add.at(edges, starts, 1)
        np.add.at(edges, starts + size, -1)
        found.append(float((np.cumsum(edges)[:-1] == 0).mean()) if len(edges) > 1 else 1.0)
    return found


def _quoted_shares(found: Narrations) -> list[float]:
    sums = np.concatenate(([0], np.cumsum(found.quoted)))[found.words.offsets]
    shares: list[float] = (np.diff(sums) / np.maximum(1, found.words.lengths)).tolist()
    return shares


def _held(sets: Ragged, rows: Sequence[int]) -> Array:
    """Return for all pairs of rows the share of the first one's shingles that the second has."""
    places = np.arange(len(rows))
    one, other = (side.reshape(-1) for side in np.meshgrid(places, places, indexing="ij"))
    group = sets.take(np.array(rows, np.int64))
    shared = kernels.engine().share(group, one, other, 0)[0].reshape(len(rows), len(rows))
    found: Array = shared / np.maximum(1, group.lengths)[:, None]
    return found


class _Traced:
    """A group of a story, and its lineage."""

    def __init__(self, number: int, members: Sequence[_Text], held: Array):
        self.number, self.members, self.held = number, members, held
        self._lineage = Lineage([each.facts for each in members], held, np.array([each.own for each in members]))
        self.carries = tuple(self._lineage.carries([each.id for each in members]))

    def texts(self) -> Iterator[OriginText]:
        """Yield its texts, the one that was likely first before others."""
        for place in self._lineage.order():
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
        order = self._lineage.order()
        return OriginGroup(self.number, self.members[first].id, chance, tuple(self.members[place].id for place in order), credited, release)

    def _contradiction(self, place: int) -> Contradiction | None:
        """Return what a text says of its source that the wording contradicts: its own people, and the text of an agency or of another
        source that came before it."""
        text = self.members[place]
        staff = next((credit for credit in text.credits if credit.kind == "staff" and credit.carries), None)
        if staff is None or any(credit.kind == "agency" and credit.carries for credit in text.credits):
            return None
        for other in np.argsort(-self.held[place], kind="stable").tolist():
            if self.held[place, other] < _COPIED:
                return None
            agency = next((credit.name for credit in self.members[other].credits if credit.kind == "agency" and credit.carries), None)
            if other != place and agency is not None:
                return Contradiction(staff.name, agency, self.members[other].id)
        return None


def _quotations(quoted: Ragged, groups: Sequence[Sequence[int]], ids: Sequence[str], config: Config) -> Iterator[Quoted]:
    """Yield for pairs of groups the two texts that share most quoted words, where these are enough."""
    sets = kernels.engine().shingle_sets(quoted, np.arange(len(quoted)), config.shingle_words)
    rows = [[row for row in each if len(sets.row(row))] for each in groups]
    for one, other in combinations([each for each in rows if each], 2):
        left, right = (side.reshape(-1) for side in np.meshgrid(np.array(one), np.array(other), indexing="ij"))
        shared = kernels.engine().share(sets, left, right, 0)[0]
        best = int(shared.argmax())
        words = int(shared[best]) + config.shingle_words - 1
        if shared[best] and words >= _QUOTED:
            a, b = sorted((ids[left[best]], ids[right[best]]))
            yield Quoted(a, b, words)
