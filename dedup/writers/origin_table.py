"""The origins of stories for a person at a terminal: a headline, two numbers, and who carries whom as an indented list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from ..origins.model import Carried, OriginGroup, Origins, Story
from .cells import TITLE, cut_cell, told_of
from .counts import counted

_STORIES, _TEXTS = 50, 30  # that are shown, of all and of a group: a person does not read more
_DEEPEST = 6  # steps that a line goes in
_ID = 60  # columns of a terminal that an id may take
_BOLD, _GREEN, _RED, _FAINT, _PLAIN = "\x1b[1m", "\x1b[32m", "\x1b[31m", "\x1b[2m", "\x1b[0m"
_BY = {"time": "later", "credit": "credit", "version": "of the same source", "length": "shorter", "edits": "edits of its own"}


def origin_table(origins: Origins, words: Mapping[str, str] | None = None, *, colour: bool = False) -> Iterator[str]:
    """Yield the lines of the table: the stories with most texts first, each with its groups.

    ``words`` has the first words of texts by id, which head a story without titles.
    """
    for story in origins.stories[:_STORIES]:
        yield from _story(story, words or {}, colour)
        yield "\n"
    if len(origins.stories) > _STORIES:
        yield f"... and {len(origins.stories) - _STORIES:,} more: --format jsonl prints them all\n"
    texts = sum(len(story.texts) for story in origins.stories)
    groups = sum(story.independent_origins for story in origins.stories)
    told = f": {counted(texts, 'text')}, {counted(groups, 'independent origin')}" if origins.stories else ""
    yield f"{counted(len(origins.stories), 'story')}{told}\n"


def _story(story: Story, words: Mapping[str, str], colour: bool) -> Iterator[str]:
    head = next((about.title for about in (story.by_id[group.first].about for group in story.groups) if about.title), None)
    first = story.groups[0].first
    yield f"{_paint(cut_cell(head or words.get(first) or first, TITLE), _BOLD, colour)}\n"
    yield f"{counted(len(story.texts), 'text')}, {counted(story.independent_origins, 'independent origin')}\n"
    for group in story.groups:
        yield from _group(story, group, colour)
    for each in story.shared:
        quoted = f", {each.quoted:,} of them quoted" if each.quoted else ""
        yield f"  {cut_cell(each.a, _ID)} and {cut_cell(each.b, _ID)} share some {counted(each.words, 'word')}{quoted}\n"


def _group(story: Story, group: OriginGroup, colour: bool) -> Iterator[str]:
    credited = f", credited to {', '.join(cut_cell(name, _ID) for name in group.credited)}" if group.credited else ""
    release = ", most of it a quotation or a statement" if group.release else ""
    yield f"  origin {group.number + 1}: {counted(len(group.members), 'text')}{credited}{release}\n"
    for depth, name in islice(_tree(story, group), _TEXTS):
        yield f"  {'  ' * (1 + min(depth, _DEEPEST))}{_text(story, group, name, colour)}\n"
    if len(group.members) > _TEXTS:
        yield f"    ... and {len(group.members) - _TEXTS:,} more: --format jsonl prints them all\n"


def _tree(story: Story, group: OriginGroup) -> Iterator[tuple[int, str]]:
    """Yield the texts of a group, each after the one that it carries, with the number of steps that it stands in."""
    members = {*group.members}
    carriers: dict[str, list[str]] = {}
    tops = []
    for name in group.members:
        carried = story.carried_by.get(name)
        if carried is not None and carried.a in members:
            carriers.setdefault(carried.a, []).append(name)
        else:
            tops.append(name)
    left = dict.fromkeys([*tops, *group.members])  # texts that carry each other in a ring have no top
    while left:
        waiting = [(0, next(iter(left)))]
        while waiting:
            depth, name = waiting.pop()
            if name in left:
                del left[name]
                yield depth, name
                waiting += [(depth + 1, each) for each in reversed(carriers.get(name, []))]


def _text(story: Story, group: OriginGroup, name: str, colour: bool) -> str:
    text = story.by_id[name]
    parts = [cut_cell(name, _ID)]
    if told := told_of(text.about):
        parts.append(told)
    if name == group.first:
        parts.append(_paint(_first(group), _GREEN if group.first_is_told else _FAINT, colour))
    if carried := story.carried_by.get(name):
        parts.append(_carries(carried))
    if len(story.texts) > 1:
        parts.append(_paint(f"{text.own:.0%} own words", _FAINT, colour))
    if text.contradiction:
        says, has, of = (cut_cell(each, _ID) for each in (text.contradiction.says, text.contradiction.has, text.contradiction.of))
        parts.append(_paint(f"says {says}, has the wording of {has} ({of})", _RED, colour))
    return " · ".join(parts)


def _first(group: OriginGroup) -> str:
    if len(group.members) == 1:
        return "alone"
    return f"likely first ({group.probability:.2f})" if group.first_is_told else "which was first cannot be told"


def _carries(carried: Carried) -> str:
    evidence = ", ".join(_BY.get(each.value, each.value) for each in carried.evidence)
    verb = "a version of" if carried.evolved else "carries"
    return f"{verb} {cut_cell(carried.a, _ID)} ({carried.probability:.2f}{f': {evidence}' if evidence else ''})"


def _paint(text: str, colour: str, on: bool) -> str:
    return f"{colour}{text}{_PLAIN}" if on and text else text
