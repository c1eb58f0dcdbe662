"""Split edits at the borders of furniture, so that a byline or a link line is an edit of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..diff.edits import Edit, EditSide, split_edit
from ..diff.texts import ComparedTexts
from ..kinds.furniture import furniture_in, is_furniture
from ..model import Span

_GLUED = 3  # letters, at least, of a caption that is glued to the first word


def _borders(side: EditSide, spans: Sequence[Span]) -> tuple[int, int] | None:
    """Return the range of the tokens of a side that are inside of furniture, None for none."""
    for span in spans:
        if span.start < side.span.end and side.span.start < span.end:
            inside = [place for place in range(side.start, side.end) if span.start <= side.tokens[place].start < span.end]
            return (inside[0], inside[-1] + 1) if inside else None
    return None


def split_furniture(edit: Edit, texts: ComparedTexts) -> Iterator[Edit]:
    """Yield the furniture at the start or end of an edit, and the rest of it, as edits of their own."""
    spans_a, spans_b = furniture_in(texts.a, texts.lexicon), furniture_in(texts.b, texts.lexicon)
    inside_a, inside_b = _borders(edit.a, spans_a), _borders(edit.b, spans_b)
    if inside_a is None and inside_b is None:
        yield from _split_glued(edit, texts)
        return
    if all(side.start == side.end or inside == (side.start, side.end) for side, inside in ((edit.a, inside_a), (edit.b, inside_b))):
        yield edit
        return
    leads = [inside is not None and inside[0] == side.start for side, inside in ((edit.a, inside_a), (edit.b, inside_b))]
    if any(leads):
        at = (inside_a[1] if inside_a and leads[0] else edit.a.start, inside_b[1] if inside_b and leads[1] else edit.b.start)
    else:
        at = (inside_a[0] if inside_a else edit.a.end, inside_b[0] if inside_b else edit.b.end)
    yield from (part for part in split_edit(edit, texts, at) if any(side.span.end > side.span.start for side in (part.a, part.b)))


def _split_glued(edit: Edit, texts: ComparedTexts) -> Iterator[Edit]:
    """Yield a caption that is glued to the first word of a text, as an edit of its own: الزيانياستنكر to استنكر.

    It is one where the text has the same letters as a word of its own.
    """
    if edit.a.start or edit.b.start or len(edit.a.words) != 1 or len(edit.b.words) != 1:
        yield edit
        return
    longer, shorter = sorted(edit.sides(texts), key=lambda each: each[0].span.start - each[0].span.end)
    word, bare = longer[0].span.of(longer[1]), shorter[0].span.of(shorter[1])
    caption = word.removesuffix(bare)
    joined = len(bare) >= _GLUED and len(caption) >= _GLUED and caption != word
    if not joined or longer[1][: longer[0].span.start].strip() or f" {caption} " not in longer[1]:
        yield edit
        return
    glued = EditSide(Span(longer[0].span.start, longer[0].span.start + len(caption)), longer[0].tokens, 0, 0)
    empty = EditSide(Span(shorter[0].span.start, shorter[0].span.start), shorter[0].tokens, 0, 0)
    yield Edit(glued, empty) if longer[0] is edit.a else Edit(empty, glued)


def is_furniture_edit(edit: Edit, texts: ComparedTexts) -> bool:
    """Tell whether an edit changes nothing but furniture."""
    sides = [(side, text) for side, text in edit.sides(texts) if side.span.of(text).strip()]
    if sides and all(side.start == side.end and side.span.of(text).strip() for side, text in sides):
        return len(sides) == 1 and sides[0][0].start == 0 and sides[0][0].tokens[:1] != () and _inside_word(sides[0][0])
    return bool(sides) and all(is_furniture(_shown(side, text), text, texts.lexicon) for side, text in sides)


def _shown(side: EditSide, text: str) -> Span:
    """Return the span of a side without the white space around it."""
    words = side.span.of(text)
    start = side.span.start + len(words) - len(words.lstrip())
    return Span(start, start + len(words.strip()))


def _inside_word(side: EditSide) -> bool:
    """Tell whether a side is the start of a word: a caption that is glued to it."""
    first = side.tokens[0]
    return first.is_word and first.start == side.span.start and side.span.end < first.end
