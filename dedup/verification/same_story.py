"""Two headlines that share most of their words: whether they say the same.

Words are forms of one word by their endings and prefixes, never because their letters are alike. Another word in the place of one, a word
such as "not" or "wife of", another number, and an exchange of who and whom make another story. Words that come in addition do not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ..text.number_words import NUMBER
from ..text.word_forms import is_verb_form, word_forms
from ..text.word_lists import language_hints, most_hinted, word_lists
from .word_order import is_exchange, numbers_exchanged
from .word_pairs import WordPairs, pair_words, token_weight, tokens_of

_CACHED = 1 << 14
_OWN = 0.12  # largest weighted share of own words of one text where the other has some as well, in other places


@dataclass(frozen=True, slots=True)
class Headline:
    """A short text: its folded words, hints at its language, and its tokens in the language that it seems to have."""

    words: tuple[str, ...]
    hints: tuple[int, ...]
    language: str
    tokens: tuple[str, ...]
    every: frozenset[str]  # the tokens
    content: frozenset[str]  # those that do not come and go
    weight: int

    @staticmethod
    def of(words: Sequence[str]) -> Headline:
        """Return a headline of folded words.

        >>> Headline.of(["the", "four", "bridges"]).tokens
        ('the', '#4', 'bridges')
        """
        return _headline(tuple(words))

    def tokens_in(self, language: str) -> tuple[str, ...]:
        """Return the tokens, read in this language."""
        return self.tokens if language == self.language else tokens_of(self.words, word_lists(language))


@lru_cache(maxsize=_CACHED)
def _headline(words: tuple[str, ...]) -> Headline:
    hints = language_hints(words)
    lists = word_lists(most_hinted(hints, words))
    tokens = tokens_of(words, lists)
    content = frozenset(token for token in tokens if token not in lists.function and token not in lists.light)
    return Headline(words, hints, lists.language, tokens, frozenset(tokens), content, sum(map(token_weight, tokens)))


@dataclass(frozen=True, slots=True)
class StoryChecks:
    """What may make two headlines two stories: a word in the place of another, a word that turns the sense, an exchange of places."""

    substituted: bool
    turned: bool
    exchanged: bool


def check_story(one: Headline, other: Headline) -> StoryChecks:
    """Return what makes two headlines two stories.

    >>> texts = "Norvik beats Lodren", "Lodren does not beat Norvik"
    >>> check_story(*(Headline.of(text.lower().split()) for text in texts))
    StoryChecks(substituted=False, turned=True, exchanged=True)
    """
    found = _paired(one, other)
    exchanged = is_exchange(found) or numbers_exchanged(found)
    return StoryChecks(_is_substituted(found, min(one.weight, other.weight)), _is_turned(found), exchanged)


def is_same_story(one: Headline, other: Headline) -> bool:
    """Tell whether two headlines that share most of their words say the same: no check of `check_story` tells of two stories.

    >>> texts = ("four killed in fire", "4 killed in fire", "4 not killed in fire")
    >>> said = [Headline.of(text.split()) for text in texts]
    >>> is_same_story(said[0], said[1]), is_same_story(said[1], said[2])
    (True, False)
    """
    if one.language == other.language and _is_clearly_another(one, other):
        return False
    found = _paired(one, other)
    if (found.own_a or found.own_b) and (_is_substituted(found, min(one.weight, other.weight)) or _is_turned(found)):
        return False
    return not is_exchange(found) and not numbers_exchanged(found)


def _paired(one: Headline, other: Headline) -> WordPairs:
    if one.words > other.words:  # which words are paired depends on the order
        one, other = other, one
    language = one.language
    if other.language != language:
        language = most_hinted([sum(both) for both in zip(one.hints, other.hints, strict=True)], one.words)
    return pair_words(one.tokens_in(language), other.tokens_in(language), word_lists(language))


def _is_clearly_another(one: Headline, other: Headline) -> bool:
    """Tell whether own words alone, of which none can be a form of another, make another story. This spares most pairs the pairing."""
    own, own_other = one.content - other.every, other.content - one.every
    if not own or not own_other:
        return False
    least = _OWN * min(one.weight, other.weight)
    if sum(map(token_weight, own)) <= least or sum(map(token_weight, own_other)) <= least:
        return False
    for word in own:
        forms = word_forms(word, one.language)
        for against in own_other:
            if not forms.isdisjoint(word_forms(against, one.language)):
                return False
    return not (_may_be_joined(one.every - other.every, own_other) or _may_be_joined(other.every - one.every, own))


def _may_be_joined(parts: Iterable[str], wholes: Iterable[str]) -> bool:
    firsts = tuple(parts)
    return any(whole.startswith(firsts) for whole in wholes)


def _is_substituted(found: WordPairs, weight: int) -> bool:
    """Tell whether own words of one text stand for own words of the other."""
    lists = found.lists
    function, light, content = list[list[int]](), list[list[int]](), list[list[int]]()
    for tokens, every in ((found.a, found.own_a), (found.b, found.own_b)):
        own = [place for place in every if lists.turning.get(tokens[place]) != "negations"]  # these are counted elsewhere
        function.append([place for place in own if tokens[place] in lists.function])
        light.append([place for place in own if tokens[place] in lists.light and tokens[place] not in lists.function])
        content.append([place for place in own if tokens[place] not in lists.light and tokens[place] not in lists.function])
    if content[0] and content[1]:
        if all(any(tokens[place].startswith(NUMBER) for place in own) for tokens, own in zip((found.a, found.b), content, strict=True)):
            return True
        new = (sum(token_weight(tokens[place]) for place in own) for tokens, own in zip((found.a, found.b), content, strict=True))
        if min(new) > _OWN * weight:
            return True
    named = [light[side] + content[side] for side in (0, 1)]
    if found.meet(*named):
        return True
    if not found.meet(*function) and (found.meet(content[0], function[1]) or found.meet(function[0], content[1])):
        return True
    opposed = ({found.a[place] for place in function[0]}, {found.b[place] for place in function[1]})
    return any((word, against) in lists.opposed for word in opposed[0] for against in opposed[1])


def _is_turned(found: WordPairs) -> bool:
    """Tell whether one text alone has a word that makes another story."""
    if _uncertain(found, found.a, found.own_a) or _uncertain(found, found.b, found.own_b):
        return True
    turning = found.lists.turning
    counts = [
        Counter(turning[tokens[place]] for place in own if tokens[place] in turning)
        for tokens, own in ((found.a, found.own_a), (found.b, found.own_b))
    ]
    return counts[0].pop("negations", 0) != counts[1].pop("negations", 0) or any(counts)


def _uncertain(found: WordPairs, tokens: Sequence[str], own: Iterable[int]) -> bool:
    """Tell whether one of these words makes the verb behind it uncertain: قد يغلق."""
    lists = found.lists
    return any(tokens[place] in lists.may and is_verb_form(tokens[place + 1], lists.language) for place in own if place + 1 < len(tokens))
