"""Fold text for comparison: spellings of one word that newsrooms use become one. Never used to show text.

What is folded: compatibility forms (presentation forms, full width, ligatures), case, accents of Latin, Greek and Cyrillic
letters, Arabic vowel signs and tatweel, alef and hamza forms, alef maksura, teh marbuta, Persian and Urdu forms of yeh, kaf and
heh, decimal digits of every script, invisible format characters. Whatever is no letter, mark, decimal digit, percent
or currency sign separates words.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np

from ..arrays.ragged import Array

FOLD_VERSION = 3
"""Raised whenever a text may fold to something else: stored signatures are then of no use."""

SEPARATOR, _DELETED, _RARE = 0, 1, 2
UNSPACED = 1 << 24
"""Flag on the code of a letter whose script puts no spaces between words."""
_EXPANDED = 1 << 25  # flag on a place in the expansions
_UNSEEN = 0xFFFFFFFF
_PAGE = 256  # code points that are worked out at once: a text in one script soon needs most of them
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
}
# Marks that a newsroom may leave out: combining accents, Arabic and Hebrew points, variation selectors.
_POINTS = (
    (0x0300, 0x036F),
    (0x0591, 0x05C7),
    (0x0610, 0x061A),
    (0x064B, 0x065F),
    (0x0670, 0x0670),
    (0x06D6, 0x06ED),
    (0x08D3, 0x08FF),
    (0xFE00, 0xFE0F),
)
# Thai, Lao, Myanmar, Khmer, kana and Han: scripts without spaces between words (Unicode Standard Annex 14, class SA and ID).
_UNSPACED_RANGES = (
    (0x0E01, 0x0EFF),
    (0x1000, 0x109F),
    (0x1780, 0x17FF),
    (0x3041, 0x30FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0x20000, 0x323AF),
)
# Combining signs and conjoining letters that must be composed with their neighbour before a fold by single character: those that are not
# dropped and stand behind another in a canonical composition.
_COMPOSING = (
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
    return code == 0x0640 or unicodedata.category(character) == "Cf" or (_within(code, _POINTS) and unicodedata.category(character) == "Mn")


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
    """What each code point folds to, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        # A superscript or a fraction is no digit of the number before it.
        plain = " " if unicodedata.category(chr(code)) == "No" else unicodedata.normalize("NFKC", chr(code))
        folded = "".join(_fold_letter(part) for letter in plain for part in _fold_letter(letter).lower())
        self[code] = folded = folded if folded.strip() else folded[:1]
        return folded


_folds = _Folds()


def fold(text: str) -> str:
    """Return the text folded, with a space for every character that separates words. Folding twice changes nothing.

    >>> fold("قُتِلَ ١٥ شَخْصاً في إدلب").split()
    ['قتل', '15', 'شخصا', 'في', 'ادلب']
    >>> fold("مدرسة المعلمى") == fold("مدرسه المعلمي")
    True
    """
    # Composed once more: dropping a character may have brought two together that compose.
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).translate(_folds))


@dataclass(frozen=True, slots=True)
class Folding:
    """What is known of code points. These arrays are read-only and never change: loops in other threads read them without a lock.

    ``table`` has what every code point folds to, as `fold_batch` has it, or a number that says that it is not known yet, or does not fold
    alone. ``expansions`` has the codes of those that fold to several letters, the number of them before each; its first value is how many
    values are used. Both are uint32.
    """

    table: Array
    expansions: Array


class _Learner:
    """What is known, and how it grows: a copy is made and added to, and takes the place of what was known once it is whole.

    Whoever reads takes one reference, and so has either what was known before or what is known now. Replacing a reference is one step,
    which the interpreter orders after the writing of the arrays, whether it has a lock for all threads or not. A copy takes about a
    millisecond for each batch with a page of code points that was not met before, of which a feed has a few dozen.
    """

    def __init__(self) -> None:
        self._learning = Lock()
        expansions = np.zeros(1 << 14, np.uint32)
        expansions[0] = 1
        self.known = _read_only(np.full(0x110000, _UNSEEN, np.uint32), expansions)

    def learn(self, codes: Array) -> Folding:
        with self._learning:
            pages = np.unique(codes.compress(self.known.table.take(codes) == _UNSEEN) // _PAGE).tolist()
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
    return SEPARATOR if letter == " " else ord(letter) | (UNSPACED if _within(ord(letter), _UNSPACED_RANGES) else 0)


def _table_entry(code: int, expansions: Array) -> int:
    """Return what the table says of a code point; where it folds to several letters they are added to the expansions."""
    folded = "" if _within(code, _COMPOSING) else _folds[code]
    if len(folded) == 1:
        return _code(folded)
    if 1 < len(folded) <= _LONGEST and (place := int(expansions[0])) + len(folded) < len(expansions):
        expansions[place] = len(folded)
        expansions[place + 1 : place + 1 + len(folded)] = [*map(_code, folded)]
        expansions[0] = place + 1 + len(folded)
        return _EXPANDED | place
    return _RARE if folded or _within(code, _COMPOSING) else _DELETED


_learner = _Learner()


def folding() -> Folding:
    """Return what is known of code points."""
    return _learner.known


def learn(codes: Array) -> Folding:
    """Work out what those code points fold to that were not met before, and what others near them do. Return what is known then."""
    return _learner.learn(codes)


def encode(texts: Sequence[str]) -> tuple[Array, Array]:
    """Return the code points of texts, uint32, a character that separates words after each, and where each text ends in them, int64."""
    # Lone surrogates are passed on to be folded like symbols.
    codes = np.frombuffer("\n".join([*texts, ""]).encode("utf-32-le", "surrogatepass"), np.uint32)
    return codes, np.cumsum([len(text) + 1 for text in texts], dtype=np.int64)


def _is_rare(folded: Array) -> Array:
    rare: Array = (folded == _RARE) | (folded >= _EXPANDED)
    return rare


def fold_rare(texts: Sequence[str], codes: Array, ends: Array) -> list[str]:
    """Return the texts, those folded that hold a code point which does not fold alone, in the others those expanded that fold to several
    letters. ``codes`` and ``ends`` as made by `encode`."""
    folded = learn(codes).table.take(codes)
    rare, expanded = (
        set(np.searchsorted(ends, np.flatnonzero(held), side="right").tolist()) for held in (folded == _RARE, folded >= _EXPANDED)
    )
    several = {code: _folds[code] for code in np.unique(codes.compress(folded >= _EXPANDED)).tolist()}
    return [fold(text) if index in rare else text.translate(several) if index in expanded else text for index, text in enumerate(texts)]


def fold_batch(texts: Sequence[str]) -> tuple[Array, Array]:
    """Fold many texts at once: the same as `fold`, as arrays.

    Returns the folded codes of all texts, uint32 with `SEPARATOR` between words and `UNSPACED` set where it applies, and the
    place where each text ends in them, int64.
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
    return folded.compress(kept), np.concatenate(([0], np.cumsum(kept)))[ends]


def fold_placed(text: str) -> tuple[Array, Array]:
    """Fold one text as `fold_batch` does, code point by code point; return the codes, and which code point of the text each comes from.

    The last code separates, behind the text. Where neighbours compose, which is rare, the codes may differ from those of `fold_batch`.
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
    return folded.compress(kept), sources.compress(kept)
