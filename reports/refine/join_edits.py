"""Join the edits that are one change to a reader, and extend or trim each to what a reader would name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from ..diff.edits import Edit, EditSide, merge_edits, trim_edit
from ..diff.texts import ComparedTexts
from ..kinds.classify import differs_in_joiner
from ..kinds.cosmetic import cosmetic_kind
from ..kinds.counted_words import currency_sign_before
from ..kinds.no_names import THAT
from ..kinds.quantities import share_noun
from ..language.lexicon import Lexicon, fold_words
from ..model import Span
from .moves import isolate_moves, moved_pairs
from .punctuation import join_quotation_marks, split_off_separators, take_in_word
from .split_edits import pair_exchanged, split_facts
from .split_furniture import split_furniture

_MEMBER = 5  # words of a member of a list
_SUBJECT = 2  # words, at most, that stay inside of a change: the subject between a verb of saying and "that", the name of a town
_CUT_DECIMAL = re.compile(r"^(\d{1,3}\.) (?=\d)")  # 1. 8 million
_QUOTES = "\"'«»“”„"


def _is_one_change(one: Edit, other: Edit, texts: ComparedTexts) -> bool:
    """Tell whether two edits with nothing but white space between them are one change."""
    lexicon = texts.lexicon
    for (side, text), (following, _) in zip(one.sides(texts), other.sides(texts), strict=True):
        if text[side.span.end : following.span.start].strip():
            return False
    both = merge_edits(one, other)
    if both.a.words and both.b.words and cosmetic_kind(*both.surfaces(texts), lexicon) is not None:
        return cosmetic_kind(*one.surfaces(texts), lexicon) is None
    if one.a.words and one.b.words and differs_in_joiner(other, lexicon):  # one town becomes the second of several
        return all(lexicon.phrase_length("places", side.words, 0) for side in (one.a, one.b))
    words = one.a.words or one.b.words
    if one.a.words and one.b.words and _changes_measure(one, other, lexicon):
        return True
    if bool(one.a.words) == bool(one.b.words):
        return False
    if _is_case_shift(other, texts):  # the next word becomes the first of the sentence, or no longer is
        return True
    if differs_in_joiner(other, lexicon):  # a connective becomes "and", a particle takes over the "and", or a list has a new first member
        return (
            lexicon.phrase_length("connectives", words, 0) == len(words) or _takes_and(one, other, lexicon) or _becomes_second(one, other)
        )
    joins = all(word in lexicon.lists["joiners"] for word in words)
    return joins and bool(other.a.words) and other.a.words == other.b.words  # a sentence becomes a clause


def _changes_measure(one: Edit, other: Edit, lexicon: Lexicon) -> bool:
    """Tell whether a number and its unit change together: 200 pounds, 3,000 dollars."""
    counted = all(side.end > side.start and side.tokens[side.end - 1].number for side in (one.a, one.b))
    return counted and all(
        side.words and lexicon.phrase_length("measures", side.words, 0) == len(side.words) for side in (other.a, other.b)
    )


def _is_case_shift(edit: Edit, texts: ComparedTexts) -> bool:
    """Tell whether the two sides are one word, with a capital letter on one side only."""
    shown = edit.surfaces(texts)
    return shown[0] != shown[1] and shown[0].lower() == shown[1].lower() and len(edit.a.words) == len(edit.b.words) == 1


def _takes_and(one: Edit, other: Edit, lexicon: Lexicon) -> bool:
    """Tell whether an inserted word for modality, or a particle, takes over the "and" of the verb: وغرقت, ويرجح أن تكون قد غرقت."""
    words = one.a.words or one.b.words
    bare, last = (other.b, other.a) if one.b.words else (other.a, other.b)
    shifted = len(last.words[0]) > len(bare.words[0]) and words[0].startswith(lexicon.joiners[:1])
    return shifted and any(lexicon.phrase_length(name, words, 0) for name in ("modality", "particles", "negation", "honorifics"))


def _becomes_second(one: Edit, other: Edit) -> bool:
    """Tell whether the first member of a list becomes its second, behind a new one, or the second becomes the first."""
    put_in = bool(one.b.words)
    first, second = (other.a.words[0], other.b.words[0]) if put_in else (other.b.words[0], other.a.words[0])
    return len(one.a.words or one.b.words) <= _MEMBER and len(second) == len(first) + 1


def _is_article_shift(edit: Edit, lexicon: Lexicon) -> bool:
    """Tell whether the two sides are one word, with and without the article that is written on to it."""
    words = [*edit.a.words, *edit.b.words]
    return bool(lexicon.article) and len(words) == 2 and (lexicon.article + words[0] == words[1] or lexicon.article + words[1] == words[0])


def _is_one_change_apart(one: Edit, other: Edit, lexicon: Lexicon) -> bool:
    """Tell whether two edits are one change although some words between them stay."""
    between = other.a.start - one.a.end
    if not 0 < between <= _MEMBER or between != other.b.start - one.b.end or not other.b.tokens[other.b.start - 1].is_word:
        return False
    if all(len(side.words) == 1 and lexicon.phrase_length("places", side.words, 0) for side in (one.a, one.b)):
        added = other.a.words or other.b.words  # one town becomes several, the noun its plural
        if between > _SUBJECT or not share_noun(one.a.words, one.b.words):
            return False
        return bool(other.a.words) != bool(other.b.words) and bool(lexicon.joiners) and added[0].startswith(lexicon.joiners[0])
    if between == 1 and _is_article_shift(other, lexicon):  # "ten trucks of aid" to "dozens of the trucks"
        return any(token.number for side in (one.a, one.b) for token in side.tokens[side.start : side.end])
    said = all(side.words and lexicon.has("say", side.words[0]) for side in (one.a, one.b))
    that = any(side.end < len(side.tokens) and side.tokens[side.end].key in THAT for side in (other.a, other.b))
    return said and that and between <= _SUBJECT


def _leave_out_magnitude(edit: Edit, texts: ComparedTexts) -> Edit:
    """Leave out a scale or a word for percent that both numbers end with: of 1.2 and 1.7 million 1.2 and 1.7 change, but not after $."""
    shown = [_CUT_DECIMAL.sub("\\1\N{NO-BREAK SPACE}", surface).split(" ", 1) for surface in edit.surfaces(texts)]
    fractions = texts.lexicon.values["fractions"]  # half a million is said with its article
    if any(len(words) < 2 or not (words[0][:1].isdigit() or fold_words(words[0]) in fractions) for words in shown):
        return edit
    if shown[0][1] != shown[1][1]:
        return edit
    common = fold_words(shown[0][1])
    if not any(common in texts.lexicon.lists[name] for name in ("scales", "percent")):
        return edit
    sides = [
        replace(side, span=Span(side.span.start, side.span.start + len(words[0])))
        for side, words in zip((edit.a, edit.b), shown, strict=True)
    ]
    return Edit(*sides)


def _take_in_governed_word(edit: Edit, lexicon: Lexicon) -> Edit:
    """Include the word that depends on the changed one: the adjective of a time, the verb after a particle."""
    after = [side.tokens[side.end] if side.end < len(side.tokens) else None for side in (edit.a, edit.b)]
    if not edit.a.words or not edit.b.words or after[0] is None or after[1] is None or after[0].key != after[1].key:
        return edit
    words = [*edit.a.words, *edit.b.words]
    longer = len(edit.a.words) != len(edit.b.words)
    times = longer and lexicon.has("time_modifiers", after[0].key) and all(lexicon.has("time", word) for word in words)
    particles = bool(lexicon.joiners) and len(words) == 2 and all(lexicon.has("particles", word) for word in words)
    particles = particles and any(lexicon.has("modality", word) for word in words)
    if not times and not particles:
        return edit
    sides = [EditSide(Span(side.span.start, side.tokens[side.end].end), side.tokens, side.start, side.end + 1) for side in (edit.a, edit.b)]
    return Edit(*sides)


def _take_in_compound_time(edit: Edit, lexicon: Lexicon) -> Edit:
    """Include the word behind inserted or deleted words with which they are one time: the day before yesterday, أول من أمس."""
    ends = [side.tokens[side.end] if side.end < len(side.tokens) else None for side in (edit.a, edit.b)]
    words = edit.a.words or edit.b.words
    if bool(edit.a.words) == bool(edit.b.words) or len(words) >= _MEMBER:
        return edit
    if ends[0] is None or ends[1] is None or ends[0].key != ends[1].key:
        return edit
    rest = " ".join((*words[1:], ends[0].key))
    if not any(f"{first} {rest}" in lexicon.lists["compound_times"] for first in lexicon.variants(words[0])):
        return edit
    sides = [EditSide(Span(side.span.start, side.tokens[side.end].end), side.tokens, side.start, side.end + 1) for side in (edit.a, edit.b)]
    return Edit(*sides)


def _take_in_quotes(edit: Edit, texts: ComparedTexts) -> Edit:
    """Include the quotation marks right around two numbers."""
    grown = []
    for side, text in edit.sides(texts):
        start, end = side.span.start - 1, side.span.end + 1
        if side.end - side.start != 1 or side.tokens[side.start].number is None or start < 0 or end > len(text):
            return edit
        if text[start] not in _QUOTES or text[end - 1] not in _QUOTES:
            return edit
        grown.append(EditSide(Span(start, end), side.tokens, max(0, side.start - 1), min(len(side.tokens), side.end + 1)))
    return Edit(*grown)


def _take_in_currency(edit: Edit, texts: ComparedTexts) -> Edit:
    """Include the currency sign right before two numbers: $2.4 million, $3.1 million."""
    grown = []
    for side, text in edit.sides(texts):
        counted = side.end - side.start == 1 and side.tokens[side.start].number is not None
        sign = currency_sign_before(side, side.start, text) if counted else ""
        if not sign:
            return edit
        grown.append(EditSide(Span(side.span.start - len(sign), side.span.end), side.tokens, side.start - 1, side.end))
    return Edit(*grown)


def _take_in_compound(edit: Edit) -> Edit:
    """Include what touches two numbers or is joined to them by hyphens: 8pm, 17-year-old."""
    grown = []
    for side in (edit.a, edit.b):
        end, stop = side.end, side.span.end
        if side.end - side.start != 1 or side.tokens[side.start].number is None:
            return edit
        if end < len(side.tokens) and side.tokens[end].is_word and side.tokens[end].start == stop:
            end, stop = end + 1, side.tokens[end].end
        while end + 1 < len(side.tokens) and side.tokens[end].key == "-" and side.tokens[end + 1].start == stop + 1:
            end, stop = end + 2, side.tokens[end + 1].end
        grown.append(EditSide(Span(side.span.start, stop), side.tokens, side.start, end))
    return Edit(*grown) if grown[0].end > edit.a.end and grown[1].end > edit.b.end else edit


def _is_two_part_negation(one: Edit, other: Edit, lexicon: Lexicon) -> bool:
    """Tell whether two insertions, or two deletions, are the halves of one negation: ne ... pas."""
    for new, old in (("a", "b"), ("b", "a")):
        first, last = getattr(one, new), getattr(other, new)
        if not getattr(one, old).words and not getattr(other, old).words and 0 < last.start - first.end <= 2:
            return all(len(side.words) == 1 and lexicon.has("negation", side.words[0]) for side in (first, last))
    return False


def _are_one_change(one: Edit, other: Edit, texts: ComparedTexts) -> bool:
    return (
        _is_two_part_negation(one, other, texts.lexicon)
        or _is_one_change_apart(one, other, texts.lexicon)
        or _is_one_change(one, other, texts)
    )


def _is_before(one: Edit, other: Edit) -> bool:
    """Tell whether the first edit ends before the other begins, on both sides."""
    return one.a.span.end <= other.a.span.start and one.b.span.end <= other.b.span.start


def refine_edits(edits: Iterable[Edit], texts: ComparedTexts) -> list[Edit]:
    """Return the edits of a unit, one for each change that a reader would name.

    An edit includes more words only where these have not changed.
    """
    parted = (part for edit in edits for part in split_furniture(edit, texts))
    apart = isolate_moves(pair_exchanged(parted, texts), texts)
    parts = join_quotation_marks(part for edit in apart for part in split_off_separators(edit, texts))
    split = list(split_facts(parts, texts))
    moved = {number for pair in moved_pairs(split, texts.lexicon) for number in pair}
    joined: list[Edit] = []
    alone: list[bool] = []  # whether the edit is one place of words that moved
    for number, edit in enumerate(split):
        if joined and number not in moved and not alone[-1] and _are_one_change(joined[-1], edit, texts):
            joined[-1] = trim_edit(merge_edits(joined[-1], edit), texts)
        else:
            joined.append(edit)
            alone.append(number in moved)
    found: list[Edit] = []
    for place, edit in enumerate(joined):
        if alone[place]:
            found.append(edit)
            continue
        whole = _take_in_governed_word(_take_in_compound_time(edit, texts.lexicon), texts.lexicon)
        whole = _take_in_compound(_take_in_currency(_take_in_quotes(whole, texts), texts))
        grown = take_in_word(whole, texts)
        before, after = found[-1:], joined[place + 1 : place + 2]
        fits = all(_is_before(other, grown) for other in before) and all(_is_before(grown, other) for other in after)
        found.append(_leave_out_magnitude(grown if fits else edit, texts))
    return found
