"""Find the phrases that change places inside a sentence: one move, and no replacement of what stands around them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..diff.edits import Edit, EditSide, split_edit, strip_joiner, trim_edit
from ..diff.texts import ComparedTexts
from ..diff.word_alignment import is_function_word
from ..language.lexicon import Lexicon
from ..model import Span

_MAX_PAIRS = 10_000  # pairs of words that are looked at for the phrases of a unit
_MAX_MOVES = 8  # phrases of a unit, at most, that are set apart
_MAX_WORDS = 60  # words of a side, at most
_LONG_SIDE = 8  # words of a side from which on two words in common may be chance
_WORDS, _MORE_WORDS = 2, 4  # words, at least, of a phrase that moved, of a short and of a long side


@dataclass(frozen=True, slots=True)
class _Run:
    """Words that one edit takes out and another puts in: the numbers of the edits, and the places of the words among their tokens."""

    size: int
    edit_a: int
    start_a: int
    edit_b: int
    start_b: int


def isolate_moves(edits: Sequence[Edit], texts: ComparedTexts) -> list[Edit]:
    """Return the edits of a unit, each phrase that changes places as two edits of its own: where it stood, and where it stands."""
    found = list(edits)
    for _ in range(_MAX_MOVES):
        if (run := _longest_run(found, texts.lexicon)) is None:
            break
        parts = {
            run.edit_a: list(_cut_out(found[run.edit_a], texts, run.start_a, run.size, in_a=True)),
            run.edit_b: list(_cut_out(found[run.edit_b], texts, run.start_b, run.size, in_a=False)),
        }
        grown = [part for number, edit in enumerate(found) for part in parts.get(number, [edit])]
        if len(grown) == len(found):
            break
        found = grown
    return _move_the_shorter(found, texts)


def _longest_run(edits: Sequence[Edit], lexicon: Lexicon) -> _Run | None:
    """Return the longest phrase that one edit takes out and another puts in, and that is not yet an edit of its own on both sides."""
    keys = [(_keys(edit.a, lexicon), _keys(edit.b, lexicon)) for edit in edits]
    gone, new = ({key for pair in keys for key in pair[side] if key and not is_function_word(key, lexicon)} for side in (0, 1))
    if gone.isdisjoint(new) or sum(len(pair[0]) for pair in keys) * sum(len(pair[1]) for pair in keys) > _MAX_PAIRS:
        return None
    shared = gone & new
    takes_out, puts_in = (
        [
            (number, pair[side])
            for number, pair in enumerate(keys)
            if 0 < len(pair[side]) <= _MAX_WORDS and not shared.isdisjoint(pair[side])
        ]
        for side in (0, 1)
    )
    best: _Run | None = None
    for m, here in takes_out:
        for n, there in puts_in:
            if m == n or (keys[m][1] and keys[m] == keys[n][::-1]):  # one replacement, or two phrases that are exchanged
                continue
            size, i, j = _common_run(here, there)
            least = _WORDS if min(len(here), len(there)) < _LONG_SIDE else _MORE_WORDS
            alone = edits[m].b.words == edits[n].a.words == () and _only(edits[m].a, i, size) and _only(edits[n].b, j, size)
            if size < least or alone or all(not key or is_function_word(key, lexicon) for key in here[i : i + size]):
                continue
            if best is None or (size, -m - n, -min(m, n)) > (best.size, -best.edit_a - best.edit_b, -min(best.edit_a, best.edit_b)):
                best = _Run(size, m, i, n, j)
    return best


def _keys(side: EditSide, lexicon: Lexicon) -> tuple[str, ...]:
    """Return the keys of the tokens of a side without a joined "and"; empty for a mark."""
    tokens = side.tokens[side.start : side.end]
    return tuple(strip_joiner(token.key, lexicon.joiners[:1]) if token.is_word else "" for token in tokens)


def _only(side: EditSide, start: int, size: int) -> bool:
    """Tell whether these tokens are all words of a side."""
    tokens = side.tokens[side.start : side.end]
    return not any(token.is_word for token in (*tokens[:start], *tokens[start + size :]))


def _common_run(one: Sequence[str], other: Sequence[str]) -> tuple[int, int, int]:
    """Return the length of the longest run of tokens that both have, and its places; it begins and ends with a word."""
    best = (0, 0, 0)
    before = [0] * (len(other) + 1)
    for i, key in enumerate(one):
        row = [0] * (len(other) + 1)
        for j, other_key in enumerate(other):
            if key == other_key:
                size = row[j + 1] = before[j] + 1
                start = i + 1 - size
                while size and not one[start]:
                    start, size = start + 1, size - 1
                if key and size > best[0]:
                    best = size, start, j + 1 - size
        before = row
    return best


def _cut_out(edit: Edit, texts: ComparedTexts, start: int, size: int, *, in_a: bool) -> Iterator[Edit]:
    """Yield an edit in up to three parts, with these tokens of one side alone; what stands on the other side goes to the longer rest."""
    side, other = (edit.a, edit.b) if in_a else (edit.b, edit.a)
    first, last = side.start + start, side.start + start + size
    rests = [sum(token.is_word for token in side.tokens[low:high]) for low, high in ((side.start, first), (last, side.end))]
    at = other.start if rests[1] > rests[0] else other.end
    before, rest = split_edit(edit, texts, (first, at) if in_a else (at, first))
    phrase, after = split_edit(rest, texts, (last, at) if in_a else (at, last))
    yield from (part for part in (before, phrase, after) if _has_text(part))


def _has_text(edit: Edit) -> bool:
    return _has_side(edit.a) or _has_side(edit.b)


def _has_side(side: EditSide) -> bool:
    return side.span.end > side.span.start


def _move_the_shorter(edits: list[Edit], texts: ComparedTexts) -> list[Edit]:
    """Return the edits; where a phrase changes places with fewer words beside it, these words move: a name, not its title."""
    found = list(edits)
    for place in range(len(found) - 1):
        one, other = found[place], found[place + 1]
        sides = (one.a, other.b) if one.a.words else (other.a, one.b)
        if not is_move(one, other, texts.lexicon) or one.a.words == one.b.words:
            continue
        between = [token.key for token in one.a.tokens[one.a.end : other.a.start] if token.is_word]
        shorter = 0 < len(between) < len(sides[0].words)
        titled = len(between) == len(sides[0].words) and _has_title(sides[0].words, texts) and not _has_title(between, texts)
        same = texts.a[one.a.span.end : other.a.span.start] == texts.b[one.b.span.end : other.b.span.start]
        if (shorter or titled) and same and (turned := _turned(one, other, sides, texts)):
            found[place : place + 2] = turned
    return found


def _has_title(words: Sequence[str], texts: ComparedTexts) -> bool:
    return any(texts.lexicon.has("people", word) for word in words)


def is_move(one: Edit, other: Edit, lexicon: Lexicon) -> bool:
    """Tell whether one edit takes out words and the other puts the same words in."""
    first, last = (one.a, other.b) if one.a.words else (one.b, other.a)
    rest = (one.b, other.a) if one.a.words else (one.a, other.b)
    if not first.words or any(side.words for side in rest):
        return False
    return [key for key in _keys(first, lexicon) if key] == [key for key in _keys(last, lexicon) if key]


def _turned(one: Edit, other: Edit, sides: tuple[EditSide, EditSide], texts: ComparedTexts) -> tuple[Edit, Edit] | None:
    """Return the edits that keep the phrase and move what stands between, None where the phrase is not written alike."""
    phrase = [[at for at in range(side.start, side.end) if side.tokens[at].is_word] for side in sides]
    starts = tuple(side.tokens[places[0]].start for side, places in zip(sides, phrase, strict=True))
    ends = tuple(side.tokens[places[-1]].end for side, places in zip(sides, phrase, strict=True))
    if texts.a[starts[0] : ends[0]] != texts.b[starts[1] : ends[1]]:
        return None
    befores = [
        EditSide(Span(edge.span.start, start), edge.tokens, edge.start, places[0])
        for edge, start, places in zip((one.a, one.b), starts, phrase, strict=True)
    ]
    afters = [
        EditSide(Span(end, edge.span.end), edge.tokens, places[-1] + 1, edge.end)
        for edge, end, places in zip((other.a, other.b), ends, phrase, strict=True)
    ]
    return trim_edit(Edit(*befores), texts), trim_edit(Edit(*afters), texts)


def moved_pairs(edits: Sequence[Edit], lexicon: Lexicon) -> list[tuple[int, int]]:
    """Return the numbers of the edits that together are a move: where the words stood, and where they stand."""
    taken_out: dict[tuple[str, ...], list[int]] = {}
    for number, edit in enumerate(edits):
        if edit.a.words and not _has_side(edit.b):
            taken_out.setdefault(_moved_words(edit.a, lexicon), []).append(number)
    found = []
    for number, edit in enumerate(edits):
        words = () if _has_side(edit.a) else _moved_words(edit.b, lexicon)
        if words and taken_out.get(words):
            found.append((taken_out[words].pop(0), number))
    return found


def _moved_words(side: EditSide, lexicon: Lexicon) -> tuple[str, ...]:
    """Return the words of a side that can move: not function words, numbers and negations alone, of which another one may have changed."""
    words = tuple(key for key in _keys(side, lexicon) if key)
    numbers = {token.key for token in side.tokens[side.start : side.end] if token.number}
    negated = any(word in lexicon.lists["negation"] for word in words)
    lists = ("negation", "verbs") if negated else ()
    fixed = (is_function_word(word, lexicon) or word in numbers or any(word in lexicon.lists[name] for name in lists) for word in words)
    return () if all(fixed) else words
