"""Read numbers in running text, in digits and in words: fifteen, 15 and ١٥ have one value."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from ..exact_values import DIGITS, is_exact
from .lexicon import LANGUAGES, Lexicon
from .number_formats import read_digits
from .number_parts import joined_parts, ordinal_behind, read_ordinal
from .number_units import number_key, with_percent, with_ranges, with_scale, without_brackets
from .tokens import Number, NumberForm, Token

_NUMBER_LISTS = ("numbers", "teens", "hundreds", "fixed", "scales", "dual_scales", "fractions")
_AND_ONE = "واحد"
_COUNTED = 2  # joined prepositions that stand before numbers: with, for; not "like" (كمية is an amount, not "like a hundred")
_SHORTEST = 3  # letters, at least, of a number word after a joined preposition: لست is not "for six"


@lru_cache(maxsize=len(LANGUAGES))
def _number_words(lexicon: Lexicon) -> frozenset[str]:
    return frozenset(word for name in _NUMBER_LISTS for word in lexicon.values[name])


@lru_cache(maxsize=50_000)
def _may_begin(word: str, lexicon: Lexicon) -> bool:
    """Tell whether a number in words may begin with a word: with a number word, also behind a particle, or with an ordinal."""
    known, first_words = _number_words(lexicon), lexicon.first_words["fixed"]
    particles = ("", *lexicon.joiners, *lexicon.joined_prepositions)
    bare = [word[len(particle) :] for particle in particles if word.startswith(particle)]
    if any(form in known or form in first_words for form in bare):
        return True
    if not lexicon.article:
        return False
    forms, article = lexicon.variants(word), lexicon.article
    return any(form in lexicon.values["ordinals"] or (form.startswith(article) and form[len(article) :] in known) for form in forms)


class _NumberReader:
    """Reads the longest number that begins at a place in the tokens."""

    def __init__(self, text: str, tokens: Sequence[Token], lexicon: Lexicon):
        self.text, self.tokens, self.lexicon = text, tokens, lexicon
        self._known = _number_words(lexicon)
        self.scale: float = 1  # the value of the last magnitude word of the number that was read last
        self._first_words = lexicon.first_words["fixed"]

    def adjoining(self, place: int) -> bool:
        """Tell whether nothing but white space or a hyphen stands before this token; a magnitude may stand on the next line."""
        between = self.text[self.tokens[place - 1].end : self.tokens[place].start]
        if between == " ":
            return True
        return not between.strip() and ("\n" not in between or (between.count("\n") == 1 and self._continues(self.tokens[place].key)))

    def _continues(self, word: str) -> bool:
        """Tell whether a word at the start of a line goes on with the number before it."""
        return word in self.lexicon.values["scales"] or any(
            word.startswith(joiner) and self._is_known(word[len(joiner) :]) for joiner in self.lexicon.joiners
        )

    def _word(self, place: int, *, first: bool) -> tuple[str, bool, int] | None:
        """Return the number word at a place, whether an "and" joins it to the word before, and the place after it."""
        last, joined, joiners = len(self.tokens) - 1, False, self.lexicon.lists["joiners"]
        while place <= last and (first or self.adjoining(place)):
            word = self.tokens[place].key
            half = joined and word in self.lexicon.lists["fraction_openers"] and place < last  # three and a half
            half = half and self.tokens[place + 1].key in self.lexicon.values["fractions"]
            if first or place == last or (word != "-" and word not in joiners and not half):
                break
            joined, place = joined or word != "-", place + 1
        else:
            return None
        if self._is_known(word):
            return word, joined, place + 1
        if first and place < last and self.lexicon.article and self.tokens[place + 1].key in self.lexicon.values["scales"]:
            bare = word[len(self.lexicon.article) :]  # the ten thousand
            if word.startswith(self.lexicon.article) and bare in self.lexicon.values["numbers"]:
                return bare, False, place + 1
        for joiner in self.lexicon.joiners:
            if word.startswith(joiner) and self._is_known(word[len(joiner) :]):
                return word[len(joiner) :], not first, place + 1
        for preposition in self.lexicon.joined_prepositions[:_COUNTED] if first else ():
            bare = word[len(preposition) :]
            if word.startswith(preposition) and len(bare) >= _SHORTEST and self._is_known(bare):
                return bare, False, place + 1
        return None

    def _keys(self, place: int) -> list[str]:
        return [token.key for token in self.tokens[place : place + 3]]

    def _is_known(self, word: str) -> bool:
        return word in self._known

    def read(self, start: int) -> tuple[float, int] | None:
        """Return the value of the number that begins at ``start`` and the place after it, None where there is none.

        Whole numbers are added as integers: a float would silently round large ones.
        """
        values = self.lexicon.values
        self.scale = 1
        total: float = 0
        group: float = 0
        scale, last, place = 1, "", start
        kept: tuple[float, int] | None = None  # what was read up to the last scale
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
            if last == "scale" and (more := self._digits_after_scale(place, scale)) is not None:
                group, place = more
                last = "digits"
                continue
            if last == "fraction" and not scale > 1 and (of := self.lexicon.phrase_length("partitives", self._keys(place), 0)):
                place += of if self._keys(place)[of : of + 1] and self._keys(place)[of] in values["scales"] else 0  # half a million
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
            kind = self._step(word, joined, last, group, after - 1)
            if kind is None:
                break
            if kind == "scale":
                if kept is not None and last != "fraction" and (values["scales"].get(word) or values["dual_scales"][word]) >= scale:
                    return kept  # two million and three million are two numbers
                scale = values["scales"].get(word) or _scale_of(values["dual_scales"][word])
                total, group = total + (ratio * scale - part if last == "fraction" else (group or 1) * scale), 0
            elif kind == "fixed scale":
                amount = values["fixed"].get(word) or values["dual_scales"][word]
                if (
                    word in values["dual_scales"]
                    and after < len(self.tokens)
                    and self.tokens[after].key in self.lexicon.lists["partitives"]
                ):
                    amount = _scale_of(amount)  # a dual never stands before "of"
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
                if group:  # three and a half million
                    group, total, kind = group + ratio, total - part, "digits"
            else:
                group += values["numbers"].get(word, values["fixed"].get(word, 0))
            last, place = kind, after
            if kind == "scale":
                kept, self.scale = (total, place), scale
        return (total + group, place) if place > start else None

    def _digits_after_scale(self, place: int, scale: float) -> tuple[float, int] | None:
        """Return the digits that go on after a magnitude word, and the place after them: 47 thousand and 270, 2 bin 500."""
        before = self.tokens[place - 1].key
        if place < len(self.tokens) and self.tokens[place].key in self.lexicon.lists["scale_joiners"]:
            place += 1
        elif before not in self.lexicon.lists["open_scales"]:
            return None
        number = self.tokens[place].number if place < len(self.tokens) and self.adjoining(place) else None
        if number is None or number.form is not NumberForm.COUNT or number.value is None or not 0 < number.value < scale:
            return None
        return (int(number.value), place + 1) if number.value.is_integer() else None

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

    def _is_short_scale(self, place: int) -> bool:
        """Tell whether m at a place is a million, not metres: it touches the digits or a currency stands before them, and it is counted."""
        before = self.tokens[place - 1]
        opening = self.tokens[place - 2] if place > 1 else None
        if opening and opening.end == before.start and unicodedata.category(self.text[opening.start]) == "Sc":
            return True
        if before.end != self.tokens[place].start:
            return False
        following = self.tokens[place + 1].key if place + 1 < len(self.tokens) else ""
        counted = any(self.lexicon.has(name, following) for name in ("count_nouns", "measures", "parties"))
        return self.tokens[place].key not in self.lexicon.values["measures"] or counted

    def _step(self, word: str, joined: bool, last: str, group: float, place: int) -> str | None:
        """Return the role of a number word after what was read before it (unit, ten, scale ...), None where another number begins."""
        values = self.lexicon.values
        counted = last in ("digits", "unit", "ten", "hundred") and not joined
        after_higher = last in ("scale", "hundred") and (joined or not self.lexicon.joiners)
        if len(word) == 1 and word in values["scales"] and not self._is_short_scale(place):
            return None
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
            return "fraction" if values["fractions"][word] and ((last and joined) or not last) else None
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


def read_numbers(text: str, tokens: Sequence[Token], lexicon: Lexicon) -> tuple[Token, ...]:
    """Return the tokens with every number as one token. Its key is made from its value, so equal numbers have equal keys.

    >>> from reports.language.lexicon import load_lexicon
    >>> from reports.language.tokens import tokenize
    >>> text = "مليون ونصف، خمسة عشر، ١٥، 62 بالمئة، بين 40 و50"
    >>> [token.key for token in read_numbers(text, tokenize(text), load_lexicon("ar")) if token.number]
    ['#1500000', '#15', '#15', '#62%', '#40..50']
    """
    tokens = without_brackets(joined_parts(text, read_digits(text, tokens, lexicon), lexicon), lexicon)
    reader = _NumberReader(text, tokens, lexicon)
    found: list[Token] = []
    place = 0
    while place < len(tokens):
        token, after = tokens[place], place + 1
        if token.is_word and (token.number is not None or _may_begin(token.key, lexicon)):
            read = reader.read(place)
            alone = read is not None and read[1] == place + 1 and token.number is None
            if lexicon.article and token.number is None and (read is None or read[1] == place + 1):
                read = read_ordinal(tokens, place, lexicon, reader.adjoining) or read
                alone = alone and read is not None and read[1] == place + 1
            if alone and token.key in lexicon.values["fractions"] and token.key in lexicon.values["ordinals"]:
                read = read if place and tokens[place - 1].key in lexicon.lists["fraction_openers"] else None  # a third, not the third
            if alone and read is not None and token.key == _AND_ONE and text[token.start + 1] != "ا":  # "and one of": وأحد, not واحد
                read = None
            if read is not None and (behind := ordinal_behind(read, tokens, place, lexicon)) is not None:
                read, alone = behind, False  # twenty-first
            if read is not None and not (alone and (lexicon.has("vague", token.key) or token.key in lexicon.lists["articles"])):
                opened = reader.scale > 1 and token.key in lexicon.values["fractions"] and place > 0
                opened = opened and tokens[place - 1].key in lexicon.lists["fraction_openers"] and found[-1] is tokens[place - 1]
                token, after = _number_token(read[0], tokens[place - opened : read[1]], reader.scale), read[1]
                found[len(found) - opened :] = []  # a quarter of a million
            elif token.number is not None:
                token, after = with_scale(tokens, token, after, lexicon)
            if token.number is not None:
                token, after = with_percent(tokens, token, after, found, lexicon)
        found.append(token)
        place = after
    return tuple(with_ranges(text, found, lexicon))


def _number_token(value: float, tokens: Sequence[Token], scale: float) -> Token:
    """Return the tokens of a number as one token."""
    start, end = tokens[0].start, tokens[-1].end
    if not is_exact(value):
        return Token(start, end, " ".join(token.key for token in tokens), True, Number(None, NumberForm.CODE))
    said = float(f"{value:.{DIGITS}g}")  # 1.1 million is 1100000, not 1100000.0000000002; a third stays a third
    return Token(start, end, number_key(value), True, Number(said if said.is_integer() else value, NumberForm.COUNT, (), scale))
