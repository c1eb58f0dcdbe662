"""Align sentences into units: which sentence became which, and which moved or were split, merged, added or removed."""

from __future__ import annotations

import math
from bisect import bisect_left, insort
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from ..language.tokens import tokenize, word_keys
from ..model import Span, Unit, UnitRelation
from .texts import ComparedTexts

PAIR_SIMILARITY = 0.45
"""Similarity from which two sentences are one sentence, edited (wikidiff2 uses 0.4 to 0.6)."""
NEAR_SIMILARITY = 0.34
"""The same for two sentences that stand between the same paired neighbours."""
IN_PLACE_SIMILARITY = 0.25
"""The same for two sentences between neighbours that are paired with each other: their place makes up for the low similarity."""
GROUP_SIMILARITY = 0.6
"""Similarity from which several sentences together are one sentence, split or merged."""
PART_SHARE = 0.6
"""Share of a sentence, or of what its neighbour leaves of their partner, from which the sentence is a part of that partner."""
_MAX_PARTS = 16  # sentences, at most, that one sentence can be split into
_FEW_WORDS = 3  # words of a sentence, or of what is left of its partner, below which the whole sentence must be shared
_VALUE = 0.5  # weight of digits beside other words: a row with another value is the same row
_NUMERAL = 3  # digits, at most, of the number of a row
_MAX_PAIRS = 400_000  # sentence pairs that are scored; of more only those that share rare words
_MAX_WORDS = 20_000_000  # words that are looked up for them: 50 for each pair
_BEHIND_NUMERALS = frozenset(".-)/:")


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    words: tuple[str, ...]
    key: str  # the words in one string
    weight: int  # in characters: how much a reader must read again when it moves


def _make_sentence(text: str, span: Span) -> _Sentence:
    tokens = tokenize(text, span)
    if len(tokens) > 2 and tokens[0].key.isdecimal() and len(tokens[0].key) <= _NUMERAL and tokens[1].key in _BEHIND_NUMERALS:
        tokens = tokens[2:]  # a row that gets another number is the same row
    words = word_keys(tokens) or (span.of(text),)
    return _Sentence(span.of(text), words, " ".join(words), span.end - span.start)


class _Scores:
    """Similarity of groups of sentences: the Dice coefficient of their words, weighed by how rare they are."""

    def __init__(self, a: Sequence[_Sentence], b: Sequence[_Sentence]):
        self.a, self.b = a, b
        bags = [Counter(sentence.words) for sentence in (*a, *b)]
        counts = Counter(word for bag in bags for word in bag)
        self.weights = {word: math.log1p(len(bags) / count) * (_VALUE if word.isdecimal() else 1) for word, count in counts.items()}
        weighed = [(bag, self._weight(bag)) for bag in bags]
        self._a, self._b = weighed[: len(a)], weighed[len(a) :]

    def _weight(self, words: Counter[str]) -> float:
        return math.fsum(self.weights[word] * count for word, count in words.items())

    def _together(self, bags: Sequence[tuple[Counter[str], float]], places: Sequence[int]) -> tuple[Counter[str], float]:
        if len(places) == 1:
            return bags[places[0]]
        words = sum((bags[place][0] for place in places), Counter[str]())
        return words, self._weight(words)

    def __call__(self, in_a: Sequence[int], in_b: Sequence[int]) -> float:
        (one, weight_a), (other, weight_b) = self._together(self._a, in_a), self._together(self._b, in_b)
        shared = self._shared(one, other)
        return 2 * shared / (weight_a + weight_b) if shared else 0.0

    def _shared(self, one: Counter[str], other: Counter[str]) -> float:
        few, many = sorted((one, other), key=len)
        return math.fsum(self.weights[word] * min(count, many[word]) for word, count in few.items() if word in many)

    def is_part(self, new: int, parts: Sequence[int], one: int, *, split: bool) -> bool:
        """Tell whether a sentence has what its neighbours ``parts`` leave of their partner ``one``, or is nearly all in what they leave."""
        bags, whole = (self._b, self._a[one][0]) if split else (self._a, self._b[one][0])
        added, weight = bags[new]
        if not any(character.isalnum() for word in added for character in word):  # a row of dots
            return True
        left = whole - self._together(bags, parts)[0]
        if min(added.total(), left.total()) < _FEW_WORDS:
            return self._shared(added, left) >= (1 - 1e-9) * weight
        return self._shared(added, left) >= PART_SHARE * min(weight, self._weight(left))


def _pair_equal(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
    """Pair equal items: first those at both ends, then each item's first place with its first place in b, its second with its second."""
    shorter = min(len(a), len(b))
    front = next((place for place in range(shorter) if a[place] != b[place]), shorter)
    back = next((place for place in range(shorter - front) if a[-1 - place] != b[-1 - place]), shorter - front)
    places: dict[str, deque[int]] = {}
    for index in range(front, len(b) - back):
        places.setdefault(b[index], deque()).append(index)
    inside = [(index, places[a[index]].popleft()) for index in range(front, len(a) - back) if places.get(a[index])]
    edges = [(index, index) for index in range(front)] + [(len(a) - place, len(b) - place) for place in range(back, 0, -1)]
    return edges + inside


def _candidate_pairs(scores: _Scores, left_a: Sequence[int], left_b: Sequence[int]) -> list[tuple[int, int]]:
    looked_up = sum(len(scores.a[i].words) for i in left_a) * len(left_b)
    if len(left_a) * len(left_b) <= _MAX_PAIRS and looked_up <= _MAX_WORDS:
        return [(i, j) for i in left_a for j in left_b]
    holders: dict[str, list[int]] = {}
    for j in left_b:
        for word in set(scores.b[j].words):
            holders.setdefault(word, []).append(j)
    few = max(1, _MAX_PAIRS // (32 * len(left_a)))
    held = Counter(len(holders[word]) for i in left_a for word in set(scores.a[i].words) if word in holders)
    while sum(holding * count for holding, count in held.items() if holding <= few) > 2 * _MAX_PAIRS:  # long sentences of rare words
        few //= 2
    pairs = {(i, j) for i in left_a for word in set(scores.a[i].words) if len(holders.get(word, ())) <= few for j in holders.get(word, ())}
    return _within_budget(sorted(pairs), scores)


def _within_budget(pairs: Sequence[tuple[int, int]], scores: _Scores) -> list[tuple[int, int]]:
    """Return the pairs whose words may be looked up, the shortest sentences first; only very long sentences lose any."""
    words = [len(scores.a[i].words) + len(scores.b[j].words) for i, j in pairs]
    if sum(words) <= 2 * _MAX_WORDS:
        return list(pairs)
    ordered = sorted(zip(words, pairs, strict=True))
    total = accumulate(length for length, _ in ordered)
    return sorted(pair for (_, pair), looked_up in zip(ordered, total, strict=True) if looked_up <= 2 * _MAX_WORDS)


def _pair_sentences(a: Sequence[_Sentence], b: Sequence[_Sentence], scores: _Scores) -> dict[int, int]:
    """Pair sentences: equal ones first, then the most similar; of two equally similar the nearest in place."""
    paired: dict[int, int] = {}
    left_a, left_b = list(range(len(a))), list(range(len(b)))
    for name in ("text", "key"):
        found = _pair_equal([getattr(a[index], name) for index in left_a], [getattr(b[index], name) for index in left_b])
        paired |= {left_a[i]: left_b[j] for i, j in found}
        taken = set(paired.values())
        left_a, left_b = [index for index in left_a if index not in paired], [index for index in left_b if index not in taken]
    candidates = []
    for i, j in _candidate_pairs(scores, left_a, left_b):
        score = scores((i,), (j,))
        if score >= NEAR_SIMILARITY:
            candidates.append((-round(score, 9), a[i].text != b[j].text, abs(i / len(a) - j / len(b)), i + j, i, j))
    places = sorted(paired)
    for score, *_, i, j in sorted(candidates):
        if i not in paired and j not in taken and (score <= -PAIR_SIMILARITY or _keeps_order(paired, places, i, j, len(b))):
            paired[i] = j
            insort(places, i)
            taken.add(j)
    around = {-1: -1, len(a): len(b)} | paired
    for i in range(len(a)):
        j = around.get(i - 1, -2) + 1
        if i in around or j in taken or j < 0 or around.get(i + 1) != j + 1:
            continue
        if scores((i,), (j,)) >= IN_PLACE_SIMILARITY:
            paired[i] = around[i] = j
            taken.add(j)
    return paired


def _keeps_order(paired: Mapping[int, int], places: Sequence[int], i: int, j: int, len_b: int) -> bool:
    """Tell whether the nearest paired sentences around ``i`` are paired with sentences around ``j``; ``places`` are the paired ones."""
    at = bisect_left(places, i)
    before = paired[places[at - 1]] if at else -1
    after = paired[places[at]] if at < len(places) else len_b
    return before < j < after


class _HeaviestChains:
    """For each place the heaviest chain that ends at or before it: a Fenwick tree of maxima."""

    def __init__(self, size: int):
        self._best: list[tuple[int, int]] = [(0, -1)] * (size + 1)

    def before(self, place: int) -> tuple[int, int]:
        best = (0, -1)
        while place > 0:
            best = max(best, self._best[place])
            place &= place - 1
        return best

    def put(self, place: int, chain: tuple[int, int]) -> None:
        place += 1
        while place < len(self._best):
            self._best[place] = max(self._best[place], chain)
            place += place & -place


def _in_order(units: Sequence[tuple[tuple[int, ...], tuple[int, ...], int]]) -> set[int]:
    """Return the places of the units that keep their order, the heaviest such set; the others moved. A unit is (a, b, weight)."""
    order = sorted(range(len(units)), key=lambda place: units[place][0])
    rank = {place: number for number, place in enumerate(sorted(range(len(units)), key=lambda place: units[place][1]))}
    chains = _HeaviestChains(len(units))
    before: dict[int, int] = {}
    for place in order:
        weight, before[place] = chains.before(rank[place])
        chains.put(rank[place], (weight + units[place][2], place))
    kept: set[int] = set()
    at = chains.before(len(units))[1]
    while at >= 0:
        kept.add(at)
        at = before[at]
    return kept


def _extend_group(scores: _Scores, one: int, others: tuple[int, ...], free: set[int], *, split: bool) -> tuple[int, ...]:
    """Return the sentences that ``one`` became, or was made from: its partner, and the free neighbours that are parts of it as well."""

    def score(parts: Sequence[int]) -> float:
        return scores((one,), parts) if split else scores(parts, (one,))

    best, parts = score(others), others
    while len(parts) < _MAX_PARTS:
        grown = [(new, tuple(sorted((new, *parts)))) for new in (parts[0] - 1, parts[-1] + 1) if new in free]
        better = max(grown, key=lambda each: score(each[1]), default=None)
        if better is None:
            break
        raised = score(better[1])
        if raised <= max(best, GROUP_SIMILARITY - 1e-9) and not scores.is_part(better[0], parts, one, split=split):
            break
        best, parts = raised, better[1]
    return parts


def _split_and_merged(paired: dict[int, int], scores: _Scores) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    free_a = set(range(len(scores.a))) - set(paired)
    free_b = set(range(len(scores.b))) - set(paired.values())
    units: list[tuple[tuple[int, ...], tuple[int, ...]]] = []
    for i, j in sorted(paired.items()):
        in_a: tuple[int, ...] = (i,)
        in_b: tuple[int, ...] = (j,)
        if scores.a[i].words != scores.b[j].words:
            in_b = _extend_group(scores, i, in_b, free_b, split=True)
            if in_b == (j,):
                in_a = _extend_group(scores, j, in_a, free_a, split=False)
        free_a -= set(in_a)
        free_b -= set(in_b)
        units.append((in_a, in_b))
    return units


def _matched(a: Sequence[_Sentence], b: Sequence[_Sentence]) -> list[tuple[tuple[int, ...], tuple[int, ...], bool]]:
    """Return the sentences of a and of b that correspond, and whether they moved.

    If the texts are exchanged, so are the sides of the result, and nothing else changes.
    """
    if [sentence.text for sentence in b] < [sentence.text for sentence in a]:
        return [(in_a, in_b, moved) for in_b, in_a, moved in _matched_one_way(b, a)]
    return _matched_one_way(a, b)


def _matched_one_way(a: Sequence[_Sentence], b: Sequence[_Sentence]) -> list[tuple[tuple[int, ...], tuple[int, ...], bool]]:
    scores = _Scores(a, b)
    pairs = _split_and_merged(_pair_sentences(a, b, scores), scores)
    kept = _in_order([(i, j, sum(a[x].weight for x in i) + sum(b[x].weight for x in j)) for i, j in pairs])
    return [(i, j, place not in kept) for place, (i, j) in enumerate(pairs)]


def _relation(a: Sequence[_Sentence], b: Sequence[_Sentence], moved: bool) -> UnitRelation:
    if len(b) > 1:
        return UnitRelation.SPLIT
    if len(a) > 1:
        return UnitRelation.MERGED
    if moved:
        return UnitRelation.MOVED
    return UnitRelation.SAME if a[0].text == b[0].text else UnitRelation.EDITED


def align_sentences(texts: ComparedTexts) -> tuple[Unit, ...]:
    """Return the units of two texts in reading order of b, removed sentences after the one they followed in a.

    Every sentence is in exactly one unit. If the texts are exchanged, so are the sides of the units, and nothing else changes.
    """
    a = [_make_sentence(texts.a, span) for span in texts.sentences_a]
    b = [_make_sentence(texts.b, span) for span in texts.sentences_b]
    matched = _matched(a, b)
    found = [Unit(_relation([a[x] for x in i], [b[x] for x in j], moved), i, j) for i, j, moved in matched]
    used_a = {index for unit in found for index in unit.a}
    used_b = {index for unit in found for index in unit.b}
    found += [Unit(UnitRelation.ADDED, (), (index,)) for index in range(len(b)) if index not in used_b]
    found.sort(key=lambda unit: unit.b)
    return tuple(_with_removed(found, [index for index in range(len(a)) if index not in used_a]))


def _with_removed(units: Sequence[Unit], removed: Sequence[int]) -> Iterator[Unit]:
    """Yield the units with each removed sentence after the unit that holds the one before it, unless that unit moved away."""
    stays = sorted((unit.a[-1], place) for place, unit in enumerate(units) if unit.a and unit.relation is not UnitRelation.MOVED)
    after: dict[int, list[Unit]] = {}
    for index in removed:
        at = bisect_left(stays, (index, 0)) - 1
        after.setdefault(stays[at][1] if at >= 0 else -1, []).append(Unit(UnitRelation.REMOVED, (index,), ()))
    yield from after.get(-1, ())
    for place, unit in enumerate(units):
        yield unit
        yield from after.get(place, ())
