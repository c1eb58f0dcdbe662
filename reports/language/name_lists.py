"""Take a list of names apart: each town of "Marsa, Sirte and the village of Ruba" is a name of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..model import Span
from .lexicon import Lexicon
from .role_words import load_role_words
from .tokens import Token, tokenize

_SHORT = 3  # letters of a word that may begin with the letter of an "and"
_OPEN = ("ام", "ابو", "ابي", "ابا", "بني", "بنو", "بن", "ابن", "ال", "عبد", "ذي", "ذو", "دير", "راس", "تل", "عين", "خان")
_SEVERAL = ("تي", "تا", "ات", "تين")  # the endings of several bodies, of which each has a name: وزارتي الصحة والتعليم
_FOR = "لل"
_NAMES = ("names", "countries")
_HEADS = ("places", "people", "groups", "parties")
_SMALL = ("prepositions", "articles", "connectives")


def split_names(text: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Return the names of a list, without the "and" and the words for a town before them; one name for a text that is no list.

    >>> from .lexicon import load_lexicon
    >>> split_names("وبلدات المزيريب وإبطع وتسيل", load_lexicon("ar")), split_names("Marsa, Sirte and Ruba", load_lexicon("en"))
    (('المزيريب', 'إبطع', 'تسيل'), ('Marsa', 'Sirte', 'Ruba'))
    >>> split_names("وليد وواشنطن", load_lexicon("ar"))
    ('وليد', 'واشنطن')
    """
    spans = name_spans(text, Span(0, len(text)), lexicon)
    return tuple(dict.fromkeys(" ".join(span.of(text).split()) for span in spans))


def name_spans(text: str, span: Span, lexicon: Lexicon) -> tuple[Span, ...]:
    """Return the spans of the names of a list, as `split_names`."""
    found = (_name_span(item, text, lexicon) for item in _items(tokenize(text, span), lexicon))
    return tuple(each for each in found if each is not None)


def _items(tokens: Sequence[Token], lexicon: Lexicon) -> Iterator[list[Token]]:
    item: list[Token] = []
    for token in tokens:
        is_and = token.key in lexicon.lists["joiners"]
        if is_and or (not token.is_word and token.key in (",", ";", "/")) or (item and _begins_name(token, item, lexicon)):
            yield item
            item = []
        if token.is_word and not is_and:
            item.append(token)
    yield item


def _begins_name(token: Token, item: Sequence[Token], lexicon: Lexicon) -> bool:
    """Tell whether an "and" is written on to a word, and the name before it is whole.

    It is not in أم ولد, nor in وزارة الثقافة والإعلام.
    """
    before = item[-1].key
    if not _has_and(token, lexicon) or before in _OPEN or before.endswith(tuple(f"و{word}" for word in _OPEN)):
        return False
    return not _continues_body(token.key[1:], item, lexicon)


def _has_and(token: Token, lexicon: Lexicon) -> bool:
    """Tell whether the first letter of a word is an "and": the word as it stands is not known, as وزير and واشنطن are."""
    joined = bool(lexicon.joiners) and token.is_word and token.key.startswith(lexicon.joiners[:1]) and len(token.key) > _SHORT
    return joined and token.key not in lexicon.common and not any(token.key in lexicon.lists[name] for name in _NAMES)


def _continues_body(word: str, item: Sequence[Token], lexicon: Lexicon) -> bool:
    """Tell whether a common noun behind an "and" belongs to the name of one body: the ministry of culture and information."""
    if not word.startswith(lexicon.article) or any(lexicon.has(name, word) for name in (*_NAMES, *_HEADS)):
        return False
    heads = {form.removeprefix(lexicon.article) for token in item for form in lexicon.variants(token.key)}
    body = any(head in lexicon.lists["groups"] and not head.endswith(_SEVERAL) for head in heads)
    purpose = item[-1].key.startswith(_FOR)
    return purpose or (body and item[-1].key.startswith(lexicon.article) and lexicon.is_common(word))


def _name_span(item: Sequence[Token], text: str, lexicon: Lexicon) -> Span | None:
    """Return the span of a name without small words at its ends and general words before it, None where nothing is left."""
    first, last = 0, len(item)
    while first < last and (_is_small(item[first], lexicon) or (last - first > 1 and _is_general(item[first], lexicon))):
        first += 1
    while last > first and _is_small(item[last - 1], lexicon):
        last -= 1
    if first == last:
        return None
    start = item[first].start
    joined = first == 0 and _has_and(item[first], lexicon) and text.startswith(lexicon.joiners[:1], start)
    return Span(start + joined, item[last - 1].end)


def _is_small(token: Token, lexicon: Lexicon) -> bool:
    return any(token.key in lexicon.lists[name] for name in _SMALL)


def _is_general(token: Token, lexicon: Lexicon) -> bool:
    """Tell whether a word only says what kind of place follows: the towns of."""
    levels = load_role_words(lexicon.language).levels
    return any(variant in levels for variant in lexicon.variants(token.key))
