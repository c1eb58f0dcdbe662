"""Decide which edits change a number: a count, its qualifier, or a dual or plural that counts."""

from __future__ import annotations

from .context import SideContext, nonempty_sides
from .quantities import looks_like_dual, nearby_number, noun_quantity, share_noun

_CLAUSE = 6  # words, at most, of both sides together where no number is inside


def _is_qualifier(side: SideContext) -> bool:
    """Tell whether a side only qualifies a number that stands next to it."""
    return side.starts_with("before", "after") and len(side.words) <= 5 and nearby_number(side.edit_side) is not None


def changes_qualifier(a: SideContext, b: SideContext) -> bool:
    return all(map(_is_qualifier, nonempty_sides(a, b)))


def _has_count(side: SideContext) -> bool:
    return side.contains("vague") or any(noun_quantity(word, side.lexicon) for word in side.words)


def is_dual_change(a: SideContext, b: SideContext) -> bool:
    """Tell whether every word of one side is the Arabic dual of the word of the other: جرار زراعي, جراران زراعيان."""
    if len(a.words) != len(b.words) or not a.words or not a.lexicon.joiners:
        return False
    for one, other in ((a.words, b.words), (b.words, a.words)):
        stems = [(word, word[:-1] + "ت" if word.endswith("ه") else word.removesuffix("ا")) for word in one]
        endings = ("ان", "ين", "ي") if len(one) == 1 and a.in_lists(one[0], "singulars") else ("ان", "ين")
        if all(dual in [stem + ending for stem in forms for ending in endings] for forms, dual in zip(stems, other, strict=True)):
            return True
    return False


def _has_dual(side: SideContext, other: SideContext) -> bool:
    """Tell whether a side is the Arabic dual of a noun of the other: "two engineers", "a number of the engineers"."""
    nouns = [word.removeprefix(side.lexicon.article) for word in other.words]
    return len(side.words) == 1 and any(looks_like_dual(side.words[0], noun, side.lexicon) for noun in nouns)


def changes_number(a: SideContext, b: SideContext) -> bool:
    sides = nonempty_sides(a, b)
    if is_dual_change(a, b):
        return True
    if a.numbers or b.numbers:
        return len(a.words) + len(b.words) <= (2 * _CLAUSE if len(sides) == 2 else 3)
    if all(side.only_in_lists("ordinals") for side in sides):
        return True
    if len(sides) == 1 or len(a.words) + len(b.words) > _CLAUSE:
        return False
    if any(one.contains("vague") and _has_dual(other, one) for one, other in ((a, b), (b, a))):
        return True
    if not all(map(_has_count, sides)):
        return False
    if any(side.starts_with("places") for side in sides):
        return False
    if not any(side.contains("vague") for side in sides) and not share_noun(a.words, b.words):
        return False
    amounts = [[amount for word in side.words if (amount := noun_quantity(word, side.lexicon))] for side in sides]
    return any(side.contains("vague") for side in sides) or amounts[0] != amounts[1]
