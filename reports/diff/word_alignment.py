"""Align the words of two sentences: keep what weighs most, rare words and unbroken runs first.

Among all ways to pair words in order, the one with the greatest sum is taken: each pair counts as much as its word is rare, and each
place where the pairs are interrupted costs something. So a rare word that both texts keep is never given up for a common one beside it,
and a single small word between two changes does not part them. The sum is found exactly, over the pairs that are possible: this is the
chaining of matches with gap costs that aligns genomes (Eppstein and others, Sparse dynamic programming, 1992), with words for matches.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ..language.lexicon import Lexicon
from ..language.tokens import Token

_LEAST_POINTS, _POINTS_A_TOKEN = 2_000, 40  # possible pairs of words, at most, at all and for each token; news has less than 5 a token
_OFTEN = 64  # pairs of places of one word from which on those are left out that are far apart by their number
_NEAR = 4  # how many of these are looked at on either side, and how many tokens around a pair of others
# What a punctuation mark, a function word, a common word and any other word weigh; what an insertion, a deletion and a replacement cost.
_MARK, _SMALL, _COMMON, _RARE = 100, 300, 1000, 1800
_GAP, _REPLACED = 200, 250
_COUNT = 700  # what a small count weighs
_LARGE = 100  # from which on a number is no small count
_VARIANT = 0.7  # weight of a pair of words that differ in their particles, as a share of that of equal words
_SHORTEST = 3  # letters, at least, of a word without its particles
_PARTS = 3  # tokens, at most, that are one word in the other text
_PARTED = 4  # letters, at least, of a word that one text parts
_FUNCTION = ("stopwords", "prepositions", "joiners", "articles", "particles", "connectives", "genitives", "auxiliaries")


@dataclass(frozen=True, slots=True)
class TokenPair:
    """Tokens that correspond: their places, and how many they are.

    A word is one token, and several where one text parts it. ``equal`` is False where particles make the difference (في حلب, بحلب).
    """

    a: int
    b: int
    size_a: int = 1
    size_b: int = 1
    equal: bool = True

    @property
    def mirrored(self) -> TokenPair:
        """The pair with its sides exchanged."""
        return TokenPair(self.b, self.a, self.size_b, self.size_a, self.equal)


@lru_cache(maxsize=16)
def _function_words(lexicon: Lexicon) -> frozenset[str]:
    return frozenset(word for name in _FUNCTION for word in lexicon.lists[name] if " " not in word)


@lru_cache(maxsize=50_000)
def _word_weight(word: str, lexicon: Lexicon) -> int:
    if is_function_word(word, lexicon):
        return _SMALL
    if word in lexicon.lists["duals"]:
        return _COUNT
    return _COMMON if lexicon.is_common(word) or lexicon.has("names", word) else _RARE


def _number_weight(token: Token) -> int:
    """Return what a number weighs: a small count is kept by chance, a large or exact one is not."""
    value = token.number.value if token.number else None
    return _COUNT if value is not None and value == int(value) and abs(value) < _LARGE else _RARE


def is_function_word(word: str, lexicon: Lexicon) -> bool:
    """Tell whether a word is a preposition, an article, a joiner or another small word that only connects."""
    return word in _function_words(lexicon)


@lru_cache(maxsize=50_000)
def _bare_forms(word: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Return a word without its particles, every way that leaves three letters; nothing for a function word."""
    return () if word in _function_words(lexicon) else tuple(form for form in lexicon.variants(word) if len(form) >= _SHORTEST)


def is_rare(word: str, lexicon: Lexicon) -> bool:
    """Tell whether a word is neither a function word nor a form of a common one."""
    return _word_weight(word, lexicon) == _RARE


class _Sides:
    """The tokens of two texts, the keys by which they are paired, and what a pair weighs."""

    def __init__(self, a: Sequence[Token], b: Sequence[Token], keys_a: Sequence[str], keys_b: Sequence[str], lexicon: Lexicon):
        self.a, self.b, self.keys_a, self.keys_b, self.lexicon = a, b, keys_a, keys_b, lexicon
        self._counts_a, self._counts_b = Counter(keys_a), Counter(keys_b)

    def weight(self, token: Token, key: str) -> int:
        """Return what a token weighs; a word that occurs often weighs less."""
        if not token.is_word:
            return _MARK
        weight = _number_weight(token) if token.number else _word_weight(key, self.lexicon)
        often = max(self._counts_a[key], self._counts_b[key])
        return weight if often < 2 else int(weight / often**0.5)


def _points(sides: _Sides, inside_a: range, inside_b: range) -> list[tuple[TokenPair, int]] | None:
    """Return the possible pairs with their weights, in order; None where there are too many.

    Of a word that is there often on both sides the first places are paired with each other, the second, and so on, and besides the places
    beside a pair of other words.
    """
    most = _LEAST_POINTS + _POINTS_A_TOKEN * (len(inside_a) + len(inside_b))
    in_a, in_b = _places(sides.keys_a, inside_a), _places(sides.keys_b, inside_b)
    often = {key for key, places in in_a.items() if len(places) * len(in_b.get(key, ())) > _OFTEN}
    if 2 * sum(len(in_a[key]) + len(in_b[key]) for key in often) > len(inside_a) + len(inside_b):
        return None  # the words are the same over and over
    equal: dict[tuple[int, int], int] = {}
    for key, places in in_a.items():
        others = in_b.get(key, ())
        weight = sides.weight(sides.a[places[0]], key) if others else 0
        for rank, i in enumerate(places):
            near = others[max(0, rank - _NEAR) : rank + _NEAR + 1] if key in often else others
            equal |= dict.fromkeys(((i, j) for j in near), weight)
        if len(equal) > most:
            return None
    equal |= _around(sides, equal, often, inside_a, inside_b) if often else {}
    found = [(TokenPair(i, j), weight) for (i, j), weight in equal.items()]
    found += _variants(sides, inside_a, inside_b)
    found += [(pair, _RARE) for pair in _parted(sides.a, sides.b, inside_a, inside_b)]
    found += [(pair.mirrored, _RARE) for pair in _parted(sides.b, sides.a, inside_b, inside_a)]
    if len(found) > most:
        return None
    found.sort(key=lambda point: (point[0].a, point[0].b, point[0].size_a, point[0].size_b))
    return found


def _places(keys: Sequence[str], inside: range) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for place in inside:
        found.setdefault(keys[place], []).append(place)
    return found


def _around(
    sides: _Sides, equal: dict[tuple[int, int], int], often: set[str], inside_a: range, inside_b: range
) -> dict[tuple[int, int], int]:
    """Return the pairs of frequent words right before and after the pairs of other words, with their weights."""
    found: dict[tuple[int, int], int] = {}
    for i, j in equal:
        if sides.keys_a[i] in often:
            continue
        for step in (1, -1):
            for length in range(1, _NEAR + 1):
                x, y = i + step * length, j + step * length
                if x not in inside_a or y not in inside_b or sides.keys_a[x] != sides.keys_b[y] or sides.keys_a[x] not in often:
                    break
                found[x, y] = sides.weight(sides.a[x], sides.keys_a[x])
    return found


def _variants(sides: _Sides, inside_a: range, inside_b: range) -> Iterator[tuple[TokenPair, int]]:
    """Yield the pairs of words that differ in their particles, with their weights."""
    forms: dict[str, list[int]] = {}
    for j in inside_b if sides.lexicon.prefixes else ():
        if sides.b[j].is_word and not sides.b[j].number:
            for form in _bare_forms(sides.b[j].key, sides.lexicon):
                forms.setdefault(form, []).append(j)
    for i in inside_a if forms else ():
        token, key = sides.a[i], sides.keys_a[i]
        if not token.is_word or token.number:
            continue
        near = {j for form in _bare_forms(token.key, sides.lexicon) for j in forms.get(form, ()) if len(forms[form]) < _OFTEN}
        weight = sides.weight(token, key) if near else 0
        for j in near:
            if sides.keys_b[j] != key:
                yield TokenPair(i, j, equal=False), int(_VARIANT * min(weight, sides.weight(sides.b[j], sides.keys_b[j])))


def _parted(whole: Sequence[Token], parted: Sequence[Token], inside: range, inside_parted: range) -> Iterator[TokenPair]:
    """Yield the pairs of a word of the first text with the tokens of the other that are the same word: مايعادل, ما يعادل."""
    words: dict[str, list[int]] = {}
    for i in inside:
        if whole[i].is_word and not whole[i].number and len(whole[i].key) >= _PARTED:
            words.setdefault(whole[i].key, []).append(i)
    for j in inside_parted if words else ():
        joined = ""
        for size, token in enumerate(parted[j : min(j + _PARTS, inside_parted.stop)], 1):
            if token.number or (not token.is_word and token.key != "-"):
                break
            joined += token.key if token.is_word else ""
            if size > 1 and token.is_word:
                yield from (TokenPair(i, j, 1, size) for i in words.get(joined, ()))


class _BestBefore:
    """For each place in b the best chain that ends at or before it: a Fenwick tree of maxima."""

    def __init__(self, size: int):
        self._best: list[tuple[int, int] | None] = [None] * (size + 2)

    def put(self, place: int, chain: tuple[int, int]) -> None:
        place += 1
        while place < len(self._best):
            known = self._best[place]
            if known is None or chain > known:
                self._best[place] = chain
            place += place & -place

    def get(self, place: int) -> tuple[int, int] | None:
        place += 1
        best = None
        while place > 0:
            known = self._best[place]
            if known is not None and (best is None or known > best):
                best = known
            place &= place - 1
        return best


def _best_chain(points: Sequence[tuple[TokenPair, int]], start: tuple[int, int], stop: tuple[int, int]) -> list[TokenPair]:
    """Return the chain of points with the greatest weight after the costs of its gaps, from one corner to the other.

    A chain is (its weight, minus the place of its last point): of two equal ones the earlier is taken.
    """
    ends = [*points, (TokenPair(*stop, 0, 0), 0)]
    first = (0, 1)  # the start, which stands before every point
    before = _BestBefore(stop[1])
    by_end_b: dict[int, tuple[int, int]] = {}
    by_end: dict[tuple[int, int], tuple[int, int]] = {}
    waiting: dict[int, list[tuple[int, tuple[int, int]]]] = {start[0]: [(start[1], first)]}
    previous: list[int] = []
    row: list[tuple[int, tuple[int, int]]] = []  # chains that end right before the token of a
    at = start[0] - 1
    for place, (pair, weight) in enumerate(ends):
        while at < pair.a:
            at += 1
            row = waiting.pop(at, [])
            for end_b, chain in row:
                before.put(end_b, chain)
                by_end_b[end_b] = max(chain, by_end_b.get(end_b, chain))
                by_end[at, end_b] = max(chain, by_end.get((at, end_b), chain))
        choices = [(chain[0] - _GAP, chain[1]) for end_b, chain in row if end_b < pair.b]
        if (touching := by_end.get((pair.a, pair.b))) is not None:
            choices.append(touching)
        if (beside := by_end_b.get(pair.b)) is not None:
            choices.append((beside[0] - _GAP, beside[1]))
        if (earlier := before.get(pair.b)) is not None:
            choices.append((earlier[0] - _REPLACED, earlier[1]))
        best = max(choices)
        previous.append(-best[1])
        waiting.setdefault(pair.a + pair.size_a, []).append((pair.b + pair.size_b, (best[0] + weight, -place)))
    kept: list[TokenPair] = []
    place = previous[-1]
    while place >= 0:
        kept.append(ends[place][0])
        place = previous[place]
    return kept[::-1]


def align_words(
    a: Sequence[Token], b: Sequence[Token], keys_a: Sequence[str], keys_b: Sequence[str], lexicon: Lexicon
) -> list[TokenPair] | None:
    """Return the tokens that correspond, in order; None where there are too many possible pairs to look at.

    ``keys_a`` and ``keys_b`` are what the tokens are compared by. If the texts are exchanged, so are the sides of the pairs.
    """
    if list(keys_b) < list(keys_a):
        found = _aligned_one_way(b, a, keys_b, keys_a, lexicon)
        return None if found is None else [pair.mirrored for pair in found]
    return _aligned_one_way(a, b, keys_a, keys_b, lexicon)


def _aligned_one_way(
    a: Sequence[Token], b: Sequence[Token], keys_a: Sequence[str], keys_b: Sequence[str], lexicon: Lexicon
) -> list[TokenPair] | None:
    shorter = min(len(a), len(b))
    front = next((place for place in range(shorter) if keys_a[place] != keys_b[place]), shorter)
    back = next((place for place in range(shorter - front) if keys_a[-1 - place] != keys_b[-1 - place]), shorter - front)
    edges = [TokenPair(place, place) for place in range(front)]
    stop_a, stop_b = len(a) - back, len(b) - back
    if front < stop_a and front < stop_b:
        sides = _Sides(a, b, keys_a, keys_b, lexicon)
        points = _points(sides, range(front, stop_a), range(front, stop_b))
        if points is None:
            return None
        edges += _best_chain(points, (front, front), (stop_a, stop_b))
    return edges + [TokenPair(stop_a + place, stop_b + place) for place in range(back)]
