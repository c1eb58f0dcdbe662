"""Numbers in folded words: "four", "أربعة" and "4" become one token, and so do a number and its scale: "3 million"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from .word_lists import WordLists, word_lists

NUMBER = "#"
"""The first character of the token of a number."""
_WRITTEN_ON = re.compile(r"([^\W0-9_a-z]*)([0-9]+)([^\W0-9_a-z]*|%)")  # و4 and 25عام, but not a320 or 3m
_CACHED = 1 << 16
_LONGEST = 15  # digits of a quantity
_AND = "\N{ARABIC LETTER WAW}"


def _value(word: str, lists: WordLists, *, after: bool) -> tuple[int, bool, bool] | None:
    """Return the value of a number word, whether it is a scale, and whether an "and" is written on to it; None for other words."""
    for rest, joined in ((word, False), (word[1:], True)):
        if joined and not word.startswith(_AND):
            break
        if rest in lists.scales:
            return lists.scales[rest], True, joined
        if rest in lists.numbers:
            return lists.numbers[rest], False, joined
        if after and rest in lists.following:
            return lists.following[rest], False, joined
    if not after and word[:1] in "بلك" and len(word) > 4:
        return next(((each[word[1:]], each is lists.scales, False) for each in (lists.numbers, lists.scales) if word[1:] in each), None)
    return None


@lru_cache(maxsize=_CACHED)
def _begins(word: str, language: str) -> bool:
    """Tell whether a number may begin with this word."""
    if word[0].isdecimal():
        return word.isdecimal() and len(word) <= _LONGEST and (word[0] != "0" or len(word) == 1)
    return _value(word, word_lists(language), after=False) is not None


def _fits(value: int, group: int, total: int, *, joined: bool) -> bool:
    """Tell whether a number word goes on a number: twenty-one, hundred and five, خمسة عشر, ثلاثة وعشرين."""
    low = group % 100
    if group >= 100 and low == 0:
        return value < 100
    if not group:  # behind thousands
        return total > 0 and value < 1000
    if value >= 100:
        return False
    if value == 10 and 0 < low < 10 and not joined:
        return True
    if joined and value >= 20 and 0 < low < 10:
        return True
    return (low >= 20 and low % 10 == 0 and value < 20) or (low == 10 and value < 10)


def _read(words: Sequence[str], start: int, lists: WordLists) -> tuple[int, int]:
    """Return the value of the number that begins at a place and the place behind it; the same place where there is none."""
    total, group, place, digits = 0, 0, start, words[start].isdecimal()
    if digits:
        group, place = int(words[start]), start + 1
    while place < len(words):
        step = place
        between = step > start and words[step] in lists.joiners and step + 1 < len(words)
        found = _value(words[step + between], lists, after=step > start)
        if found is None or (digits and not found[1]) or (found[1] and between):
            break
        value, scale, joined = found
        if words[step + between] in lists.only_joined and (step + 1 >= len(words) or lists.numbers.get(words[step + 1]) != 10):
            break
        if scale and value == 100 and group < 100 and not joined:
            group = max(group, 1) * 100
        elif scale and not (joined and group):
            total, group = total + max(group, 1) * value, 0
        elif value == 20 and group % 100 == 4 and lists.language == "fr":  # quatre-vingts
            group += 76
        elif step > start and not _fits(value, group, total, joined=joined or between):
            break
        else:
            group += value
        place = step + between + 1
    return total + group, place


def with_numbers(words: Sequence[str], lists: WordLists) -> list[str]:
    """Return folded words with every number as one token.

    >>> with_numbers("twenty one killed and 3 million homeless".split(), word_lists("en"))
    ['#21', 'killed', 'and', '#3000000', 'homeless']
    >>> with_numbers("خمسه عشر قتيلا و4 جرحي".split(), word_lists("ar"))
    ['#15', 'قتيلا', 'و', '#4', 'جرحي']
    """
    parts: list[str] = []
    for word in words:
        cut = None if word.isalpha() else _WRITTEN_ON.fullmatch(word)
        if cut:
            parts.extend(filter(None, cut.groups()))
        else:
            parts.append(word)
    found: list[str] = []
    place = 0
    while place < len(parts):
        word = parts[place]
        if not _begins(word, lists.language):
            found.append(NUMBER + word if word.isdecimal() else word)
            place += 1
            continue
        value, after = _read(parts, place, lists)
        found.append(f"{NUMBER}{value}" if after > place else word)
        place = max(after, place + 1)
    return found
