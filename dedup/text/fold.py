"""Fold text for comparison: the spellings of a word that newsrooms use become one. Folded text is never shown.

Folded are: compatibility forms (presentation forms, full width, ligatures), case, accents of Latin, Greek and Cyrillic
letters, Arabic vowel signs and tatweel, alef and hamza forms, alef maksura, teh marbuta, Persian and Urdu forms of yeh, kaf and
heh, Turkish dotless i, decimal digits of every script, and invisible format characters. All characters separate words except
letters, marks, decimal digits, percent signs and currency signs. A word also ends where a digit meets a letter behind z, and
Arabic names whose first part may be written on to the next one are written on: see `edges`, which `fold_batch` follows and `fold` does not.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np

from ..arrays.ragged import Array
from .edges import SEPARATOR, UNSPACED, UNSPACED_RANGES, joining_separators, spaced_letters

FOLD_VERSION = 5
"""Version of these rules. It is raised when a text may fold to something else; stored signatures cannot be used any more then."""

_DELETED, _RARE = 1, 2
_EXPANDED = 1 << 25  # flag on a place in the expansions
_UNSEEN = 0xFFFFFFFF
_PAGE = 256  # code points that are worked out together: a text in one script soon needs most of them
_LONGEST = 18  # letters that one code point folds to, by the stability policy of Unicode's normalization forms

_LETTERS = {
    "\N{ARABIC LETTER ALEF WITH MADDA ABOVE}": "\N{ARABIC LETTER ALEF}",
    "\N{ARABIC LETTER ALEF WITH HAMZA ABOVE}": "\N{ARABIC LETTER ALEF}",
    "\N{ARABIC LETTER ALEF WITH HAMZA BELOW}": "\N{ARABIC LETTER ALEF}",
    "\N{ARABIC LETTER ALEF WASLA}": "\N{ARABIC LETTER ALEF}",
    "\N{ARABIC LETTER WAW WITH HAMZA ABOVE}": "\N{ARABIC LETTER HAMZA}",
    "\N{ARABIC LETTER YEH WITH HAMZA ABOVE}": "\N{ARABIC LETTER HAMZA}",
    "\N{ARABIC LETTER ALEF MAKSURA}": "\N{ARABIC LETTER YEH}",
    "\N{ARABIC LETTER FARSI YEH}": "\N{ARABIC LETTER YEH}",
    "\N{ARABIC LETTER KEHEH}": "\N{ARABIC LETTER KAF}",
    "\N{ARABIC LETTER TEH MARBUTA}": "\N{ARABIC LETTER HEH}",
    "\N{ARABIC LETTER TEH MARBUTA GOAL}": "\N{ARABIC LETTER HEH}",
    "\N{ARABIC LETTER HEH GOAL}": "\N{ARABIC LETTER HEH}",
    "\N{ARABIC LETTER HEH DOACHASHMEE}": "\N{ARABIC LETTER HEH}",
    "\N{ARABIC LETTER AE}": "\N{ARABIC LETTER HEH}",
    "\N{ARABIC LETTER YEH BARREE WITH HAMZA ABOVE}": "\N{ARABIC LETTER HAMZA}\N{ARABIC LETTER YEH BARREE}",
    # Capitals do not tell the two letters apart: DIYARBAKIR, Diyarbakır. Many write neither dots nor accents.
    "\N{LATIN SMALL LETTER DOTLESS I}": "i",
}


def _codes(*ranges: tuple[int, int]) -> frozenset[int]:
    return frozenset(code for low, high in ranges for code in range(low, high + 1))


# Marks that newsrooms often leave out: combining accents, Arabic and Hebrew points, variation selectors.
_POINTS = _codes(
    (0x0300, 0x036F),
    (0x0591, 0x05C7),
    (0x0610, 0x061A),
    (0x064B, 0x065F),
    (0x0670, 0x0670),
    (0x06D6, 0x06ED),
    (0x08D3, 0x08FF),
    (0xFE00, 0xFE0F),
)
# Combining signs and conjoining letters that must be composed with the character before them, before single characters are folded: those
# that are not dropped and that come second in a canonical composition.
_COMPOSING = _codes(
    (0x0654, 0x0654), (0x093C, 0x093C), (0x09BE, 0x09BE), (0x09D7, 0x09D7), (0x0B3E, 0x0B3E), (0x0B56, 0x0B57), (0x0BBE, 0x0BBE),
    (0x0BD7, 0x0BD7), (0x0C56, 0x0C56), (0x0CC2, 0x0CC2), (0x0CD5, 0x0CD6), (0x0D3E, 0x0D3E), (0x0D57, 0x0D57), (0x0DCA, 0x0DCA),
    (0x0DCF, 0x0DCF), (0x0DDF, 0x0DDF), (0x102E, 0x102E), (0x1100, 0x11FF), (0x1B35, 0x1B35), (0x3099, 0x309A), (0x110BA, 0x110BA),
    (0x11127, 0x11127), (0x1133E, 0x1133E), (0x11357, 0x11357), (0x114B0, 0x114B0), (0x114BA, 0x114BA), (0x114BD, 0x114BD),
    (0x115AF, 0x115AF), (0x11930, 0x11930),
)  # fmt: skip


def _within(code: int, ranges: Sequence[tuple[int, int]]) -> bool:
    return any(low <= code <= high for low, high in ranges)


def _is_dropped(character: str) -> bool:
    code = ord(character)
    return code == 0x0640 or unicodedata.category(character) == "Cf" or (code in _POINTS and unicodedata.category(character) == "Mn")


def _fold_letter(character: str) -> str:
    if _is_dropped(character):
        return ""
    if character in _LETTERS:
        return _LETTERS[character]
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.digit(character))
    if category == "Sc" or character in "%\N{ARABIC PERCENT SIGN}":  # 5$ and 5% are not 5
        return "%" if category == "Po" else character
    if category[0] not in "LM":
        return " "
    parts = unicodedata.normalize("NFD", character)
    return parts[0] if all(map(_is_dropped, parts[1:])) else character


class _Folds(dict[int, str]):
    """The folded form of each code point, worked out when it is first needed."""

    def __missing__(self, code: int) -> str:
        # A superscript or a fraction is not a digit of the number before it.
        plain = " " if unicodedata.category(chr(code)) == "No" else unicodedata.normalize("NFKC", spaced_letters(code) or chr(code))
        folded = "".join(_fold_letter(part) for letter in plain for part in _fold_letter(letter).lower())
        self[code] = folded = folded if folded.strip() else folded[:1]
        return folded


_folds = _Folds()


def fold(text: str) -> str:
    """Return the folded text, with a space for every character that separates words. Folding twice changes nothing.

    >>> fold("قُتِلَ ١٥ شَخْصاً في إدلب").split()
    ['قتل', '15', 'شخصا', 'في', 'ادلب']
    >>> fold("مدرسة المعلمى") == fold("مدرسه المعلمي")
    True
    """
    # Compose again: two characters that compose may be neighbours now, because one between them was dropped.
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).translate(_folds))


@dataclass(frozen=True, slots=True)
class Folding:
    """The folded forms that are known so far. These arrays never change: loops in other threads read them without a lock.

    ``table`` has the folded code of every code point, as `fold_batch` returns it, or a number that says that it is not known yet or that
    the code point does not fold alone. ``expansions`` has the codes of those that fold to several letters, each group after its length; the
    first value is the number of values in use. Both are uint32.
    """

    table: Array
    expansions: Array


class _Learner:
    """The current `Folding`, and how it grows: a copy is extended, and replaces the current one when it is complete.

    A reader takes one reference, so it sees either the old folding or the new one. Replacing a reference is one step, and the
    interpreter does it after the arrays are written, with or without a global lock. A copy takes about a millisecond. It is made for a
    batch with a page of code points that was not seen before; a feed has a few dozen of these.
    """

    def __init__(self) -> None:
        self._learning = Lock()
        expansions = np.zeros(1 << 14, np.uint32)
        expansions[0] = 1
        self.known = _read_only(np.full(0x110000, _UNSEEN, np.uint32), expansions)

    def learn(self, codes: Array) -> Folding:
        with self._learning:
            pages = np.flatnonzero(np.bincount(codes.compress(self.known.table.take(codes) == _UNSEEN) // _PAGE)).tolist()
            if pages:
                table, expansions = self.known.table.copy(), self.known.expansions.copy()
                for page in pages:
                    for code in range(page * _PAGE, (page + 1) * _PAGE):
                        table[code] = _table_entry(code, expansions)
                self.known = _read_only(table, expansions)
            return self.known


def _read_only(table: Array, expansions: Array) -> Folding:
    table.flags.writeable = expansions.flags.writeable = False
    return Folding(table, expansions)


def _code(letter: str) -> int:
    return SEPARATOR if letter == " " else ord(letter) | (UNSPACED if _within(ord(letter), UNSPACED_RANGES) else 0)


def _table_entry(code: int, expansions: Array) -> int:
    """Return the entry of a code point in the table. If it folds to several letters, add these to the expansions."""
    folded = "" if code in _COMPOSING else _folds[code]
    if len(folded) == 1:
        return _code(folded)
    if 1 < len(folded) <= _LONGEST and (place := int(expansions[0])) + len(folded) < len(expansions):
        expansions[place] = len(folded)
        expansions[place + 1 : place + 1 + len(folded)] = [*map(_code, folded)]
        expansions[0] = place + 1 + len(folded)
        return _EXPANDED | place
    return _RARE if folded or code in _COMPOSING else _DELETED


_learner = _Learner()


def folding() -> Folding:
    """Return the folded forms that are known so far."""
    return _learner.known


def learn(codes: Array) -> Folding:
    """Work out the folded forms of new code points and of the others on their pages. Return the folding with them."""
    return _learner.learn(codes)


def encode(texts: Sequence[str]) -> tuple[Array, Array]:
    """Return the code points of texts, uint32, with a separator after each text, and where each text ends in them, int64."""
    # Lone surrogates pass, and are folded like symbols.
    codes = np.frombuffer("\n".join([*texts, ""]).encode("utf-32-le", "surrogatepass"), np.uint32)
    return codes, np.cumsum([len(text) + 1 for text in texts], dtype=np.int64)


def _is_rare(folded: Array) -> Array:
    rare: Array = (folded == _RARE) | (folded >= _EXPANDED)
    return rare


def fold_rare(texts: Sequence[str], codes: Array, ends: Array) -> list[str]:
    """Return the texts, ready for the table: a text with a code point that does not fold alone is folded. In the others, the code points
    that fold to several letters are replaced by these. ``codes`` and ``ends`` as made by `encode`."""
    folded = learn(codes).table.take(codes)
    rare, expanded = (
        set(np.searchsorted(ends, np.flatnonzero(held), side="right").tolist()) for held in (folded == _RARE, folded >= _EXPANDED)
    )
    several = {code: _folds[code] for code in np.unique(codes.compress(folded >= _EXPANDED)).tolist()}
    return [fold(text) if index in rare else text.translate(several) if index in expanded else text for index, text in enumerate(texts)]


def fold_batch(texts: Sequence[str]) -> tuple[Array, Array]:
    """Fold many texts at once, as `fold` does, to arrays.

    Return the folded codes of all texts, uint32, with `SEPARATOR` between words and the flag `UNSPACED` on letters of unspaced scripts, and
    where each text ends in them, int64. Where a digit meets a letter there is no separator: see `word_edges`.
    """
    codes, ends = encode(texts)
    folded = folding().table.take(codes)
    if len(folded) and folded.max() == _UNSEEN:
        folded = learn(codes).table.take(codes)
    if _is_rare(folded).any():  # folding twice changes nothing
        codes, ends = encode(fold_rare(texts, codes, ends))
        folded = learn(codes).table.take(codes)
        folded = np.where(_is_rare(folded), codes, folded)
    kept = folded != _DELETED
    folded, ends = folded.compress(kept), np.concatenate(([0], np.cumsum(kept)))[ends]
    joining = joining_separators(folded, ends)
    return np.delete(folded, joining), ends - np.searchsorted(joining, ends)


def fold_placed(text: str) -> tuple[Array, Array]:
    """Fold one text as `fold_batch` does, code point by code point. Return the codes, and the place in the text that each comes from.

    The last code is a separator behind the text. If neighbours compose, which is rare, the codes may differ from those of `fold_batch`.
    """
    codes, _ = encode([text])
    folded = learn(codes).table.take(codes)
    sources = np.arange(len(codes))
    if _is_rare(folded).any():
        parts = [fold(letter) for letter in text]
        sources = np.append(np.repeat(sources[:-1], [*map(len, parts)]), len(text))
        codes, _ = encode(["".join(parts)])
        folded = learn(codes).table.take(codes)
    folded = np.where(_is_rare(folded), codes, folded)
    kept = folded != _DELETED
    folded, sources = folded.compress(kept), sources.compress(kept)
    joining = joining_separators(folded, np.array([len(folded)]))
    return np.delete(folded, joining), np.delete(sources, joining)
