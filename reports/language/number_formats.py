"""Read numbers written in digits of any script: grouped, decimal, signed, clock times, dates and codes."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import lru_cache

from ..exact_values import DIGITS, LIMIT
from .lexicon import Lexicon
from .tokens import Number, NumberForm, Token

_GROUPED = re.compile(r"[1-9]\d{0,2}(?:[,']\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3}){2,}|\d{1,3}(?:'\d{3})+")
_POINT_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+,\d+")
_LAKHS = re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?")
_DECIMAL = re.compile(r"\d+[.,]\d+")
_AMBIGUOUS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
_SLASH = re.compile(r"\d+/\d+")
_REH = "\N{ARABIC LETTER REH}"
_REH_DECIMAL = re.compile(rf"\d+{_REH}\d+")
_REH_GROUPED = re.compile(rf"\d{{3}}(?:{_REH}\d{{3}})*{_REH}\d{{1,3}}")  # the last group is written first
_CENTS = re.compile(r"\d{1,3}(?:\.\d{3})+\.\d{2}")
_CLOCK = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?")
_DATE = re.compile(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}|\d{1,2}/(?:\d{1,2}|\d{4})")
_DAYS = re.compile(r"(\d{1,2}-)(\d{1,2}[/-]\d{1,2}[/-]\d{4})")
_YEARS = re.compile(r"(\d{4})[/-](\d{4}|\d{2})")
_NARROW = ("\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}", "\N{THIN SPACE}")
_MOST_GROUPS = 6  # of three digits, at most, with spaces between
_ASIDE = 4  # tokens, at most, from one dash to the other around an age
_LEADING_ZEROS = 3  # digits, at least, of a code that begins with a zero: agent 007
_HIJRA = "ه"  # after a date: of the hijra
# What another number of the text shows: a decimal point or comma, or groups with points or commas.
_POINT_IS_DECIMAL = re.compile(r"(?<![\d.,/:-])\d+\.\d{1,2}(?![\d.,/:-]|\S\d)|\d,\d{3}\.\d|\d,\d{3},\d{3}|(?<!\d)0\.\d")
_COMMA_IS_DECIMAL = re.compile(r"(?<![\d.,/:-])\d+,\d{1,2}(?![\d.,/:-]|\S\d)|\d\.\d{3},\d|\d\.\d{3}\.\d{3}|(?<!\d)0,\d")


def parse_count(digits: str) -> Number:
    """Return the number that digits with at most one decimal point say; a code where a float cannot hold them exactly."""
    whole, _, part = digits.partition(".")
    significant = f"{whole}{part}".lstrip("0") if part else whole.strip("0")
    value = float(digits) if len(significant) <= DIGITS and len(whole.lstrip("0")) <= len(str(LIMIT)) else math.inf
    return Number(value, NumberForm.COUNT) if value < LIMIT else Number(None, NumberForm.CODE)


def parse_digits(digits: str) -> Number:
    """Return the number that a token of digits says.

    >>> [parse_digits(text).value for text in ("7,500,000", "5.5", "1200", "0,5", "1.045,50", "1,50,000", "14:30", "12345678901234567")]
    [7500000.0, 5.5, 1200.0, 0.5, 1045.5, 150000.0, None, None]
    >>> [parse_digits(text).form.value for text in ("007", "4000123412341234", "26/9/1436", "3-1")]
    ['code', 'code', 'date', 'range']
    """
    if digits.isdecimal():
        return Number(None, NumberForm.CODE) if len(digits) >= _LEADING_ZEROS and digits[0] == "0" else parse_count(digits)
    if _GROUPED.fullmatch(digits) or _LAKHS.fullmatch(digits):
        return parse_count(re.sub(r"[,']", "", digits) if digits.count(".") < 2 else digits.replace(".", ""))
    if _POINT_GROUPED.fullmatch(digits):
        return parse_count(digits.replace(".", "").replace(",", "."))
    if _DECIMAL.fullmatch(digits):
        return parse_count(digits.replace(",", "."))
    if _REH_DECIMAL.fullmatch(digits):
        one, other = digits.split(_REH)
        forms = [f"{other}.{one}", f"{one}.{other}", *([other + one] if len(one) == 3 and other[0] != "0" else [])]
        values = [parse_count(form).value for form in forms]
        readings = tuple(sorted({value for value in values if value is not None}))
        return Number(None, NumberForm.OPEN, readings) if len(readings) > 1 else Number(readings[0] if readings else None, NumberForm.COUNT)
    if _REH_GROUPED.fullmatch(digits):
        return parse_count("".join(reversed(digits.split(_REH))))
    if _CENTS.fullmatch(digits):
        return parse_count(f"{digits[:-3].replace('.', '')}.{digits[-2:]}")
    if _CLOCK.fullmatch(digits):
        return Number(None, NumberForm.CLOCK)
    if _DATE.fullmatch(digits) or _DAYS.fullmatch(digits):
        return Number(None, NumberForm.DATE)
    return Number(None, NumberForm.RANGE)


def date_key(digits: str) -> str | None:
    """Return the key of a date, day first and without leading zeros; the key of two years in a row; None for any other number.

    >>> [date_key(text) for text in ("1436/10/05", "26-9-1436", "8/7", "2014-15", "1436/1437", "3-1")]
    ['5/10/1436', '26/9/1436', '8/7', '#2014..2015', '#1436..1437', None]
    """
    if years := _YEARS.fullmatch(digits):
        first, last = years[1], years[2]
        last = last if len(last) == len(first) else first[: len(first) - len(last)] + last
        first, last = sorted((first, last))
        return f"#{first}..{last}" if int(last) == int(first) + 1 else None
    days = _DAYS.fullmatch(digits)  # two days of one month
    first, rest = (days[1], days[2]) if days else ("", digits)
    if not _DATE.fullmatch(rest):
        return None
    parts = re.split("[/.-]", rest)
    return first + "/".join(str(int(part)) for part in (reversed(parts) if len(parts[0]) > 2 else parts))


@lru_cache(maxsize=4)
def _style(text: str) -> str:
    """Return the decimal sign that other numbers of the text show, "" where none or both do."""
    shown = "." * (_POINT_IS_DECIMAL.search(text) is not None) + "," * (_COMMA_IS_DECIMAL.search(text) is not None)
    return shown if len(shown) == 1 else ""


class DigitReader:
    """Reads the numbers in digits among the tokens of a text."""

    def __init__(self, text: str, tokens: Sequence[Token], lexicon: Lexicon):
        self.text, self.tokens, self.lexicon = text, tokens, lexicon

    def _key(self, place: int) -> str:
        return self.tokens[place].key if 0 <= place < len(self.tokens) else ""

    def _between(self, place: int) -> str:
        """Return what stands between the token before this place and the token there."""
        return self.text[self.tokens[place - 1].end : self.tokens[place].start]

    def _is_number(self, place: int) -> bool:
        return place < len(self.tokens) and self.tokens[place].is_word and self._key(place)[:1].isdigit()

    def _signed(self, place: int) -> bool:
        """Tell whether a minus sign stands right before this token, and not a hyphen or dash of the words before."""
        if place == 0 or self._key(place - 1) != "-" or self.tokens[place - 1].end != self.tokens[place].start:
            return False
        if any(self._key(at) == "-" and self.tokens[at].start == self.tokens[at - 1].end for at in range(place + 1, place + _ASIDE)):
            return False  # an aside between two dashes: -30 years-
        before = self.text[max(0, self.tokens[place - 1].start - 1) : self.tokens[place - 1].start]
        return not before or before.isspace() or before in "(«\"'"

    def _groups(self, place: int) -> int:
        """Return how many tokens from ``place`` on are groups of one number: 7 500 000, with no-break, thin or plain spaces."""
        head = self._key(place)
        if len(head) > 3 or not head.isdecimal() or head[0] == "0":
            return 1
        if not self._is_number(place + 1) or (space := self._between(place + 1)) not in (*_NARROW, " "):
            return 1
        end = place + 1
        while self._is_number(end) and end - place < _MOST_GROUPS and self._between(end) == space:
            key = self._key(end)
            if len(key) != 3 or not key.isdecimal():
                break
            end += 1
        if self._is_number(end) and self._between(end) == space:
            last = self._key(end)
            if end == place + 1 or not (last[:3].isdecimal() and last[3:4] in (".", ",") and last[4:].isdecimal()):
                return 1  # a row of numbers; else the last group has decimals
            end += 1
        if end == place + 1 or space in _NARROW:
            return end - place
        return end - place if self._plainly_grouped(place, end) else 1

    def _plainly_grouped(self, place: int, end: int) -> bool:
        """Tell whether groups with plain spaces are one number: something counted follows, or the last group is of zeros."""
        rounded = self._key(end - 1) == "000"
        counted = end < len(self.tokens) and self.tokens[end].is_word and "\n" not in self._between(end)
        if self.lexicon.has("numbered", self._key(place - 1)) or self.lexicon.has("months", self._key(place - 1)):
            return False
        # English writes a comma. A single group there may be the number of a hall and a count.
        return rounded or (counted and (end - place > 2 or self.lexicon.language != "en"))

    def _date_parts(self, place: int) -> int:
        """Return how many tokens from ``place`` on are a date with spaces or an unusual sign inside: 26 /9 /1436; else 0."""
        parts, end = [self._key(place)], place + 1
        while self._key(end) in ("/", "-") and self._is_number(end + 1) and len(parts) < 3:
            if self._key(end) != self._key(place + 1) or "\n" in self.text[self.tokens[end - 1].end : self.tokens[end + 1].start]:
                break
            parts.append(self._key(end + 1))
            end += 2
        spelled = self._key(place + 1).join(parts)
        if end == place + 1 or date_key(spelled) is None:
            return 0
        parts = re.split("[/.-]", spelled)
        dated = len(parts) > 2 and 4 in (len(parts[0]), len(parts[-1]))
        dated = dated or (len(parts) == 2 and self._key(place + 1) == "/")
        return end - place if dated or ".." in (date_key(spelled) or "") else 0

    def _resolved(self, place: int, after: int, digits: str) -> Number:
        """Return the number of digits with one separator before three digits, as the language, the text and what is counted decide."""
        mark = "." if "." in digits else ","
        grouped, decimal = parse_count(digits.replace(mark, "")), parse_count(digits.replace(mark, "."))
        shown = self.text[self.tokens[place].start : self.tokens[after - 1].end]
        if "\N{ARABIC THOUSANDS SEPARATOR}" in shown or self._counts_whole(after):
            return grouped
        words = [self._key(at) for at in range(after, after + 4)]
        scaled = any(self.lexicon.phrase_length(name, words, 0) for name in ("scales", "percent", "percentage_points"))
        if "\N{ARABIC DECIMAL SEPARATOR}" in shown or scaled or words[:1] == ["%"]:
            return decimal
        if style := _style(self.text):
            return decimal if style == mark else grouped
        if self.lexicon.language in ("fr", "tr"):
            return grouped if mark == "." else Number(None, NumberForm.OPEN, tuple(sorted((decimal.value or 0, grouped.value or 0))))
        if mark == ",":
            return grouped
        if self.lexicon.language == "en":
            return decimal
        return Number(None, NumberForm.OPEN, tuple(sorted((decimal.value or 0, grouped.value or 0))))

    def _counts_whole(self, after: int) -> bool:
        """Tell whether what follows can only be counted in whole: people, cases."""
        after += self._key(after) == ")"
        for at in (after, after + 1):
            word = self._key(at)
            if not word or not self.tokens[at].is_word or self.lexicon.has("measures", word) or self.lexicon.has("scales", word):
                break
            if self.lexicon.has("count_nouns", word):
                return True
        word = self._key(after)
        if not self.lexicon.article or len(word) < 4 or not word.endswith("ا") or self.lexicon.has("measures", word):
            return False
        return self.text[self.tokens[after].end - 1] in "ا\N{ARABIC FATHATAN}"  # a noun in the accusative: زائرا

    def _number(self, place: int, after: int, digits: str) -> Number:
        if _AMBIGUOUS.fullmatch(digits):
            return self._resolved(place, after, digits)
        if self.lexicon.language == "fa" and _SLASH.fullmatch(digits):
            return self._slashed(place, after, digits)
        return parse_digits(digits)

    def _slashed(self, place: int, after: int, digits: str) -> Number:
        """Return what a slash in Persian digits says: a decimal where a measure follows, or where no day and month have these numbers; a
        date behind a word for a time, or between dashes; else a decimal, or maybe a fraction where the first number is smaller."""
        words = [self._key(at) for at in range(after, after + 4)]
        whole, part = (int(each) for each in digits.split("/"))
        names = ("scales", "percent", "percentage_points", "measures", "time_units")
        measured = any(self.lexicon.phrase_length(name, words, 0) for name in names) or words[:1] == ["%"]
        decimal = parse_count(digits.replace("/", "."))
        if measured or whole > 31 or part > 12 or not part:
            return decimal
        dated = any(self.lexicon.has(name, self._key(place - 1)) for name in ("time", "weekdays", "day_words"))
        if dated or (self._key(place - 1) == "-" and words[0] == "-"):
            return parse_digits(digits)
        return decimal if whole >= part else Number(None, NumberForm.OPEN, tuple(sorted((decimal.value or 0, whole / part))))

    def read(self) -> list[Token]:
        """Return the tokens, with a number set on those of digits; a number takes in its groups, its sign and the parts of a date."""
        found: list[Token] = []
        tokens, place = self.tokens, 0
        while place < len(tokens):
            token = tokens[place]
            if not token.key[:1].isdigit() or not token.is_word:
                found.append(token)
                place += 1
                continue
            if self._key(place + 1) in ("/", "-") and (parts := self._date_parts(place)):
                key = "".join(each.key for each in tokens[place : place + parts])
                place += parts
                place += self._key(place) == _HIJRA
                form = NumberForm.RANGE if ".." in (date_key(key) or "") else NumberForm.DATE
                found.append(Token(token.start, tokens[place - 1].end, date_key(key) or key, True, Number(None, form)))
                continue
            size = self._groups(place) if place + 1 < len(tokens) else 1
            digits = "".join(part.key for part in tokens[place : place + size])
            number, start, end = self._number(place, place + size, digits), token.start, tokens[place + size - 1].end
            key = digits
            if number.form in (NumberForm.DATE, NumberForm.RANGE) and (dated := date_key(digits)):
                key = dated
                if number.form is NumberForm.DATE and self._key(place + size) == _HIJRA:
                    size += 1
                    end = tokens[place + size - 1].end
            elif number.value is not None and self._signed(place):
                number, start, key = Number(-number.value, number.form), tokens[place - 1].start, "-" + digits
                found.pop()
            elif number.value is not None and found and self._article_before(found[-1], token):
                start = found.pop().start
            found.append(Token(start, end, key, True, number))
            place += size
        return found

    def _article_before(self, before: Token, token: Token) -> bool:
        """Tell whether the article is written on to digits: الـ31."""
        return bool(self.lexicon.article) and before.key == self.lexicon.article and before.end == token.start


def read_digits(text: str, tokens: Sequence[Token], lexicon: Lexicon) -> list[Token]:
    """Return the tokens, with a number set on those of digits; a number takes in its groups, its sign and the parts of a date."""
    return DigitReader(text, tokens, lexicon).read()
