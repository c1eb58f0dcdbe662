"""Read numbers written in digits of any script: grouped, decimal, signed, clock times and dates."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from ..exact_values import DIGITS, LIMIT
from .tokens import Number, NumberForm, Token

_GROUPED = re.compile(r"\d{1,3}(?:[,']\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3}){2,}")
_DECIMAL = re.compile(r"\d+[.,]\d+")
_CLOCK = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?")
_DATE = re.compile(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}|\d{1,2}/\d{1,2}")
_NARROW = ("\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}", "\N{THIN SPACE}")


def parse_count(digits: str) -> Number:
    """Return the number that digits with at most one decimal point say; a code where a float cannot hold them exactly."""
    whole, _, part = digits.partition(".")
    significant = f"{whole}{part}".lstrip("0") if part else whole.strip("0")
    value = float(digits) if len(significant) <= DIGITS and len(whole.lstrip("0")) <= len(str(LIMIT)) else math.inf
    return Number(value, NumberForm.COUNT) if value < LIMIT else Number(None, NumberForm.CODE)


def parse_digits(digits: str) -> Number:
    """Return the number that a token of digits says.

    >>> [parse_digits(text).value for text in ("7,500,000", "5.5", "1200", "0,5", "14:30", "12345678901234567")]
    [7500000.0, 5.5, 1200.0, 0.5, None, None]
    """
    if _GROUPED.fullmatch(digits):
        return parse_count(re.sub(r"[,']", "", digits) if digits.count(".") < 2 else digits.replace(".", ""))
    if _DECIMAL.fullmatch(digits):
        return parse_count(digits.replace(",", "."))
    if _CLOCK.fullmatch(digits):
        return Number(None, NumberForm.CLOCK)
    if _DATE.fullmatch(digits):
        return Number(None, NumberForm.DATE)
    if digits.isdecimal():
        return parse_count(digits)
    return Number(None, NumberForm.RANGE)


def _sign(text: str, tokens: Sequence[Token], place: int) -> bool:
    """Tell whether a minus sign stands right before this token, and not a hyphen or dash of the words before."""
    if place == 0 or tokens[place - 1].key != "-" or tokens[place - 1].end != tokens[place].start:
        return False
    before = text[max(0, tokens[place - 1].start - 1) : tokens[place - 1].start]
    return not before or before.isspace() or before in "(«\"'"


def _joined_groups(text: str, tokens: Sequence[Token], place: int) -> int:
    """Return how many tokens from ``place`` on are groups of one number, with no-break or thin spaces between: 7 500 000."""
    end = place + 1
    while (
        end < len(tokens)
        and text[tokens[end - 1].end : tokens[end].start] in _NARROW
        and len(tokens[end].key) == 3
        and tokens[end].key.isdecimal()
        and len(tokens[place].key) <= 3
        and tokens[place].key.isdecimal()
    ):
        end += 1
    return end - place


def read_digits(text: str, tokens: Sequence[Token]) -> list[Token]:
    """Return the tokens, with a number set on those of digits; a number takes in its groups and its sign."""
    found: list[Token] = []
    place = 0
    while place < len(tokens):
        token = tokens[place]
        if not token.key[:1].isdigit() or not token.is_word:
            found.append(token)
            place += 1
            continue
        parts = _joined_groups(text, tokens, place)
        digits = "".join(part.key for part in tokens[place : place + parts])
        number, start = parse_digits(digits), token.start
        if _sign(text, tokens, place) and number.value is not None:
            number, start, digits = Number(-number.value, number.form), tokens[place - 1].start, "-" + digits
            found.pop()
        found.append(Token(start, tokens[place + parts - 1].end, digits, True, number))
        place += parts
    return found
