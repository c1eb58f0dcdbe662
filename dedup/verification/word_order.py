"""The order of words in two headlines: whether two have changed places, such as who beats whom, or two counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..text.number_words import NUMBER
from ..text.word_forms import carried_particle, is_verb_form
from .word_pairs import WordPairs

_EXCHANGED = 3  # words, at most, of one side of an exchange

Pair = tuple[int, int]


def is_exchange(found: WordPairs) -> bool:
    """Tell whether two short runs of words stand in each other's place: who and whom, a score, two counts.

    A phrase that moves takes its preposition along, and a verb may stand before or behind its subject. That is no exchange.

    >>> from ..text.word_lists import word_lists
    >>> from .word_pairs import pair_words
    >>> texts = "Lodren beats Norvik", "Norvik beats Lodren", "in Tarsk on Friday", "on Friday in Tarsk"
    >>> words = [tuple(text.lower().split()) for text in texts]
    >>> [is_exchange(pair_words(words[place], words[place + 1], word_lists("en"))) for place in (0, 2)]
    [True, False]
    """
    pairs = [pair for pair in found.pairs if found.a[pair[0]] not in found.lists.function]
    order = [number for _, number in sorted((there, number) for number, (_, there) in enumerate(pairs))]
    start, end = 0, len(order)
    while start < end and order[start] == start:
        start += 1
    while end > start and order[end - 1] == end - 1:
        end -= 1
    moved = pairs[start:end]
    return any(_is_another(found, moved, first, last) for first, last in _exchanges([place - start for place in order[start:end]]))


def _exchanges(order: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield how many words at the beginning and at the end of these have changed places; neighbours only if they are single words."""
    size = len(order)
    for first in range(1, min(_EXCHANGED, size - 1) + 1):
        for last in range(1, min(_EXCHANGED, size - first) + 1):
            if first + last == size and size > 2:
                continue
            if [*order] == [*range(size - last, size), *range(first, size - last), *range(first)]:
                yield first, last


def _is_another(found: WordPairs, moved: Sequence[Pair], first: int, last: int) -> bool:
    one, other = moved[0], moved[len(moved) - last]
    leads = [(_lead(found, found.a, pair[0]), _lead(found, found.b, pair[1])) for pair in (one, other)]
    if all(here == there != "" for here, there in leads) or any(not found.lists.agents.isdisjoint(lead) for lead in leads):
        return False
    if any(_is_topic(found, pair, lead) for pair, lead in zip((one, other), leads, strict=True)):
        return False
    if any(_is_nominal(found, pair) for pair in moved[first : len(moved) - last]):
        return False
    verbs = [_is_verb(found, pair) for pair, size in ((one, first), (other, last)) if size == 1]
    if first + last < len(moved):
        return not any(verbs)
    numbers = [found.a[pair[0]].startswith(NUMBER) for pair in (one, other)]
    articles = [found.a[pair[0]].startswith("ال") for pair in (one, other)]
    return verbs[0] == verbs[1] and numbers[0] == numbers[1] and articles[0] == articles[1]


def _is_topic(found: WordPairs, pair: Pair, lead: tuple[str, str]) -> bool:
    """Tell whether a place or a time, led by a word such as "in" in one text, comes first in the other: الدرب: فتح المعبر."""
    return any(pair[side] == 0 and not lead[side] and lead[1 - side] in found.lists.locative for side in (0, 1))


def _is_nominal(found: WordPairs, pair: Pair) -> bool:
    """Tell whether an Arabic verb of one text is a noun behind a preposition in the other: يسيطر على as in تحت سيطرة."""
    if found.lists.language != "ar" or found.a[pair[0]] == found.b[pair[1]]:
        return False
    verbs = [is_verb_form(tokens[place], "ar") for tokens, place in zip((found.a, found.b), pair, strict=True)]
    if verbs[0] == verbs[1]:
        return False
    tokens, place, own = (found.b, pair[1], found.own_b) if verbs[0] else (found.a, pair[0], found.own_a)
    return place - 1 in own and tokens[place - 1] in found.lists.function


def _is_verb(found: WordPairs, pair: Pair) -> bool:
    return is_verb_form(found.a[pair[0]], found.lists.language) or is_verb_form(found.b[pair[1]], found.lists.language)


def _lead(found: WordPairs, tokens: Sequence[str], place: int) -> str:
    """Return the preposition that leads a word, empty if there is none."""
    before = tokens[place - 1] if place else ""
    return carried_particle(tokens[place], found.lists.language) or (before if before in found.lists.function else "")


def numbers_exchanged(found: WordPairs) -> bool:
    """Tell whether a number counts what another number counted before: the word behind it.

    >>> from ..text.word_lists import word_lists
    >>> from .word_pairs import pair_words
    >>> words = [tuple(text.split()) for text in ("#3 dead #5 hurt", "#5 hurt #3 dead", "#5 dead #3 hurt")]
    >>> [numbers_exchanged(pair_words(words[0], other, word_lists("en"))) for other in words[1:]]
    [False, True]
    """
    numbers = [pair for pair in found.pairs if found.a[pair[0]].startswith(NUMBER)]
    if len(numbers) < 2:
        return False
    partner = dict(found.pairs)
    counted = {partner.get(_counted(found, found.a, here), -2): number for number, (here, _) in enumerate(numbers)}
    return any(counted.get(_counted(found, found.b, there), number) != number for number, (_, there) in enumerate(numbers))


def _counted(found: WordPairs, tokens: Sequence[str], number: int) -> int:
    return next((place for place in range(number + 1, len(tokens)) if tokens[place] not in found.lists.function), -1)
