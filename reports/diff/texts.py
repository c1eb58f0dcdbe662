"""The two texts of a comparison, with their sentences and the lexicon of their language."""

from __future__ import annotations

from dataclasses import dataclass

from dedup.text.advisories import advisory_of

from ..language.detect import detect_language
from ..language.lexicon import Lexicon, load_lexicon
from ..model import Span
from .limits import bounded_sentences


@dataclass(frozen=True, slots=True, eq=False)
class ComparedTexts:
    """The two texts of a comparison, ``a`` the older, as every stage takes them; made by `ComparedTexts.of`.

    ``sentences_a`` and ``sentences_b`` are in order and do not overlap. ``joined`` says that neighbouring sentences were joined because
    there are too many, see `bounded_sentences`. ``marks_a`` and ``marks_b`` are where the advisories at the start of the texts end, -1
    where they have none.
    """

    a: str
    b: str
    sentences_a: tuple[Span, ...]
    sentences_b: tuple[Span, ...]
    lexicon: Lexicon
    joined: bool = False
    marks_a: int = -1
    marks_b: int = -1

    @classmethod
    def of(cls, a: str, b: str) -> ComparedTexts:
        """Return two texts with their sentences and the lexicon of the language that both together are written in.

        >>> texts = ComparedTexts.of("Two died. Rain fell.", "Three died.")
        >>> [span.of(texts.a) for span in texts.sentences_a], texts.lexicon.language
        (['Two died.', 'Rain fell.'], 'en')
        """
        (sentences_a, joined_a), (sentences_b, joined_b) = bounded_sentences(a), bounded_sentences(b)
        lexicon = load_lexicon(detect_language(f"{a}\n{b}"))
        marks_a, marks_b = (-1 if advisory is None else advisory.end for advisory in (advisory_of(a), advisory_of(b)))
        return cls(a, b, sentences_a, sentences_b, lexicon, joined_a or joined_b, marks_a, marks_b)
