"""Edits to kinds of change."""

from __future__ import annotations

import unicodedata

import regex

from dedup.fold import fold

from .diff import Edit
from .model import Kind
from .tokens import words_of

_INVISIBLE = regex.compile(r"[\p{Cf}\p{Cc}--[\n\t]]", regex.VERSION1)
_HARAKAT = regex.compile(r"[\N{ARABIC FATHATAN}-\N{ARABIC SUKUN}\N{ARABIC LETTER SUPERSCRIPT ALEF}]")
_PUNCTUATION = regex.compile(r"[^\p{L}\p{M}\p{N}]|\N{ARABIC TATWEEL}")


def _visible(text: str) -> str:
    """Compose the text and leave out what no reader sees: format characters, presentation forms."""
    return unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)) if not text.isspace() else text


def _plain(text: str) -> str:
    return _PUNCTUATION.sub("", unicodedata.normalize("NFKC", text))


def _vowels_conflict(a: str, b: str) -> bool:
    """Tell whether one letter carries different vowel signs in the two spellings (none at all is no conflict)."""
    letters: list[list[tuple[str, str]]] = []
    for word in (a, b):
        signs: list[tuple[str, str]] = []
        for character in unicodedata.normalize("NFC", word):
            if _HARAKAT.match(character) and signs:
                signs[-1] = (signs[-1][0], signs[-1][1] + character)
            elif not _HARAKAT.match(character):
                signs.append((character, ""))
        letters.append(signs)
    return len(letters[0]) == len(letters[1]) and any(x[1] and y[1] and x[1] != y[1] for x, y in zip(*letters, strict=True))


def _same_digits(a: str, b: str) -> bool:
    return any(map(str.isdigit, a)) and fold(a).split() == fold(b).split()


def cosmetic_kind(a: str, b: str) -> Kind | None:
    """Return the cosmetic kind of a change from ``a`` to ``b``, None where it is more than cosmetic.

    >>> [cosmetic_kind(a, b) for a, b in (("أكّد", "أكد"), ("اصدر", "أصدر"), ("«x»", '"x"'), ("قَتل", "قُتل"))]
    [<Kind.DIACRITICS: 'diacritics'>, <Kind.SPELLING: 'spelling'>, <Kind.TYPOGRAPHY: 'typography'>, None]
    """
    visible_a, visible_b = _visible(a), _visible(b)
    if visible_a == visible_b:
        return Kind.INVISIBLE if a.split() == b.split() or not (a.isspace() or b.isspace()) else Kind.TYPOGRAPHY
    plain_a, plain_b = _plain(visible_a), _plain(visible_b)
    if plain_a == plain_b or _same_digits(visible_a, visible_b):
        return Kind.TYPOGRAPHY
    if _HARAKAT.sub("", plain_a) == _HARAKAT.sub("", plain_b):
        return None if _vowels_conflict(plain_a, plain_b) else Kind.DIACRITICS
    if plain_a.lower() == plain_b.lower():
        return Kind.TYPOGRAPHY
    return Kind.SPELLING if fold(plain_a) == fold(plain_b) else None


def classify(edit: Edit, text_a: str, text_b: str) -> Kind:
    """Return the kind of an edit."""
    if not words_of(edit.tokens_a) and not words_of(edit.tokens_b):
        return cosmetic_kind(edit.a.of(text_a), edit.b.of(text_b)) or Kind.TYPOGRAPHY
    return cosmetic_kind(edit.a.of(text_a), edit.b.of(text_b)) or Kind.WORDING
