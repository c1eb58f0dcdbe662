"""The two texts of a comparison, with their sentences and the lexicon of their language."""

from __future__ import annotations

from dataclasses import dataclass

from ..language.lexicon import Lexicon, language_of, lexicon
from ..model import Span
from .limits import sentences_of


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """The two texts of a comparison, ``a`` the older, as every stage takes them; make one with `Texts.of`.

    ``sentences_a`` and ``sentences_b`` are in order and do not overlap. ``joined`` says that neighbouring sentences were joined because
    there are too many, see `sentences_of`.
    """

    a: str
    b: str
    sentences_a: tuple[Span, ...]
    sentences_b: tuple[Span, ...]
    lexicon: Lexicon
    joined: bool = False

    @classmethod
    def of(cls, a: str, b: str) -> Texts:
        """Return two texts with their sentences and the lexicon of the language that both together are written in.

        >>> texts = Texts.of("Two died. Rain fell.", "Three died.")
        >>> [span.of(texts.a) for span in texts.sentences_a], texts.lexicon.language
        (['Two died.', 'Rain fell.'], 'en')
        """
        (sentences_a, joined_a), (sentences_b, joined_b) = sentences_of(a), sentences_of(b)
        return cls(a, b, sentences_a, sentences_b, lexicon(language_of(f"{a}\n{b}")), joined_a or joined_b)
