"""Read numbers in running text, in digits and in words: fifteen, 15 and ١٥ have one value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from ..exact_values import DIGITS, is_exact
from .lexicon import LANGUAGES, Lexicon
from .number_formats import parse_count, read_digits
from .tokens import Number, NumberForm, Token

_PAIR = re.compile(r"(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)")
_NUMBER_LISTS = ("numbers", "teens", "hundreds", "fixed", "scales", "dual_scales", "fractions")
_SHORTEST = 3  # letters, at least, of a number word after a joined preposition: لست is not "for six"


@lru_cache(maxsize=len(LANGUAGES))
def _number_words(lexicon: Lexicon) -> frozenset[str]:
    return frozenset(word for name in _NUMBER_LISTS for word in lexicon.values[name])


class _NumberReader:
    """Reads the longest number that begins at a place in the tokens."""

    def __init__(self, text: str, tokens: Sequence[Token], lexicon: Lexicon):
        self.text, self.tokens, self.lexicon = text, tokens, lexicon
        self._known = _number_words(lexicon)
        self._first_words = lexicon.first_words["fixed"]

    def _adjoining(self, place: int) -> bool:
        """Tell whether nothing but white space or a hyphen stands before this token."""
        between = self.text[self.tokens[place - 1].end : self.tokens[place].start]
        return not between.strip() and "\n" not in between

    def _word(self, place: int, *, first: bool) -> tuple[str, bool, int] | None:
        """Return the number word at a place, whether an "and" joins it to the word before, and the place after it."""
        last, joined, joiners = len(self.tokens) - 1, False, self.lexicon.lists["joiners"]
        while place <= last and (first or self._adjoining(place)):
            word = self.tokens[place].key
            if first or place == last or (word != "-" and word not in joiners):
                break
            joined, place = joined or word != "-", place + 1
        else:
            return None
        if self._is_known(word):
            return word, joined, place + 1
        for joiner in self.lexicon.joiners:
            if word.startswith(joiner) and self._is_known(word[len(joiner) :]):
                return word[len(joiner) :], not first, place + 1
        for preposition in self.lexicon.joined_prepositions if first else ():
            bare = word[len(preposition) :]
            if word.startswith(preposition) and len(bare) >= _SHORTEST and self._is_known(bare):
                return bare, False, place + 1
        return None

    def _is_known(self, word: str) -> bool:
        return word in self._known

    def read(self, start: int) -> tuple[float, int] | None:
        """Return the value of the number that begins at ``start`` and the place after it, None where there is none.

        Whole numbers are added as integers: a float would silently round large ones.
        """
        values = self.lexicon.values
        total: float = 0
        group: float = 0
        scale, last, place = 1, "", start
        ratio = part = 0.0  # of a fraction: its value, and what it added to the total, until a scale follows it
        number = self.tokens[start].number
        if number is not None:
            if number.form is not NumberForm.COUNT or number.value is None:
                return None
            group, last, place = int(number.value) if number.value.is_integer() else number.value, "digits", start + 1
        elif (phrase := self._fixed_phrase(start)) is not None:
            group, place = phrase
            last = "unit"
        while True:
            if last in ("hundred", "scale") and (phrase := self._fixed_phrase(place)) is not None and phrase[0] < 100:
                group, last, place = group + phrase[0], "unit", phrase[1]
            found = self._word(place, first=place == start)
            if found is None:
                break
            word, joined, after = found
            if word in values["teens"]:
                ten = self._word(after, first=False)
                if (last and not joined) or ten is None or values["numbers"].get(ten[0]) != 10:
                    break
                group, last, place = group + values["teens"][word] + 10, "unit", ten[2]
                continue
            kind = self._step(word, joined, last, group)
            if kind is None:
                break
            if kind == "scale":
                scale = values["scales"].get(word) or _scale_of(values["dual_scales"][word])
                total, group = total + (ratio * scale - part if last == "fraction" else (group or 1) * scale), 0
            elif kind == "fixed scale":
                amount = values["fixed"].get(word) or values["dual_scales"][word]
                scale, kind = _scale_of(amount), "scale"
                # مليونا is two million before a noun, but one million before another number: مليونا ومئتي ألف.
                following = self._word(after, first=False) if word in values["dual_scales"] else None
                total += scale if following and following[1] else amount
            elif kind == "hundred":
                times = group % 10 if last == "unit" and group % 100 < 10 and not joined else 0
                group += values["fixed"].get(word) or (times or 1) * values["hundreds"][word] - times
            elif kind == "parts":  # three quarters
                group *= values["fractions"][word]
            elif kind == "fraction":
                ratio = values["fractions"][word]
                part = ratio * scale
                total += part
            else:
                group += values["numbers"].get(word, values["fixed"].get(word, 0))
            last, place = kind, after
        return (total + group, place) if place > start else None

    def _fixed_phrase(self, start: int) -> tuple[float, int] | None:
        """Return the value of a fixed phrase such as quatre-vingt-dix, and the place after it."""
        longest = next((self._first_words.get(token.key, 0) for token in self.tokens[start : start + 7] if token.key != "-"), 0)
        if longest < 2:
            return None
        words = [token.key for token in self.tokens[start : start + 7] if token.key != "-"]
        for length in range(min(len(words), longest), 1, -1):
            phrase = " ".join(words[:length])
            if phrase in self.lexicon.values["fixed"]:
                place, left = start, length
                while left:
                    left -= self.tokens[place].key != "-"
                    place += 1
                return self.lexicon.values["fixed"][phrase], place
        return None

    def _step(self, word: str, joined: bool, last: str, group: float) -> str | None:
        """Return the role of a number word after what was read before it (unit, ten, scale ...), None where another number begins."""
        values = self.lexicon.values
        counted = last in ("digits", "unit", "ten", "hundred") and not joined
        after_higher = last in ("scale", "hundred") and (joined or not self.lexicon.joiners)
        if word in values["scales"] or (word in values["dual_scales"] and counted):
            return "scale" if not last or counted or last == "fraction" or (joined and last == "scale") else None
        if word in values["fixed"] or word in values["dual_scales"]:
            amount = values["fixed"].get(word) or values["dual_scales"][word]
            kind = "fixed scale" if amount >= 1000 else "hundred" if amount >= 100 else "ten"
            return kind if not last or (joined and last == "scale") or (kind == "ten" and after_higher) else None
        if word in values["hundreds"]:
            return "hundred" if not last or after_higher or (last == "unit" and group % 100 < 10 and not joined) else None
        if word in values["fractions"] and last == "unit" and not joined:
            return "parts"
        if word in values["fractions"]:
            return "fraction" if values["fractions"][word] and ((last == "scale" and joined) or not last) else None
        amount = values["numbers"][word]
        if amount == 10 and last == "unit" and 3 <= group % 100 < 10 and not joined and values["teens"]:
            return "ten"
        tens_after_unit = joined and last == "unit" and amount >= 20 and 0 < group % 100 < 10
        unit_after_tens = not joined and last == "ten" and amount < 10 and group % 10 == 0
        joined_unit = joined and last == "ten" and amount < 20 and group % 10 == 0 and self.lexicon.unit_after_joiner
        fits = not last or after_higher or tens_after_unit or unit_after_tens or joined_unit
        return ("ten" if amount >= 20 else "unit") if fits else None


def _scale_of(amount: float) -> int:
    return int(10 ** (3 * ((len(str(int(amount))) - 1) // 3)))


def _number_key(value: float) -> str:
    return f"#{value:.{DIGITS}g}"


def read_numbers(text: str, tokens: Sequence[Token], lexicon: Lexicon) -> tuple[Token, ...]:
    """Return the tokens with every number as one token. Its key is made from its value, so equal numbers have equal keys.

    >>> from reports.language.lexicon import load_lexicon
    >>> from reports.language.tokens import tokenize
    >>> text = "مليون ونصف، خمسة عشر، ١٥، 62 بالمئة، بين 40 و50"
    >>> [token.key for token in read_numbers(text, tokenize(text), load_lexicon("ar")) if token.number]
    ['#1500000', '#15', '#15', '#62%', '#40..50']
    """
    tokens = read_digits(text, tokens)
    reader = _NumberReader(text, tokens, lexicon)
    found: list[Token] = []
    place = 0
    while place < len(tokens):
        read = reader.read(place)
        token, after = tokens[place], place + 1
        alone = read is not None and read[1] == place + 1 and token.number is None
        if read is not None and not (alone and (lexicon.has("vague", token.key) or token.key in lexicon.lists["articles"])):
            token, after = _number_token(read[0], tokens[place : read[1]]), read[1]
        token, after = _with_percent(tokens, token, after, found, lexicon)
        found.append(token)
        place = after
    return tuple(_with_ranges(text, found, lexicon))


def _number_token(value: float, tokens: Sequence[Token]) -> Token:
    """Return the tokens of a number as one token."""
    start, end = tokens[0].start, tokens[-1].end
    if not is_exact(value):
        return Token(start, end, " ".join(token.key for token in tokens), True, Number(None, NumberForm.CODE))
    said = float(f"{value:.{DIGITS}g}")  # 1.1 million is 1100000, not 1100000.0000000002; a third stays a third
    return Token(start, end, _number_key(value), True, Number(said if said.is_integer() else value, NumberForm.COUNT))


def _with_percent(tokens: Sequence[Token], token: Token, after: int, before: list[Token], lexicon: Lexicon) -> tuple[Token, int]:
    number = token.number
    if number is None or number.value is None:
        return token, after
    percent = Number(number.value, NumberForm.PERCENT)
    words = [each.key for each in tokens[after : after + 5]]
    if words[:1] == ["%"]:
        return Token(token.start, tokens[after].end, _number_key(number.value) + "%", True, percent), after + 1
    if length := lexicon.phrase_length("percent", words, 0):
        return Token(token.start, tokens[after + length - 1].end, _number_key(number.value) + "%", True, percent), after + length
    if before and before[-1].key == "%" and before[-1].end == token.start:
        return Token(before.pop().start, token.end, _number_key(number.value) + "%", True, percent), after
    return token, after


def _range_token(token: Token) -> Token:
    """Return a range such as ``40-50`` with a key made from its ends; ``3-1`` stays as it is, a score."""
    pair = _PAIR.fullmatch(token.key)
    if not pair or token.number is None or token.number.form is not NumberForm.RANGE:
        return token
    low, high = (parse_count(end).value for end in pair.groups())
    if low is None or high is None or low >= high:
        return token
    return Token(token.start, token.end, f"{_number_key(low)}..{_number_key(high)[1:]}", True, token.number)


def _with_ranges(text: str, tokens: Sequence[Token], lexicon: Lexicon) -> list[Token]:
    """Join ``between 40 and 50`` and the like into one token; its key is the same if the ends are swapped."""
    joiners = {*lexicon.lists["joiners"], *lexicon.joiners, *lexicon.lists["range_joiners"]}
    found: list[Token] = []
    for token in map(_range_token, tokens):
        found.append(token)
        written_on = token.number is not None and text[token.start] in lexicon.joiners
        length = 3 if written_on else 4
        if len(found) < length or found[-length].key not in lexicon.lists["range"] or not (written_on or found[-2].key in joiners):
            continue
        values = [each.number.value if each.number else None for each in (found[1 - length], token)]
        if values[0] is not None and values[1] is not None:
            low, high = sorted((values[0], values[1]))
            found[-length:] = [
                Token(found[-length].start, token.end, f"{_number_key(low)}..{_number_key(high)[1:]}", True, Number(None, NumberForm.RANGE))
            ]
    return found
