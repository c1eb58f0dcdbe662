"""Where the thing that a number counts happened: the name of the place beside it."""

from __future__ import annotations

from collections.abc import Sequence

from .lexicon import Lexicon, fold_words
from .predicates import begins_with_joiner
from .role_words import load_role_words
from .tokens import STOPS, Token

_REACH = 14  # tokens after or before a number that are searched for its place
_TIMES = ("weekdays", "months", "time", "time_units")
_GENERAL = ("places", "directions")  # a town, a street: the name follows
_KEPT = "places"
_LINKS = ("of", "de", "du", "d")
_LONGEST_NAME = 3  # words of a name with capitals
_POSTPOSITIONS = {"ur": (fold_words("میں"), fold_words("پر")), "tr": ("da", "de", "ta", "te", "daki", "deki", "taki", "teki")}
_SHORT_WORD = 4  # letters of a word that may begin with a preposition
_RELATIVE = "يه"  # the ending of an Arabic adjective made from a noun
_QUOTES = ('"', "'", "(", "[", "-", ":")


def read_place(tokens: Sequence[Token], place: int, text: str, lexicon: Lexicon) -> str | None:
    """Return the name of the place that a number belongs to, as written; None where the words name none.

    The name right before a number of a list (in Andan 8, Haritan 15), else the first place after the number, else the last before it,
    in the same sentence.

    >>> from .lexicon import load_lexicon
    >>> from .numbers import read_numbers
    >>> from .tokens import tokenize
    >>> words, text = load_lexicon("en"), "The fire killed 12 people in New Marsa on Monday."
    >>> read_place(read_numbers(text, tokenize(text), words), 3, text, words)
    'New Marsa'
    """
    if (listed := _listed_before(tokens, place, text, lexicon)) is not None:
        return listed
    after = range(place + 1, min(len(tokens), place + 1 + _REACH))
    before = range(place - 1, max(-1, place - 1 - _REACH), -1)
    for places in (after, before):
        for at in places:
            if tokens[at].key in STOPS or _begins_clause(tokens, at, lexicon):
                break
            if (found := _name_at(tokens, at, text, lexicon)) is not None:
                return None if _is_joined_with_place(tokens, found[1], text, lexicon) else found[0]
            if _is_unreadable(tokens, at, text, lexicon):
                return None
    return None


def _is_unreadable(tokens: Sequence[Token], at: int, text: str, lexicon: Lexicon) -> bool:
    """Tell whether a preposition stands at a place before a word that may be a name or not: a place further off would be a guess."""
    if lexicon.has_capitals or at + 1 >= len(tokens) or tokens[at].key not in load_role_words(lexicon.language).locatives:
        return False
    return _is_name(tokens, at + 1, text, lexicon, announced=True) and not _is_name(tokens, at + 1, text, lexicon)


def _begins_clause(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> bool:
    """Tell whether a comma and a connective stand at a place: another clause begins."""
    return tokens[at].key == "," and lexicon.phrase_length("connectives", [token.key for token in tokens[at + 1 : at + 6]], 0) > 0


def _listed_before(tokens: Sequence[Token], place: int, text: str, lexicon: Lexicon) -> str | None:
    """Return the name right before a number that has no noun of its own: عندان "8", Marsa (12)."""
    following = place + 1
    while following < len(tokens) and tokens[following].key in (*_QUOTES, ")", "]"):
        following += 1
    alone = following >= len(tokens) or not tokens[following].is_word or begins_with_joiner(tokens[following], lexicon)
    at = place - 1
    while at >= 0 and tokens[at].key in _QUOTES:
        at -= 1
    if not alone or at < 0 or not _is_name(tokens, at, text, lexicon, announced=True):
        return None
    first = at
    while (
        first
        and at - first < _LONGEST_NAME
        and _is_name(tokens, first - 1, text, lexicon)
        and not begins_with_joiner(tokens[first], lexicon)
    ):
        first -= 1
    held = any(
        tokens[back].key in load_role_words(lexicon.language).locatives or tokens[back].number is not None
        for back in range(first - 1, max(-1, first - _REACH), -1)
    )
    return _shown(tokens[first : at + 1], text, lexicon) if held or place - at > 1 else None


def _is_name(tokens: Sequence[Token], at: int, text: str, lexicon: Lexicon, *, announced: bool = False) -> bool:
    """Tell whether a word may be part of the name of a place; ``announced`` says that a word such as "town" or a list speaks for it."""
    token = tokens[at]
    if not token.is_word or token.number is not None or len(token.key) < 2:
        return False
    if lexicon.has_capitals:
        times = any(token.key in lexicon.lists[name] for name in _TIMES)
        return text[token.start].isupper() and token.key not in lexicon.lists["people"] and not times
    if token.key in lexicon.lists["prepositions"] or token.key in load_role_words(lexicon.language).not_places:
        return False
    if (lexicon.has("names", token.key) or lexicon.has("countries", token.key)) and not lexicon.has("people", token.key):
        return True
    if lexicon.article and _is_other_word(tokens, at, lexicon):
        return False
    forms = (token.key,) if announced else lexicon.variants(token.key)
    if any(form in lexicon.common for form in forms) or lexicon.is_verb(token.key):
        return False
    if lexicon.has("prepositions", token.key) or any(lexicon.has(name, token.key) for name in _TIMES):
        return False
    return announced or not lexicon.is_common(token.key)


def _is_other_word(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> bool:
    """Tell whether an Arabic word is no name: an adjective (a mountainous area), or a common word with its preposition (at the rate)."""
    word = tokens[at].key
    if word.endswith(_RELATIVE) and not any(lexicon.article in word[:place] for place in (2, 3)):
        return at == 0 or not _names_level(tokens[at - 1], lexicon)
    joined = word[:1] in lexicon.joined_prepositions and len(word) > _SHORT_WORD
    return joined and lexicon.is_common(word[1:])


def _is_joined_with_place(tokens: Sequence[Token], at: int, text: str, lexicon: Lexicon) -> bool:
    """Tell whether an "and" with another name of a place stands at a place: the number is that of both."""
    if at + 1 >= len(tokens) or not begins_with_joiner(tokens[at], lexicon):
        return False
    if tokens[at].key not in lexicon.lists["joiners"]:  # it is written on to the name
        named = any(lexicon.has(name, tokens[at].key) for name in ("countries", "names"))
        return named and not _counts_itself(tokens, at)
    first = at + 1
    while first < len(tokens) and (lexicon.has("prepositions", tokens[first].key) or tokens[first].key in lexicon.lists["articles"]):
        first += 1
    return first < len(tokens) and _is_name(tokens, first, text, lexicon) and not _counts_itself(tokens, first)


def _counts_itself(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether a name has a number of its own behind it: in Andan 8, and Haritan 15."""
    return any(token.number is not None for token in tokens[at + 1 : at + 4])


def _name_at(tokens: Sequence[Token], at: int, text: str, lexicon: Lexicon) -> tuple[str, int] | None:
    """Return the name of a place whose preposition stands at a place, and where the name ends."""
    if lexicon.language in _POSTPOSITIONS:
        return _name_before(tokens, at, text, lexicon)
    words = load_role_words(lexicon.language)
    level = not lexicon.has_capitals and _names_level(tokens[at], lexicon)
    if tokens[at].key not in words.locatives and not level:
        return None
    general, first = at + 1, at + 1
    if first < len(tokens) and tokens[first].key in _LINKS:
        general = first = first + 1
    while first < len(tokens) and tokens[first].is_word and _is_general(tokens[first], text, lexicon):
        general = first if lexicon.has(_KEPT, tokens[first].key) and not _names_level(tokens[first], lexicon) else first + 1
        first += 1
        if first < len(tokens) and tokens[first].key in _LINKS:
            first = general = first + 1
    general_words = (tokens[place] for place in range(at + 1, first))
    announced = level or any(lexicon.has(name, token.key) for token in general_words for name in _GENERAL)
    end = first
    if not announced and not lexicon.has_capitals and first + 1 < len(tokens) and _is_name(tokens, first + 1, text, lexicon):
        announced = not begins_with_joiner(tokens[first + 1], lexicon)  # the second word of a name speaks for the first
    while end < len(tokens) and end - first < _LONGEST_NAME:
        if not _is_name(tokens, end, text, lexicon, announced=announced and end == first):
            break
        if end > first and (begins_with_joiner(tokens[end], lexicon) or _is_general(tokens[end], text, lexicon)):
            break
        end += 1
        if not lexicon.has_capitals and end - first == 2:
            break
    return (_shown(tokens[general:end], text, lexicon), end) if end > first else None


def _is_general(token: Token, text: str, lexicon: Lexicon) -> bool:
    """Tell whether a word is no name itself but announces one: a town, the north, the."""
    if lexicon.has_capitals and text[token.start].isupper():
        return False
    small = token.key in lexicon.lists["stopwords"] and not lexicon.has("prepositions", token.key)
    return small or any(lexicon.has(name, token.key) for name in ("articles", *_GENERAL))


def _names_level(token: Token, lexicon: Lexicon) -> bool:
    """Tell whether a word only says how large a place is: a city, a province."""
    return any(variant in load_role_words(lexicon.language).levels for variant in lexicon.variants(token.key))


def _name_before(tokens: Sequence[Token], at: int, text: str, lexicon: Lexicon) -> tuple[str, int] | None:
    """Return the name before a postposition: لاہور میں, Halep'te."""
    if tokens[at].key not in _POSTPOSITIONS[lexicon.language]:
        return None
    end = at
    if lexicon.has_capitals:
        if at < 2 or tokens[at - 1].key != "'":
            return None
        end = at - 1
    while end and not lexicon.has_capitals and lexicon.has("places", tokens[end - 1].key):
        end -= 1
    first = end
    while first and end - first < (_LONGEST_NAME if lexicon.has_capitals else 1) and _is_name(tokens, first - 1, text, lexicon):
        first -= 1
    return (_shown(tokens[first:end], text, lexicon), at) if end > first else None


def _shown(tokens: Sequence[Token], text: str, lexicon: Lexicon) -> str:
    shown = " ".join(text[tokens[0].start : tokens[-1].end].split())
    joiner = lexicon.joiners[:1]
    plain = joiner and tokens[0].key.startswith(joiner) and len(tokens[0].key) > 3 and shown[0] == tokens[0].key[0]
    return shown[1:] if plain else shown
