"""The units of a comparison that are news: not the advisory at the start of a text, not furniture, and no heading."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from dedup.text.advisories import advisory_of

from ..kinds.furniture import furniture_in
from ..language.detect import detect_language
from ..language.lexicon import load_lexicon
from ..model import Comparison, Span, Unit
from .scraps import is_end_mark, scrap_spans


def news_units(comparison: Comparison) -> list[Unit]:
    """Return the units that are news: all but advisories at the start of the texts ("UPDATE 2-", "(Corrects name)") and furniture."""
    known = [
        _told_apart(version.text, sentences)
        for version, sentences in ((comparison.a, comparison.sentences_a), (comparison.b, comparison.sentences_b))
    ]
    return [unit for unit in comparison.units if not (known[0].issuperset(unit.a) and known[1].issuperset(unit.b))]


def _told_apart(text: str, sentences: Sequence[Span]) -> frozenset[int]:
    """Return the sentences of a text that are no part of the report: its advisory, and furniture."""
    advisory = advisory_of(text)
    end = 0 if advisory is None else advisory.end
    lexicon = load_lexicon(detect_language(text))
    spans = [*furniture_in(text, lexicon), *scrap_spans(text, lexicon)]
    inside = {
        place for span in spans for place in range(bisect_left(sentences, span.start, key=lambda each: each.start), len(sentences))
        if sentences[place].start < span.end and sentences[place].end <= span.end
    }  # fmt: skip
    inside |= {place for place, sentence in enumerate(sentences) if is_end_mark(sentence.of(text))}
    return frozenset(inside | {place for place, sentence in enumerate(sentences) if sentence.end <= end})
